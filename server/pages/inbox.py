"""The inbox: the queue, the case in the middle as it looks on its network, the draft below, the customer beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.outcome import Severity
from server.channels.repository import list_accounts
from server.conversations.overview import About, read_overview
from server.conversations.views import OverviewView
from server.db import reading
from server.drafts import endpoints as drafts
from server.drafts.case_endpoints import get_case
from server.drafts.case_views import CaseFileView
from server.drafts.customers_repository import TakenFor, customers_of
from server.drafts.deciding import read_draft
from server.drafts.views import DraftView, QueuedDraft
from server.errors import NotFound
from server.insights.noting import note_shown
from server.models import AccountRow
from server.pages.rendering import show
from server.service import Service
from server.staff.roles import Caller, Permission
from server.web.dependencies import NowDep, ServiceDep, allowed
from server.web.paging import Cursor
from tools.proposals import TEAMS
from tools.records import Known

router = APIRouter(prefix="/inbox", include_in_schema=False)

Reader = Annotated[Caller, Depends(allowed(Permission.READ_CASES))]

_Name = Annotated[str | None, Query(max_length=100)]
_QUEUE = 50


class NoDraft(NotFound):
    """Nothing has been drafted in this case."""

    def __init__(self) -> None:
        super().__init__("nothing has been drafted in this case yet")


@dataclass(frozen=True, slots=True)
class Filters:
    """Of the queue, as the address names them."""

    brand: str | None
    account: str | None
    mine: bool
    team: str | None
    danger: bool

    @property
    def none(self) -> bool:
        """Whether every draft that waits is shown."""
        return not any(self._named().values())

    def address(self, **others: str) -> str:
        """The end of an address under which the same drafts are shown."""
        named = {name: str(value).lower() if value is True else value for name, value in self._named().items() if value}
        return f"?{urlencode(named | others)}" if named or others else ""

    def _named(self) -> dict[str, Any]:
        return {field.name: getattr(self, field.name) for field in fields(self)}


@dataclass(frozen=True, slots=True)
class QueuePart:
    """The queue. `chosen` is the draft that stands open beside it; `next` leads to what follows."""

    items: Sequence[QueuedDraft]
    accounts: Mapping[str, AccountRow]
    filters: Filters
    chosen: str | None
    next: str | None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a text with what the checks say of it, and the numbers of its sources."""

    text: str
    problems: Sequence[Mapping[str, Any]]
    sources: Sequence[str]


@dataclass(frozen=True, slots=True)
class TextPart:
    """One of a draft's texts: `public` is seen by everyone, `private` by the customer alone."""

    name: str
    text: str
    sentences: Sequence[Sentence]


@dataclass(frozen=True, slots=True)
class Sources:
    """What was read for a draft: what its statements rest on, and the rest."""

    used: Sequence[Mapping[str, Any]]
    others: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class CasePart:
    """A case with the draft that answers it.

    `blocked`: a check says that it must not be sent; `sends`: the viewer is one of those who send.
    """

    draft: DraftView
    file: CaseFileView
    account: AccountRow | None
    texts: Sequence[TextPart]
    sources: Sources
    notes: Sequence[str]
    blocked: bool
    sends: bool
    teams: Sequence[str] = TEAMS


@dataclass(frozen=True, slots=True)
class CustomerPart:
    """Who is answered: how sure that is, and if it is, what there is to know of them."""

    known: Known
    customer: str | None
    overview: OverviewView | None


@dataclass(frozen=True, slots=True)
class InboxPage:
    """The page: the queue, and the case that was chosen."""

    queue: QueuePart
    case: CasePart | None
    undo_seconds: float


async def filters_of(
    brand: _Name = None, account: _Name = None, team: _Name = None, mine: bool = False, danger: bool = False
) -> Filters:
    """The filters that an address names."""
    return Filters(brand, account, mine, team, danger)


FiltersDep = Annotated[Filters, Depends(filters_of)]


@router.get("")
async def inbox(
    caller: Reader, service: ServiceDep, request: Request, now: NowDep, filters: FiltersDep
) -> HTMLResponse:
    """The queue, with nothing chosen."""
    queue = await _read_queue(request, caller, service, now, filters, chosen=None)
    return show(request, "inbox/page", InboxPage(queue, None, service.settings.undo_seconds))


@router.get("/queue")
async def queue_part(
    caller: Reader,
    service: ServiceDep,
    request: Request,
    now: NowDep,
    filters: FiltersDep,
    chosen: _Name = None,
    cursor: Cursor = None,
) -> HTMLResponse:
    """The queue alone, for a page that shows it anew."""
    queue = await _read_queue(request, caller, service, now, filters, chosen=chosen, cursor=cursor)
    return show(request, "inbox/queue", queue)


