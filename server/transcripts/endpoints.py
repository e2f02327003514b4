"""Transcripts: one time line of everything, found by its words."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import Field

from server.db import reading
from server.staff.naming import names_of
from server.staff.roles import Caller, Permission
from server.transcripts import scorecard_endpoints, timeline, timeline_repository
from server.transcripts.entry_views import AnyEntry
from server.transcripts.exporting import export_csv, export_json_lines, record_export
from server.transcripts.filters import Filters
from server.transcripts.search_views import FoundView
from server.transcripts.searching import search
from server.transcripts.timeline import Entry, EntryNotFound
from server.transcripts.timeline_repository import ALL, Span
from server.transcripts.views import entry_view
from server.web.dependencies import NowDep, ServiceDep, allowed
from server.web.paging import Cursor, Limit, Page, cursors_of

router = APIRouter(prefix="/transcripts", tags=["transcripts"])
routers = (router, scorecard_endpoints.comments_router, scorecard_endpoints.coaching_router, scorecard_endpoints.router)

Reader = Annotated[Caller, Depends(allowed(Permission.READ_CASES))]
Supervisor = Annotated[Caller, Depends(allowed(Permission.READ_TRANSCRIPTS))]
Number = Annotated[int, Path(ge=1, le=1_000)]


class Paged(Filters):
    """The filters, and which page."""

    limit: int = Field(default=20, ge=1, le=100, description="How many at most.")
    cursor: str | None = Field(default=None, max_length=1000, description="`next` of the page before.")


class ToExport(Filters):
    """The filters, and as what."""

    format: Literal["jsonl", "csv"] = "jsonl"


@router.get("")
async def search_transcripts(
    asked: Annotated[Paged, Query()], caller: Supervisor, service: ServiceDep, request: Request
) -> Page[FoundView]:
    """Find transcripts by their words and by what happened in them, the newest first.

    What was just written is found within seconds. Snippets come as runs of plain text, never as HTML.
    """
    filters = asked.model_dump(exclude={"limit", "cursor"}, mode="json")
    cursors = cursors_of(request, f"transcripts?{filters}")
    place = cursors.read(asked.cursor)
    wanted = asked.wanted(caller)
    if wanted is None:
        return Page(items=[])
    async with reading(service.engine) as session:
        await asked.check_staff(session)
        found = await search(session, wanted, before=place[0] if place else None, limit=asked.limit + 1)
        items, following = cursors.page(found, asked.limit, lambda one: [one.transcript.place])
        names = await names_of(session, {hit.entry.staff for one in items for hit in one.hits})
    return Page(items=[FoundView.of(one, names) for one in items], next=following)


@router.get("/export", response_class=StreamingResponse)
async def export_transcripts(
    asked: Annotated[ToExport, Query()], caller: Supervisor, service: ServiceDep, now: NowDep
) -> StreamingResponse:
    """Every entry of every transcript that fits, streamed: as JSON Lines, or as CSV that no spreadsheet runs.

    It changes no record. That it was begun, by whom and of which brands, is recorded all the same.
    """
    wanted = asked.wanted(caller)
    async with reading(service.engine) as session:
        await asked.check_staff(session)
    if wanted is not None:
        await record_export(service.engine, caller, wanted, now, format=asked.format)
        service.wake()
    if asked.format == "csv":
        lines, kind = export_csv(service.engine, caller, wanted), "text/csv; charset=utf-8"
    else:
        lines, kind = export_json_lines(service.engine, caller, wanted), "application/jsonl"
    headers = {"Content-Disposition": f'attachment; filename="transcripts.{asked.format}"'}
    return StreamingResponse(lines, media_type=kind, headers=headers)


@router.get("/{of}")
async def read_transcript(
    of: str,
    caller: Reader,
    service: ServiceDep,
    request: Request,
    limit: Limit = 50,
    cursor: Cursor = None,
    at: Annotated[str | None, Query(max_length=100, description="Begin with this entry.")] = None,
    before: Annotated[int, Query(ge=0, le=100, description="Of those before `at`, as many as well.")] = 0,
) -> Page[AnyEntry]:
    """Everything of a case or of a rep's session in one time line, the oldest first.

    Of a session that names a case it is both; posts of other people in the thread are of other cases. What a turn took,
    and the requests that left for the model, are told to whoever has transcripts:read.
    """
    cursors = cursors_of(request, f"transcripts/{of}")
    place = cursors.read(cursor)
    span = Span((datetime.fromisoformat(place[0]), str(place[1]))) if place else ALL
    fully = caller.may(Permission.READ_TRANSCRIPTS)
    earlier: list[Entry] = []
    async with reading(service.engine) as session:
        transcript = await timeline.find(session, caller, of)
        if span is ALL and at is not None:
            first = await timeline.find_entry(session, transcript, at)
            span = Span((first.at, first.id), including=True)
            earlier = await timeline.read_entries(session, transcript, span=Span(span.since, back=True), limit=before)
        found = await timeline.read_entries(session, transcript, span=span, limit=limit + 1)
        page, following = cursors.page(found, limit, lambda entry: [entry.at.isoformat(), entry.id])
        items = [*earlier, *page]
        around = await timeline.read_around(session, items, fully=fully)
    return Page(items=[entry_view(transcript.id, entry, around, fully=fully) for entry in items], next=following)


@router.get("/{of}/entries/{entry}")
async def read_entry(of: str, entry: str, caller: Reader, service: ServiceDep) -> AnyEntry:
    """One entry of a transcript: this address stays."""
    fully = caller.may(Permission.READ_TRANSCRIPTS)
    async with reading(service.engine) as session:
        transcript = await timeline.find(session, caller, of)
        found = await timeline.find_entry(session, transcript, entry)
        around = await timeline.read_around(session, [found], fully=fully)
    return entry_view(transcript.id, found, around, fully=fully)


@router.get("/{of}/entries/{entry}/requests/{number}", response_class=Response)
async def read_request(of: str, entry: str, number: Number, caller: Supervisor, service: ServiceDep) -> Response:
    """A request to the model endpoint, byte for byte as it left: masked. Its digest is the ETag."""
    async with reading(service.engine) as session:
        transcript = await timeline.find(session, caller, of)
        found = await timeline.find_entry(session, transcript, entry)
        row = await timeline_repository.find_request(session, found.id, number, caller.brands)
    if row is None:
        raise EntryNotFound
    return Response(row.body, media_type="application/json", headers={"ETag": f'"{row.digest}"'})
