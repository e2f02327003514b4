"""People's yes to an action. It binds to exactly what was proposed; what it may cost is added up under one lock."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from server.actions import repository
from server.actions.broken import ActionBreaksRules
from server.actions.consent import MISSING, Consent
from server.actions.deciding import ActionChanged, ActionNotFound, lock_for, refuse_machines
from server.actions.kinds import ActionKind
from server.actions.limits import over_the_month
from server.actions.moving import advance, void_approvals
from server.actions.preconditions import broken
from server.actions.proposing import Judgement, Proposed, judge, said_in
from server.actions.records import earlier_of
from server.actions.seconding import Second, reasons_for_second, within_limit
from server.actions.shop import Wanted
from server.actions.states import ActionMove, ActionState, move
from server.actions.texts import give_back
from server.db import reading, writing
from server.errors import NotAllowed
from server.jobs.queue import URGENT, enqueue
from server.limits.holding import action_rules, review_rules
from server.models import ActionApprovalRow, ActionRow
from server.models.ids import new_id
from server.service import Service
from server.staff.roles import Caller, Permission, who_may

LANE = "act"


class SamePersonTwice(NotAllowed):
    """The second yes must be somebody else's."""


class ActionOverLimit(NotAllowed):
    """It costs more than the caller may approve."""


async def approve(service: Service, caller: Caller, action_id: str, *, seen: int | None = None) -> ActionRow:
    """Say yes to an action: the first time, or as the second person. Once that is enough it is carried out.

    Args:
        service: The process's.
        caller: A person who may approve actions.
        action_id: The action.
        seen: The version they saw; None: as it stands.

    Raises:
        ActionNotFound: None of the caller's brands.
        ActionChanged: It is not what was seen.
        IllegalActionMove: It cannot be approved where it stands.
        ActionBreaksRules: It may not be done as the records and the rules stand now.
        NotAllowed: Somebody else has to.
        ShopUnreachable: The records cannot be read.
    """
    refuse_machines(caller)
    async with reading(service.engine) as session:
        found = await repository.find_action(session, action_id, caller.brands)
    if found is None:
        raise ActionNotFound
    move(ActionState(found.state), ActionMove.APPROVE)
    judgement = await judge_again(service, caller, found)
    async with writing(service.engine) as session:
        row = await approve_in(session, service, caller, action_id, judgement, seen=seen)
    service.wake()
    return row


async def approve_in(
    session: AsyncSession,
    service: Service,
    caller: Caller,
    action_id: str,
    judgement: Judgement,
    *,
    seen: int | None = None,
    also: Sequence[Second] = (),
    undo: timedelta = timedelta(0),
) -> ActionRow:
    """The same within a transaction, of an action that was judged just before it.

    `also` are reasons for a second person besides the action's own: those of what is approved with it. The shop is not
    asked before `undo` has passed.

    Raises:
        Refused: As `approve` says.
    """
    now = service.clock()
    await repository.lock_case_of(session, action_id)
    await repository.one_at_a_time(session)
    action = await lock_for(session, caller, action_id, seen)
    move(ActionState(action.state), ActionMove.APPROVE)
    if judgement.rule.consent and action.consent_quote is None:
        raise ActionBreaksRules([MISSING])
    judgement = await as_it_stands(session, service, action, judgement)
    await _refuse_over_budget(session, service, action, judgement, now)
    if _comes_to(judgement) != (action.amount, action.currency, action.difference):
        raise _other_sum(judgement)
    if action.state == ActionState.AWAITING_SECOND:
        await _refuse_second(session, service, caller, action, judgement.earlier)
        await _approve(session, caller, action, now, step=2, undo=undo)
        return action
    rules = await review_rules(session, service.settings.knowledge, action.brand)
    seconds = [*reasons_for_second(service, rules, caller, action, judgement), *also]
    if seconds:
        _add_approval(session, caller, action, now, step=1)
        why = {"second": [{"rule": item.rule, "words": item.words} for item in seconds]}
        advance(session, action, ActionMove.ASK_SECOND, now, by=caller.id, after=why)
    else:
        await _approve(session, caller, action, now, step=1, undo=undo)
    return action


async def as_it_stands(session: AsyncSession, service: Service, action: ActionRow, judgement: Judgement) -> Judgement:
    """The judgement with the limits and with what the customer was given, as this transaction reads them."""
    rules = await action_rules(session, service.settings.knowledge)
    rule = rules.rule(ActionKind(action.kind), action.brand) or judgement.rule
    earlier = await repository.that_count(session, action.customer, but=action.id)
    return replace(judgement, rule=rule, earlier=earlier)


