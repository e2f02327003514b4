"""What the API tells about promises."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue

from server.actions.kinds import ActionKind
from server.actions.states import ActionState
from server.models import ActionRow, PromiseRow
from server.promises.states import PromiseState, is_overdue
from server.staff.naming import Named, Names

_PROMISE: dict[str, JsonValue] = {
    "id": "promise_01kcs3v8q2m5n7p9r1t3w5",
    "brand": "fernhollow",
    "customer": "C-0001",
    "author": "annwood",
    "order": "FH-10423",
    "what": "We'll refund you within 2 working days.",
    "said": "Hi Ann, we'll refund you within 2 working days.",
    "case": "case_01kcs3v8q2m5n7p9r1t3w5",
    "draft": "draft_01kcs3v8q2m5n7p9r1t3w5",
    "publication": "publication_01kcs3v8q2m5n7p9r1t3w5",
    "action": {"id": "action_01kcs3v8q2m5n7p9r1t3w5", "action": "refund", "state": "approved", "error": None},
    "incident": None,
    "made_at": "2026-11-20T12:00:00Z",
    "first_due": "2026-11-24T17:00:00Z",
    "due": "2026-11-24T17:00:00Z",
    "due_said": "2 working days",
    "overdue": False,
    "state": "open",
    "settled_at": None,
    "settled_by": None,
    "kept_with": None,
    "reason": None,
}


class PromisedAction(BaseModel):
    """The action that carries a promise out: where it stands is a fact of its own."""

    id: str
    action: ActionKind
    state: ActionState
    error: Annotated[str | None, Field(description="Why it was not done, or is not known to be.")]


class PromiseView(BaseModel):
    """A commitment that was sent, and what became of it."""

    model_config = ConfigDict(json_schema_extra={"examples": [_PROMISE]})

    id: str
    brand: str
    customer: Annotated[str | None, Field(description="Null: a handle nobody knows.")]
    author: Annotated[str | None, Field(description="The handle it was sent to.")]
    order: Annotated[str | None, Field(description="The order it names or rests on; null if it names none.")]
    what: str
    said: Annotated[str | None, Field(description="The sentence as it was sent.")]
    case: str | None
    draft: str | None
    publication: str | None
    action: PromisedAction | None
    incident: str | None
    made_at: AwareDatetime
    first_due: Annotated[AwareDatetime | None, Field(description="When it was due as it was sent.")]
    due: AwareDatetime | None
    due_said: Annotated[
        str | None, Field(description="The words that say when; null: none do, and the account's answer goal counts.")
    ]
    overdue: bool
    state: PromiseState
    settled_at: AwareDatetime | None
    settled_by: Annotated[Named | None, Field(description="Null: not settled, or by what was done or sent.")]
    kept_with: Annotated[str | None, Field(description="The action or the publication that kept it.")]
    reason: str | None

    @classmethod
    def of(cls, row: PromiseRow, actions: Mapping[str, ActionRow], names: Names, now: datetime) -> Self:
        """As the row stands.

        Args:
            row: The promise.
            actions: Those that promises name, by id.
            names: Of whoever settled some.
            now: This moment.
        """
        action = actions.get(row.action) if row.action else None
        return cls(
            id=row.id,
            brand=row.brand or "",
            customer=row.customer,
            author=row.author,
            order=row.order_id,
            what=row.what,
            said=row.said,
            case=row.case,
            draft=row.draft,
            publication=row.publication,
            action=_action(action) if action is not None else None,
            incident=row.incident,
            made_at=row.made_at,
            first_due=row.first_due,
            due=row.due,
            due_said=row.due_said,
            overdue=is_overdue(row, now),
            state=PromiseState(row.state),
            settled_at=row.settled_at,
            settled_by=Named.among(names, row.settled_by),
            kept_with=row.kept_with,
            reason=row.reason,
        )


def _action(row: ActionRow) -> PromisedAction:
    return PromisedAction(id=row.id, action=ActionKind(row.kind), state=ActionState(row.state), error=row.error)
