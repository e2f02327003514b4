"""What reps do with what they are offered."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from assistant.reading.blanks import find_blanks
from server.conversations import repository
from server.conversations.states import SAVED_REPLY, TAKEN, SuggestionState, move_suggestion
from server.drafts.approvals import NotFilledIn
from server.errors import Conflict, NotFound
from server.events.log import record
from server.models import SuggestionRow
from server.staff.roles import Caller


class SuggestionNotFound(NotFound):
    """There is none of this id in this session, or none of the caller's brands."""

    def __init__(self) -> None:
        super().__init__("there is no such suggestion in this session")


class QuestionHasItsOwnRecord(Conflict):
    """Whether a question was asked decides who is asked what from then on: it is said where that is looked at."""

    def __init__(self, conversation: str) -> None:
        at = f"/conversations/{conversation}/question"
        super().__init__(
            f"this is a question to the customer: say that you asked it, in whatever words, with POST {at}/asked,"
            f" and why you do not with POST {at}/skipped",
            asked=f"{at}/asked",
            skipped=f"{at}/skipped",
        )


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of a suggestion: `text` is what was taken where it differs, `reason` why it was dismissed."""

    state: SuggestionState
    text: str | None = None
    reason: str | None = None


async def decide(
    session: AsyncSession, caller: Caller, conversation: str, suggestion: str, decision: Decision, now: datetime
) -> SuggestionRow:
    """Write down what the rep did.

    Raises:
        SuggestionNotFound: None of this session's.
        QuestionHasItsOwnRecord: It is a question.
        SuggestionTaken: It was put before the customer, and cannot be dismissed.
        NotFilledIn: A saved reply was to be taken with a variable in it.
    """
    row = await repository.lock_suggestion(session, conversation, suggestion, caller.brands)
    if row is None:
        raise SuggestionNotFound
    if row.kind == "question":
        raise QuestionHasItsOwnRecord(row.conversation)
    _refuse_blanks(row, decision)
    row.state = move_suggestion(SuggestionState(row.state), decision.state)
    row.used = decision.text if decision.text != row.text else None
    row.reason, row.decided_at = decision.reason, now
    session.add(row)
    data = {"suggestion": row.id, "suggestion_kind": row.kind, "ref": row.ref, "turn": row.turn, "by": caller.id}
    record(session, f"conversation.suggestion_{row.state}", row.conversation, brand=row.brand, at=now, **data)
    return row


def _refuse_blanks(row: SuggestionRow, decision: Decision) -> None:
    blanks = find_blanks(decision.text or row.text) if row.kind == SAVED_REPLY else []
    if blanks and decision.state in TAKEN:
        words = f"{', '.join(f'{{{{{name}}}}}' for name in blanks)} is not filled in; write over it, then take the text"
        raise NotFilledIn(words, variables=list(blanks))
