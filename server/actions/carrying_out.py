"""The job "act": has the shop carry out an approved action, once.

The intent is written and committed first, then the shop is asked, then what it said is recorded. Between the second and
the third a process can die: whoever finds the intent afterwards looks in the shop before anything else.
"""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from server.actions import repository
from server.actions.approving import digest
from server.actions.ending import end_done, end_failed
from server.actions.kinds import ActionKind
from server.actions.moving import advance, void_approvals
from server.actions.states import ActionMove, ActionState
from server.actions.texts import fallen_before, give_back, read_order_again
from server.actions.writer import ApprovedAction, CarriedOut, PreconditionBroken, WriterUnavailable
from server.db import reading, writing
from server.drafts.repository import lock_drafts_resting_on
from server.drafts.rests import ACTION
from server.drafts.voiding import LIVE, void_draft
from server.jobs.claims import TRIES, Claimed, again, finish, hold
from server.log_context import case_id
from server.models import ActionRow
from server.service import Service
from tools.records import Money

logger = logging.getLogger(__name__)

CALL_LIMIT = timedelta(seconds=30)
_WAIT = timedelta(seconds=5)
_LONGEST_WAIT = timedelta(minutes=10)
_LOOK_FOR = timedelta(days=2)
_IN_DOUBT = frozenset({ActionState.RUNNING, ActionState.UNCERTAIN})
_UNKNOWN = "the shop did not say whether it was done"


async def carry_out(service: Service, job: Claimed) -> None:
    """Take the action of the job one step further.

    Raises:
        LeaseLost: Somebody else holds the job.
    """
    action_id = str(job.payload["action"])
    async with reading(service.engine) as session:
        action = await repository.find_action(session, action_id)
    if action is not None:
        case_id.set(action.case)
    if action is not None and action.state in _IN_DOUBT:
        await _look(service, job, action)
        return
    fallen = await fallen_before(service, action) if action is not None else []
    approved = await _begin(service, job, action_id, fallen)
    if approved is not None:
        await _ask_shop(service, job, approved)


async def _begin(service: Service, job: Claimed, action_id: str, fallen: Sequence[str]) -> ApprovedAction | None:
    """Write the intent, if an approval stands for exactly this action; drafts that have `fallen` do not tell of it."""
    async with writing(service.engine) as session:
        now = service.clock()
        await hold(session, job)
        action = await repository.lock_action(session, action_id)
        if action is None or action.state != ActionState.APPROVED:
            await finish(session, job, now)
            return None
        approvals = await repository.standing_approvals(session, action.id)
        if not approvals or any(approval.digest != digest(action) for approval in approvals):
            await void_approvals(session, action, "no approval stands for exactly this", now)
            advance(session, action, ActionMove.VOID, now, reason="no approval stands for exactly this")
            await give_back(session, action, "no approval stands for exactly this", now)
            await finish(session, job, now)
            return None
        for draft in await lock_drafts_resting_on(session, ACTION, action.id, LIVE):
            if draft.id in fallen:
                await void_draft(session, draft, f"order {action.order_id} has changed", now)
        action.attempt += 1
        action.attempted_at = now
        advance(session, action, ActionMove.BEGIN, now)
        return _approved(action)


async def _ask_shop(service: Service, job: Claimed, approved: ApprovedAction) -> None:
    try:
        async with asyncio.timeout(CALL_LIMIT.total_seconds()):
            carried = await service.writer.carry_out(approved)
    except PreconditionBroken as refusal:
        await _record_refusal(service, job, approved.id, refusal)
    except WriterUnavailable as away:
        await _record_delay(service, job, approved.id, str(away))
    except TimeoutError:
        await _put_off_looking(service, job, approved.id, _UNKNOWN)
    except Exception:
        # whatever it was: the shop may have done it
        logger.exception("carrying out action %s: nobody knows whether it was done", approved.id)
        await _put_off_looking(service, job, approved.id, _UNKNOWN)
    else:
        await _record_done(service, job, approved.id, carried)


