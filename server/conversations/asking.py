"""Asking in a session: a turn is begun, cancelled, and taken over from a process that is gone."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from assistant.outcome import Part
from server.conversations import repository
from server.conversations.ending import End, Told, end_turn
from server.conversations.live import Part as StreamPart
from server.conversations.opening import lock_open
from server.conversations.states import FOR_CUSTOMERS, TurnKind, TurnMove, TurnState
from server.conversations.streaming import LEASE, Panel
from server.conversations.turning import Asked, without_model, write_turn
from server.db import reading, writing
from server.errors import NotFound, TooMany, Unprocessable
from server.events.log import record
from server.models import ConversationRow, TurnPartRow, TurnRow
from server.models.ids import new_id
from server.saved_replies.in_sessions import Said, fill_in_session
from server.service import Service
from server.staff.roles import Caller

_AT_ONCE = 3
_COME_AGAIN_S = 5
_BEGAN = "began"


class TurnNotFound(NotFound):
    """There is none of this id in this session, or none of the caller's brands."""

    def __init__(self) -> None:
        super().__init__("there is no such turn in this session")


class TooManyTurns(TooMany):
    """As many of the session's turns are being written as may be at once."""


class NotForCustomers(Unprocessable):
    """What is to be rewritten is no text for the customer."""


class NothingToRewrite(Unprocessable):
    """The turn left no text."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a rep asks for, as it comes in."""

    kind: TurnKind
    text: str | None = None
    rewrite_of: str | None = None
    instruction: str | None = None
    private: bool = False
    saved_reply: str | None = None

    @property
    def asked(self) -> str:
        """What the rep or the customer said; what a saved reply only reads along is said again with what answers it."""
        return "" if self.kind is TurnKind.SAVED_REPLY else self.instruction or self.text or ""


@dataclass(frozen=True, slots=True)
class _Rewritten:
    """What a rewrite begins with: the texts, and what the turn that they came from answered."""

    texts: Mapping[Part, str]
    said: str | None
    private: bool


async def ask(service: Service, panel: Panel, caller: Caller, conversation: str, question: Question) -> TurnRow:
    """Begin a turn; it is written whether or not anybody listens.

    Raises:
        ConversationNotFound: None of the caller's brands.
        ConversationClosed: It is over.
        TooManyTurns: Others are being written.
        TurnNotFound: There is no turn to rewrite.
        NotForCustomers, NothingToRewrite: It cannot be rewritten.
        NoSuchSavedReply, SavedReplyRetired, SavedReplyOver, NotHere: A saved reply cannot be put in here.
    """
    now = service.clock()
    begins = {} if question.saved_reply is None else await _filled_in(service, caller, conversation, question, now)
    async with writing(service.engine) as session:
        row = await lock_open(session, conversation, caller.brands)
        if await repository.count_running(session, row.id) >= _AT_ONCE:
            words = f"{_AT_ONCE} answers are being written in this session; wait for one, or cancel it"
            raise TooManyTurns(words, retry_after=_COME_AGAIN_S)
        turn = TurnRow(
            id=new_id("turn"),
            brand=row.brand,
            conversation=row.id,
            staff=caller.id,
            kind=question.kind,
            asked=question.asked,
            state=TurnState.RUNNING,
            runs_until=now + LEASE,
            started_at=now,
        )
        began = await _began(session, turn, question) | begins
        session.add(turn)
        await session.flush()
        session.add(TurnPartRow(turn=turn.id, number=1, kind=_BEGAN, data=began))
        data = {"turn": turn.id, "turn_kind": turn.kind, "by": caller.id}
        record(session, "conversation.asked", row.id, brand=row.brand, at=now, **data)
    asked = asked_of(row, turn, began)
    panel.begin(service, turn, StreamPart(1, _BEGAN, began), lambda sink: write_turn(service, asked, sink))
    return turn


async def cancel(service: Service, panel: Panel, caller: Caller, conversation: str, turn: str) -> TurnRow:
    """Stop a turn, whichever process writes it. What was streamed of it was never checked, and does not stand.

    Raises:
        TurnNotFound: None of this session's.
        TurnHasEnded: It has ended before.
    """
    now = service.clock()
    async with writing(service.engine) as session:
        row = await repository.find_turn(session, conversation, turn, caller.brands, lock=True)
        if row is None:
            raise TurnNotFound
        end = End(TurnMove.CANCEL, {"turn": row.id, "by": caller.id})
        await _keep_end(session, row, end.parts, end, now)
    panel.drop(turn)
    return row


