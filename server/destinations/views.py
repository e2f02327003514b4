"""What the API tells about the places that customers may be sent to."""

from typing import Annotated, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue

from server.models import DestinationRow
from server.staff.naming import Named, Names

_DESTINATION: dict[str, JsonValue] = {
    "id": "fernhollow-help_centre-en",
    "kind": "help_centre",
    "brand": "fernhollow",
    "language": "en",
    "target": "https://www.fernhollow.example/help",
    "label": "Help centre",
    "says": "Our help centre has the answers on orders, returns, warranty and care.",
    "regions": [],
    "channels": [],
    "hours": None,
    "version": 1,
    "changed_at": "2026-11-20T12:00:00Z",
    "changed_by": None,
    "changed_here": False,
    "file_differs": False,
    "retired_at": None,
    "retire_reason": None,
}


class DestinationView(BaseModel):
    """A place that drafts may name."""

    model_config = ConfigDict(json_schema_extra={"examples": [_DESTINATION]})

    id: str
    kind: str
    brand: Annotated[str | None, Field(description="Null: every brand's.")]
    language: str
    target: str
    label: str
    says: str
    regions: list[str]
    channels: list[str]
    hours: str | None
    version: int
    changed_at: AwareDatetime
    changed_by: Named | None
    changed_here: Annotated[bool, Field(description="Whether it was changed here; its file decides nothing then.")]
    file_differs: Annotated[bool, Field(description="Whether its file says something else, and was left.")]
    retired_at: AwareDatetime | None
    retire_reason: str | None

    @classmethod
    def of(cls, row: DestinationRow, names: Names) -> Self:
        """As the row stands."""
        fields = row.model_dump(exclude={"created_at", "changed_by"})
        return cls(**fields, changed_by=Named.among(names, row.changed_by))
