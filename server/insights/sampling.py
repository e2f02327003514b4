"""Drawing the week's samples: by a seed, so that anybody can draw the same again."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy.exc import IntegrityError
from sqlmodel.ext.asyncio.session import AsyncSession

from server.errors import NotFound, Unprocessable
from server.events.log import record
from server.insights import sample_repository as repository
from server.insights.kinds import SampleKind
from server.models import SampleItemRow, SampleRow
from server.models.ids import new_id
from server.staff.roles import Caller

_WEEK = timedelta(days=7)

Candidate = tuple[str, str]
"""What can be drawn: its id, and its case."""


class WeekNotOver(Unprocessable):
    """Something may still be sent in that week: whatever is drawn now would not be a sample of it."""


class NoMonday(Unprocessable):
    """A week is named by its Monday."""


class NoSuchBrand(NotFound):
    """There is no such brand, or none of the caller's."""


def choose(candidates: Iterable[Candidate], seed: str, size: int) -> list[Candidate]:
    """The sample: whose digest with the seed comes first. The order of the candidates does not matter."""
    return sorted(candidates, key=lambda one: hashlib.sha256(f"{seed}\0{one[0]}".encode()).digest())[:size]


async def draw(
    session: AsyncSession, caller: Caller, brand: str, kind: SampleKind, week: date, *, size: int, now: datetime
) -> SampleRow:
    """The sample of a week; it is drawn if nobody has drawn it before.

    Args:
        session: The transaction.
        caller: Who asks.
        brand: Whose.
        kind: Of what.
        week: Its Monday.
        size: How many are drawn, if there are as many.
        now: This moment.

    Raises:
        NoSuchBrand: It is not the caller's.
        NoMonday: The week begins on another day.
        WeekNotOver: It is not over yet, in UTC.
    """
    if brand not in caller.brands:
        raise NoSuchBrand("there is no such brand")
    begin = _begin_of(week, now)
    drawn = await repository.sample_of(session, brand, kind, week)
    if drawn is not None:
        return drawn
    candidates = await _candidates(session, brand, kind, begin)
    row = SampleRow(
        id=new_id("sample"),
        brand=brand,
        kind=kind,
        week=week,
        seed=f"{brand}/{kind}/{week.isoformat()}",
        candidates=len(candidates),
        drawn_by=caller.id,
        drawn_at=now,
    )
    try:
        async with session.begin_nested():
            session.add(row)
    except IntegrityError:
        drawn = await repository.sample_of(session, brand, kind, week)
        if drawn is None:
            raise
        return drawn  # somebody else has drawn it at this moment, and the same
    session.add_all(_items(row, choose(candidates, row.seed, size)))
    record(session, "sample.drawn", row.id, brand=brand, at=now, sample=str(kind), week=week.isoformat(), by=caller.id)
    return row


def _begin_of(week: date, now: datetime) -> datetime:
    if week.weekday() != 0:
        raise NoMonday("name the week by its Monday", monday=(week - timedelta(days=week.weekday())).isoformat())
    begin = datetime.combine(week, time(), UTC)
    if begin + _WEEK > now:
        raise WeekNotOver("this week is not over; draw its sample when it is", over_at=(begin + _WEEK).isoformat())
    return begin


async def _candidates(session: AsyncSession, brand: str, kind: SampleKind, begin: datetime) -> Sequence[Candidate]:
    if kind is SampleKind.SENT_REPLIES:
        return await repository.replies_between(session, brand, begin, begin + _WEEK)
    return await repository.unflagged_between(session, brand, begin, begin + _WEEK)


def _items(sample: SampleRow, chosen: Sequence[Candidate]) -> list[SampleItemRow]:
    return [
        SampleItemRow(
            id=new_id("item"), sample=sample.id, brand=sample.brand, position=position, subject=subject, case=case
        )
        for position, (subject, case) in enumerate(chosen, start=1)
    ]
