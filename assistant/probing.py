"""Asking the model for one sentence: whether it answers, how long that takes and what it costs."""

from dataclasses import dataclass

from langchain_core.messages import AIMessage, HumanMessage
from langsmith import tracing_context

from assistant.chat_models import Endpoint, Meter, Priority
from assistant.failures import OutputEmpty
from assistant.outcome import Tokens
from prompts.render import render


@dataclass(frozen=True, slots=True)
class Sentence:
    """What the model said, after how many seconds, and for how much in the currency of the prices."""

    text: str
    seconds: float
    tokens: Tokens
    cost: float


async def ask_for_a_sentence(endpoint: Endpoint, *, patience_s: float) -> Sentence:
    """One call under every guard that drafts have, so that it says what they would meet. It is paid for as they are.

    Raises:
        ModelFailure: The model did not answer in time, or with nothing.
    """
    question = HumanMessage(render("probe.md.j2").strip())

    async def call() -> AIMessage:
        return await endpoint.chat.ainvoke([question])

    meter, began = Meter(), endpoint.clock()
    with tracing_context(enabled=False):
        answer = await endpoint.ask(call, priority=Priority.PANEL, deadline=began + patience_s, meter=meter)
    text = answer.text.strip()
    if not text:
        raise OutputEmpty("it finished without a word")
    return Sentence(text, endpoint.clock() - began, meter.tokens, meter.cost)
