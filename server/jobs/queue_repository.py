"""The one query by which jobs come in."""

from collections.abc import Sequence

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from server.db import insert_into
from server.models import JobRow


async def put_in(session: AsyncSession, rows: Sequence[JobRow]) -> None:
    """Add jobs; if one of the same key waits already, that one takes over the new one's time, payload and priority."""
    if not rows:
        return
    insert = insert_into(session, JobRow)
    await session.exec(
        insert.on_conflict_do_update(
            index_elements=["key"],
            index_where=text("state = 'ready'"),
            set_={name: insert.excluded[name] for name in ("run_after", "payload", "priority")},
        ),
        params=[row.model_dump() for row in rows],
    )
