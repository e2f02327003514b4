"""What the API tells of the audit."""

from typing import Annotated, Any, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue

from server.models import AuditRow
from server.staff.naming import Named, Names

_ENTRY: dict[str, JsonValue] = {
    "number": 4711,
    "event": 4711,
    "at": "2026-11-20T12:00:00Z",
    "brand": "fernhollow",
    "kind": "draft.approved",
    "subject": "draft_01kcs3v8q2m5n7p9r1t3w5",
    "by": {"id": "staff_01kcs3v8q2m5n7p9r1t3w5", "name": "Robin Vale"},
    "token": None,
    "facts": {"case": "case_01kcs3v8q2m5n7p9r1t3w5", "state": "approved", "version": 3},
    "seal": "5f0c…",
}


class AuditEntry(BaseModel):
    """Something that was done: ids, numbers and digests, no text."""

    model_config = ConfigDict(json_schema_extra={"examples": [_ENTRY]})

    number: Annotated[int, Field(description="Rises by one with each row of the installation.")]
    event: Annotated[int, Field(description="The position of the event that it tells.")]
    at: AwareDatetime
    brand: Annotated[str | None, Field(description="Null: the installation's, and of no brand.")]
    kind: str
    subject: Annotated[str, Field(description="The record's id.")]
    by: Annotated[Named | None, Field(description="Null: Deskside itself, or whoever runs it.")]
    token: Annotated[str | None, Field(description="The token that was shown; null: a browser.")]
    facts: Annotated[
        dict[str, Any], Field(description="Ids, states, numbers, digests. Customers and orders are keyed digests.")
    ]
    seal: str

    @classmethod
    def of(cls, row: AuditRow, names: Names) -> Self:
        """The row, with the name of whoever did it."""
        return cls(
            number=row.number,
            event=row.event,
            at=row.at,
            brand=row.brand or None,
            kind=row.kind,
            subject=row.subject,
            by=Named.among(names, row.caller),
            token=row.token,
            facts=row.facts,
            seal=row.seal,
        )
