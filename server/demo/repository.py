"""Finding the people whom the guide speaks of."""

from collections.abc import Collection

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from server.models import CaseRow, PostRow
from server.shop.folding import fold_handle


async def newest_case(session: AsyncSession, author: str, brands: Collection[str]) -> CaseRow | None:
    """The newest case of somebody, among these brands'."""
    query = (
        select(CaseRow)
        .where(CaseRow.folded_author == fold_handle(author), col(CaseRow.brand).in_(brands))
        .order_by(col(CaseRow.opened_at).desc())
        .limit(1)
    )
    return (await session.exec(query)).first()


async def posts_of(session: AsyncSession, case: CaseRow) -> list[PostRow]:
    """What its author has written in the case's thread and not deleted, oldest first."""
    query = (
        select(PostRow)
        .where(PostRow.thread == case.thread, PostRow.author == case.author, col(PostRow.deleted_at).is_(None))
        .order_by(col(PostRow.sent_at), PostRow.id)
    )
    return list(await session.exec(query))
