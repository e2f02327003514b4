"""What the API tells about actions."""

from collections.abc import Sequence
from typing import Annotated, Any, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue

from server.actions.kinds import ActionKind
from server.actions.possible import ActionStep, steps_of
from server.actions.rules import ActionRules
from server.actions.states import ActionMove, ActionState
from server.models import ActionApprovalRow, ActionDecisionRow, ActionRow
from server.staff.naming import Named, Names
from server.staff.roles import Caller

_ACTION: dict[str, JsonValue] = {
    "id": "action_01kcs3v8q2m5n7p9r1t3w5",
    "brand": "fernhollow",
    "customer": "C-0001",
    "action": "cancel_order",
    "order": "FH-10423",
    "arguments": {"order": "FH-10423", "reason": "no longer needed"},
    "amount": 12900,
    "currency": "GBP",
    "difference": None,
    "state": "proposed",
    "version": 1,
    "reason": None,
    "evidence": [],
    "consent_needed": True,
    "consent": {"quote": "Yes, please cancel it.", "source": "call 8812", "post": None, "at": "2026-11-20T12:00:00Z"},
    "case": None,
    "draft": None,
    "proposed_by": {"id": "staff_01kcs3v8q2m5n7p9r1t3w5", "name": "Robin"},
    "proposed_at": "2026-11-20T12:00:00Z",
    "expires_at": "2026-11-27T12:00:00Z",
    "approvals": [],
    "second": [],
    "attempt": 0,
    "done_at": None,
    "result": None,
    "error": None,
    "history": [],
    "updated_at": "2026-11-20T12:00:00Z",
}


class ConsentView(BaseModel):
    """The customer's yes. `post` is ours that it stands in; without one it is staff's word."""

    quote: str
    source: str
    post: str | None
    at: AwareDatetime | None


class ActionApprovalView(BaseModel):
    """Somebody's yes."""

    step: int
    by: Named
    at: AwareDatetime


class SecondView(BaseModel):
    """A rule that asks for a second person."""

    rule: str
    words: str


class ActionDecisionView(BaseModel):
    """Something that was done to it: by whom (null: by the system), when, and why."""

    what: str
    by: Named | None
    at: AwareDatetime
    reason: str | None
    after: dict[str, Any] | None


class ActionView(BaseModel):
    """A change or a gesture, and where it stands."""

    model_config = ConfigDict(json_schema_extra={"examples": [_ACTION]})

    id: str
    brand: str
    customer: str
    action: ActionKind
    order: str | None
    arguments: dict[str, Any]
    amount: Annotated[int | None, Field(description="What it gives back or costs, in minor units of `currency`.")]
    currency: str | None
    difference: Annotated[int | None, Field(description="What other variants cost more; below 0 less.")]
    state: ActionState
    version: int
    reason: str | None
    evidence: list[str]
    consent_needed: Annotated[
        bool, Field(description="Whether it may only be done with the customer's own yes to exactly this.")
    ]
    consent: ConsentView | None
    case: str | None
    draft: str | None
    proposed_by: Annotated[Named | None, Field(description="Null: the assistant.")]
    proposed_at: AwareDatetime
    expires_at: AwareDatetime | None
    approvals: list[ActionApprovalView]
    second: Annotated[list[SecondView], Field(description="Why a second person has to say yes.")]
    attempt: int
    done_at: AwareDatetime | None
    result: Annotated[
        dict[str, Any] | None, Field(description="What was changed in the records, in the import format's words.")
    ]
    error: Annotated[str | None, Field(description="Why it was not done, or is not known to be.")]
    history: Annotated[
        list[ActionDecisionView], Field(description="In order; `after` of what is void has the old yes.")
    ]
    updated_at: AwareDatetime

    @classmethod
    def of(
        cls,
        row: ActionRow,
        approvals: Sequence[ActionApprovalRow],
        decisions: Sequence[ActionDecisionRow],
        names: Names,
        rules: ActionRules,
    ) -> Self:
        """As the row stands.

        Args:
            row: The action.
            approvals: Those that stand.
            decisions: Its history.
            names: Of whoever is named in these.
            rules: What is allowed, and what needs the customer's yes.
        """
        return cls(
            id=row.id,
            brand=row.brand,
            customer=row.customer,
            action=ActionKind(row.kind),
            order=row.order_id,
            arguments=row.arguments,
            amount=row.amount,
            currency=row.currency,
            consent_needed=_needs_consent(row, rules),
            difference=row.difference,
            state=ActionState(row.state),
            version=row.version,
            reason=row.reason,
            evidence=row.evidence,
            consent=_consent(row),
            case=row.case,
            draft=row.draft,
            proposed_by=Named.among(names, row.proposed_by),
            proposed_at=row.proposed_at,
            expires_at=row.expires_at,
            approvals=[_approval(approval, names) for approval in approvals],
            second=_second(row, decisions),
            attempt=row.attempt,
            done_at=row.done_at,
            result=row.result,
            error=row.error,
            history=[_decision(decision, names) for decision in decisions],
            updated_at=row.updated_at,
        )


