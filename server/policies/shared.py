"""The policies where several processes share the index: which generation counts stands in the database.

Each process searches a copy in memory of one generation, with the documents that it was made of, and changes to the
next in one step when the database names it: it is told so, and looks before each search besides.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from retrieval.documents import Document
from retrieval.index import Hit, Snapshot, Update
from retrieval.scope import Scope
from retrieval.shared import GenerationGone, SharedIndex, open_shared_index
from server.db import open_database, reading, writing
from server.drafts.rechecking import POLICIES, recheck_resting_on
from server.jobs.waking import Bell, open_bell
from server.models import IndexRow, PolicyVersionRow
from server.policies import index_repository, repository
from server.policies.calendar import Calendar
from server.policies.files import for_sharing, from_sharing
from server.policies.held import HeldPolicies
from server.policies.loading import as_standing, load_standing
from server.policies.passages import OpenPolicies, read_calendar
from server.policies.vectors import VECTORS, open_embedding
from server.settings import Settings
from tools.records import Passage

logger = logging.getLogger(__name__)

_LOOK_S = 2.0  # how often it looks for a generation that nobody rang for
_SEEN_BY_ALL = timedelta(seconds=3 * _LOOK_S)
_LEFT_BEHIND = timedelta(seconds=30)


class SharedPolicies(HeldPolicies):
    """`tools.ports.Passages` over the generation that counts. `index` and documents change together."""

    def __init__(
        self, knowledge: Path, calendar: Calendar, engine: AsyncEngine, index: SharedIndex, bell: Bell
    ) -> None:
        self._shared = index
        self._bell = bell
        self._counting: IndexRow | None = None
        self._changing = asyncio.Lock()
        super().__init__(knowledge, calendar, engine, Snapshot((), None, index.embedding), ())

    @property
    def counts(self) -> bool:
        """Whether there is a generation to search."""
        return self._counting is not None

    async def search(
        self, query: str, *, brand: str | None, region: str | None, audiences: frozenset[str], at: datetime, limit: int
    ) -> Sequence[Passage]:
        """The relevant passages in the generation that counts at this moment, whichever process wrote it."""
        await self._look()
        return await super().search(query, brand=brand, region=region, audiences=audiences, at=at, limit=limit)

    async def answering(self, query: str, *, brand: str | None, region: str | None, at: datetime) -> Sequence[Passage]:
        """The openings of documents with answers, likewise."""
        await self._look()
        return await super().answering(query, brand=brand, region=region, at=at)

    async def whole(self, found: Passage) -> Sequence[Passage]:
        """All passages of a document, likewise."""
        await self._look()
        return await super().whole(found)

    async def hits(self, query: str, *, scope: Scope, limit: int, language: str | None) -> list[Hit]:
        """The passages that answer a query best, likewise."""
        await self._look()
        return await super().hits(query, scope=scope, limit=limit, language=language)

    async def bring_up_to_date(self) -> Update:
        """If the database's documents are not what the index holds, write the next generation for everybody."""
        async with self._changing:
            await self._catch_up()
            before = self.index.hashes
            while not await self._is_up_to_date():
                pass
            hashes = self.index.hashes
            written = sum(before.get(name) != made_of for name, made_of in hashes.items())
            return Update(written, len(before.keys() - hashes.keys()), len(hashes), len(self.index.corpus.passages))

    async def follow(self) -> None:
        """Change to each new generation, until cancelled; write one if whoever should have is gone."""
        while True:
            seen = self._bell.rings
            try:
                async with self._changing:
                    await self._catch_up()
                if await self._is_left_behind():
                    await self.bring_up_to_date()
            except Exception:
                logger.exception("cannot look for a new generation of the index; searches go on in the old one")
            await self._bell.wait(seen, _LOOK_S)

    async def catch_up(self) -> None:
        """Search the generation that counts."""
        async with self._changing:
            await self._catch_up()

    async def _look(self) -> None:
        """Catch up if another process has written; what cannot be known now is searched as it was."""
        try:
            async with reading(self._engine) as session:
                row = await index_repository.counting(session)
            if row is not None and (self._counting is None or row.generation > self._counting.generation):
                await self.catch_up()
        except Exception:
            logger.exception("cannot look for a new generation of the index; this search is in the old one")

    async def _is_left_behind(self) -> bool:
        """Whether documents were changed some time ago, and nobody has written the generation that holds them."""
        async with reading(self._engine) as session:
            state = await repository.state(session)
        waits = state.indexed < state.revision
        return waits and (state.changed_at is None or self.calendar.now() - state.changed_at > _LEFT_BEHIND)

    async def _is_up_to_date(self) -> bool:
        """Whether the generation that counts holds the documents as they are; if not, one is written."""
        async with reading(self._engine) as session:
            revision = (await repository.state(session)).revision
            rows = await load_standing(session, self.calendar)
        documents = await asyncio.to_thread(_documents_of, rows)
        digest = self._shared.digest(documents)
        if self._counting is not None and self._counting.digest == digest:
            async with writing(self._engine) as session:
                await repository.note_indexed(session, revision)
            return True
        await self._write(documents, digest, revision)
        return False

    async def _write(self, documents: Sequence[Document], digest: str, revision: int) -> None:
        """The next generation; if another process was quicker, its own."""
        name, snapshot = await self._shared.write(documents, self.index)
        now = self.calendar.now()
        async with writing(self._engine) as session:
            row = await index_repository.count_from_now(session, self._counting, name=name, digest=digest, now=now)
            if row is not None:
                await repository.note_indexed(session, revision)
                await recheck_resting_on(session, POLICIES, now, after=_SEEN_BY_ALL)
        if row is None:
            await self._catch_up()
            return
        before = self._counting
        await self._swap(snapshot, row)
        self._bell.ring()
        # who is just loading the one before can finish; what is older is nobody's
        await self._shared.drop_old({name} | ({before.name} if before else set()))

    async def _catch_up(self) -> None:
        while True:
            async with reading(self._engine) as session:
                row = await index_repository.counting(session)
            if row is None or (self._counting and row.generation == self._counting.generation):
                return
            try:
                snapshot = await self._shared.load(row.name)
            except GenerationGone:
                if await self._still_counts(row):
                    raise
                continue
            await self._swap(snapshot, row)

    async def _still_counts(self, row: IndexRow) -> bool:
        async with reading(self._engine) as session:
            now = await index_repository.counting(session)
        return now is not None and now.generation == row.generation

    async def _swap(self, snapshot: Snapshot, row: IndexRow) -> None:
        documents = await asyncio.to_thread(from_sharing, [item.document for item in snapshot.stored.values()])
        self.show(snapshot, documents)
        self._counting = row
        logger.info("the index's generation %d is searched", row.generation)


