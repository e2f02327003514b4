"""A seeded run of a serving process that is killed again and again while the world outside goes on."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import httpx

from server.publications.states import PublicationState
from server.staff.roles import Role
from tests.crash.books import Books, read_books
from tests.crash.outside import Customers, Remembered, reviewers
from tests.fixtures.programs import Program
from tests.fixtures.town import Town, open_town

_BAD_NETWORK = {
    # it has the text, and says so a second later: who dies meanwhile does not know
    "chances": {"silent_after": 0.3, "answer_500_after": 0.05, "answer_500_before": 0.02, "too_many": 0.03},
    "silence_s": 1.0,
    "retry_after_s": 1,
    "keeps_keys": False,
}
_STILL_FOR_S = 120
_PATIENCE_S = 15
_logger = logging.getLogger(__name__)


@dataclass
class Story:
    """What the world outside was told, what the books say at the end, and what stands on the network.

    `missing` is what had been answered and was not in the books right after a kill; `listed` what the API tells of
    publications that have failed or are uncertain; `intents_cut` how many calls had begun and were not written down at
    a kill.
    """

    remembered: Remembered
    books: Books
    network: Sequence[dict[str, Any]]
    listed: set[str]
    missing: list[str] = field(default_factory=list)
    kills: int = 0
    intents_cut: int = 0
    seconds: float = 0.0

    def __str__(self) -> str:
        states = {state: sum(row.state == state for row in self.books.publications) for state in PublicationState}
        repeated = sum(row.attempt > 1 for row in self.books.publications)
        return (
            f"{self.kills} kills in {self.seconds:.0f} s, {self.intents_cut} intents cut; "
            f"{sum(row.role == 'customer' for row in self.books.posts)} posts, "
            f"{len(self.remembered.accepted)} of them accepted by webhook; "
            f"{self.remembered.given} approvals answered, "
            f"{sum(not approval.was_given for approval in self.remembered.approvals)} not, "
            f"publications { {str(state): count for state, count in states.items() if count} }, {repeated} tried again"
        )


async def live_through(
    kind: str, database: str, folder: Path, *, kills: int, seed: int, after_kills: Callable[[], None]
) -> Story:
    """Run, kill, start again; then let everything come to its end, which is little work and long waiting."""
    chance = Random(f"{kind}-{seed}")
    began = time.monotonic()
    async with open_town(folder, database) as town, httpx.AsyncClient(timeout=30, trust_env=False) as http:
        await town.behave(http, **_BAD_NETWORK, seed=seed)
        serving = town.serving()
        serving.start()
        try:
            killing = _Killing(kind, town, serving, chance)
            story = await killing.tell(http, kills, after_kills)
        finally:
            serving.kill()
    story.seconds = time.monotonic() - began
    _logger.info("%s: %s", kind, story)
    return story


class _Killing:
    def __init__(self, kind: str, town: Town, serving: Program, chance: Random) -> None:
        self._kind = kind
        self._town = town
        self._serving = serving
        self._chance = chance
        self._remembered = Remembered()
        self._missing: list[str] = []
        self._intents_cut: set[tuple[str, int]] = set()

    async def tell(self, http: httpx.AsyncClient, kills: int, after_kills: Callable[[], None]) -> Story:
        address = self._serving.address
        customers = [
            Customers(self._town, address, self._remembered, Random(self._chance.random()), pause_s=0.8)
            for _ in range(3)
        ]
        people = reviewers(self._town, address, self._remembered, self._chance)
        async with asyncio.TaskGroup() as world:
            posting = [world.create_task(one.post()) for one in customers]
            for one in people:
                world.create_task(one.work())
            for number in range(kills):
                await self._kill(http, number)
            await self._serving.ready()
            await self._something_happens(5)
            for customer in customers:
                customer.stop()
            await asyncio.wait(posting)
            after_kills()
            books, network = await self._settled(http)
            for reviewer in people:
                reviewer.stop()
        async with self._town.employee(Role.REP, address) as rep:
            listed = [
                item["id"]
                for state in ("failed", "uncertain")
                for item in (await rep.get("/publications", state=state, limit=100))["items"]
            ]
        return Story(self._remembered, books, network, set(listed), self._missing, kills, len(self._intents_cut))

    async def _kill(self, http: httpx.AsyncClient, number: int) -> None:
        """At any moment: of its start, after some things have been answered, or when a text has just gone out."""
        how = self._chance.random()
        if how < 0.2:
            await asyncio.sleep(self._chance.uniform(0, 4))
        else:
            await self._serving.ready()
            await (self._something_happens(self._chance.randrange(1, 12)) if how < 0.6 else self._a_text_goes_out(http))
            await asyncio.sleep(self._chance.uniform(0, 0.3))
        self._serving.kill()
        books = await read_books(self._town.database)
        self._intents_cut |= books.intents
        self._look_for_what_was_answered(books)
        _logger.info(
            "%s: kill %d, %d told, %d intents cut", self._kind, number + 1, self._remembered.told, len(books.intents)
        )
        self._serving.start()

    async def _something_happens(self, much: int) -> None:
        """So much more is answered; a process that is never heard of is killed all the same."""
        wanted = self._remembered.told + much
        with suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE_S):
                while self._remembered.told < wanted:  # noqa: ASYNC110 - counted in many places
                    await asyncio.sleep(0.05)

    async def _a_text_goes_out(self, http: httpx.AsyncClient) -> None:
        """The network has one more of our texts; whether the process knows is another matter."""
        before = await self._texts_out(http)
        with suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE_S):
                while await self._texts_out(http) == before:  # noqa: ASYNC110 - another process acts
                    await asyncio.sleep(0.05)

    async def _texts_out(self, http: httpx.AsyncClient) -> int:
        return sum(post["from_brand"] for post in await self._town.on_network(http))

    def _look_for_what_was_answered(self, books: Books) -> None:
        """Nobody can put right later what was not there at this moment."""
        posts = {row.network_id for row in books.posts}
        self._missing += [f"post {one} after a kill" for one in self._remembered.accepted if one not in posts]
        yeses = {(row.draft, row.staff, row.digest) for row in books.approvals}
        for approval in self._remembered.approvals:
            if approval.was_given and not all(
                (approval.draft, approval.staff, bound) in yeses for bound in books.digests(approval)
            ):
                self._missing.append(f"approval of {approval.draft} after a kill")

    async def _settled(self, http: httpx.AsyncClient) -> tuple[Books, Sequence[dict[str, Any]]]:
        """Everything has come to its end; it may take its time as long as something moves."""
        open_ends: list[str] = []
        while True:
            network = await self._town.on_network(http)
            books = await read_books(self._town.database)
            before, open_ends = open_ends, books.unsettled(network)
            if not open_ends:
                return books, network
            if open_ends != before:
                deadline = time.monotonic() + _STILL_FOR_S
            assert time.monotonic() < deadline, f"{self._kind}: {open_ends}\n{self._serving.log()[-3000:]}"
            await asyncio.sleep(0.5)