@router.get("/drafts/{draft}")
async def case_page(
    draft: str, caller: Reader, service: ServiceDep, request: Request, now: NowDep, filters: FiltersDep
) -> HTMLResponse:
    """The queue and the case of this draft."""
    case = await _read_case(request, caller, service, now, draft)
    queue = await _read_queue(request, caller, service, now, filters, chosen=draft)
    return show(request, "inbox/page", InboxPage(queue, case, service.settings.undo_seconds))


@router.get("/drafts/{draft}/case")
async def case_part(
    draft: str, caller: Reader, service: ServiceDep, request: Request, now: NowDep, ahead: bool = False
) -> HTMLResponse:
    """The case alone, for a page that opens another. Read `ahead` it does not count as shown to anybody."""
    return show(request, "inbox/case", await _read_case(request, caller, service, now, draft, seen=not ahead))


@router.get("/drafts/{draft}/customer")
async def customer_part(draft: str, caller: Reader, service: ServiceDep, request: Request, now: NowDep) -> HTMLResponse:
    """Who is answered. It is asked for after the case: records may be far away."""
    async with reading(service.engine) as session:
        row = (await read_draft(session, caller, draft)).draft
        taken = (await customers_of(session, [draft])).get(draft, TakenFor(Known.UNKNOWN))
    overview = None
    if taken.id is not None:
        overview = OverviewView.of(await read_overview(service, About(taken.id, row.brand, case=row.case), now))
    return show(request, "inbox/customer", CustomerPart(taken.known, taken.id, overview))


@router.get("/cases/{case}")
async def newest_page(case: str, caller: Reader, service: ServiceDep, request: Request, now: NowDep) -> Response:
    """Where the case is worked on: its newest draft."""
    file = await get_case(case, caller, service, request, now)
    if not file.drafts:
        raise NoDraft
    return RedirectResponse(f"/inbox/drafts/{file.drafts[0].id}", status_code=303)


@router.get("/cases/{case}/case")
async def newest_part(case: str, caller: Reader, service: ServiceDep, request: Request, now: NowDep) -> HTMLResponse:
    """The case with its newest draft, for a page on which it changed."""
    file = await get_case(case, caller, service, request, now)
    if not file.drafts:
        raise NoDraft
    return show(request, "inbox/case", await _read_case(request, caller, service, now, file.drafts[0].id))


async def _read_queue(
    request: Request,
    caller: Caller,
    service: Service,
    now: datetime,
    filters: Filters,
    *,
    chosen: str | None,
    cursor: str | None = None,
) -> QueuePart:
    page = await drafts.list_drafts(
        caller,
        service,
        request,
        now,
        brand=filters.brand,
        account=filters.account,
        team=filters.team,
        assigned_to=caller.id if filters.mine else None,
        danger=True if filters.danger else None,
        limit=_QUEUE,
        cursor=cursor,
    )
    return QueuePart(page.items, await _accounts(service, caller), filters, chosen, page.next)


async def _read_case(
    request: Request, caller: Caller, service: Service, now: datetime, draft: str, *, seen: bool = True
) -> CasePart:
    view = await drafts.show_draft(service, caller, draft, now)
    if seen:
        await note_shown(service, caller, view.id, view.state, now)
    file = await get_case(view.case, caller, service, request, now)
    accounts = await _accounts(service, caller)
    return CasePart(
        view,
        file,
        accounts.get(view.account),
        _texts(view),
        _sources(view),
        view.notes[len(view.overdue) :],
        blocked=any(found["severity"] == Severity.BLOCK for found in view.findings),
        sends=caller.may(Permission.APPROVE),
    )


def _sources(draft: DraftView) -> Sources:
    named = {number for claim in draft.claims for number in claim["evidence"]}
    return Sources(
        [found for found in draft.evidence if found["id"] in named],
        [found for found in draft.evidence if found["id"] not in named],
    )


async def _accounts(service: Service, caller: Caller) -> Mapping[str, AccountRow]:
    async with reading(service.engine) as session:
        return {row.id: row for row in await list_accounts(session, brands=caller.brands)}


def _texts(draft: DraftView) -> list[TextPart]:
    texts = (("public", draft.public_text), ("private", draft.private_text))
    return [TextPart(name, text, _sentences(draft, name)) for name, text in texts if text is not None]


def _sentences(draft: DraftView, part: str) -> list[Sentence]:
    return [
        Sentence(
            claim["sentence"],
            [found for found in draft.findings if found["part"] == part and found["sentence"] == claim["sentence"]],
            claim["evidence"],
        )
        for claim in draft.claims
        if claim["part"] == part
    ]
