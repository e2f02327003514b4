"""Events as they are told."""

from datetime import datetime
from typing import Any, Self

from pydantic import BaseModel, Field

from server.models import EventRow


class Event(BaseModel):
    """Something that happened to a record, without its text."""

    position: int = Field(description="Rises by one with each event of the installation.", examples=[4711])
    kind: str = Field(examples=["draft.approved"])
    subject: str = Field(description="The record's id.", examples=["draft_01kz3p5v7x0000000000000000"])
    brand: str = Field(examples=["fernhollow"])
    at: datetime
    data: dict[str, Any] = Field(description="Ids, states and numbers.", examples=[{"version": 3}])

    @classmethod
    def of(cls, row: EventRow) -> Self:
        """The event of a row that has its position."""
        assert row.position is not None
        return cls(position=row.position, kind=row.kind, subject=row.subject, brand=row.brand, at=row.at, data=row.data)
