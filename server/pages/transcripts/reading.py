"""A transcript as one time line, entry by entry; what the assistant saw is read when somebody opens it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse

from server.pages.rendering import show
from server.pages.transcripts.seeing import RequestPart, SeenPart, request_of, seen_of
from server.service import Service
from server.staff.endpoints import list_colleagues
from server.staff.naming import Named
from server.staff.roles import Caller, Permission, roles_with
from server.staff.views import ColleagueView
from server.transcripts import endpoints as transcripts
from server.transcripts import scorecard_endpoints as scorecards
from server.transcripts.entry_views import AnyEntry, PublicationEntry
from server.transcripts.forms import Form
from server.transcripts.scorecard_views import CommentView, ScorecardView
from server.transcripts.timeline import EntryNotFound
from server.web.dependencies import NowDep, ServiceDep, allowed
from server.web.paging import LARGEST_PAGE, Cursor

router = APIRouter(prefix="/transcripts")

Reader = Annotated[Caller, Depends(allowed(Permission.READ_CASES))]
Supervisor = Annotated[Caller, Depends(allowed(Permission.READ_TRANSCRIPTS))]

_ENTRIES = 40
_BEFORE = 20


@dataclass(frozen=True, slots=True)
class EntryPart:
    """An entry with what is said of it, the first first. `may_comment`: the viewer can say something."""

    of: str
    entry: AnyEntry
    comments: Sequence[CommentView]
    may_comment: bool


@dataclass(frozen=True, slots=True)
class Assigning:
    """Whose work here can be looked at, by which form and by whom."""

    people: Sequence[Named]
    forms: Sequence[Form]
    scorers: Sequence[ColleagueView]


@dataclass(frozen=True, slots=True)
class TimeLinePage:
    """A part of a time line. `earlier` and `next` lead to what lies around it; `draft` to the case in the inbox."""

    of: str
    who: str | None
    entries: Sequence[EntryPart]
    earlier: str | None
    next: str | None
    draft: str | None
    cards: Sequence[ScorecardView]
    assigning: Assigning | None


@router.get("/{of}")
async def time_line(
    of: str,
    caller: Reader,
    service: ServiceDep,
    request: Request,
    now: NowDep,
    at: Annotated[str | None, Query(max_length=100)] = None,
    cursor: Cursor = None,
) -> HTMLResponse:
    """The time line from its beginning, from an entry on with some before it, or as it goes on."""
    read = await transcripts.read_transcript(
        of, caller, service, request, limit=_ENTRIES, cursor=cursor, at=at, before=_BEFORE
    )
    comments = await _comments(of, caller, service, request)
    cards = await scorecards.list_scorecards(caller, service, request, transcript=of, limit=LARGEST_PAGE)
    page = TimeLinePage(
        of,
        _who(read.items),
        [_part(of, entry, comments, caller) for entry in read.items],
        _earlier(of, read.items, at, cursor),
        f"/transcripts/{of}?cursor={read.next}" if read.next else None,
        next((entry.id for entry in reversed(read.items) if entry.kind == "draft"), None),
        cards.items,
        await _assigning(read.items, caller, service, request, now),
    )
    return show(request, "transcripts/time_line", page)


@router.get("/{of}/entries/{entry}")
async def entry_part(of: str, entry: str, caller: Reader, service: ServiceDep, request: Request) -> HTMLResponse:
    """One entry alone, for a page on which something was said of it."""
    found = await transcripts.read_entry(of, entry, caller, service)
    comments = await _comments(of, caller, service, request)
    return show(request, "transcripts/entry", _part(of, found, comments, caller))


@router.get("/{of}/entries/{entry}/seen")
async def seen_part(of: str, entry: str, caller: Reader, service: ServiceDep, request: Request) -> HTMLResponse:
    """What the assistant saw and did then, for whoever opens it."""
    found = await transcripts.read_entry(of, entry, caller, service)
    if found.kind not in ("draft", "turn") or found.seen is None:
        raise EntryNotFound
    part: SeenPart = seen_of(of, found, found.seen)
    return show(request, "transcripts/seen", part)


@router.get("/{of}/entries/{entry}/requests/{number}")
async def request_part(
    of: str, entry: str, number: transcripts.Number, caller: Supervisor, service: ServiceDep, request: Request
) -> HTMLResponse:
    """A request to the model as it left, message by message."""
    left = await transcripts.read_request(of, entry, number, caller, service)
    part: RequestPart = request_of(bytes(left.body))
    return show(request, "transcripts/request", part)


def _part(of: str, entry: AnyEntry, comments: Mapping[str, Sequence[CommentView]], caller: Caller) -> EntryPart:
    return EntryPart(of, entry, comments.get(entry.id, ()), caller.may(Permission.READ_TRANSCRIPTS))


def _who(entries: Sequence[AnyEntry]) -> str | None:
    """Whom it is about, if one of these entries tells."""
    named = (entry.author for entry in entries if entry.kind == "post" and entry.role == "customer")
    customers = (entry.customer for entry in entries if entry.kind == "conversation" and entry.customer)
    return next((f"@{author}" for author in named), None) or next(customers, None)


def _earlier(of: str, entries: Sequence[AnyEntry], at: str | None, cursor: str | None) -> str | None:
    """Where what lies before these entries is read, if something does."""
    if not entries or (at is None and cursor is None):
        return None
    begun = cursor is None and [entry.id for entry in entries].index(at or "") < _BEFORE
    return None if begun else f"/transcripts/{of}?at={entries[0].id}"


async def _comments(of: str, caller: Caller, service: Service, request: Request) -> Mapping[str, Sequence[CommentView]]:
    """What was said of each entry, the first first."""
    found: dict[str, list[CommentView]] = defaultdict(list)
    cursor = None
    while True:
        page = await scorecards.list_comments(of, caller, service, request, limit=LARGEST_PAGE, cursor=cursor)
        for comment in page.items:
            found[comment.entry].insert(0, comment)
        cursor = page.next
        if cursor is None:
            return found


async def _assigning(
    entries: Sequence[AnyEntry], caller: Caller, service: Service, request: Request, now: datetime
) -> Assigning | None:
    if not caller.may(Permission.SCORE_TRANSCRIPTS):
        return None
    people = {entry.by.id: entry.by for entry in entries if entry.by}
    people |= {one.id: one for entry in entries if isinstance(entry, PublicationEntry) for one in entry.approved_by}
    forms = await scorecards.list_forms(caller, service)
    return Assigning(list(people.values()), forms.items, await scorers_of(caller, service, request, now))


async def scorers_of(caller: Caller, service: Service, request: Request, now: datetime) -> list[ColleagueView]:
    """Colleagues who may score."""
    found = await list_colleagues(caller, service, request, now, limit=LARGEST_PAGE)
    return [person for person in found.items if person.role in roles_with(Permission.SCORE_TRANSCRIPTS)]
