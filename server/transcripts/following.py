"""Keeping the index in step with the records, by following what happens.

Whatever changes a transcript records an event in its own transaction. Here they are read in order, and each transcript
that one is about is made anew from its records; how far that has come is written down with it. So nothing is left out
when a process dies, doing it twice does no harm, and what was erased from the records is not in the index.
"""

import asyncio
import logging
from collections.abc import Callable, Collection, Iterable

from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel.ext.asyncio.session import AsyncSession

from server.db import reading, writing
from server.events import repository as events
from server.models import EventRow, TranscriptProgressRow
from server.transcripts import index_repository as repository
from server.transcripts.documents import Document
from server.transcripts.gathering import gather_documents
from server.transcripts.timeline_repository import conversations_of

_EVENTS = 60
_MADE_AT_ONCE = 40
_EVERY_S = 1.0
# others write meanwhile: on SQLite one at a time
_BETWEEN_S = 0.05
_NAMED = ("case", "conversation", "transcript")
_logger = logging.getLogger(__name__)


async def follow(engine: AsyncEngine) -> None:
    """Follow until cancelled. Any number of processes may: one at a time does."""
    while True:
        try:
            await _catch_up(engine)
        except Exception:
            _logger.exception("transcripts could not be indexed; it is tried again")
        await asyncio.sleep(_EVERY_S)


async def _catch_up(engine: AsyncEngine) -> None:
    more = await _is_behind(engine)
    while more:
        more = await follow_once(engine)
        await asyncio.sleep(_BETWEEN_S)


async def follow_once(engine: AsyncEngine) -> bool:
    """Bring some of the index up to date, in one short transaction; whether there may be more to do."""
    async with writing(engine) as session:
        newest = await events.newest(session)
        progress = await repository.lock_progress(session)
        if progress is None:
            await repository.begin_progress(session, newest)
            progress = await repository.lock_progress(session)
        if progress is None:
            return False  # another process is at it
        await _look_for_gap(session, progress, newest)
        session.add(progress)
        if progress.made_until is not None:
            return await _make_more(session, progress)
        return await _follow_events(session, progress, newest)


async def make_anew(
    session: AsyncSession, transcripts: Collection[str], as_told: Callable[[Document], Document] | None = None
) -> None:
    """Make these transcripts anew in the index, from the records as they are in this transaction.

    `as_told` says what of a transcript is put into the index, where that is not all of it.
    """
    wanted = {one for one in transcripts if one}
    named = await repository.cases_named_by(session, wanted)
    homes = {named.get(one, one) for one in wanted}
    # sessions that came to name a case may have been transcripts of their own
    wanted |= {row.id for row in await conversations_of(session, homes)}
    # first, so that whoever erases has either been before, and is seen, or waits and takes this out again
    await repository.take_out(session, wanted | homes)
    documents = await gather_documents(session, homes)
    await repository.put_in(session, documents if as_told is None else [as_told(one) for one in documents])


async def _is_behind(engine: AsyncEngine) -> bool:
    async with reading(engine) as session:
        progress = await repository.read_progress(session)
        return progress is None or progress.made_until is not None or progress.position != await events.newest(session)


async def _look_for_gap(session: AsyncSession, progress: TranscriptProgressRow, newest: int) -> None:
    """What happened long ago is forgotten, and a database may be put back from a backup: then all is made anew."""
    oldest = await events.oldest(session)
    if progress.position > newest or progress.position + 1 < oldest:
        progress.position, progress.made_until = newest, ""


async def _make_more(session: AsyncSession, progress: TranscriptProgressRow) -> bool:
    assert progress.made_until is not None
    found = await repository.next_ids(session, progress.made_until, limit=_MADE_AT_ONCE)
    await make_anew(session, [id_[1:] for id_ in found])
    progress.made_until = found[-1] if found else None
    return True


async def _follow_events(session: AsyncSession, progress: TranscriptProgressRow, newest: int) -> bool:
    rows = await events.after(session, progress.position, until=newest, brands=None, limit=_EVENTS)
    await make_anew(session, await _touched(session, rows))
    progress.position = (rows[-1].position or newest) if rows else newest
    return progress.position < newest


async def _touched(session: AsyncSession, rows: Iterable[EventRow]) -> set[str]:
    """The transcripts that these events are about."""
    found: set[str] = set()
    threads: set[str] = set()
    for row in rows:
        noun = row.kind.partition(".")[0]
        if noun in _NAMED:
            found.add(row.subject)
        found.update(row.data[name] for name in _NAMED if row.data.get(name))
        if noun == "post" and row.data.get("thread"):
            threads.add(row.data["thread"])
    if threads:
        found.update(await repository.cases_in(session, threads))
    return found
