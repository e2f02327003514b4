"""Managing people and tokens; beside it, what signing in takes."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from server.db import reading, writing
from server.staff import colleagues, links, people, tokens
from server.staff.links import address_of
from server.staff.panel_endpoints import router as panel_router
from server.staff.person import Person
from server.staff.roles import Caller, Permission
from server.staff.session_endpoints import CallerDep
from server.staff.session_endpoints import router as session_router
from server.staff.tokens import BadTokenTerms, Made, NeedsABrowser
from server.staff.views import (
    BrandId,
    ColleagueView,
    Id,
    LinkMade,
    NewPerson,
    NewToken,
    PersonChange,
    PersonView,
    TokenMade,
    TokenView,
)
from server.web.dependencies import NowDep, ServiceDep, allowed
from server.web.idempotency import shown_once
from server.web.paging import Cursor, Limit, Page, cursors_of

people_router = APIRouter(prefix="/staff", tags=["staff"])
tokens_router = APIRouter(prefix="/tokens", tags=["tokens"])
colleagues_router = APIRouter(prefix="/colleagues", tags=["staff"])
routers = (session_router, people_router, colleagues_router, tokens_router, panel_router)

Manager = Annotated[Caller, Depends(allowed(Permission.MANAGE_STAFF))]
Worker = Annotated[Caller, Depends(allowed(Permission.WORK_ON_DRAFTS))]


@colleagues_router.get("")
async def list_colleagues(
    caller: Worker,
    service: ServiceDep,
    request: Request,
    now: NowDep,
    brand: Annotated[BrandId | None, Query(description="Only who serves this one.")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[ColleagueView]:
    """Who works on drafts of your brands, and whom a case can be given to, in the order in which they were added."""
    cursors = cursors_of(request, f"colleagues?{brand}")
    place = cursors.read(cursor)
    async with reading(service.engine) as session:
        found = await colleagues.list_colleagues(
            session, caller, now, brand=brand, after=place[0] if place else None, limit=limit + 1
        )
    items, following = cursors.page(found, limit, lambda colleague: [colleague.person.id])
    return Page(items=[ColleagueView.of(colleague, caller) for colleague in items], next=following)


@people_router.get("")
async def list_people(
    caller: Manager, service: ServiceDep, request: Request, limit: Limit = 50, cursor: Cursor = None
) -> Page[PersonView]:
    """Everybody who serves a brand of yours, disabled ones too, in the order in which they were added."""
    cursors = cursors_of(request, "staff")
    place = cursors.read(cursor)
    async with reading(service.engine) as session:
        found = await people.list_people(session, caller, after=place[0] if place else None, limit=limit + 1)
    items, following = cursors.page(found, limit, lambda person: [person.id])
    return Page(items=[PersonView.of(person, caller) for person in items], next=following)


@people_router.post("", status_code=201, dependencies=[Depends(shown_once)])
async def add_person(body: NewPerson, caller: Manager, service: ServiceDep, now: NowDep) -> LinkMade:
    """Add somebody. Give them the answer's link; with it they sign in and set a password of their own.

    Role and brands are at most yours.
    """
    async with writing(service.engine) as session:
        person = await people.add_person(session, caller, email=body.email, particulars=body.particulars(), now=now)
        made = await links.make_link(session, person, local=False, now=now)
    return _link(person, caller, made, service.settings.public_url)


@people_router.get("/{staff}")
async def get_person(staff: Id, caller: Manager, service: ServiceDep) -> PersonView:
    """Somebody who serves a brand of yours."""
    async with reading(service.engine) as session:
        return PersonView.of(await people.get_person(session, caller, staff), caller)


@people_router.patch("/{staff}")
async def change_person(staff: Id, body: PersonChange, caller: Manager, service: ServiceDep, now: NowDep) -> PersonView:
    """Change what is given; it holds from their next request on. Refused if a brand would lose its last admin."""
    async with writing(service.engine) as session:
        person = await people.change_person(session, caller, staff, body.particulars(), now)
    return PersonView.of(person, caller)


@people_router.post("/{staff}/disable")
async def disable_person(staff: Id, caller: Manager, service: ServiceDep, now: NowDep) -> PersonView:
    """End everything they sign in with, at once: sessions, tokens, links. What they did stays recorded as theirs."""
    async with writing(service.engine) as session:
        return PersonView.of(await people.disable_person(session, caller, staff, now), caller)


@people_router.post("/{staff}/enable")
async def enable_person(staff: Id, caller: Manager, service: ServiceDep, now: NowDep) -> PersonView:
    """Let them sign in again. Tokens that were ended stay so."""
    async with writing(service.engine) as session:
        return PersonView.of(await people.enable_person(session, caller, staff, now), caller)


@people_router.post("/{staff}/sign-in-link", status_code=201, dependencies=[Depends(shown_once)])
async def begin_anew(staff: Id, caller: Manager, service: ServiceDep, now: NowDep) -> LinkMade:
    """A new way in for who lost the link or forgot the password: it is taken away, and they are signed out."""
    async with writing(service.engine) as session:
        person, made = await links.begin_anew(session, caller, staff, now)
    return _link(person, caller, made, service.settings.public_url)


@tokens_router.get("")
async def list_tokens(
    caller: CallerDep, service: ServiceDep, request: Request, limit: Limit = 50, cursor: Cursor = None
) -> Page[TokenView]:
    """One's own tokens and, for who manages staff, those of machines of their brands. Never a secret."""
    cursors = cursors_of(request, "tokens")
    place = cursors.read(cursor)
    async with reading(service.engine) as session:
        found = await tokens.list_tokens(session, caller)
    later = [row for row in found if place is None or row.id > place[0]]
    items, following = cursors.page(later, limit, lambda row: [row.id])
    return Page(items=[TokenView.of(row, caller) for row in items], next=following)


@tokens_router.post("", status_code=201, dependencies=[Depends(shown_once)])
async def make_token(body: NewToken, caller: CallerDep, service: ServiceDep, now: NowDep) -> TokenMade:
    """Make a token, shown this once: one's own, or, for who manages staff, a machine's.

    A machine's is for some brands and never for what a person answers for: approving, linking customers, staff.
    """
    if caller.token is not None:
        raise NeedsABrowser
    lasts = timedelta(days=body.days)
    async with writing(service.engine) as session:
        if body.kind == "machine":
            allowed(Permission.MANAGE_STAFF).check(caller)
            made = await tokens.make_machine(
                session, caller, name=body.name, scopes=body.scopes or (), brands=body.brands, lasts=lasts, now=now
            )
        else:
            if body.brands:
                raise BadTokenTerms("a personal token is for its person's brands; leave brands out")
            person = await people.get_person(session, caller, caller.id)
            made = await tokens.make_personal(session, person, name=body.name, scopes=body.scopes, lasts=lasts, now=now)
    return TokenMade.first(made, caller)


@tokens_router.delete("/{token}", status_code=204)
async def revoke_token(token: Id, caller: CallerDep, service: ServiceDep, now: NowDep) -> None:
    """End a token, at once and for good: one's own or, for who manages staff, a machine's."""
    async with writing(service.engine) as session:
        await tokens.revoke_token(session, caller, token, now)


def _link(person: Person, caller: Caller, made: Made, public_url: str) -> LinkMade:
    assert made.row.expires_at is not None
    return LinkMade(
        person=PersonView.of(person, caller),
        link=address_of(public_url, made.secret),
        expires_at=made.row.expires_at,
    )
