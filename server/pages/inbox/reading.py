"""Reads what the pages of the inbox hold, as the API answers it."""

from collections.abc import Mapping

from sqlmodel.ext.asyncio.session import AsyncSession

from server.channels.repository import list_accounts
from server.conversations.overview import About, read_overview
from server.conversations.views import OverviewView
from server.db import reading
from server.drafts import endpoints as drafts
from server.drafts.customers_repository import TakenFor, taken_for
from server.drafts.deciding import find_draft
from server.drafts.filters import Filters
from server.errors import NotAllowed
from server.insights.noting import is_unseen, note_shown
from server.models import AccountRow
from server.pages.inbox.contexts import CountsPart, CustomerPart, FilterPart, QueuePart, Shown
from server.pages.visit import Visit
from server.queue import endpoints as queue
from server.queue.keeping import filters_of, get_view
from server.queue.views import SavedView
from server.staff.colleagues import list_colleagues
from server.staff.naming import names_of
from server.staff.roles import Permission
from server.staff.views import ColleagueView
from tools.records import Known

_QUEUE = 50
_COLLEAGUES = 200


class PeopleLook(NotAllowed):
    """A machine's token is given no more of a customer than the API answers it."""

    def __init__(self) -> None:
        super().__init__("who is answered is shown to people alone; a machine reads the evidence of the draft")


async def read_shown(visit: Visit, filters: Filters, view: str | None) -> Shown:
    """What of the queue an address shows: what its view filters, if it names one.

    Raises:
        ViewNotFound: The visitor sees no such view.
    """
    if view is None:
        return Shown(filters)
    async with reading(visit.service.engine) as session:
        row = await get_view(session, visit.caller, view)
        named = await names_of(session, [row.staff])
    return Shown(filters_of(row), SavedView.of(row, 0, visit.caller, named))


async def read_counts(visit: Visit, shown: Shown) -> CountsPart:
    """How much waits."""
    async with reading(visit.service.engine) as session:
        counts = await queue.counts_of(session, visit.caller, visit.now)
        return CountsPart(counts, await queue.views_of(session, visit.caller, visit.now), shown)


def filter_of(visit: Visit, shown: Shown, accounts: Mapping[str, AccountRow]) -> FilterPart:
    """What can be filtered by."""
    return FilterPart(
        shown,
        accounts,
        sorted({account.channel for account in accounts.values()}),
        sorted(visit.service.desk.guidance.intents, key=lambda intent: intent.title),
        sorted(visit.caller.brands) if visit.caller.may(Permission.SHARE_VIEWS) else (),
    )


async def read_queue(
    visit: Visit,
    shown: Shown,
    accounts: Mapping[str, AccountRow],
    *,
    chosen: str | None,
    cursor: str | None = None,
) -> QueuePart:
    """A page of the queue; `chosen` is the draft that stands open beside it."""
    page = await drafts.list_drafts(
        visit.caller,
        visit.service,
        visit.request,
        visit.now,
        shown.filters,
        limit=_QUEUE,
        cursor=cursor,
    )
    return QueuePart(page.items, accounts, shown, chosen, page.next)


async def read_customer(visit: Visit, draft: str) -> CustomerPart:
    """Who is answered by a draft. It is asked for where the case is seen, so that this counts as shown.

    Raises:
        PeopleLook: A machine asks.
    """
    if visit.caller.role is None:
        raise PeopleLook
    async with reading(visit.service.engine) as session:
        row = await find_draft(session, visit.caller, draft)
        unseen = await is_unseen(session, visit.caller, row)
    if unseen:
        await note_shown(visit.service, visit.caller, row.id, visit.now)
    taken = taken_for(row) or TakenFor(Known.UNKNOWN)
    if taken.id is None:
        return CustomerPart(taken.known, None, None)
    about = About(taken.id, row.brand, case=row.case)
    overview = OverviewView.of(await read_overview(visit.service, about, visit.now))
    return CustomerPart(taken.known, taken.id, overview)


async def read_accounts(visit: Visit) -> Mapping[str, AccountRow]:
    """The accounts of the visitor's brands by their ids, those that were removed as well."""
    async with reading(visit.service.engine) as session:
        return {row.id: row for row in await list_accounts(session, brands=visit.caller.brands)}


async def read_colleagues(session: AsyncSession, visit: Visit, brand: str) -> list[ColleagueView]:
    """Who can work on cases of a brand, for who can give them one."""
    if not visit.caller.may(Permission.WORK_ON_DRAFTS):
        return []
    found = await list_colleagues(session, visit.caller, visit.now, brand=brand, after=None, limit=_COLLEAGUES)
    return [ColleagueView.of(colleague, visit.caller) for colleague in found]
