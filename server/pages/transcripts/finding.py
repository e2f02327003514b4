"""Searching transcripts: the address of a page names all that is looked for, so that it can be handed on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, get_args

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from pydantic import ValidationError

from server.channels.repository import list_accounts
from server.db import reading
from server.pages.rendering import show
from server.pages.transcripts.asked import Asked, AskedDep
from server.service import Service
from server.staff.endpoints import list_colleagues
from server.staff.roles import Caller, Permission
from server.staff.views import ColleagueView
from server.transcripts import endpoints as transcripts
from server.transcripts.filters import Has, Outcome, WrittenBy
from server.transcripts.search_views import FoundView
from server.transcripts.words import CannotBeSearched
from server.web.addresses import PREFIX
from server.web.dependencies import NowDep, ServiceDep, allowed
from server.web.paging import LARGEST_PAGE, Cursor

router = APIRouter(prefix="/transcripts")

Supervisor = Annotated[Caller, Depends(allowed(Permission.READ_TRANSCRIPTS))]

BY_VOICE = ("phone", "chat", "email")
"""Where a customer speaks to a rep, besides the networks."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be chosen in the form."""

    brands: Sequence[str]
    channels: Sequence[str]
    people: Sequence[ColleagueView]
    outcomes: Sequence[str] = get_args(Outcome)
    writers: Sequence[str] = get_args(WrittenBy)
    having: Sequence[str] = get_args(Has)

    @property
    def names(self) -> Mapping[str, str]:
        """The people by their id."""
        return {person.id: person.name for person in self.people}


@dataclass(frozen=True, slots=True)
class SearchPage:
    """The form, and what was found. `refused` says why nothing can be looked for, `unclear` names wrong fields."""

    asked: Asked
    choices: Choices
    found: Sequence[FoundView]
    next: str | None
    begun: bool
    refused: str | None
    unclear: Sequence[str]
    exports: Mapping[str, str]


@router.get("")
async def search_page(
    asked: AskedDep, caller: Supervisor, service: ServiceDep, request: Request, now: NowDep, cursor: Cursor = None
) -> HTMLResponse:
    """The form, filled with what the address names, and what fits."""
    found: Sequence[FoundView] = ()
    unclear: Sequence[str] = ()
    following = refused = None
    try:
        found, following = await _search(asked, cursor, caller, service, request)
    except CannotBeSearched as refusal:
        refused = str(refusal)
    except ValidationError as wrong:
        unclear = [str(error["loc"][0]) for error in wrong.errors()]
    page = SearchPage(
        asked,
        await _choices(caller, service, request, now),
        found,
        f"/transcripts{asked.address(cursor=following)}" if following else None,
        begun=cursor is not None,
        refused=refused,
        unclear=unclear,
        exports={kind: f"{PREFIX}/transcripts/export{asked.for_the_api(format=kind)}" for kind in ("jsonl", "csv")},
    )
    return show(request, "transcripts/search", page)


async def _search(
    asked: Asked, cursor: str | None, caller: Caller, service: Service, request: Request
) -> tuple[Sequence[FoundView], str | None]:
    """What was found, and where it goes on."""
    wanted = transcripts.Paged.model_validate({**asked.filters(), "cursor": cursor})
    page = await transcripts.search_transcripts(wanted, caller, service, request)
    return page.items, page.next


async def _choices(caller: Caller, service: Service, request: Request, now: datetime) -> Choices:
    people = await list_colleagues(caller, service, request, now, limit=LARGEST_PAGE)
    async with reading(service.engine) as session:
        networks = {row.channel for row in await list_accounts(session, brands=caller.brands)}
    return Choices(sorted(caller.brands), [*sorted(networks), *BY_VOICE], people.items)
