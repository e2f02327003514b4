"""Where what was counted belongs: the case of a post, a draft, a text or a promise."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlmodel import and_, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from server.models import CaseRow, DraftRow, MissingPolicyRow, PostRow, PromiseRow, PublicationRow

_OF_A_CASE = (DraftRow, PublicationRow, PromiseRow, MissingPolicyRow)


async def cases_of(session: AsyncSession, ids: Collection[str], brands: Collection[str]) -> Mapping[str, str]:
    """The cases of these brands that posts, drafts, texts, promises and questions belong to, or that they are.

    Args:
        session: The transaction.
        ids: Of whatever was counted; no more than a page of it.
        brands: Whose.
    """
    same = and_(col(CaseRow.thread) == PostRow.thread, col(CaseRow.folded_author) == PostRow.folded_author)
    posts: Any = select(PostRow.id, CaseRow.id).join(CaseRow, same).where(col(PostRow.id).in_(ids))
    found = dict((await session.exec(posts.where(col(CaseRow.brand).in_(brands)))).all())
    for table in _OF_A_CASE:
        rows: Any = select(table.id, CaseRow.id).join(CaseRow, col(CaseRow.id) == table.case)
        of_cases = rows.where(col(table.id).in_(ids), col(CaseRow.brand).in_(brands))
        found |= dict((await session.exec(of_cases)).all())
    own = select(CaseRow.id).where(col(CaseRow.id).in_(ids), col(CaseRow.brand).in_(brands))
    return found | {id_: id_ for id_ in await session.exec(own)}


async def authors_of(session: AsyncSession, cases: Collection[str], brands: Collection[str]) -> Mapping[str, str]:
    """Who wrote to us, by the case, as far as it is one of these brands."""
    query = select(CaseRow.id, CaseRow.author).where(col(CaseRow.id).in_(cases), col(CaseRow.brand).in_(brands))
    return dict((await session.exec(query)).all())
