"""Leaving unanswered, in one go, what is nothing but spam or thanks: looked at by a person, decided one by one."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import regex
from sqlmodel.ext.asyncio.session import AsyncSession

from assistant.focus import order_numbers
from server.db import reading, writing
from server.drafts.deciding import Seen, open_draft
from server.drafts.review import move_aside
from server.drafts.states import Move
from server.errors import Conflict, Refused
from server.models import DraftRow, PostRow
from server.queue import leaving_repository as repository
from server.service import Service
from server.staff.roles import Caller

MOST = 50
"""Posts that are decided in one go: more than that nobody reads before saying yes."""
COUNTED = 200
"""Beyond as many it makes no difference to anybody how many there are."""
_LATELY = timedelta(days=14)
_QUESTION = regex.compile(r"[?？؟¿⁇⁈⁉\u037e]")


class Noise(StrEnum):
    """Why nothing is said; by the code of the draft's reason."""

    SPAM = "spam"
    THANKS = "thanks"


class MoreThanNoise(Conflict):
    """It is to be looked at by itself: it is dangerous, about an order, asks something, or was decided already."""

    def __init__(self) -> None:
        super().__init__("it is more than spam or thanks, or is decided already; open it to decide on it")


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A draft that says nothing, and what its customer wrote since we last spoke, the oldest first."""

    draft: DraftRow
    posts: Sequence[PostRow]


@dataclass(frozen=True, slots=True)
class Done:
    """What was left unanswered, and as which version it stands now."""

    draft: str
    version: int


@dataclass(frozen=True, slots=True)
class Unchanged:
    """What was not, and why: a code for programs, words, and what else is known of it."""

    draft: str
    code: str
    why: str
    details: Mapping[str, Any]


async def find_noise(
    session: AsyncSession,
    brands: Collection[str],
    reasons: Collection[Noise],
    now: datetime,
    *,
    limit: int,
    draft: str | None = None,
) -> list[Unanswered]:
    """What Deskside has left unanswered lately and nobody has looked at; nothing with a question or an order in it."""
    codes = [reason.value for reason in reasons]
    drafts = await repository.find_left(session, brands, codes, since=now - _LATELY, limit=limit, draft=draft)
    said = await repository.said_in(session, [row.id for row in drafts])
    found = [Unanswered(row, said.get(row.id, ())) for row in drafts]
    return [one for one in found if one.posts and not any(_asks(post.text) for post in one.posts)]


async def count_noise(session: AsyncSession, brands: Collection[str], now: datetime) -> Mapping[str, int]:
    """How many there are of each, up to `COUNTED` of all."""
    codes = [reason.value for reason in Noise]
    left = await repository.reasons_left(session, brands, codes, since=now - _LATELY, limit=COUNTED)
    said = await repository.words_in(session, left)
    return Counter(
        reason for draft, reason in left.items() if (words := said.get(draft)) and not any(map(_asks, words))
    )


async def leave_unanswered(
    service: Service, caller: Caller, seen: Mapping[str, Seen], reason: str
) -> list[Done | Unchanged]:
    """Decide of each of these drafts, as it was seen, that nothing is said; what has changed meanwhile stays as it is.

    Each is a decision of its own: in its own transaction, with its own event.
    """
    return [await _leave(service, caller, draft, as_seen, reason) for draft, as_seen in seen.items()]


async def _leave(service: Service, caller: Caller, draft: str, seen: Seen, reason: str) -> Done | Unchanged:
    now = service.clock()
    try:
        async with writing(service.engine) as session:
            opened = await open_draft(session, caller, draft, seen, now)
            if not await find_noise(session, caller.brands, list(Noise), now, limit=1, draft=draft):
                raise MoreThanNoise
            await move_aside(session, caller, opened, Move.NO_REPLY, reason, now)
            return Done(draft, opened.draft.version)
    except Refused as refused:
        return Unchanged(draft, refused.code, str(refused), refused.details)


async def read_noise(service: Service, caller: Caller, reason: Noise, now: datetime, *, limit: int) -> list[Unanswered]:
    """The same as `find_noise` for somebody who looks."""
    async with reading(service.engine) as session:
        return (await find_noise(session, caller.brands, [reason], now, limit=COUNTED))[:limit]


def _asks(text: str) -> bool:
    return _QUESTION.search(text) is not None or bool(order_numbers(text))
