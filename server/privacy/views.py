"""What the API tells about privacy."""

from typing import Annotated, Any, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue

from server.models import ErasureRow
from server.staff.naming import Named, Names

_TABLE: dict[str, JsonValue] = {
    "table": "publications",
    "rows": 2,
    "became": "emptied",
    "stays": "who decided what, and when, and the digest of what was approved",
}
_ERASURE: dict[str, JsonValue] = {
    "id": "erasure_01kcs3v8q2m5n7p9r1t3w5",
    "pseudonym": "customer-3fa94c0be81d4f2ab6c7d8e9",
    "reason": "asked for by letter of 18 November",
    "by": {"id": "staff_01kcs3v8q2m5n7p9r1t3w5", "name": "Robin Vale"},
    "at": "2026-11-20T12:00:00Z",
    "tables": [_TABLE],
    "files": 1,
    "handles_left": 0,
    "elsewhere": {"posts.text": 1, "saved_replies.title": 1},
    "ours": {"saved_replies": ["fernhollow-late-parcel"]},
    "masked": {"missing_policies": 0, "transcripts": 1, "saved_views": 1},
    "beyond": "not reached: backups, …",
    "scrubbed_at": None,
}


class ErasedTable(BaseModel):
    """What was found in a table, and what becomes of it."""

    model_config = ConfigDict(json_schema_extra={"examples": [_TABLE]})

    table: str
    rows: int
    became: Annotated[str, Field(description="deleted, or emptied: rows that say nothing of them any more.")]
    stays: Annotated[str, Field(description="Why emptied rows stay.")]


class Preview(BaseModel):
    """What an erasure would do."""

    tables: list[ErasedTable]
    files: Annotated[int, Field(description="Files that came with their posts.")]
    handles_left: Annotated[int, Field(description="Handles that are only possibly theirs: their posts are left.")]
    beyond: Annotated[str, Field(description="What no erasure here can reach.")]
    under_way: Annotated[
        dict[str, list[str]], Field(description="What has to end before anything is erased: ids by kind.")
    ]


class ErasureView(BaseModel):
    """An erasure that was done: counts, and nobody's name."""

    model_config = ConfigDict(json_schema_extra={"examples": [_ERASURE]})

    id: str
    pseudonym: Annotated[str, Field(description="Stands where the customer's id stood.")]
    reason: str
    by: Named | None
    at: AwareDatetime
    tables: list[ErasedTable]
    files: int
    handles_left: int
    elsewhere: Annotated[
        dict[str, int] | None,
        Field(description="Where others' words still name them: rows by column; null: could not be looked through."),
    ]
    ours: Annotated[
        dict[str, list[str]] | None,
        Field(description="What colleagues wrote and still names them, to be written anew: ids by table, at most 50."),
    ]
    masked: Annotated[
        dict[str, int] | None,
        Field(description="What named them and does no more: rows by table, and entries of the index."),
    ]
    beyond: str
    scrubbed_at: Annotated[
        AwareDatetime | None, Field(description="When it had left the database's files; null: it has not yet.")
    ]

    @classmethod
    def of(cls, row: ErasureRow, names: Names) -> Self:
        """The row."""
        report: dict[str, Any] = {"elsewhere": None, "ours": None, "masked": None} | row.report
        return cls(
            id=row.id,
            pseudonym=row.pseudonym,
            reason=row.reason,
            by=Named.among(names, row.erased_by),
            at=row.erased_at,
            scrubbed_at=row.scrubbed_at,
            **report,
        )


class Known(BaseModel):
    """Everything that is known of a customer."""

    customer: str | None
    handles: list[str]
    possible_handles: Annotated[list[str], Field(description="Only possibly theirs, and not looked through.")]
    made_at: AwareDatetime
    tables: Annotated[
        dict[str, list[dict[str, Any]]], Field(description="Their rows by table, as docs/privacy.md tells them.")
    ]
