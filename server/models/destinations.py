"""Where customers may be sent, as it stands in the database."""

from datetime import datetime

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from server.models import base as base
from server.models.columns import UtcTime, json_column


class DestinationRow(SQLModel, table=True):
    """A place that drafts may name: the fields of `tools.records.Destination`.

    `brand` is None for a place of every brand. `version` rises with every change. A retired place is named no more, and
    its id is given to no other, because drafts and answers tell of it by that. `changed_here` says that somebody has
    changed it in the database since it said what its file says: then the file decides nothing, and `file_differs` that
    it says something else and was left.
    """

    __tablename__ = "destinations"

    id: str = Field(primary_key=True)
    brand: str | None = None
    kind: str
    language: str
    target: str
    label: str
    says: str
    regions: list[str] = Field(sa_column=Column(json_column(), nullable=False))
    channels: list[str] = Field(sa_column=Column(json_column(), nullable=False))
    hours: str | None = None
    version: int = 1
    changed_here: bool = False
    file_differs: bool = False
    created_at: datetime = Field(sa_type=UtcTime)
    changed_at: datetime = Field(sa_type=UtcTime)
    changed_by: str | None = None
    retired_at: datetime | None = Field(default=None, sa_type=UtcTime)
    retire_reason: str | None = None


class DestinationStateRow(SQLModel, table=True):
    """One row, which every change of the places locks: `revision` counts them."""

    __tablename__ = "destination_state"

    id: int = Field(default=1, primary_key=True)
    revision: int = 0
