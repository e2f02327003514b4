"""The model's draft: one call in the common case, tools only for what is missing, every end defined."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Self

from assistant.briefing import FULL, SHORT, brief
from assistant.chat_models import Endpoint, Meter, Priority
from assistant.claims import keep_prepared, parse_reply
from assistant.dress import dress
from assistant.endings import is_refusal, is_unfinished
from assistant.failures import (
    ContextTooLong,
    ModelFailure,
    ModelRefused,
    ModelUnavailable,
    OutputCutOff,
    OutputEmpty,
    ToolCallUnreadable,
)
from assistant.first_word import until_first_word
from assistant.guidance import Guidance
from assistant.history import without_fences
from assistant.json_tool_calls import read_prose
from assistant.loop import TOOL_NAMES, Turn, run
from assistant.masking import Mask, mask_for
from assistant.material import Material
from assistant.outcome import FROM_NOTHING, HandOver, Reason, Reply, Start, Tokens
from tools.context import Proposal, ToolContext

# The endpoint is given up a little before everything is, so that its slowness is noted and counted.
_MARGIN_S = 0.1
_logger = logging.getLogger(__name__)


OnText = Callable[[str], None] | None


@dataclass(frozen=True, slots=True)
class Written:
    """What the model made of the material.

    `reply` has its claims and no markers, masked values put back; it is empty if there is a `failure`, or if the model
    handed over. `requests` are the bodies as they left, byte for byte; `model` is who was asked.
    """

    reply: Reply = field(default_factory=Reply)
    proposals: tuple[Proposal, ...] = ()
    hand_over: HandOver | None = None
    model_calls: int = 0
    tokens: Tokens = field(default_factory=Tokens)
    cost: float = 0.0
    requests: tuple[bytes, ...] = ()
    failure: ModelFailure | None = None
    model: str | None = None

    @classmethod
    def of(cls, endpoint: Endpoint, meter: Meter, reply: Reply, failure: ModelFailure | None) -> Self:
        """With what it took."""
        return cls(
            reply=reply,
            model_calls=meter.calls,
            tokens=meter.tokens,
            cost=meter.cost,
            requests=tuple(meter.requests),
            failure=failure,
            model=endpoint.settings.model,
        )


async def write_draft(
    material: Material,
    context: ToolContext,
    *,
    endpoint: Endpoint,
    guidance: Guidance,
    deadline: float,
    priority: Priority = Priority.BACKGROUND,
    start: Start = FROM_NOTHING,
    first_word: float | None = None,
    on_text: Callable[[str], None] | None = None,
    on_request: Callable[[], None] | None = None,
) -> Written:
    """Let the model write, or repair what it wrote.

    Args:
        material: What was gathered; its ledger is the context's.
        context: Whom tools may read about. Tools that the model calls add to its ledger and its proposals.
        endpoint: The guarded endpoint.
        guidance: Voices and brands.
        deadline: Moment of the endpoint's clock (`time.monotonic` unless told otherwise) when a draft must stand.
        priority: Who is served first when the endpoint's places are taken.
        start: A prepared reply; and, for a repair, the model's own with what is to be mended in it.
        first_word: By when (a moment like `deadline`) it must have begun to write; None: whenever.
        on_text: Called with the readable text so far, as it grows.
        on_request: Called when a request has left: until the endpoint answers there is time for other work.

    Returns:
        The draft, or the failure that ended it. Never raises for what an endpoint or a model does.
    """
    meter = Meter(on_request=on_request)
    turn = Turn(context, mask_for(material), endpoint, priority, deadline - _MARGIN_S, meter, on_text)

    async def write(told: OnText) -> Reply:
        turn.on_text = told
        return await _write(turn, material, guidance, start)

    reply, failure = await write_by(deadline, first_word, endpoint, on_text, write)
    written = Written.of(endpoint, meter, reply, failure)
    hand_over = _hand_over(context) if failure is None else None
    return replace(written, proposals=tuple(context.proposals), hand_over=hand_over)


async def write_by(
    deadline: float,
    first_word: float | None,
    endpoint: Endpoint,
    on_text: OnText,
    write: Callable[[OnText], Awaitable[Reply]],
) -> tuple[Reply, ModelFailure | None]:
    """The reply, or an empty one and what ended the writing: whatever goes wrong, what stands without a model must.

    `write` is told whom to tell the text as it grows.
    """
    try:
        now = endpoint.clock()
        begin = None if first_word is None else first_word - now
        async with until_first_word(deadline - now, begin, on_text) as told:
            return await write(told), None
    except ModelFailure as failure:
        return Reply(), failure
    except TimeoutError:
        return Reply(), ModelUnavailable("nothing written in time")
    except Exception as error:
        _logger.exception("the model's writing failed")
        return Reply(), ModelUnavailable(f"unexpected {type(error).__name__}")


async def _write(turn: Turn, material: Material, guidance: Guidance, start: Start) -> Reply:
    """The reply; if the prompt is too long for the model, once more with the least that can be answered from."""
    try:
        text = await run(turn, brief(material, guidance, FULL, start), in_full=True)
    except ContextTooLong:
        text = await run(turn, brief(material, guidance, SHORT, start), in_full=False)
    if turn.tools.hand_overs:
        return Reply()
    voice = guidance.voice(turn.tools.brand, turn.tools.channel, turn.tools.language)
    read = _read(text, turn.tools, turn.mask)
    # where nobody else reads, all of it is the private part, and what was prepared is not to stand beside it
    reply = keep_prepared(read.in_private() if material.thread.target.private else read, start.prepared)
    return dress(reply, voice, turn.tools.channel)


def _hand_over(context: ToolContext) -> HandOver | None:
    if not context.hand_overs:
        return None
    wish = context.hand_overs[-1]
    return HandOver(wish.team, Reason("authority", wish.reason))


def _read(text: str, context: ToolContext, mask: Mask) -> Reply:
    """The reply in the model's text.

    Raises:
        ModelFailure: There is none, or it is not finished.
    """
    text = without_fences(text)
    if read_prose(text, TOOL_NAMES).unreadable:
        raise ToolCallUnreadable("wrote a tool call instead of a reply")
    if is_refusal(text):
        raise ModelRefused(text[:200])
    reply = parse_reply(mask.unmask(text), context.ledger)
    if not reply.claims:
        raise OutputEmpty("no word for the customer")
    if is_unfinished(text):
        raise OutputCutOff("stopped in the middle of a sentence")
    return reply
