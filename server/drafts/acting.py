"""One click for a draft and the actions beside it: the actions first, the texts once they are done."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from assistant.rechecking import NO_ACTIONS, Actions
from server.actions import repository
from server.actions.approving import approve_in, as_it_stands, judge_again
from server.actions.deciding import ActionNotFound, lock_for
from server.actions.kinds import GESTURES
from server.actions.proposing import Judgement
from server.actions.seconding import Second, given_lately, reasons_for_second
from server.actions.states import ActionMove, ActionState, move
from server.actions.texts import APPROVED, DONE
from server.db import reading
from server.drafts.repository import rests_of
from server.drafts.rests import ACTION
from server.drafts.rules import Reason, ReviewRules, Why
from server.errors import Conflict, NotAllowed
from server.limits.holding import review_rules
from server.models import ActionRow, DraftRow, RestRow
from server.service import Service
from server.staff.roles import Caller, Permission, who_may
from tools.context import Proposal


class OtherActions(Conflict):
    """The first approval was given with other actions than the second names."""


@dataclass(frozen=True, slots=True)
class Act:
    """An action that is approved together with its draft, judged just before."""

    id: str
    judgement: Judgement


async def named_actions(service: Service, caller: Caller, draft: DraftRow, named: Sequence[str] | None) -> list[Act]:
    """The actions that are approved with a draft: those named, or for the second person those of the first.

    Judges them: call it within no transaction.

    Raises:
        NotAllowed: The caller may not approve actions.
        ActionNotFound: One was not proposed with this draft.
        OtherActions: The first person approved others.
        Refused: One cannot be approved where it stands, or may not be done.
    """
    if not named and draft.state != "awaiting_second_approval":
        return []
    async with reading(service.engine) as session:
        bound = await _bound(session, draft) if draft.state == "awaiting_second_approval" else None
        if bound is not None and named is not None and set(named) != set(bound):
            words = "the first approval was given with other actions; take it back and approve anew"
            raise OtherActions(words, actions=sorted(bound))
        wanted = list(dict.fromkeys((named or ()) if bound is None else bound))
        if wanted and not caller.may(Permission.APPROVE_ACTIONS):
            words = f"you may not approve actions; {who_may(Permission.APPROVE_ACTIONS)} can"
            raise NotAllowed(words, permission=str(Permission.APPROVE_ACTIONS))
        rows = await repository.find_actions(session, wanted)
    if len(rows) != len(wanted) or any(row.draft != draft.id or row.case != draft.case for row in rows):
        raise ActionNotFound
    for row in rows:
        move(ActionState(row.state), ActionMove.APPROVE)
    return [Act(row.id, await judge_again(service, caller, row)) for row in rows]


async def actions_told(service: Service, draft: DraftRow, acts: Sequence[Act]) -> Mapping[str, tuple[ActionRow, bool]]:
    """The customer's actions that a text may tell of, and whether as done; those of this click are, once it is sent."""
    customer = ((draft.record or {}).get("customer") or {}).get("id")
    if customer is None:
        return {}
    ids = {act.id for act in acts}
    async with reading(service.engine) as session:
        rows = await repository.that_may_be_told(session, customer, draft.brand, ids)
    return {row.id: (row, row.id in ids or row.state == ActionState.DONE) for row in rows}


def as_facts(customer: str | None, told: Mapping[str, tuple[ActionRow, bool]]) -> Actions:
    """The same as the checks take it. A proposal names its action as its evidence."""
    if customer is None or not told:
        return NO_ACTIONS
    proposals = [
        (Proposal(row.kind, {**row.arguments, **_order(row)}, row.reason or "", (row.id,)), done)
        for row, done in told.values()
    ]
    return Actions(
        customer=customer,
        approved=tuple(proposal for proposal, done in proposals if not done),
        done=tuple(proposal for proposal, done in proposals if done),
    )


def rests_on_actions(
    draft: str, leans: Sequence[tuple[Proposal, bool]], told: Mapping[str, tuple[ActionRow, bool]]
) -> list[RestRow]:
    """What the texts count on of actions that are still to be done."""
    wanted: dict[str, str] = {}
    for proposal, done in leans:
        [id_] = proposal.evidence
        if told[id_][0].state != ActionState.DONE:
            # as done, if one sentence tells it so
            wanted[id_] = DONE if done or wanted.get(id_) == DONE else APPROVED
    return [RestRow(draft=draft, kind=ACTION, ref=id_, digest=need) for id_, need in wanted.items()]


async def approve_acts(
    session: AsyncSession,
    service: Service,
    caller: Caller,
    draft: DraftRow,
    acts: Sequence[Act],
    reasons: Sequence[Reason],
) -> list[Reason]:
    """Approve the actions in the transaction of their draft; both wait for a second person if either needs one.

    Args:
        session: The transaction; the case is locked in it.
        service: The process's.
        caller: Who approves.
        draft: With which they were proposed.
        acts: The actions.
        reasons: Why the draft needs a second person.

    Returns:
        Why both need one.

    Raises:
        Refused: As approving an action does.
    """
    rules = await review_rules(session, service.settings.knowledge, draft.brand)
    every = [*reasons, *await _costs_too_much(session, service, rules, caller, acts)]
    also = [Second(str(item.why), item.words) for item in every]
    # as long as the text can be taken back, so can what it tells of
    undo = timedelta(seconds=service.settings.undo_seconds)
    for act in acts:
        await approve_in(session, service, caller, act.id, act.judgement, also=also, undo=undo)
    await _bind(session, draft, acts)
    return every


async def _costs_too_much(
    session: AsyncSession, service: Service, rules: ReviewRules, caller: Caller, acts: Sequence[Act]
) -> list[Reason]:
    """Reasons of the actions: each by itself, and what all gestures come to with those the customer had lately."""
    seconds: list[Second] = []
    total: Counter[str] = Counter()
    earlier: Sequence[ActionRow] = ()
    for act in acts:
        action = await lock_for(session, caller, act.id, None)
        judgement = await as_it_stands(session, service, action, act.judgement)
        earlier, amount = judgement.earlier, judgement.effect.amount
        seconds += reasons_for_second(service, rules, caller, action, judgement)
        if amount is not None and action.kind in GESTURES:
            total[amount.currency] += amount.amount
    for currency in total:
        total[currency] += given_lately(service, earlier, currency)
    if not seconds and not rules.allows(caller.role, total):
        seconds.append(Second("amount", "together they cost more than you may approve alone"))
    return [Reason(Why(item.rule), item.words) for item in dict.fromkeys(seconds)]


async def _bind(session: AsyncSession, draft: DraftRow, acts: Sequence[Act]) -> None:
    """Have the draft's texts wait until these are done, and fall if one is not."""
    known = {rest.ref: rest for rest in await rests_of(session, draft.id) if rest.kind == ACTION}
    for act in acts:
        rest = known.get(act.id) or RestRow(draft=draft.id, kind=ACTION, ref=act.id, digest=DONE)
        rest.digest = DONE
        session.add(rest)
    await session.flush()


async def _bound(session: AsyncSession, draft: DraftRow) -> list[str]:
    wanted = [rest.ref for rest in await rests_of(session, draft.id) if (rest.kind, rest.digest) == (ACTION, DONE)]
    rows = await repository.find_actions(session, wanted)
    return [row.id for row in rows if row.draft == draft.id and row.state == ActionState.AWAITING_SECOND]


def _order(row: ActionRow) -> dict[str, str]:
    return {"order": row.order_id} if row.order_id is not None else {}
