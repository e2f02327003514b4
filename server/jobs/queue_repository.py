"""The one query by which jobs come in."""

from sqlalchemy import text
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel.ext.asyncio.session import AsyncSession

from server.models import JobRow, metadata


async def put_in(session: AsyncSession, row: JobRow) -> None:
    """Add a job; if one of its key waits already, that one takes over this one's time, payload and priority."""
    dialect = session.get_bind().dialect.name
    insert = (postgresql if dialect == "postgresql" else sqlite).insert(metadata.tables["jobs"])
    await session.exec(
        insert.values(row.model_dump()).on_conflict_do_update(
            index_elements=["key"],
            index_where=text("state = 'ready'"),
            set_={name: insert.excluded[name] for name in ("run_after", "payload", "priority")},
        )
    )
