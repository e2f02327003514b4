"""The policies where several processes share the index: which generation counts stands in the database.

Each process searches a copy in memory of one generation, with the documents that it was made of, and changes to the
next in one step when the database names it.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from retrieval.documents import Document
from retrieval.index import Snapshot, Update
from retrieval.shared import GenerationGone, SharedIndex, open_shared_index
from server.db import open_database, reading, writing
from server.drafts.rechecking import POLICIES, recheck_resting_on
from server.jobs.waking import Bell, open_bell
from server.models import IndexRow
from server.policies import index_repository
from server.policies.files import for_sharing, from_sharing, read_documents
from server.policies.front_matter import DocumentFile
from server.policies.held import HeldPolicies
from server.policies.passages import OpenPolicies
from server.policies.vectors import VECTORS, open_embedding
from server.settings import Settings

logger = logging.getLogger(__name__)

_LOOK_S = 2.0  # how often it looks for a generation that nobody rang for
_SEEN_BY_ALL = timedelta(seconds=3 * _LOOK_S)


class SharedPolicies(HeldPolicies):
    """`tools.ports.Passages` over the generation that counts. `index` and documents change together."""

    def __init__(self, knowledge: Path, engine: AsyncEngine, index: SharedIndex, bell: Bell) -> None:
        self._engine = engine
        self._shared = index
        self._bell = bell
        self._counting: IndexRow | None = None
        self._changing = asyncio.Lock()
        self.documents: tuple[DocumentFile, ...] = ()
        super().__init__(knowledge, Snapshot((), None, index.embedding), ())

    async def renew(self) -> Update:
        """Read the documents again; if they are not what the index holds, write the next generation for everybody.

        Raises:
            BadKnowledgeFile: a document cannot be read; everything stays as it was.
        """
        documents = await asyncio.to_thread(_documents_of, self.knowledge)
        digest = self._shared.digest(documents)
        async with self._changing:
            await self._catch_up()
            before = self.index.hashes
            while self._counting is None or self._counting.digest != digest:
                await self._write(documents, digest)
            hashes = self.index.hashes
            written = sum(before.get(name) != made_of for name, made_of in hashes.items())
            return Update(written, len(before.keys() - hashes.keys()), len(hashes), len(self.index.corpus.passages))

    async def follow(self) -> None:
        """Change to each new generation, until cancelled."""
        while True:
            seen = self._bell.rings
            try:
                async with self._changing:
                    await self._catch_up()
            except Exception:
                logger.exception("cannot look for a new generation of the index; searches go on in the old one")
            await self._bell.wait(seen, _LOOK_S)

    async def _write(self, documents: Sequence[Document], digest: str) -> None:
        """The next generation; if another process was quicker, its own."""
        name, snapshot = await self._shared.write(documents, self.index)
        now = datetime.now(UTC)
        async with writing(self._engine) as session:
            row = await index_repository.count_from_now(session, self._counting, name=name, digest=digest, now=now)
            if row is not None:
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
        self.documents = await asyncio.to_thread(from_sharing, [item.document for item in snapshot.stored.values()])
        self.show(snapshot, self.documents)
        self._counting = row
        logger.info("the index's generation %d is searched", row.generation)


@asynccontextmanager
async def share_policies(settings: Settings, engine: AsyncEngine) -> AsyncIterator[SharedPolicies]:
    """The policies in the Chroma server of the settings, brought up to date on the way in, followed until the end.

    Raises:
        IndexUnreachable: the server does not answer.
        BadKnowledgeFile: a document cannot be read.
    """
    async with _open(settings, engine) as policies:
        await policies.renew()
        following = asyncio.create_task(policies.follow())
        try:
            yield policies
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)


@asynccontextmanager
async def open_shared_policies(settings: Settings) -> AsyncIterator[OpenPolicies]:
    """The same for a command that needs them once."""
    engine = await open_database(settings.database)
    try:
        async with _open(settings, engine) as policies:
            update = await policies.renew()
            yield OpenPolicies(policies.index, update, policies.documents)
    finally:
        await engine.dispose()


@asynccontextmanager
async def _open(settings: Settings, engine: AsyncEngine) -> AsyncIterator[SharedPolicies]:
    async with open_embedding(settings) as embedding, open_bell(engine, "index") as bell:
        address = settings.chroma_url or ""
        index = await open_shared_index(address, embedding, remembered=settings.cache / VECTORS)
        try:
            yield SharedPolicies(settings.knowledge, engine, index, bell)
        finally:
            index.close()


def _documents_of(knowledge: Path) -> list[Document]:
    return [for_sharing(document) for document in read_documents(knowledge)]
