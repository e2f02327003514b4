"""Reading what a restored database knows, and what the networks have told of since."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from server.drafts.states import OPEN, DraftState
from server.models import DraftRow, EventRow, PauseRow, PostRow, PublicationRow
from server.publications.states import PublicationState


async def last_pause_by(session: AsyncSession, paused_by: str) -> datetime | None:
    """When the last pause of this maker was made, lifted or not."""
    made = select(func.max(PauseRow.paused_at)).where(PauseRow.paused_by == paused_by)
    return (await session.exec(made)).one()


async def newest_event(session: AsyncSession) -> datetime | None:
    """When the last thing happened that is still told of."""
    return (await session.exec(select(EventRow.at).order_by(col(EventRow.id).desc()).limit(1))).first()


async def count_on_their_way(session: AsyncSession) -> int:
    """Texts that are approved and not known to be out."""
    states = [PublicationState.HELD, PublicationState.QUEUED, PublicationState.SENDING, PublicationState.UNCERTAIN]
    return (await session.exec(select(func.count()).where(col(PublicationRow.state).in_(states)))).one()


async def count_undecided(session: AsyncSession) -> int:
    """Drafts that are being written or wait for people."""
    return (await session.exec(select(func.count()).where(col(DraftRow.state).in_(OPEN - {DraftState.APPROVED})))).one()


async def answers_told_of(
    session: AsyncSession, target: PostRow, *, private_to: str | None, since: datetime
) -> Sequence[PostRow]:
    """Answers of our account to this post, for the same eyes, that came in since and are no publication of ours."""
    ours = select(PublicationRow.network_id).where(
        PublicationRow.account == target.account, col(PublicationRow.network_id).is_not(None)
    )
    query = select(PostRow).where(
        PostRow.thread == target.thread,
        PostRow.in_reply_to == target.network_id,
        PostRow.role == "brand",
        col(PostRow.deleted_at).is_(None),
        PostRow.received_at > since,
        col(PostRow.private_to).is_(None) if private_to is None else PostRow.private_to == private_to,
        col(PostRow.network_id).not_in(ours),
    )
    return (await session.exec(query)).all()


async def target_of(session: AsyncSession, publication: PublicationRow) -> PostRow | None:
    """The post that a publication answers."""
    query = select(PostRow).join(DraftRow, col(DraftRow.target_post) == PostRow.id)
    return (await session.exec(query.where(DraftRow.id == publication.draft))).first()
