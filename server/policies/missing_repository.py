"""Reading and forgetting questions that no policy answers."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlmodel import col, delete, or_, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from server.models import MissingPolicyRow

MOST = 2_000
"""Questions that are looked through for themes: the newest."""


async def list_missing(
    session: AsyncSession, brands: Collection[str], *, since: datetime, begun: bool
) -> Sequence[MissingPolicyRow]:
    """Questions since then, the newest first; `begun`: those for which a document was begun, else the others."""
    document = col(MissingPolicyRow.document)
    query = select(MissingPolicyRow).where(
        col(MissingPolicyRow.brand).in_(brands),
        MissingPolicyRow.at >= since,
        document.is_not(None) if begun else document.is_(None),
    )
    newest = query.order_by(col(MissingPolicyRow.at).desc(), col(MissingPolicyRow.id).desc())
    return (await session.exec(newest.limit(MOST))).all()


async def find_missing(
    session: AsyncSession, questions: Collection[str], brands: Collection[str]
) -> Sequence[MissingPolicyRow]:
    """The questions of these ids and brands."""
    query = select(MissingPolicyRow).where(
        col(MissingPolicyRow.id).in_(questions), col(MissingPolicyRow.brand).in_(brands)
    )
    return (await session.exec(query.order_by(col(MissingPolicyRow.id)))).all()


async def begin_document(session: AsyncSession, questions: Collection[str], document: str) -> None:
    """A document was begun that is to answer these."""
    query = update(MissingPolicyRow).where(col(MissingPolicyRow.id).in_(questions)).values(document=document)
    await session.exec(query.execution_options(synchronize_session=False))


async def forget(session: AsyncSession, *, cases: Collection[str] = (), conversations: Collection[str] = ()) -> int:
    """Let go of what was asked in these cases and conversations; how many questions it was."""
    theirs = or_(col(MissingPolicyRow.case).in_(cases), col(MissingPolicyRow.conversation).in_(conversations))
    query = delete(MissingPolicyRow).where(theirs).execution_options(synchronize_session=False)
    return (await session.exec(query)).rowcount
