"""Views of the queue that people keep."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from server.models import base as base
from server.models.columns import UtcTime, json_column


class SavedViewRow(SQLModel, table=True):
    """Filters of the queue under a name. `staff` keeps it; with a `brand` everybody who serves that sees it.

    `filters` are those of server/drafts/filters.py, by name; what is not there filters nothing.
    """

    __tablename__ = "saved_views"

    id: str = Field(primary_key=True)
    staff: str = Field(foreign_key="staff.id", index=True, ondelete="CASCADE")
    brand: str | None = Field(default=None, index=True)
    name: str
    filters: dict[str, Any] = Field(sa_column=Column(json_column(), nullable=False))
    created_at: datetime = Field(sa_type=UtcTime)
    updated_at: datetime = Field(sa_type=UtcTime)
