"""The index: opened on a folder, brought up to date with documents, searched.

Chroma keeps the passages and their vectors; a search scores every document from a copy in memory, exactly.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from retrieval.calibration import THRESHOLD
from retrieval.chunking import CHUNKING
from retrieval.corpus import Corpus, Hit
from retrieval.documents import Document
from retrieval.embeddings import Embedding
from retrieval.ingest import compare, embed_documents
from retrieval.scope import Scope
from retrieval.store import Store

_BATCH = 50


@dataclass(frozen=True, slots=True)
class Update:
    """What an update did: documents written (new or changed) and taken out; documents and passages there are now."""

    written: int
    removed: int
    documents: int
    passages: int


class PassageIndex:
    """An open index. Made by `open_index`; one at a time for each folder."""

    def __init__(self, store: Store, embedding: Embedding) -> None:
        self._store = store
        self._embedding = embedding
        self._stored = {stored.document.id: stored for stored in store.load()}
        self._corpus = Corpus(list(self._stored.values()), embedding.parts)
        self._updating = asyncio.Lock()

    async def update(self, documents: Sequence[Document]) -> Update:
        """Make the index hold exactly `documents`. Searches go on meanwhile and see the old state until it is done."""
        async with self._updating:
            changes = compare(documents, {name: stored.hash for name, stored in self._stored.items()})
            await asyncio.to_thread(self._store.remove, changes.remove)
            for name in changes.remove:
                del self._stored[name]
            for start in range(0, len(changes.write), _BATCH):
                written = await embed_documents(changes.write[start : start + _BATCH], self._embedding)
                await asyncio.to_thread(self._store.replace, written)
                self._stored |= {stored.document.id: stored for stored in written}
            if changes.write or changes.remove:
                self._corpus = await asyncio.to_thread(Corpus, list(self._stored.values()), self._embedding.parts)
        return Update(len(changes.write), len(changes.remove), len(self._stored), self._corpus.size)

    async def search(self, query: str, *, scope: Scope, limit: int, relevant_only: bool = False) -> list[Hit]:
        """The passages that answer `query` best, one of each document; `relevant_only`: none below the threshold."""
        corpus = self._corpus
        if not corpus.size or not query.strip():
            return []
        vectors = await self._embedding.queries([query])
        hits = await asyncio.to_thread(corpus.search, query, np.asarray(vectors[0]), scope, limit)
        return [hit for hit in hits if hit.relevance >= THRESHOLD] if relevant_only else hits

    @property
    def setup(self) -> dict[str, str | int | float]:
        """What searches depend on: model, way of cutting, weights."""
        return {"embedding": self._embedding.fingerprint, "chunking": CHUNKING}

    def close(self) -> None:
        """Let go of the folder."""
        self._store.close()


async def open_index(folder: Path, embedding: Embedding) -> PassageIndex:
    """Open the index in `folder`, which is made if it is not there.

    Raises:
        FolderHeld: another process holds it.
    """
    store = await asyncio.to_thread(Store, folder, f"{CHUNKING}:{embedding.fingerprint}")
    try:
        return await asyncio.to_thread(PassageIndex, store, embedding)
    except BaseException:
        store.close()
        raise