async def take_over(service: Service, lost: TurnRow) -> None:
    """Give a turn that has lost its process the text that stands without a model; another process may be doing so."""
    now = service.clock()
    async with writing(service.engine) as session:
        [turn] = await repository.lock_turns(session, [lost.id])
        if turn.state != TurnState.RUNNING or turn.runs_until is None or turn.runs_until > now:
            return
        turn.runs_until = now + LEASE
        session.add(turn)
    async with reading(service.engine) as session:
        conversation = await repository.find_conversation(session, turn.conversation, {turn.brand})
        [began, *_] = await repository.parts_after(session, turn.id, 0)
    assert conversation is not None, "a turn's session is never deleted before it"
    sink = _Collected()
    end = await without_model(service, asked_of(conversation, turn, began.data), sink, TurnMove.INTERRUPT)
    async with writing(service.engine) as session:
        [turn] = await repository.lock_turns(session, [lost.id])
        if turn.state == TurnState.RUNNING:
            await _keep_end(session, turn, [*sink.told, *end.parts], end, service.clock())


def asked_of(conversation: ConversationRow, turn: TurnRow, began: Mapping[str, Any]) -> Asked:
    """What was asked, from what is kept of it: another process may have to answer."""
    texts = began.get("texts")
    return Asked(
        conversation=conversation,
        turn=turn,
        kind=TurnKind(turn.kind),
        said=began.get("said"),
        private=bool(began.get("private")),
        instruction=began.get("instruction") or "",
        texts={Part(part): text for part, text in texts.items()} if texts else None,
        saved_reply=began.get("saved_reply"),
    )


@dataclass
class _Collected:
    """Takes what a turn tells, to be kept all at once."""

    told: list[Told] = field(default_factory=list)

    def put(self, kind: str, data: Mapping[str, Any]) -> None:
        self.told.append((kind, data))

    def say(self, text: str) -> None:
        pass

    def stands(self, text: str) -> None:
        # whatever was streamed by the process that is gone
        self.told.append(("replaced", {"text": text}))


async def _began(session: AsyncSession, turn: TurnRow, question: Question) -> dict[str, Any]:
    """What the stream begins with: the turn's id, and what another process would need to answer it."""
    told: dict[str, Any] = {"turn": turn.id, "kind": turn.kind, "said": question.text, "private": question.private}
    if question.rewrite_of is not None:
        of = await _rewritten(session, turn.conversation, question, {turn.brand})
        texts = {part.value: text for part, text in of.texts.items()}
        told |= {"said": of.said, "private": of.private, "texts": texts, "instruction": question.instruction}
    return told


async def _filled_in(
    service: Service, caller: Caller, conversation: str, question: Question, now: datetime
) -> dict[str, Any]:
    """What a saved reply says in this session and what stays open of it; before the turn, so that it can be refused."""
    said = Said(question.text, question.private)
    found = await fill_in_session(service, caller, question.saved_reply or "", conversation, now, said=said)
    one, _ = found[0]
    unfilled = {item.variable: item.words for _, filled in found for item in filled.unfilled}
    return {
        "texts": {offered.part.value: filled.text for offered, filled in found},
        "saved_reply": {
            "id": one.row.id,
            "title": one.row.title,
            "version": one.row.version,
            "language": one.language,
            "unfilled": [{"variable": name, "words": words} for name, words in unfilled.items()],
        },
    }


async def _rewritten(
    session: AsyncSession, conversation: str, question: Question, brands: Collection[str]
) -> _Rewritten:
    before = await repository.find_turn(session, conversation, question.rewrite_of or "", brands)
    if before is None:
        raise TurnNotFound
    if before.kind not in FOR_CUSTOMERS:
        raise NotForCustomers("only a text for the customer can be rewritten; ask again instead")
    texts = {part: text for part in Part if (text := (before.record or {}).get(f"{part}_text"))}
    if question.text is not None:
        # as the rep has changed it
        texts = {Part.PUBLIC if Part.PUBLIC in texts else Part.PRIVATE: question.text}
    if not texts:
        raise NothingToRewrite("this turn has left no text; ask for a reply anew")
    [began, *_] = await repository.parts_after(session, before.id, 0)
    return _Rewritten(texts, began.data.get("said"), bool(began.data.get("private")))


async def _keep_end(session: AsyncSession, turn: TurnRow, told: list[Told], end: End, now: datetime) -> None:
    """End a turn that is locked, with its last parts behind those that are kept."""
    end_turn(session, turn, end, now)
    last = await repository.last_number(session, turn.id)
    session.add_all(
        TurnPartRow(turn=turn.id, number=number, kind=kind, data=dict(data))
        for number, (kind, data) in enumerate(told, start=last + 1)
    )
