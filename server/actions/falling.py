"""What takes an approval, or the customer's yes, away again before anything is done; and when a proposal is too old."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from server.actions import consent_repository, repository
from server.actions.moving import advance, void_approvals
from server.actions.states import MOVES, WAITING, ActionMove, ActionState
from server.actions.texts import give_back
from server.db import writing
from server.jobs.claims import Claimed, finish
from server.jobs.queue import enqueue
from server.models import AccountRow, ActionRow, CaseRow
from server.service import Service

WROTE_AGAIN = "the customer wrote again after their yes"
SINCE_APPROVED = "the customer wrote again after it was approved"
BEFORE_THE_SHOP = WAITING | {ActionState.APPROVED}
"""Nothing was asked of the shop yet."""

_APPROVED = BEFORE_THE_SHOP - {ActionState.PROPOSED}


async def void_consents(session: AsyncSession, case: CaseRow, now: datetime) -> list[str]:
    """A case's customer has written, edited or deleted a post: what they said yes to before is to be asked again.

    What needs no yes and was approved is looked at again as well.

    Args:
        session: The transaction of the post itself.
        case: Theirs.
        now: This moment.

    Returns:
        The actions of which the yes is void. What the shop was asked already goes on.
    """
    voided = []
    for action in await repository.lock_consented_in(session, case, BEFORE_THE_SHOP):
        await void(session, action, WROTE_AGAIN, now, consent_too=True)
        voided.append(action.id)
    for action in await repository.lock_approved_in(session, case, _APPROVED):
        await void(session, action, SINCE_APPROVED, now, consent_too=False)
        voided.append(action.id)
    return voided


async def void_elsewhere(
    session: AsyncSession, account: AccountRow, wrote: Mapping[tuple[str, str], datetime], now: datetime
) -> None:
    """People have written: what they said yes to before, in whatever thread or channel, is to be asked again.

    Args:
        session: The transaction of the posts themselves; it holds no case yet.
        account: Where they have written.
        wrote: The thread and folded handle of each who has, and when the last of it was sent.
        now: This moment.
    """
    if not wrote:
        return
    for action in await consent_repository.lock_of_authors(session, account, wrote.keys(), BEFORE_THE_SHOP):
        said = await consent_repository.said_at(session, action)
        if said is None or max(wrote.values()) > said:
            await void(session, action, WROTE_AGAIN, now, consent_too=True)


async def void(session: AsyncSession, action: ActionRow, reason: str, now: datetime, *, consent_too: bool) -> None:
    """No approval of this action stands any more; it is to be looked at again."""
    await void_approvals(session, action, reason, now)
    said = {"quote": action.consent_quote, "source": action.consent_source, "post": action.consent_post}
    if consent_too:
        action.consent_quote = action.consent_source = action.consent_post = action.consent_at = None
    advance(session, action, ActionMove.VOID, now, reason=reason, after={"consent": said} if consent_too else None)
    await give_back(session, action, reason, now)


async def expire(service: Service, job: Claimed) -> None:
    """The job "action_due": nobody has decided on it for so long that it is not proposed any more.

    Raises:
        LeaseLost: Another worker has the job.
    """
    async with writing(service.engine) as session:
        now = service.clock()
        await finish(session, job, now)
        action = await repository.lock_action(session, str(job.payload["action"]))
        if action is None or (ActionState(action.state), ActionMove.EXPIRE) not in MOVES or action.expires_at is None:
            return
        if action.expires_at > now:
            await enqueue(
                session,
                job.kind,
                lane=job.lane,
                payload=dict(job.payload),
                now=now,
                brand=action.brand,
                key=job.key,
                after=action.expires_at,
            )
            return
        reason = "nobody decided in time"
        await void_approvals(session, action, reason, now)
        advance(session, action, ActionMove.EXPIRE, now, reason=reason)
        await give_back(session, action, reason, now)
