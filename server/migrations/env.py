"""Run by Alembic; works on the connection that `upgrade.alembic_config` was given."""

from typing import Any, Literal

from alembic import context
from sqlmodel import AutoString

from server.models import metadata
from server.models.columns import UtcTime
from server.models.transcripts import is_described


def plain_type(kind: str, item: Any, _autogen: Any) -> str | Literal[False]:  # noqa: ANN401 - Alembic's hook
    """Our own column types by what they are in the database: a migration must not change when our code does."""
    if kind == "type" and isinstance(item, UtcTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, AutoString):
        return "sa.String()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    render_item=plain_type,
    include_name=is_described,
)
with context.begin_transaction():
    context.run_migrations()
