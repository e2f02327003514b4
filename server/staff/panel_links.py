"""The panel in a helpdesk's frame, where there are no cookies: links used once, for a token that lasts minutes.

A link is for one person, some of their brands and one site: `?host=` names the site, browsers show that address in no
other one's frame, and no other address is given anything for the link. The token is kept in the page's memory alone and
makes no links: whoever is to go on working is handed the next link by the site, which knows that they still may.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote, urlsplit

from sqlmodel.ext.asyncio.session import AsyncSession

from server.errors import NotAllowed, NotFound, NotSignedIn, Unprocessable
from server.events.log import record
from server.settings import Settings
from server.staff import repository
from server.staff.granting import check_has_brands
from server.staff.person import Person, fold_email, person_of
from server.staff.roles import PERMISSIONS, Caller, Permission
from server.staff.sessions import hash_of
from server.staff.tokens import Made, put_down

LINK_LASTS = timedelta(seconds=60)
LASTS = timedelta(minutes=10)
SCOPES = frozenset({Permission.USE_PANEL, Permission.READ_POLICIES, Permission.READ_SAVED_REPLIES})
_LINK, _TOKEN = "panel_link", "panel"


class UnknownHost(Unprocessable):
    """A site that is not set up to show the panel."""

    def __init__(self, host: str) -> None:
        super().__init__(f"{host} may not show the panel: DESKSIDE_PANEL_HOSTS does not name it", host=host)


class OnlyForOneself(NotAllowed):
    """A person made a link for somebody else."""

    def __init__(self) -> None:
        super().__init__("you make links for yourself alone; a helpdesk's backend makes them by a machine's token")


class NobodyNamed(Unprocessable):
    """A machine made a link for nobody."""

    def __init__(self) -> None:
        super().__init__("say by `email` whom the link is for: this token is nobody's")


class NobodyForThePanel(NotFound):
    """Nobody has this email, or they may not use the panel, or for none of these brands; the answer is the same."""

    def __init__(self) -> None:
        super().__init__("nobody with this email may use the panel for these brands")


class PanelLinkDoesNotCount(NotSignedIn):
    """Never made, used, expired, made for another site, or its person may no more; the answer is the same."""

    def __init__(self) -> None:
        super().__init__("this link does not count any more: each is used once, at once; the helpdesk makes another")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A link as it is asked for: for a frame of `host`; `email` names the person, `brands` None means all they can."""

    host: str
    email: str | None = None
    brands: frozenset[str] | None = None


def panel_hosts(settings: Settings) -> frozenset[str]:
    """The origins that may show the panel. What is no origin names nobody."""
    named = (name.strip().rstrip("/") for name in settings.panel_hosts.split(","))
    return frozenset(origin for origin in named if _is_origin(origin))


def panel_address(public_url: str, host: str, secret: str) -> str:
    """What the frame is to show. The secret is behind #: browsers send that to nobody, so that no log has it."""
    return f"{public_url.rstrip('/')}/panel/embedded?host={quote(host, safe='')}#{secret}"


async def make_panel_link(
    session: AsyncSession, by: Caller, wanted: Wanted, hosts: Collection[str], now: datetime
) -> Made:
    """A link's secret: for the caller or, by a machine's token, for whom it names.

    Raises:
        UnknownHost: The site may not show the panel.
        OnlyForOneself, NobodyNamed: It is for somebody else, or a machine's for nobody.
        MoreThanOnesOwn: It is for brands that are not the caller's.
        NobodyForThePanel: They may not use it.
    """
    if wanted.host not in hosts:
        raise UnknownHost(wanted.host)
    check_has_brands(by, wanted.brands or ())
    person = await _person(session, by, wanted.email)
    brands = person.brands & by.brands & (wanted.brands if wanted.brands is not None else by.brands)
    if not brands:
        raise NobodyForThePanel
    made = put_down(
        session,
        _LINK,
        "panel link",
        staff=person.id,
        scopes=SCOPES,
        brands=brands,
        ends=now + LINK_LASTS,
        now=now,
        origin=wanted.host,
    )
    for brand in sorted(brands):
        record(session, "staff.panel_link_made", person.id, brand=brand, at=now, by=by.id)
    return made


async def use_panel_link(session: AsyncSession, secret: str, host: str, now: datetime) -> tuple[Person, Made]:
    """What the panel in a frame of `host` acts by, and as whom; the link is used up with this transaction.

    Raises:
        PanelLinkDoesNotCount: It does not, or not any more, or not there.
    """
    row = await repository.find_token_by_secret(session, hash_of(secret))
    if row is None or row.kind != _LINK or row.staff is None or row.origin != host:
        raise PanelLinkDoesNotCount
    found = await repository.find_person(session, row.staff)
    if found is None or not _may(person_of(*found)) or not await repository.use_once(session, row.id, now):
        raise PanelLinkDoesNotCount
    made = put_down(
        session,
        _TOKEN,
        "panel",
        staff=row.staff,
        scopes=SCOPES,
        brands=row.brands,
        ends=now + LASTS,
        now=now,
        origin=host,
    )
    await repository.forget_ended_tokens(session, (_LINK, _TOKEN), now)
    return person_of(*found), made


async def _person(session: AsyncSession, by: Caller, email: str | None) -> Person:
    if by.role is None and email is None:
        raise NobodyNamed
    if by.role is None:
        row = await repository.find_by_email(session, fold_email(email or ""))
        found = await repository.find_person(session, row.id) if row is not None else None
    else:
        found = await repository.find_person(session, by.id)
        if found is not None and email is not None and fold_email(email) != found[0].email:
            raise OnlyForOneself
    if found is None or not _may(person_of(*found)):
        raise NobodyForThePanel
    return person_of(*found)


def _may(person: Person) -> bool:
    return person.disabled_at is None and Permission.USE_PANEL in PERMISSIONS[person.role]


def _is_origin(name: str) -> bool:
    """Whether it is a scheme, a name and maybe a port: a header is made of it."""
    parts = urlsplit(name)
    bare = f"{parts.scheme}://{parts.netloc}"
    plain = all(sign.isalnum() or sign in ".-:[]" for sign in parts.netloc) and parts.netloc.isascii()
    return parts.scheme in ("http", "https") and bool(parts.netloc) and name == bare and plain