@asynccontextmanager
async def share_policies(settings: Settings, engine: AsyncEngine, calendar: Calendar) -> AsyncIterator[SharedPolicies]:
    """The policies in the Chroma server of the settings, brought up to date on the way in, followed until the end.

    Raises:
        IndexUnreachable: the server does not answer.
        BadKnowledgeFile: a document cannot be read.
    """
    async with _open(settings, engine, calendar) as policies:
        await policies.renew()
        following = asyncio.create_task(policies.follow())
        try:
            yield policies
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)


@asynccontextmanager
async def open_shared_policies(settings: Settings, *, anew: bool) -> AsyncIterator[OpenPolicies]:
    """The same for a command that needs them once; with `anew`, what is new in the knowledge folder is taken over."""
    calendar = await asyncio.to_thread(read_calendar, settings.knowledge)
    engine = await open_database(settings.database)
    try:
        async with _open(settings, engine, calendar) as policies:
            await policies.catch_up()
            update = await (policies.bring_up_to_date() if policies.counts and not anew else policies.renew())
            yield OpenPolicies(policies.index, update, policies.documents, calendar)
    finally:
        await engine.dispose()


@asynccontextmanager
async def _open(settings: Settings, engine: AsyncEngine, calendar: Calendar) -> AsyncIterator[SharedPolicies]:
    async with open_embedding(settings) as embedding, open_bell(engine, "index") as bell:
        address = settings.chroma_url or ""
        index = await open_shared_index(address, embedding, remembered=settings.cache / VECTORS)
        try:
            yield SharedPolicies(settings.knowledge, calendar, engine, index, bell)
        finally:
            index.close()


def _documents_of(rows: Sequence[PolicyVersionRow]) -> list[Document]:
    return [for_sharing(document) for document in as_standing(rows)]
