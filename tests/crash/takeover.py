"""Two web and two worker processes on one database and one index: one of each dies, the others finish its work."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import httpx

from server.publications.states import PublicationState
from tests.crash.books import Books, read_books
from tests.crash.outside import Customers, Remembered, reviewers
from tests.fixtures.programs import Program
from tests.fixtures.town import Town, open_town

PATIENCE_S = 300.0
"""For whatever comes about on a busy machine, too."""

_SLOW_NETWORK = {"chances": {"silent_after": 0.5}, "silence_s": 0.5}
_logger = logging.getLogger(__name__)


@dataclass
class TakenOver:
    """What the world outside was told, what the books say at the end, what stands on the network; `seconds` from the
    deaths until all was done but for texts whose call was cut off before the network had them.
    """

    remembered: Remembered
    books: Books
    network: Sequence[dict[str, Any]]
    seconds: float


class Office:
    """The four processes."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.webs = [town.serving(f"web{number}") for number in range(2)]
        self.workers = [town.worker(f"worker{number}") for number in range(2)]

    async def start(self) -> None:
        # the first makes the index, which the others find
        await self.webs[0].started()
        self.webs[1].start()
        for worker in self.workers:
            worker.start()
        await self.webs[1].ready()
        for worker in self.workers:
            await worker.until(lambda worker=worker: _works(worker))

    def stop(self) -> None:
        for program in (*self.webs, *self.workers):
            program.kill()

    async def books(self) -> Books:
        return await read_books(self.town.database)


async def _works(worker: Program) -> bool:
    return '"words": "working"' in worker.log()


async def take_over(database: str, index: str, folder: Path) -> TakenOver:
    """Have two of four processes die under load, and the others finish."""
    async with open_town(folder, database, DESKSIDE_CHROMA_URL=index) as town:
        office = Office(town)
        try:
            await office.start()
            return await _live(office)
        finally:
            office.stop()


async def _live(office: Office) -> TakenOver:
    remembered, dying = Remembered(), (office.webs[0], office.workers[0])
    async with httpx.AsyncClient(timeout=30, trust_env=False) as http:
        await office.town.behave(http, **_SLOW_NETWORK)
        async with _load(office, remembered) as no_more_posts:
            await _until(lambda: _in_the_middle_of_it(office, remembered, dying))
            for program in dying:
                program.kill()
            killed = time.monotonic()
            left, stands = await office.books(), await office.town.on_network(http)
            await no_more_posts()
            unknown = _not_on_the_network(left, stands)
            await _until(lambda: _all_done(office, http, unknown))
            took = time.monotonic() - killed
            await _until(lambda: _all_done(office, http, set()))
        network, books = await office.town.on_network(http), await office.books()
    _logger.info(
        "%d jobs were running, %d texts were cut off before the network had them; the rest was finished in %.1f s",
        len(left.running),
        sum(row.id in unknown for row in left.publications),
        took,
    )
    return TakenOver(remembered, books, network, took)


@asynccontextmanager
async def _load(office: Office, remembered: Remembered) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """Posts come in at both web processes, and people approve at the one that stays; gives what ends the posts."""
    chance = Random(1)
    customers = [
        Customers(office.town, web.address, remembered, Random(chance.random()), pause_s=0.5) for web in office.webs
    ]
    people = reviewers(office.town, office.webs[1].address, remembered, chance)

    async def no_more_posts() -> None:
        for customer in customers:
            customer.stop()
        await asyncio.wait(posting)

    async with asyncio.TaskGroup() as world:
        posting = [world.create_task(customer.post()) for customer in customers]
        for person in people:
            world.create_task(person.work())
        try:
            yield no_more_posts
        finally:
            for one in (*customers, *people):
                one.stop()


async def _in_the_middle_of_it(office: Office, remembered: Remembered, dying: Collection[Program]) -> bool:
    """Some work is done, and each of the processes that are to die holds a job."""
    if remembered.given < 5:
        return False
    holders = {int(job.worker.split(":")[1]) for job in (await office.books()).running if job.worker}
    return all(program.pid in holders for program in dying)


def _not_on_the_network(books: Books, network: Sequence[dict[str, Any]]) -> set[str]:
    """Texts whose call was cut off before the network had them, and those that wait for one of these.

    They are sent once nobody can be making that call any more, which takes longer.
    """
    there = {(post["in_reply_to"], post["text"]) for post in network}
    cut = {
        row.id
        for row in books.publications
        if row.state == PublicationState.SENDING and (row.reply_to, row.text) not in there
    }
    return cut | {row.id for row in books.publications if row.waits_for in cut}


async def _all_done(office: Office, http: httpx.AsyncClient, unknown: Collection[str]) -> bool:
    books, network = await office.books(), await office.town.on_network(http)
    return all(any(name in word for name in unknown) for word in books.unsettled(network))


async def _until(there: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not await there():  # noqa: ASYNC110 - another process's change arrives
            await asyncio.sleep(0.1)
