"""Taking transcripts along: entries as JSON Lines or CSV, written as they are read.

However much it is, one transcript at a time is in memory, and no transaction is longer than it takes to read one.
"""

import csv
import io
from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import datetime
from typing import Any

from pydantic_core import to_json
from sqlalchemy.ext.asyncio import AsyncEngine

from server.db import reading, writing
from server.events.log import record
from server.models.ids import new_id
from server.staff.roles import Caller
from server.transcripts import search_repository, timeline
from server.transcripts.entry_views import AnyEntry
from server.transcripts.search_repository import Wanted
from server.transcripts.timeline import Transcript, TranscriptNotFound
from server.transcripts.timeline_repository import Place, Span
from server.transcripts.views import entry_view

COLUMNS = (
    *("transcript", "brand", "entry", "kind", "at", "by", "what", "state", "reason", "text", "private_text"),
    "details",
)
_PAGE = 100
_TRANSCRIPTS = 50
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a spreadsheet takes for the beginning of a formula, or skips before one."""


async def export_json_lines(engine: AsyncEngine, caller: Caller, wanted: Wanted | None) -> AsyncIterator[bytes]:
    """One line for each entry, as /transcripts tells it, with its transcript and brand."""
    async for transcript, entry in _entries(engine, caller, wanted):
        told = {"transcript": transcript.id, "brand": transcript.brand, **entry.model_dump(mode="json")}
        yield to_json(told) + b"\n"


async def export_csv(engine: AsyncEngine, caller: Caller, wanted: Wanted | None) -> AsyncIterator[bytes]:
    """The same as a table; a cell that a spreadsheet would take for a formula begins with an apostrophe."""
    yield _line(COLUMNS)
    async for transcript, entry in _entries(engine, caller, wanted):
        row = _row(transcript, entry)
        yield _line([_safe(row[name]) for name in COLUMNS])


async def record_export(engine: AsyncEngine, caller: Caller, wanted: Wanted, now: datetime, *, format: str) -> None:
    """Record for each brand that its transcripts are given out; before the first of them is, and without the search."""
    async with writing(engine) as session:
        export = new_id("export")
        for brand in sorted(wanted.brands):
            record(session, "transcript.exported", export, brand=brand, at=now, format=format, by=caller.id)


async def _entries(
    engine: AsyncEngine, caller: Caller, wanted: Wanted | None
) -> AsyncIterator[tuple[Transcript, AnyEntry]]:
    """The entries of every transcript that fits, the newest transcript first."""
    before: int | None = None
    while wanted is not None:
        async with reading(engine) as session:
            places = await search_repository.find_places(session, wanted, before=before, limit=_TRANSCRIPTS)
            found = await search_repository.transcripts_at(session, places, wanted.brands) if places else ()
        for row in found:
            async for each in _of_one(engine, caller, row.id):
                yield each
        if len(places) < _TRANSCRIPTS:
            return
        before = places[-1]


async def _of_one(engine: AsyncEngine, caller: Caller, id_: str) -> AsyncIterator[tuple[Transcript, AnyEntry]]:
    since: Place | None = None
    while True:
        async with reading(engine) as session:
            try:
                transcript = await timeline.find(session, caller, id_)
            except TranscriptNotFound:
                return  # it was erased meanwhile
            entries = await timeline.read_entries(session, transcript, span=Span(since), limit=_PAGE)
            around = await timeline.read_around(session, entries, fully=True)
        for entry in entries:
            yield transcript, entry_view(transcript.id, entry, around, fully=True)
        if len(entries) < _PAGE:
            return
        since = (entries[-1].at, entries[-1].id)


def _row(transcript: Transcript, entry: AnyEntry) -> Mapping[str, str]:
    told = entry.model_dump(mode="json")
    by = told.pop("by")
    row = {
        "transcript": transcript.id,
        "brand": transcript.brand,
        "entry": told.pop("id"),
        "by": (by or {}).get("name") or (by or {}).get("id") or "",
        "text": told.pop("public_text", None) or told.pop("text", None),
    }
    row |= {name: told.pop(name, None) for name in ("kind", "at", "what", "state", "reason", "private_text")}
    row["details"] = told
    return {name: _said(value) for name, value in row.items()}


def _said(value: Any) -> str:  # noqa: ANN401 - JSON
    if value is None:
        return ""
    return value if isinstance(value, str) else to_json(value).decode()


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA) else cell


def _line(cells: Iterable[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue().encode()
