"""What stands around every page: who looks at it, where they can go, how it looks to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from fastapi import Request

from server.pages.guide import Guide, guide_of
from server.pages.texts import choose_language
from server.staff.roles import Caller, Permission, Role

LANGUAGE_COOKIE, THEME_COOKIE = "deskside_language", "deskside_theme"


KEYS = (
    "next",
    "previous",
    "edit",
    "saved",
    "send",
    "reject",
    "no-reply",
    "hand-over",
    "redraft",
    "hold",
    "note",
    "say",
    "reply",
    "reply-typed",
    "ask",
    "offers",
    "summary",
    "cancel",
    "policy",
    "why",
    "insert",
    "copy",
    "dismiss",
    "confirm",
    "another",
    "palette",
    "keys",
)
"""The actions that have a key; a page offers those that it binds."""


class Theme(StrEnum):
    """How pages look; `AS_THE_MACHINE`: as it is set there."""

    AS_THE_MACHINE = ""
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Place:
    """A workplace in the navigation."""

    name: str
    address: str
    here: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """Around one page. `viewer` is nobody on pages that are open to everybody, and in another site's frame.

    `heard` is the position of the last event that the page tells of, if it is known; `guide` is there in the demo.
    """

    viewer: Caller | None
    language: str
    theme: Theme
    places: Sequence[Place]
    keys: Sequence[str] = KEYS
    embedded: bool = False
    heard: int = 0
    guide: Guide | None = None


_WORKPLACES = (
    ("inbox", Permission.READ_CASES),
    ("panel", Permission.USE_PANEL),
    ("transcripts", Permission.READ_TRANSCRIPTS),
    ("insights", Permission.READ_INSIGHTS),
    ("knowledge", Permission.READ_POLICIES),
    ("settings", Permission.READ_CASES),
)
_BEGINS_AT = {Role.REP: "/panel", Role.ADMIN: "/settings"}


def frame_of(request: Request, *, embedded: bool = False) -> Frame:
    """The frame of a request's page. `embedded`: another site shows it, where no cookie counts."""
    viewer = None if embedded else _viewer(request)
    theme = request.cookies.get(THEME_COOKIE)
    return Frame(
        viewer=viewer,
        language=choose_language(request.cookies.get(LANGUAGE_COOKIE), request.headers.get("accept-language", "")),
        theme=Theme(theme) if theme in set(Theme) else Theme.AS_THE_MACHINE,
        places=_places(viewer, request.url.path) if viewer else (),
        embedded=embedded,
        heard=getattr(request.state, "heard", 0),
        guide=guide_of(request, viewer),
    )


def first_page(viewer: Caller) -> str:
    """Where somebody's day begins."""
    return _BEGINS_AT.get(viewer.role, "/inbox") if viewer.role else "/inbox"


def _viewer(request: Request) -> Caller | None:
    caller = getattr(request.state, "caller", None)
    return caller if isinstance(caller, Caller) else None


def _places(viewer: Caller, path: str) -> list[Place]:
    return [
        Place(name, f"/{name}", here=path == f"/{name}" or path.startswith(f"/{name}/"))
        for name, needed in _WORKPLACES
        if viewer.may(needed)
    ]
