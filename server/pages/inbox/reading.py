"""Reads what the pages of the inbox hold, as the API answers it."""

from collections.abc import Mapping

from assistant.outcome import Part, Severity
from server.channels.repository import list_accounts
from server.conversations.overview import About, read_overview
from server.conversations.views import OverviewView
from server.db import reading
from server.drafts import endpoints as drafts
from server.drafts.case_endpoints import get_case
from server.drafts.customers_repository import TakenFor, customers_of
from server.drafts.deciding import read_draft
from server.drafts.filters import Filters
from server.drafts.lengths import TOO_LONG_SIGNED
from server.drafts.readers import reads
from server.drafts.views import DraftView
from server.errors import NotAllowed, NotFound
from server.insights.noting import note_shown
from server.models import AccountRow
from server.pages.inbox.contexts import (
    CasePart,
    CountsPart,
    CustomerPart,
    FilterPart,
    QueuePart,
    Sentence,
    Shown,
    Sources,
    TextPart,
)
from server.pages.visit import Visit
from server.publications.endpoints import list_publications
from server.queue import endpoints as queue
from server.queue.keeping import filters_of, get_view
from server.queue.views import SavedView
from server.staff.endpoints import list_colleagues
from server.staff.naming import names_of
from server.staff.roles import Permission
from server.staff.views import ColleagueView
from tools.records import Known

_QUEUE = 50
_COLLEAGUES = 200


class NoDraft(NotFound):
    """Nothing has been drafted in this case."""

    def __init__(self) -> None:
        super().__init__("nothing has been drafted in this case yet")


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
    counts = await queue.count_queue(visit.caller, visit.service, visit.now)
    views = await queue.list_views(visit.caller, visit.service, visit.now)
    return CountsPart(counts, views.items, shown)


async def read_filter(visit: Visit, shown: Shown) -> FilterPart:
    """What can be filtered by."""
    accounts = await read_accounts(visit)
    return FilterPart(
        shown,
        accounts,
        sorted({account.channel for account in accounts.values()}),
        sorted(visit.service.desk.guidance.intents, key=lambda intent: intent.title),
        sorted(visit.caller.brands) if visit.caller.may(Permission.SHARE_VIEWS) else (),
    )


async def read_queue(visit: Visit, shown: Shown, *, chosen: str | None, cursor: str | None = None) -> QueuePart:
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
    return QueuePart(page.items, await read_accounts(visit), shown, chosen, page.next)


async def read_case(visit: Visit, draft: str, *, seen: bool = True) -> CasePart:
    """The case of a draft; with `seen` it counts as shown to whoever visits."""
    caller, service, now = visit.caller, visit.service, visit.now
    view = await drafts.show_draft(service, caller, draft, now)
    if seen:
        await note_shown(service, caller, view.id, view.state, now)
    file = await get_case(view.case, caller, service, visit.request, now)
    sent = await list_publications(caller, service, visit.request, case=view.case)
    accounts = await read_accounts(visit)
    return CasePart(
        view,
        file,
        accounts.get(view.account),
        _texts(view),
        _sources(view),
        view.notes[len(view.overdue) :],
        blocked=any(
            found["severity"] == Severity.BLOCK and found["rule"] != TOO_LONG_SIGNED for found in view.findings
        ),
        sends=caller.may(Permission.APPROVE),
        unread=view.language if view.digests and not reads(caller, view.language) else None,
        translates=service.desk.translate is not None and caller.may(Permission.WORK_ON_DRAFTS),
        sent=sent.items,
        colleagues=await read_colleagues(visit, view.brand),
    )


async def newest_draft(visit: Visit, case: str) -> str:
    """The newest draft of a case.

    Raises:
        NoDraft: There is none yet.
    """
    file = await get_case(case, visit.caller, visit.service, visit.request, visit.now)
    if not file.drafts:
        raise NoDraft
    return file.drafts[0].id


async def read_customer(visit: Visit, draft: str) -> CustomerPart:
    """Who is answered by a draft. It is asked for where the case is seen, so that this counts as shown.

    Raises:
        PeopleLook: A machine asks.
    """
    if visit.caller.role is None:
        raise PeopleLook
    async with reading(visit.service.engine) as session:
        row = (await read_draft(session, visit.caller, draft)).draft
        taken = (await customers_of(session, [draft])).get(draft, TakenFor(Known.UNKNOWN))
    await note_shown(visit.service, visit.caller, row.id, row.state, visit.now)
    if taken.id is None:
        return CustomerPart(taken.known, None, None)
    about = About(taken.id, row.brand, case=row.case)
    overview = OverviewView.of(await read_overview(visit.service, about, visit.now))
    return CustomerPart(taken.known, taken.id, overview)


async def read_accounts(visit: Visit) -> Mapping[str, AccountRow]:
    """The accounts of the visitor's brands by their ids, those that were removed as well."""
    async with reading(visit.service.engine) as session:
        return {row.id: row for row in await list_accounts(session, brands=visit.caller.brands)}


async def read_colleagues(visit: Visit, brand: str) -> list[ColleagueView]:
    """Who can work on cases of a brand, for who can give them one."""
    if not visit.caller.may(Permission.WORK_ON_DRAFTS):
        return []
    page = await list_colleagues(visit.caller, visit.service, visit.request, visit.now, brand=brand, limit=_COLLEAGUES)
    return page.items


def _sources(draft: DraftView) -> Sources:
    named = {number for claim in draft.claims for number in claim["evidence"]}
    return Sources(
        [found for found in draft.evidence if found["id"] in named],
        [found for found in draft.evidence if found["id"] not in named],
    )


def _texts(draft: DraftView) -> list[TextPart]:
    texts = (("public", draft.public_text), ("private", draft.private_text))
    return [
        TextPart(name, text, draft.signatures.get(Part(name), ""), _sentences(draft, name))
        for name, text in texts
        if text is not None
    ]


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
