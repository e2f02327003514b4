"""What has come in at an account within a moment, of those who wait to be answered."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import and_, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from assistant.case import Role
from server.drafts.states import DraftState
from server.models import AccountRow, CaseRow, DraftRow, PostRow


async def find_account(session: AsyncSession, account: str) -> AccountRow | None:
    """The account of this id."""
    return await session.get(AccountRow, account)


async def posts_waiting(
    session: AsyncSession, account: AccountRow, since: datetime, until: datetime, *, after: str, limit: int
) -> Sequence[tuple[CaseRow, PostRow]]:
    """Posts of this span whose authors wait for a draft, by their cases, from the one `after`; of `limit` cases."""
    asked = (
        select(DraftRow.case)
        .where(
            DraftRow.brand == account.brand,
            DraftRow.state == DraftState.DRAFTING,
            DraftRow.account == account.id,
            DraftRow.updated_at >= since,
            DraftRow.updated_at < until,
            DraftRow.case > after,
        )
        .order_by(col(DraftRow.case))
        .limit(limit)
    )
    query = (
        select(CaseRow, PostRow)
        .join(PostRow, and_(col(PostRow.thread) == CaseRow.thread, col(PostRow.folded_author) == CaseRow.folded_author))
        .where(
            col(CaseRow.id).in_(asked),
            PostRow.role == Role.CUSTOMER,
            col(PostRow.deleted_at).is_(None),
            PostRow.received_at >= since,
        )
    )
    return (await session.exec(query.order_by(col(CaseRow.id), col(PostRow.sent_at), col(PostRow.id)))).all()
