"""Opening an incident: what it is called, what may be said of it, and what posts belong to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from assistant.incidents import vector_words
from server.db import reading, writing
from server.errors import NotFound, Unprocessable
from server.events.log import record
from server.incidents import repository
from server.incidents.matching import ask_for_listing
from server.incidents.states import Kind
from server.models import IncidentRow, PostRow
from server.models.ids import new_id
from server.service import Service
from server.staff.roles import Caller

_CONDUCT = ("company_conduct",)


class BrandNotFound(NotFound):
    """There is no such brand, or not of the caller's."""

    def __init__(self) -> None:
        super().__init__("there is no such brand")


class MatchesNothing(Unprocessable):
    """Nothing was named by which posts could belong to it, or something that there is not."""


@dataclass(frozen=True, slots=True)
class Match:
    """What makes a post belong: an intent, words, or likeness to posts (our ids).

    Only posts of these accounts, and since this moment, are meant; where nothing is named, all are.
    """

    intents: Sequence[str] = ()
    words: Sequence[str] = ()
    accounts: Sequence[str] = ()
    since: datetime | None = None
    like: Sequence[str] = ()
    likeness: float = 0.9


async def open_incident(
    service: Service,
    caller: Caller,
    *,
    brand: str,
    title: str,
    match: Match,
    kind: Kind = Kind.INCIDENT,
    known: str | None = None,
) -> IncidentRow:
    """Open one, and have what waits looked through for it.

    Args:
        service: The service.
        caller: Who opens it.
        brand: Whose posts.
        title: What people call it.
        match: What posts belong to it.
        kind: An incident, or a theme that is answered with an approved statement.
        known: What may be said of it in public; texts may rest on it.

    Raises:
        BrandNotFound: It is none of the caller's brands.
        MatchesNothing: No sign was named, or an intent, account or post that there is not.
    """
    if brand not in caller.brands:
        raise BrandNotFound
    if kind is Kind.STATEMENT and not (match.intents or match.words or match.like):
        match = Match(_CONDUCT, accounts=match.accounts, since=match.since)
    vectors = await vectors_of(service, await read_match(service, brand, match))
    now = service.clock()
    row = IncidentRow(
        id=new_id("incident"),
        brand=brand,
        kind=kind,
        title=title,
        known=known,
        match=as_json(match, vectors),
        opened_by=caller.id,
        opened_at=now,
    )
    async with writing(service.engine) as session:
        session.add(row)
        await session.flush()
        record(session, "incident.opened", row.id, brand=brand, at=now, of_kind=kind, by=caller.id)
        await ask_for_listing(session, row, now)
    service.wake()
    return row


async def vectors_of(service: Service, posts: Sequence[PostRow]) -> list[list[float]]:
    """What these posts are compared by."""
    return [list(await _vector(service, post)) for post in posts]


async def read_match(service: Service, brand: str, match: Match) -> Sequence[PostRow]:
    """The posts that are pointed out, if what the match names is all there.

    Raises:
        MatchesNothing: It is not.
    """
    if not (match.intents or match.words or match.like):
        raise MatchesNothing("name intents, words or posts by which others are found")
    strange = [name for name in match.intents if service.desk.guidance.intent(name) is None]
    if strange:
        raise MatchesNothing(f"there is no intent “{strange[0]}”; the ids stand in knowledge/intents.yaml")
    async with reading(service.engine) as session:
        return await _posts(session, brand, match)


async def _posts(session: AsyncSession, brand: str, match: Match) -> Sequence[PostRow]:
    missing = set(match.accounts) - await repository.account_ids(session, brand)
    if missing:
        raise MatchesNothing(f"the brand has no account “{min(missing)}”")
    posts = await repository.posts_of_brand(session, brand, match.like)
    if len(posts) < len(set(match.like)):
        raise MatchesNothing("a post that others should be like is none that a customer wrote to this brand")
    return [post for post in posts if vector_words(post.text)]


async def _vector(service: Service, post: PostRow) -> Sequence[float]:
    # alone, as a customer's text: lists of texts are remembered on disk
    [vector] = await service.desk.ports.vectors.embed([vector_words(post.text)])
    return [round(value, 4) for value in vector]


def as_json(match: Match, vectors: Sequence[Sequence[float]]) -> dict[str, Any]:
    """What belongs to an incident, as it is kept with it."""
    return {
        "intents": sorted(set(match.intents)),
        "words": list(dict.fromkeys(match.words)),
        "accounts": sorted(set(match.accounts)),
        "since": match.since.isoformat() if match.since else None,
        "like": sorted(set(match.like)),
        "likeness": match.likeness,
        "vectors": vectors,
    }
