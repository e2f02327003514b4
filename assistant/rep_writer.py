"""The model's answer to a rep: one call, no tools, because everything was read before it is asked."""

from collections.abc import Sequence

from langchain_core.messages import AIMessage, HumanMessage, SystemMessage
from langsmith import tracing_context

from assistant.agent import OnText, Written, write_by
from assistant.chat_models import Endpoint, Meter, Priority
from assistant.claims import parse_reply
from assistant.endings import is_refusal, is_unfinished
from assistant.failures import ModelRefused, OutputCutOff, OutputEmpty
from assistant.history import without_fences
from assistant.loop import refuse_unfinished
from assistant.masking import Mask, mask_for
from assistant.material import Material
from assistant.outcome import Finding, Reply
from assistant.preview import Preview
from assistant.rep_briefing import RepTask, brief_for_rep
from prompts.render import render

_MARGIN_S = 0.1


async def write_for_rep(
    task: RepTask,
    material: Material,
    *,
    endpoint: Endpoint,
    deadline: float,
    first_word: float | None = None,
    previous: Reply | None = None,
    findings: Sequence[Finding] = (),
    on_text: OnText = None,
) -> Written:
    """Let the model answer, or correct its answer.

    Args:
        task: What the rep wants.
        material: What was gathered.
        endpoint: The guarded endpoint; a rep is served before drafts made in the background.
        deadline: Moment of the endpoint's clock when an answer must stand.
        first_word: By when it must have begun; None: whenever.
        previous: Its own answer before.
        findings: What the checks found in that.
        on_text: Called with the readable text so far, as it grows.

    Returns:
        The answer in the private part, or the failure that ended it. Never raises for what an endpoint or a model does.
    """
    meter, mask = Meter(), mask_for(material)
    prompt = mask.mask(brief_for_rep(task, material, previous, findings))

    async def write(told: OnText) -> Reply:
        return _read(await _ask(endpoint, prompt, mask, deadline - _MARGIN_S, meter, told), material, mask)

    reply, failure = await write_by(deadline, first_word, endpoint, on_text, write)
    return Written.of(endpoint, meter, reply, failure)


async def _ask(endpoint: Endpoint, prompt: str, mask: Mask, deadline: float, meter: Meter, on_text: OnText) -> str:
    messages = [SystemMessage(render("rep_system.md.j2")), HumanMessage(prompt)]
    callbacks = [Preview(mask, on_text)] if on_text is not None else []

    async def call() -> AIMessage:
        return await endpoint.chat.ainvoke(messages, {"callbacks": list(callbacks)})

    with tracing_context(enabled=False):  # a tracing service would get more than the masked texts
        answer = await endpoint.ask(call, priority=Priority.PANEL, deadline=deadline, meter=meter)
    refuse_unfinished(answer)
    return answer.text


def _read(text: str, material: Material, mask: Mask) -> Reply:
    text = without_fences(text)
    if is_refusal(text):
        raise ModelRefused(text[:200])
    reply = parse_reply(mask.unmask(text), material.ledger).in_private()
    if not reply.claims:
        raise OutputEmpty("no word for the rep")
    if is_unfinished(text):
        raise OutputCutOff("stopped in the middle of a sentence")
    return reply
