"""The policies of the process that holds the index: searched, and renewed while it runs."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.ext.asyncio import AsyncEngine

from server.db import writing
from server.drafts.rechecking import POLICIES, recheck_resting_on
from server.policies.files import read_documents
from server.policies.front_matter import DocumentFile
from server.policies.passages import FiledDocuments, IndexPassages, OwnIndex, open_own_index
from server.settings import Settings
from tools.records import Passage

if TYPE_CHECKING:
    from retrieval.index import Snapshot, Update


class HeldPolicies(ABC):
    """`tools.ports.Passages` over the index and the documents as they were last read."""

    def __init__(self, knowledge: Path, index: "Snapshot", documents: Sequence[DocumentFile]) -> None:
        self.knowledge = knowledge.resolve()
        self.show(index, documents)

    def show(self, index: "Snapshot", documents: Sequence[DocumentFile]) -> None:
        """From now on search this; both belong together and change together."""
        self.index = index
        self._passages = IndexPassages(index, documents)

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

    @abstractmethod
    async def renew(self) -> "Update":
        """Read the documents again and bring the index up to date.

        Raises:
            BadKnowledgeFile: a document cannot be read; everything stays as it was.
        """


class OwnPolicies(HeldPolicies):
    """Over the index in the home, which this process alone holds."""

    def __init__(self, knowledge: Path, opened: OwnIndex, engine: AsyncEngine) -> None:
        super().__init__(knowledge, opened.index.current, opened.documents)
        self._engine = engine
        self._own = opened.index
        self._renewing = asyncio.Lock()

    async def renew(self) -> "Update":
        """As told above."""
        async with self._renewing:
            documents = await asyncio.to_thread(read_documents, self.knowledge)
            update = await self._own.update(FiledDocuments(documents))
            self.show(self._own.current, documents)
            if update.written or update.removed:
                await self.recheck()
            return update

    async def recheck(self) -> None:
        """Have the drafts looked at that rest on documents as they were."""
        async with writing(self._engine) as session:
            await recheck_resting_on(session, POLICIES, datetime.now(UTC))


@asynccontextmanager
async def hold_policies(settings: Settings, engine: AsyncEngine) -> AsyncIterator[HeldPolicies]:
    """The policies of this home, held by this process, or shared with others where the settings name a server.

    Raises:
        FolderHeld: another process holds this home's index.
        IndexUnreachable: the server does not answer.
        BadKnowledgeFile: a document cannot be read.
    """
    if settings.chroma_url is not None:
        from server.policies.shared import share_policies

        async with share_policies(settings, engine) as shared:
            yield shared
        return
    async with open_own_index(settings) as opened:
        policies = OwnPolicies(settings.knowledge, opened, engine)
        await policies.recheck()  # the documents, or the day, may have changed while no process ran
        yield policies