async def judge_again(service: Service, caller: Caller, found: ActionRow) -> Judgement:
    """Hold an action that is about to be approved against everything once more. Call it within no transaction.

    Raises:
        ActionBreaksRules: It may not be done any more, or whoever said yes is not known to be the customer.
        ActionChanged: It would come to something else than people saw.
        ShopUnreachable: The records cannot be read.
    """
    judgement = await judge(service, found.id, proposed_as(found))
    if found.consent_post is not None and found.consent_quote is not None:
        said = Consent(found.consent_quote, found.consent_post)
        await said_in(service, said, judgement.asked(proposed_as(found)), caller.brands)
    await _bring_up_to_date(service, found, judgement)
    return judgement


async def _bring_up_to_date(service: Service, found: ActionRow, judgement: Judgement) -> None:
    """Write down what the action would come to by now, if that is not what people saw; they have to look again.

    Raises:
        ActionChanged: It would come to something else.
    """
    if _comes_to(judgement) == (found.amount, found.currency, found.difference):
        return
    async with writing(service.engine) as session:
        action = await repository.lock_action(session, found.id)
        if action is not None and action.version == found.version:
            action.amount, action.currency, action.difference = _comes_to(judgement)
            reason = "what it comes to has changed with the records"
            await void_approvals(session, action, reason, service.clock())
            advance(session, action, ActionMove.VOID, service.clock(), reason=reason)
            await give_back(session, action, reason, service.clock())
    raise _other_sum(judgement)


def _comes_to(judgement: Judgement) -> tuple[int | None, str | None, int | None]:
    amount, difference = judgement.effect.amount, judgement.effect.result.get("difference")
    return (amount.amount, amount.currency, difference) if amount else (None, None, difference)


def _other_sum(judgement: Judgement) -> ActionChanged:
    amount, currency, difference = _comes_to(judgement)
    words = f"the records have changed: it would come to {judgement.effect.amount or difference} now; look at it again"
    return ActionChanged(words, amount=amount, currency=currency, difference=difference)


def proposed_as(action: ActionRow) -> Proposed:
    """The action as it was proposed."""
    return Proposed(action.customer, ActionKind(action.kind), action.arguments, case=action.case, draft=action.draft)


def digest(action: ActionRow) -> str:
    """What an approval binds to: what is done, for whom, what it comes to, and the customer's yes to it."""
    told = [
        action.id, action.brand, action.customer, action.kind, action.arguments, action.amount, action.currency,
        action.difference, action.consent_quote, action.consent_source,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(told, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


async def _refuse_over_budget(
    session: AsyncSession, service: Service, action: ActionRow, judgement: Judgement, now: datetime
) -> None:
    """What was approved since the judgement counts too, of this customer and of all."""
    wanted = Wanted(action.id, ActionKind(action.kind), action.customer, judgement.arguments)
    shop = replace(judgement.shop, done=earlier_of(judgement.earlier))
    rules = await action_rules(session, service.settings.knowledge)
    against = [
        *broken(wanted, shop, rules, now),
        *await over_the_month(session, action, judgement.rule, judgement.effect.amount, now),
    ]
    if against:
        raise ActionBreaksRules(against)


async def _refuse_second(
    session: AsyncSession, service: Service, caller: Caller, action: ActionRow, earlier: Sequence[ActionRow]
) -> None:
    first = await repository.standing_approvals(session, action.id)
    if caller.id in {approval.staff for approval in first}:
        raise SamePersonTwice("you approved it first; the second approval is somebody else's to give")
    if not caller.may(Permission.APPROVE_SECOND):
        words = f"this needs a second approval; {who_may(Permission.APPROVE_SECOND)} can give it"
        raise NotAllowed(words, permission=str(Permission.APPROVE_SECOND))
    rules = await review_rules(session, service.settings.knowledge, action.brand)
    if not within_limit(service, rules, caller, action, earlier):
        raise ActionOverLimit("it costs more than you may approve; a colleague with a higher limit can")
    if any(approval.digest != digest(action) for approval in first):
        raise ActionChanged("what it comes to has changed since the first approval; reject it and propose it again")


async def _approve(
    session: AsyncSession, caller: Caller, action: ActionRow, now: datetime, *, step: int, undo: timedelta
) -> None:
    _add_approval(session, caller, action, now, step=step)
    action.approved_by, action.approved_at = caller.id, now
    advance(session, action, ActionMove.APPROVE, now, by=caller.id, after={"digest": digest(action), "step": step})
    await enqueue(
        session,
        "act",
        lane=LANE,
        payload={"action": action.id},
        now=now,
        brand=action.brand,
        key=f"act:{action.id}",
        after=now + undo,
        priority=URGENT,
    )


def _add_approval(session: AsyncSession, caller: Caller, action: ActionRow, now: datetime, *, step: int) -> None:
    session.add(
        ActionApprovalRow(
            id=new_id("action_approval"),
            brand=action.brand,
            action=action.id,
            step=step,
            digest=digest(action),
            staff=caller.id,
            at=now,
        )
    )
