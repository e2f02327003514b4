"""Policies: what the documents say, said and will say; putting in, ending and restoring them; searching them."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from sqlmodel.ext.asyncio.session import AsyncSession

from server.db import reading, writing
from server.models import PolicyVersionRow
from server.policies import changing, repository
from server.policies.bodies import Checked, NewDocument, NewVersion, Restoration, Retirement, Search
from server.policies.considering import PolicyNotFound, consider, problems_of, weigh
from server.policies.dependencies import DocumentPath, Manager, PoliciesDep, Reader
from server.policies.differences import differences, field_changes
from server.policies.front_matter import body_after
from server.policies.held import HeldPolicies
from server.policies.missing_endpoints import router as missing_router
from server.policies.repository import Wanted
from server.policies.resting_endpoints import router as resting_router
from server.policies.search_views import Found, HitView
from server.policies.texts import read_as
from server.policies.views import (
    Consideration,
    Difference,
    PolicyChange,
    PolicyDetail,
    PolicyView,
    ProblemView,
    VersionDetail,
    shown_on,
)
from server.staff.naming import names_of
from server.staff.roles import Caller
from server.web.dependencies import NowDep, ServiceDep
from server.web.paging import Cursor, Limit, Page, cursors_of

router = APIRouter(prefix="/policies", tags=["policies"])
routers = (router, resting_router, missing_router)
logger = logging.getLogger(__name__)

_LOOKED_AT = 50
"""Documents among which a search looks for those that were left out."""


Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
OneWord = Annotated[str | None, Query(max_length=100)]


@router.get("")
async def list_policies(
    caller: Reader,
    service: ServiceDep,
    policies: PoliciesDep,
    request: Request,
    brand: Annotated[str | None, Query(max_length=100, description="Only what holds for this brand.")] = None,
    category: OneWord = None,
    audience: Annotated[str | None, Query(max_length=20, description="public or internal.")] = None,
    on: Annotated[date | None, Query(description="Only what holds on this day; left out: all there is.")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[PolicyView]:
    """The documents of your brands, and those for all, by their ids."""
    cursors = cursors_of(request, f"policies?{brand}&{category}&{audience}&{on}")
    place = cursors.read(cursor)
    wanted = Wanted(caller.brands, brand, category, audience, on)
    async with reading(service.engine) as session:
        found = await repository.list_documents(session, wanted, after=place[0] if place else None, limit=limit + 1)
        items, following = cursors.page(found, limit, lambda row: [row.id])
        versions = await repository.versions_of(session, [row.id for row in items], caller.brands)
    views = [PolicyView.of(row, versions[row.id], on or _today(policies, versions[row.id])) for row in items]
    return Page(items=views, next=following)


@router.get("/{document}")
async def get_policy(
    document: DocumentPath, caller: Reader, service: ServiceDep, policies: PoliciesDep
) -> PolicyDetail:
    """A document as it stands, with its text and those of its versions that held for one of your brands."""
    async with reading(service.engine) as session:
        row = await repository.find(session, document, caller.brands)
        if row is None:
            raise PolicyNotFound(document)
        versions = (await repository.versions_of(session, [document], caller.brands))[document]
        day = _today(policies, versions)
        shown = await repository.load_text(session, shown_on(versions, day))
        names = await names_of(session, [version.staff for version in versions])
    return PolicyDetail.whole(row, versions, shown, day, names)


@router.get("/{document}/problems")
async def list_problems(
    document: DocumentPath, caller: Reader, service: ServiceDep, policies: PoliciesDep
) -> list[ProblemView]:
    """What `deskside knowledge check` says of a document as it stands, by line."""
    async with reading(service.engine) as session:
        if await repository.find(session, document, caller.brands) is None:
            raise PolicyNotFound(document)
        versions = (await repository.versions_of(session, [document], caller.brands))[document]
        shown = await repository.load_text(session, shown_on(versions, _today(policies, versions)))
    return [ProblemView.of(problem) for problem in await problems_of(service, policies, caller, shown)]


@router.get("/{document}/versions/{number}")
async def get_version(
    document: DocumentPath, number: Number, caller: Reader, service: ServiceDep, policies: PoliciesDep
) -> VersionDetail:
    """What a version of a document said, or will say."""
    async with reading(service.engine) as session:
        row = await _version(session, caller, document, number)
        names = await names_of(session, [row.staff])
    return VersionDetail.whole(row, _today(policies, [row]), names)


@router.get("/{document}/difference")
async def get_difference(
    document: DocumentPath,
    caller: Reader,
    service: ServiceDep,
    before: Annotated[int, Query(ge=1, le=2**31 - 1, description="The number of the earlier version.")],
    after: Annotated[int, Query(ge=1, le=2**31 - 1, description="The number of the later one.")],
) -> Difference:
    """What one version says otherwise than another, word by word."""
    async with reading(service.engine) as session:
        one = await _version(session, caller, document, before)
        other = await _version(session, caller, document, after)
    bodies = (body_after(row.front, row.text) for row in (one, other))
    pieces = await asyncio.to_thread(differences, *bodies)
    return Difference.of(field_changes(one.front, other.front), pieces)


@router.post("/check")
async def check_policy(body: Checked, caller: Manager, service: ServiceDep, policies: PoliciesDep) -> Consideration:
    """See what a file would become and what is wrong with it, before it is put in. PDF and Word become Markdown."""
    return Consideration.of(await consider(service, policies, caller, body.as_given()))


@router.post("/search")
async def search_policies(body: Search, caller: Reader, policies: PoliciesDep) -> Found:
    """Ask as a customer would, and see what is found, by what, what is too weak for a draft, and what is left out."""
    from retrieval.scope import Scope
    from server.policies.passages import language_of

    scope = Scope(
        brands=caller.brands & {body.brand} if body.brand else caller.brands,
        regions=frozenset({body.region}) if body.region else None,
        audiences=frozenset({body.audience}) if body.audience else None,
        day=body.on or policies.calendar.today(body.brand),
    )
    language = body.language or language_of(body.question)
    hits = await policies.hits(body.question, scope=scope, limit=body.limit, language=language)
    theirs = await policies.hits(body.question, scope=Scope(brands=caller.brands), limit=_LOOKED_AT, language=language)
    left_out = [
        (hit, against) for hit in theirs if hit.relevant and (against := tuple(scope.against(hit.found.document)))
    ]
    return Found(
        hits=[HitView.of(hit, body.question) for hit in hits],
        left_out=[HitView.of(hit, body.question, against) for hit, against in left_out[: body.limit]],
    )


@router.post("", status_code=201)
async def add_policy(
    body: NewDocument, caller: Manager, service: ServiceDep, policies: PoliciesDep, now: NowDep
) -> PolicyChange:
    """Put in a document. It holds from its first day on: at midnight by its brand's clock, if that is to come."""
    new = await consider(service, policies, caller, body.as_given())
    async with writing(service.engine) as session:
        row = await changing.add_document(session, caller, new, policies.calendar, why=body.why, now=now)
    return await _changed(service, policies, row, caller)


