"""The policies of the process that holds the index: searched, and renewed while it runs."""

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.ext.asyncio import AsyncEngine

from retrieval.scope import Scope
from server.db import reading, writing
from server.drafts.rechecking import POLICIES, recheck_resting_on
from server.policies import repository
from server.policies.calendar import Calendar, utc_now
from server.policies.front_matter import DocumentFile
from server.policies.loading import as_standing, load_standing
from server.policies.passages import FiledDocuments, IndexPassages, hold_index, read_calendar
from server.policies.seeding import seed_documents
from server.settings import Settings
from tools.records import Passage

if TYPE_CHECKING:
    from retrieval.index import Hit, PassageIndex, Snapshot, Update

logger = logging.getLogger(__name__)

_LOOK_S = 5.0


class HeldPolicies(ABC):
    """`tools.ports.Passages` over the index and the database's documents as they were last read."""

    def __init__(
        self,
        knowledge: Path,
        calendar: Calendar,
        engine: AsyncEngine,
        index: "Snapshot",
        documents: Sequence[DocumentFile],
    ) -> None:
        self.knowledge = knowledge.resolve()
        self.calendar = calendar
        self._engine = engine
        self.show(index, documents)

    def show(self, index: "Snapshot", documents: Sequence[DocumentFile]) -> None:
        """From now on search this; both belong together and change together."""
        self.index = index
        self.documents = tuple(documents)
        self._passages = IndexPassages(index, documents, self.calendar)

    async def search(
        self, query: str, *, brand: str | None, region: str | None, audiences: frozenset[str], at: datetime, limit: int
    ) -> Sequence[Passage]:
        """The relevant passages that may be told here and now, best first."""
        return await self._passages.search(query, brand=brand, region=region, audiences=audiences, at=at, limit=limit)

    async def answering(self, query: str, *, brand: str | None, region: str | None, at: datetime) -> Sequence[Passage]:
        """The opening passage of each public document with answers here and now, as relevant as the whole document."""
        return await self._passages.answering(query, brand=brand, region=region, at=at)

    async def whole(self, found: Passage) -> Sequence[Passage]:
        """All passages of the document of which one was found, in its order."""
        return await self._passages.whole(found)

    async def hits(self, query: str, *, scope: Scope, limit: int, language: str | None) -> "list[Hit]":
        """The passages that answer a query best, relevant or not, with what they were found by."""
        found = await self.index.search(query, scope=scope, limit=limit, language=language)
        return [self._passages.under_its_own_name(hit) for hit in found]

    async def renew(self) -> "Update":
        """Take over what is new in the knowledge folder, and bring the index up to date.

        Raises:
            BadKnowledgeFile: a document cannot be read; everything stays as it was.
        """
        await seed_documents(self._engine, self.knowledge, self.calendar, self.calendar.now())
        return await self.bring_up_to_date()

    @abstractmethod
    async def bring_up_to_date(self) -> "Update":
        """Search what the database's documents say now. After a change of theirs has been committed, call this."""


class OwnPolicies(HeldPolicies):
    """Over the index in the home, which this process alone holds."""

    def __init__(self, knowledge: Path, calendar: Calendar, index: "PassageIndex", engine: AsyncEngine) -> None:
        super().__init__(knowledge, calendar, engine, index.current, ())
        self._own = index
        self._renewing = asyncio.Lock()

    async def bring_up_to_date(self) -> "Update":
        """As told above."""
        async with self._renewing:
            async with reading(self._engine) as session:
                revision = (await repository.state(session)).revision
                rows = await load_standing(session, self.calendar)
            documents = await asyncio.to_thread(as_standing, rows)
            update = await self._own.update(FiledDocuments(documents))
            self.show(self._own.current, documents)
            async with writing(self._engine) as session:
                await repository.note_indexed(session, revision)
                if update.written or update.removed:
                    await recheck_resting_on(session, POLICIES, self.calendar.now())
            return update

    async def recheck(self) -> None:
        """Have the drafts looked at that rest on documents as they were."""
        async with writing(self._engine) as session:
            await recheck_resting_on(session, POLICIES, self.calendar.now())

    async def follow(self) -> None:
        """Make good, until cancelled, what could not be indexed when it was changed."""
        while True:
            await asyncio.sleep(_LOOK_S)
            try:
                async with reading(self._engine) as session:
                    state = await repository.state(session)
                if state.indexed < state.revision:
                    await self.bring_up_to_date()
            except Exception:
                logger.exception("the policies cannot be indexed as they are now; searches go on in what they were")


@asynccontextmanager
async def hold_policies(
    settings: Settings, engine: AsyncEngine, clock: Callable[[], datetime] = utc_now
) -> AsyncIterator[HeldPolicies]:
    """The policies of this home, held by this process, or shared with others where the settings name a server.

    Raises:
        FolderHeld: another process holds this home's index.
        IndexUnreachable: the server does not answer.
        BadKnowledgeFile: a document cannot be read.
    """
    calendar = await asyncio.to_thread(read_calendar, settings.knowledge, clock)
    if settings.chroma_url is not None:
        from server.policies.shared import share_policies

        async with share_policies(settings, engine, calendar) as shared:
            yield shared
        return
    async with hold_index(settings) as index:
        policies = OwnPolicies(settings.knowledge, calendar, index, engine)
        await policies.renew()
        await policies.recheck()  # the documents, or the day, may have changed while no process ran
        following = asyncio.create_task(policies.follow())
        try:
            yield policies
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)
