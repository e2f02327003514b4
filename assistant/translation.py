"""A machine's translation, for people who must judge what they cannot read. It is labelled as one, and never sent."""

from collections.abc import Mapping

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage
from langsmith import tracing_context

from assistant.chat_models import Endpoint, Meter, Priority
from assistant.failures import OutputEmpty
from assistant.masking import Mask, known_values
from prompts.render import render
from tools.records import Customer, Order

_LANGUAGES = {"en": "English", "de": "German", "es": "Spanish", "fr": "French"}


async def translate(
    texts: Mapping[str, str],
    *,
    to: str,
    customer: Customer | None,
    orders: tuple[Order, ...],
    endpoint: Endpoint,
    patience_s: float = 20.0,
) -> Mapping[str, str]:
    """Each text in another language, by the same names.

    Args:
        texts: What is to be read.
        to: ISO code of the language.
        customer: Whose values are masked before the texts leave, and put back in the translation.
        orders: The same.
        endpoint: The guarded endpoint.
        patience_s: How long somebody waits for it.

    Raises:
        ModelFailure: The model did not answer, or with nothing.
    """
    mask = Mask(known_values(customer, orders))
    instruction = SystemMessage(render("translate.md.j2", language=_LANGUAGES.get(to, to)))
    deadline = endpoint.clock() + patience_s
    told: dict[str, str] = {}
    for name, text in texts.items():
        said = await _ask(endpoint, [instruction, HumanMessage(mask.mask(text))], deadline)
        told[name] = mask.unmask(said).strip()
        if not told[name]:
            raise OutputEmpty("no translation")
    return told


async def _ask(endpoint: Endpoint, messages: list[BaseMessage], deadline: float) -> str:
    async def call() -> AIMessage:
        return await endpoint.chat.ainvoke(messages)

    with tracing_context(enabled=False):  # a tracing service would get more than the masked texts
        answer = await endpoint.ask(call, priority=Priority.PANEL, deadline=deadline, meter=Meter())
    return answer.text