@router.post("/{document}/replace")
async def replace_policy(
    document: DocumentPath,
    body: NewVersion,
    caller: Manager,
    service: ServiceDep,
    policies: PoliciesDep,
    now: NowDep,
) -> PolicyChange:
    """Put in a document's next version. What rests on the one before is looked at again."""
    new = await consider(service, policies, caller, body.as_given(document))
    async with writing(service.engine) as session:
        row = await changing.replace_document(
            session,
            caller,
            document,
            new,
            policies.calendar,
            change=changing.Change(body.version, "upload", body.why, body.instead_of_scheduled),
            now=now,
        )
    return await _changed(service, policies, row, caller)


@router.post("/{document}/restore")
async def restore_policy(
    document: DocumentPath,
    body: Restoration,
    caller: Manager,
    service: ServiceDep,
    policies: PoliciesDep,
    now: NowDep,
) -> PolicyChange:
    """Let a document say again what an earlier version said, as a version of its own."""
    async with reading(service.engine) as session:
        earlier = await _version(session, caller, document, body.earlier)
        before = (await repository.versions_of(session, [document]))[document]
    file = policies.knowledge / "policies" / earlier.file
    new = await weigh(service, policies, caller, read_as(str(file), earlier.text), earlier.text, before)
    async with writing(service.engine) as session:
        row = await changing.replace_document(
            session,
            caller,
            document,
            new,
            policies.calendar,
            change=changing.Change(body.version, "restored", body.why, body.instead_of_scheduled),
            now=now,
        )
    return await _changed(service, policies, row, caller)


@router.post("/{document}/retire")
async def retire_policy(
    document: DocumentPath,
    body: Retirement,
    caller: Manager,
    service: ServiceDep,
    policies: PoliciesDep,
    now: NowDep,
) -> PolicyChange:
    """End a document, now or on a day to come. What rests on it is looked at again; its text stays to be read."""
    async with writing(service.engine) as session:
        row = await changing.retire_document(
            session,
            caller,
            document,
            policies.calendar,
            seen=body.version,
            last_day=body.last_day,
            why=body.why,
            now=now,
        )
    return await _changed(service, policies, row, caller)


async def _changed(service: ServiceDep, policies: HeldPolicies, row: PolicyVersionRow, caller: Caller) -> PolicyChange:
    """The version, once it can be found; if it cannot yet, it is tried again beside other work."""
    try:
        await policies.bring_up_to_date()
        searched = True
    except Exception:
        logger.exception("a changed policy cannot be searched yet")
        searched = False
    service.wake()
    return PolicyChange.made(row, _today(policies, [row]), {caller.id: caller.name}, searched=searched)


async def _version(session: AsyncSession, caller: Caller, document: str, number: int) -> PolicyVersionRow:
    row = await repository.find(session, document, caller.brands)
    version = await repository.find_version(session, document, number) if row is not None else None
    if version is None or not repository.held_for(version, caller.brands):
        raise PolicyNotFound(document)
    return version


def _today(policies: HeldPolicies, versions: Sequence[PolicyVersionRow]) -> date:
    """The day that it is for a document: the earliest of its brands'."""
    return policies.calendar.first_today(versions[-1].front.get("brand", ()))
