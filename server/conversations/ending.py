"""How a turn ends: the one way, so that every end is legal, kept whole and told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from assistant.outcome import TurnRecord
from server.conversations.states import TurnMove, TurnState, move_turn
from server.drafts.drafting import turn_as_json
from server.events.log import record
from server.models import SuggestionRow, TurnRow
from server.models.ids import new_id
from server.policies.missing import Missing, keep_missing_of_turn
from server.transcripts.keeping import keep_turn

Told = tuple[str, Mapping[str, Any]]
"""A part's kind and what it says."""

_ENDED = {
    TurnMove.FINISH: "checked",
    TurnMove.CANCEL: "cancelled",
    TurnMove.INTERRUPT: "interrupted",
    TurnMove.FAIL: "failed",
}


@dataclass(frozen=True, slots=True)
class Suggested:
    """Something to be offered to the rep; `id` is made when it is thought of, so that the stream can name it.

    `saved_reply` is the one that it was before it was filled in, if it was one.
    """

    kind: str
    text: str
    ref: str | None = None
    id: str = field(default_factory=lambda: new_id("suggestion"))
    saved_reply: str | None = None

    def as_json(self) -> dict[str, Any]:
        """For the stream."""
        return {"id": self.id, "kind": self.kind, "ref": self.ref, "text": self.text}


@dataclass(frozen=True, slots=True)
class End:
    """What a turn came to. `result` is told with its end; `record` is kept; `also` is told and kept elsewhere.

    `missing` is what was asked and no policy answers.
    """

    move: TurnMove
    result: Mapping[str, Any]
    text: str | None = None
    record: TurnRecord | None = None
    suggested: Sequence[Suggested] = ()
    also: Sequence[Told] = ()
    missing: Missing | None = None

    @property
    def parts(self) -> list[Told]:
        """The last parts of the stream."""
        suggested = (("suggestion", one.as_json()) for one in self.suggested)
        return [*suggested, *self.also, (_ENDED[self.move], self.result)]


def end_turn(session: AsyncSession, turn: TurnRow, end: End, now: datetime) -> None:
    """End a turn that is locked, in the transaction that keeps its last parts.

    Raises:
        TurnHasEnded: It has ended before.
    """
    turn.state = move_turn(TurnState(turn.state), end.move)
    turn.text, turn.ended_at, turn.runs_until = end.text, now, None
    if end.record is not None:
        turn.written_by, turn.record = end.record.written_by, turn_as_json(end.record)
        keep_turn(session, end.record, id_=turn.id, brand=turn.brand, now=now, conversation=turn.conversation)
    if end.missing is not None:
        keep_missing_of_turn(session, end.missing, turn, now)
    session.add(turn)
    session.add_all(
        SuggestionRow(
            id=one.id,
            brand=turn.brand,
            conversation=turn.conversation,
            turn=turn.id,
            kind=one.kind,
            ref=one.ref,
            saved_reply=one.saved_reply,
            text=one.text,
            offered_at=now,
        )
        for one in end.suggested
    )
    data = {"turn": turn.id, "turn_kind": turn.kind, "by": turn.staff, "state": turn.state}
    record(session, f"conversation.turn_{_ENDED[end.move]}", turn.conversation, brand=turn.brand, at=now, **data)
