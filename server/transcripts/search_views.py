"""What the API tells of a search in transcripts."""

from datetime import datetime
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from server.staff.naming import Named, Names
from server.transcripts.searching import Found, Hit
from server.transcripts.views import link_of
from server.web.addresses import PREFIX

_FOUND: dict[str, JsonValue] = {
    "id": "case_01kcs3v8q2m5n7p9r1t3w5",
    "link": f"{PREFIX}/transcripts/case_01kcs3v8q2m5n7p9r1t3w5",
    "brand": "fernhollow",
    "channel": "x",
    "customer": "C-0001",
    "author": "annwood",
    "opened_at": "2026-11-20T12:00:00Z",
    "last_at": "2026-11-20T12:31:00Z",
    "facts": {"outcome": ["draft"], "written_by": ["model"], "policy": ["returns-2026"], "human": ["85"]},
    "hits": [
        {
            "entry": "post_01kcs3v8q2m5n7p9r1t3w5",
            "link": f"{PREFIX}/transcripts/case_01kcs3v8q2m5n7p9r1t3w5/entries/post_01kcs3v8q2m5n7p9r1t3w5",
            "kind": "post",
            "at": "2026-11-20T12:00:00Z",
            "by": None,
            "snippet": [{"text": "my ", "marked": False}, {"text": "tent", "marked": True}],
        }
    ],
}


class SnippetRun(BaseModel):
    """A piece of an entry's words; `marked`: the search found this."""

    text: str
    marked: bool


class HitView(BaseModel):
    """An entry in which the words stand."""

    entry: str
    link: str
    kind: str
    at: datetime
    by: Named | None
    snippet: list[SnippetRun]

    @classmethod
    def of(cls, transcript: str, hit: Hit, names: Names) -> Self:
        """As it was found."""
        row = hit.entry
        return cls(
            entry=row.id,
            link=link_of(transcript, row.id),
            kind=row.kind,
            at=row.at,
            by=Named.among(names, row.staff),
            snippet=[SnippetRun(text=run.text, marked=run.marked) for run in hit.runs],
        )


class FoundView(BaseModel):
    """A transcript that was found; `facts` is what it can be filtered by."""

    model_config = ConfigDict(json_schema_extra={"examples": [_FOUND]})

    id: str
    link: str
    brand: str
    channel: str
    customer: str | None
    author: str | None
    opened_at: datetime
    last_at: datetime
    facts: dict[str, list[str]]
    hits: list[HitView] = Field(description="The entries that show it best, in the order of time; without words: one.")

    @classmethod
    def of(cls, found: Found, names: Names) -> Self:
        """As it was found."""
        row = found.transcript
        own = ("id", "brand", "channel", "customer", "author", "opened_at", "last_at", "facts")
        hits = [HitView.of(row.id, hit, names) for hit in found.hits]
        return cls(**{name: getattr(row, name) for name in own}, link=f"{PREFIX}/transcripts/{row.id}", hits=hits)
