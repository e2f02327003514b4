"""Drawing the week's samples: by a seed, so that anybody can draw the same again."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy.exc import IntegrityError
from sqlmodel.ext.asyncio.session import AsyncSession

from server.db import reading, writing
from server.errors import Unprocessable
from server.events.log import record
from server.insights import sample_repository as repository
from server.insights.kinds import SampleKind
from server.insights.repository import accounts_of
from server.jobs.claims import Claimed, finish
from server.jobs.queue import enqueue
from server.models import SampleItemRow, SampleRow
from server.models.ids import new_id
from server.service import Service

_WEEK = timedelta(days=7)
_LANE = "samples"

Candidate = tuple[str, str]
"""What can be drawn: its id, and its case."""


class WeekNotOver(Unprocessable):
    """Something may still be sent in that week: whatever is drawn now would not be a sample of it."""


class NoMonday(Unprocessable):
    """A week is named by its Monday."""


def choose(candidates: Iterable[Candidate], seed: str, size: int) -> list[Candidate]:
    """The sample: whose digest with the seed comes first. The order of the candidates does not matter."""
    return sorted(candidates, key=lambda one: hashlib.sha256(f"{seed}\0{one[0]}".encode()).digest())[:size]


async def draw(
    session: AsyncSession, brand: str, kind: SampleKind, week: date, *, by: str | None, size: int, now: datetime
) -> SampleRow:
    """The sample of a week; it is drawn if nobody has drawn it before.

    Args:
        session: The transaction.
        brand: Whose.
        kind: Of what.
        week: Its Monday.
        by: Who asks; None: the worker, every week.
        size: How many are drawn, if there are as many.
        now: This moment.

    Raises:
        NoMonday: The week begins on another day.
        WeekNotOver: It is not over yet, in UTC.
    """
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
        drawn_by=by,
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
    record(session, "sample.drawn", row.id, brand=brand, at=now, sample=str(kind), week=week.isoformat(), by=by)
    return row


async def start_sampling(session: AsyncSession, now: datetime) -> None:
    """Have every week's samples drawn from now on."""
    await enqueue(session, "draw_samples", lane=_LANE, payload={}, now=now, key=_LANE)


async def draw_last_week(service: Service, job: Claimed) -> None:
    """The job "draw_samples": the last week's samples of every brand, and again when this week is over.

    Raises:
        LeaseLost: Another worker has the job.
    """
    now, size = service.clock(), service.settings.insights_sample
    monday = now.astimezone(UTC).date() - timedelta(days=now.astimezone(UTC).weekday())
    async with reading(service.engine) as session:
        brands = sorted({row.brand for row in (await accounts_of(session, None)).values()})
    async with writing(service.engine) as session:
        await finish(session, job, now)
        for brand in brands:
            for kind in SampleKind:
                await draw(session, brand, kind, monday - _WEEK, by=None, size=size, now=now)
        next_time = datetime.combine(monday, time(), UTC) + _WEEK
        await enqueue(session, "draw_samples", lane=_LANE, payload={}, now=now, key=_LANE, after=next_time)


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
