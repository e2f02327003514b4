"""Taking transcripts out of what is kept here beside the records: for whoever erases a customer, or a post's text.

The index is made from the records. So what is erased there is not in it any more once it is made anew; here it is taken
out at once, in the same transaction.
"""

from collections.abc import Collection

from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel.ext.asyncio.session import AsyncSession

from server.db import writing
from server.transcripts import index_repository
from server.transcripts.following import make_anew

_PAGES = 500


async def forget_index(session: AsyncSession, transcripts: Collection[str]) -> None:
    """Make these cases and conversations anew in the index, from the records as this transaction leaves them."""
    await session.flush()
    await make_anew(session, transcripts)


async def scrub_index(engine: AsyncEngine) -> None:
    """Let SQLite's index forget, in its own pages too, every word that was taken out of it.

    Without it such words stay in the file, found by nobody, until the index merges by itself. Postgres forgets with
    VACUUM. It works in short transactions, the more of them the larger the index.
    """
    if engine.dialect.name == "postgresql":
        return
    pages = -_PAGES  # a negative number begins a merge of everything
    more = True
    while more:
        async with writing(engine) as session:
            more = await index_repository.merge_index(session, pages)
        pages = _PAGES
