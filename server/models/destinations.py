"""Where customers may be sent, as it stands in the database."""

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from server.models import base as base
from server.models.columns import json_column
from server.models.filed import FiledRow


class DestinationRow(FiledRow, table=True):
    """A place that drafts may name: the fields of `tools.records.Destination`.

    `brand` is None for a place of every brand. A retired place is named no more.
    """

    __tablename__ = "destinations"

    brand: str | None = None
    kind: str
    language: str
    target: str
    label: str
    says: str
    regions: list[str] = Field(sa_column=Column(json_column(), nullable=False))
    channels: list[str] = Field(sa_column=Column(json_column(), nullable=False))
    hours: str | None = None


class DestinationStateRow(SQLModel, table=True):
    """One row, which every change of the places locks: `revision` counts them."""

    __tablename__ = "destination_state"

    id: int = Field(default=1, primary_key=True)
    revision: int = 0
