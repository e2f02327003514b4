"""Replies that teams keep ready: listed, read, and written by whoever may, with all they have said before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, cast
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse

from assistant.guidance import LANGUAGES, Language
from server.pages.knowledge.reading import brands_of
from server.pages.rendering import show
from server.pages.visit import Visit, visiting
from server.saved_replies import endpoints
from server.saved_replies.variables import VARIABLES, Variable
from server.saved_replies.views import SavedReplyVersionView, SavedReplyView
from server.staff.roles import Permission
from server.web.paging import LARGEST_PAGE, Cursor
from tools.proposals import TEAMS, Team

router = APIRouter(prefix="/knowledge/replies")

Reading = Annotated[Visit, Depends(visiting(Permission.READ_SAVED_REPLIES))]
Managing = Annotated[Visit, Depends(visiting(Permission.MANAGE_SAVED_REPLIES))]
_Name = Annotated[str, Query(max_length=100)]


@dataclass(frozen=True, slots=True)
class RepliesPage:
    """Those of a brand, a team and a language, where they are named; `retired`: what is offered no more, too."""

    items: Sequence[SavedReplyView]
    next: str | None
    brand: str
    team: str
    language: str
    retired: bool
    manages: bool
    brands: Mapping[str, str]
    teams: Sequence[str] = TEAMS
    languages: Sequence[str] = LANGUAGES

    @property
    def following(self) -> str:
        """The end of the address of what comes next."""
        named = {"brand": self.brand, "team": self.team, "language": self.language, "cursor": self.next}
        asked = {name: value for name, value in named.items() if value}
        return urlencode(asked | ({"retired": "true"} if self.retired else {}))


@dataclass(frozen=True, slots=True)
class ReplyPage:
    """One with what it has said, or None for another one; `manages`: whether the viewer may change it."""

    reply: SavedReplyView | None
    versions: Sequence[SavedReplyVersionView]
    manages: bool
    brands: Mapping[str, str]
    channels: Sequence[str]
    teams: Sequence[str] = TEAMS
    languages: Sequence[str] = LANGUAGES
    variables: Sequence[Variable] = tuple(VARIABLES.values())


@router.get("")
async def replies_page(
    visit: Reading,
    brand: _Name = "",
    team: _Name = "",
    language: _Name = "",
    retired: bool = False,
    cursor: Cursor = None,
) -> HTMLResponse:
    """What the viewer's teams keep ready."""
    known_team = cast("Team | None", team if team in TEAMS else None)
    known_language = cast("Language | None", language if language in LANGUAGES else None)
    page = await endpoints.list_saved_replies(
        visit.caller,
        visit.service,
        visit.request,
        visit.now,
        brand=brand or None,
        team=known_team,
        language=known_language,
        retired=retired,
        limit=LARGEST_PAGE,
        cursor=cursor,
    )
    manages = visit.caller.may(Permission.MANAGE_SAVED_REPLIES)
    context = RepliesPage(
        page.items, page.next, brand, known_team or "", known_language or "", retired, manages, brands_of(visit)
    )
    return show(visit.request, "knowledge/replies", context)


@router.get("/new")
async def new_page(visit: Managing) -> HTMLResponse:
    """For another one."""
    return show(visit.request, "knowledge/reply", _page(visit, None, ()))


@router.get("/one/{saved_reply}")
async def reply_page(saved_reply: str, visit: Reading) -> HTMLResponse:
    """One, whole, with all its versions."""
    view = await endpoints.get_saved_reply(saved_reply, visit.caller, visit.service, visit.now)
    versions = await endpoints.list_versions(saved_reply, visit.caller, visit.service)
    return show(visit.request, "knowledge/reply", _page(visit, view, versions))


def _page(visit: Visit, view: SavedReplyView | None, versions: Sequence[SavedReplyVersionView]) -> ReplyPage:
    standing = view is None or view.retired_at is None
    guidance = visit.service.desk.guidance
    channels = {channel for brand in guidance.brands if brand.id in visit.caller.brands for channel in brand.accounts}
    return ReplyPage(
        view,
        versions,
        visit.caller.may(Permission.MANAGE_SAVED_REPLIES) and standing,
        brands_of(visit),
        sorted(channels | set(view.channels if view else ())),
    )