async def _look(service: Service, job: Claimed, action: ActionRow) -> None:
    """Find out what became of a call that nobody knows the end of."""
    began = service.clock()
    try:
        async with asyncio.timeout(CALL_LIMIT.total_seconds()):
            found = await service.writer.find(action.id)
    except (WriterUnavailable, TimeoutError) as away:
        await _put_off_looking(service, job, action.id, str(away) or "the shop does not answer")
        return
    if found is not None:
        await _record_done(service, job, action.id, found)
    elif action.state == ActionState.UNCERTAIN:
        await _put_off_looking(service, job, action.id, action.error or _UNKNOWN)
    elif began < (action.attempted_at or began) + service.writer.settles_after:
        # the call may still be under way, or its effect not to be seen yet
        settled = (action.attempted_at or began) + service.writer.settles_after
        async with writing(service.engine) as session:
            await again(session, job, service.clock(), after=settled, words=_UNKNOWN)
    else:
        await _record_delay(service, job, action.id, "the shop had not done it")


async def _record_done(service: Service, job: Claimed, action_id: str, carried: CarriedOut) -> None:
    async with reading(service.engine) as session:
        found = await repository.find_action(session, action_id)
    order = await read_order_again(service, found) if found is not None else None
    async with writing(service.engine) as session:
        now = service.clock()
        action = await _lock_in_doubt(session, job, action_id, now)
        if action is not None:
            await end_done(session, action, now, at=carried.at, result=carried.result, order=order)
            await finish(session, job, now)


async def _record_refusal(service: Service, job: Claimed, action_id: str, refusal: PreconditionBroken) -> None:
    async with writing(service.engine) as session:
        now = service.clock()
        action = await _lock_in_doubt(session, job, action_id, now)
        if action is not None:
            told = [{"rule": item.rule, "words": item.words} for item in refusal.broken]
            await end_failed(session, action, now, words=str(refusal), broken=told)
            await finish(session, job, now)


async def _record_delay(service: Service, job: Claimed, action_id: str, words: str) -> None:
    """The shop has not done it and can be asked again; not for ever."""
    async with writing(service.engine) as session:
        now = service.clock()
        action = await _lock_in_doubt(session, job, action_id, now)
        if action is None:
            return
        if action.attempt >= TRIES:
            await end_failed(session, action, now, words=f"{words}; it was tried {action.attempt} times")
            await finish(session, job, now)
            return
        action.error = words
        advance(session, action, ActionMove.PUT_BACK, now, reason=words)
        await again(session, job, now, after=now + _back_off(action.attempt), words=words)


async def _put_off_looking(service: Service, job: Claimed, action_id: str, words: str) -> None:
    """Nobody knows: look again, and after a while let people know."""
    async with writing(service.engine) as session:
        now = service.clock()
        action = await _lock_in_doubt(session, job, action_id, now)
        if action is None:
            return
        action.error = words
        session.add(action)
        since = action.attempted_at or now
        if action.state == ActionState.RUNNING and now > since + service.writer.settles_after:
            advance(session, action, ActionMove.DOUBT, now, reason=words)
        if now - since > _LOOK_FOR:
            await finish(session, job, now)
        else:
            await again(session, job, now, after=_next_look(action, now), words=words)


async def _lock_in_doubt(session: AsyncSession, job: Claimed, action_id: str, now: datetime) -> ActionRow | None:
    """The action, if it is still what the job was about; else the job is done."""
    await hold(session, job)
    action = await repository.lock_action(session, action_id)
    if action is None or action.state not in _IN_DOUBT:
        await finish(session, job, now)
        return None
    return action


def _next_look(action: ActionRow, now: datetime) -> datetime:
    since = action.attempted_at or now
    return now + min(max(now - since, _WAIT), _LONGEST_WAIT)


def _back_off(attempt: int) -> timedelta:
    wait: timedelta = _WAIT * 2**attempt
    return min(wait, _LONGEST_WAIT)


def _approved(action: ActionRow) -> ApprovedAction:
    sum_ = Money(action.amount, action.currency) if action.amount is not None and action.currency else None
    return ApprovedAction(
        action.id,
        action.brand,
        action.customer,
        ActionKind(action.kind),
        action.arguments,
        amount=sum_,
        difference=action.difference,
    )
