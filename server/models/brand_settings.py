"""What a brand has decided about itself, version by version."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from server.models import base as base
from server.models.columns import UtcTime, json_column


class BrandSettingRow(SQLModel, table=True):
    """A version of what a brand has decided about one subject ("limits", "voices"); the newest holds.

    `said` is never changed. `from_file`: the knowledge folder's file says the same, and decides until somebody changes
    it here. `staff` is who put it in, None for the folder.
    """

    __tablename__ = "brand_settings"

    brand: str = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    said: Any = Field(sa_column=Column(json_column(), nullable=False))
    from_file: bool
    staff: str | None = None
    at: datetime = Field(sa_type=UtcTime)
    why: str