class OfferView(BaseModel):
    """An action beside a draft: what would be done, where it stands, and what you may do with it."""

    id: str
    action: ActionKind
    order: str | None
    what: Annotated[str, Field(description="In words, for people.", examples=["upgrade shipping of order FH-10423"])]
    arguments: dict[str, Any]
    amount: Annotated[int | None, Field(description="What it gives back or costs, in minor units of `currency`.")]
    currency: str | None
    state: ActionState
    version: int
    reason: str | None
    consent_needed: Annotated[
        bool, Field(description="Whether it may only be done with the customer's own yes to exactly this.")
    ]
    consented: Annotated[bool, Field(description="Whether the customer's own yes is on record.")]
    error: Annotated[str | None, Field(description="Why it was not done, or is not known to be.")]
    steps: Annotated[
        list[ActionStep], Field(description="What you may do with it, each under /actions/{action}/<step>.")
    ]

    @classmethod
    def of(cls, row: ActionRow, caller: Caller, rules: ActionRules) -> Self:
        """As the row and the rules stand."""
        return cls(
            id=row.id,
            action=ActionKind(row.kind),
            order=row.order_id,
            what=row.kind.replace("_", " ") + (f" of order {row.order_id}" if row.order_id else ""),
            arguments=row.arguments,
            amount=row.amount,
            currency=row.currency,
            state=ActionState(row.state),
            version=row.version,
            reason=row.reason,
            consent_needed=_needs_consent(row, rules),
            consented=row.consent_quote is not None,
            error=row.error,
            steps=steps_of(row, caller),
        )


def _needs_consent(row: ActionRow, rules: ActionRules) -> bool:
    rule = rules.rule(ActionKind(row.kind), row.brand)
    return rule is not None and rule.consent


def _decision(row: ActionDecisionRow, names: Names) -> ActionDecisionView:
    return ActionDecisionView(
        what=row.kind, by=Named.among(names, row.staff), at=row.at, reason=row.reason, after=row.after
    )


def _consent(row: ActionRow) -> ConsentView | None:
    if row.consent_quote is None or row.consent_source is None:
        return None
    return ConsentView(quote=row.consent_quote, source=row.consent_source, post=row.consent_post, at=row.consent_at)


def _approval(row: ActionApprovalRow, names: Names) -> ActionApprovalView:
    return ActionApprovalView(step=row.step, by=Named(id=row.staff, name=names.get(row.staff)), at=row.at)


def _second(action: ActionRow, decisions: Sequence[ActionDecisionRow]) -> list[SecondView]:
    if action.state != ActionState.AWAITING_SECOND:
        return []
    asked = [decision for decision in decisions if decision.kind == ActionMove.ASK_SECOND]
    told = (asked[-1].after or {}).get("second", ()) if asked else ()
    return [SecondView.model_validate(item) for item in told]
