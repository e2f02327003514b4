"""Queries about how accounts do: what came in and went out last, and what went wrong."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from server.models import JobRow, PostRow, PublicationRow
from server.publications.states import PublicationState

_FAILED = (PublicationState.FAILED, PublicationState.UNCERTAIN)
_TO_BE_DONE = ("ready", "running")


@dataclass(frozen=True, slots=True)
class Failed:
    """How many texts were not sent, or perhaps not, and what was said of the newest."""

    count: int
    at: datetime
    words: str | None


async def last_posts(session: AsyncSession, accounts: Collection[str]) -> Mapping[str, datetime]:
    """When the newest post of somebody else's came in on each account."""
    newest = select(PostRow.account, func.max(col(PostRow.received_at)))
    theirs = newest.where(col(PostRow.account).in_(accounts), PostRow.role == "customer")
    return dict((await session.exec(theirs.group_by(col(PostRow.account)))).all())


async def last_sent(session: AsyncSession, accounts: Collection[str]) -> Mapping[str, datetime]:
    """When each account said something last."""
    newest = select(PublicationRow.account, func.max(col(PublicationRow.sent_at)))
    sent = newest.where(col(PublicationRow.account).in_(accounts), col(PublicationRow.sent_at).is_not(None))
    rows = await session.exec(sent.group_by(col(PublicationRow.account)))
    return {account: at for account, at in rows if at is not None}


async def failures(session: AsyncSession, accounts: Collection[str], *, since: datetime) -> Mapping[str, Failed]:
    """Of the accounts of which texts were not sent since then, or perhaps not, how many and why."""
    query = select(PublicationRow).where(
        col(PublicationRow.account).in_(accounts),
        col(PublicationRow.state).in_(_FAILED),
        PublicationRow.updated_at >= since,
    )
    found: dict[str, Failed] = {}
    for row in await session.exec(query.order_by(col(PublicationRow.updated_at))):
        before = found.get(row.account)
        found[row.account] = Failed((before.count if before else 0) + 1, row.updated_at, row.error)
    return found


async def troubles(session: AsyncSession, accounts: Collection[str]) -> Mapping[str, str]:
    """Why the network of an account did not answer when it was last asked what had happened, or to take a text."""
    lanes = {f"{family}:{account}": account for account in accounts for family in ("poll", "send")}
    query = select(JobRow.lane, JobRow.error).where(
        col(JobRow.lane).in_(lanes), col(JobRow.state).in_(_TO_BE_DONE), col(JobRow.error).is_not(None)
    )
    return {lanes[lane]: words for lane, words in await session.exec(query.order_by(col(JobRow.id))) if words}
