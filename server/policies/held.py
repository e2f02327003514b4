"""The policies of the process that holds the index: searched, and renewed while it runs."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from server.policies.files import read_documents
from server.policies.passages import FiledDocuments, IndexPassages, OpenPolicies, open_policy_index
from server.settings import Settings
from tools.records import Passage

if TYPE_CHECKING:
    from retrieval.index import PassageIndex, Update


class HeldPolicies:
    """`tools.ports.Passages` over the index and the documents as they were last read."""

    def __init__(self, knowledge: Path, opened: OpenPolicies) -> None:
        self.knowledge = knowledge.resolve()
        self.index: PassageIndex = opened.index
        self._passages = IndexPassages(opened.index, opened.documents)
        self._renewing = asyncio.Lock()

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

    async def renew(self) -> "Update":
        """Read the documents again and bring the index up to date.

        Raises:
            BadKnowledgeFile: a document cannot be read; everything stays as it was.
        """
        async with self._renewing:
            documents = await asyncio.to_thread(read_documents, self.knowledge)
            update = await self.index.update(FiledDocuments(documents))
            self._passages = IndexPassages(self.index, documents)
            return update


@asynccontextmanager
async def hold_policies(settings: Settings) -> AsyncIterator[HeldPolicies]:
    """The policies of this home, held by this process; as `open_policy_index`."""
    async with open_policy_index(settings) as opened:
        yield HeldPolicies(settings.knowledge, opened)
