"""The index: opened on a folder, brought up to date with documents, searched.

Chroma keeps the passages and their vectors; a search scores every document from a copy in memory, exactly
(docs/decisions/0010-index.md).
"""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from retrieval.calibration import THRESHOLD, Calibration, calibrate, from_json
from retrieval.chunking import CHUNKING
from retrieval.corpus import Corpus, Found, Query, Scored
from retrieval.documents import Documents
from retrieval.embeddings import Embedding
from retrieval.ingest import compare, embed_in_batches
from retrieval.ranking import QUESTION, STORY
from retrieval.recent import Recent
from retrieval.rows import StoredDocument
from retrieval.scope import Scope
from retrieval.store import Store
from retrieval.vector_cache import VectorCache

_RECENT = 16


@dataclass(frozen=True, slots=True)
class Update:
    """What an update did: documents written (new or changed) and taken out; documents and passages there are now."""

    written: int
    removed: int
    documents: int
    passages: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A find with its relevance from 0 to 1."""

    found: Found
    relevance: float

    @property
    def relevant(self) -> bool:
        """Whether it counts as an answer."""
        return self.relevance >= THRESHOLD


class Snapshot:
    """An index as it stands at one moment, unchanging: whoever holds it searches one state of all documents."""

    def __init__(self, stored: Sequence[StoredDocument], calibration: Calibration | None, embedding: Embedding) -> None:
        self.stored = {item.document.id: item for item in stored}
        self.calibration = calibration
        self.corpus = Corpus(stored, embedding.reads)
        self._embedding = embedding
        # one turn asks the same several times, within different scopes
        self._scored: Recent[tuple[str, str | None], Scored] = Recent(_RECENT)

    @property
    def hashes(self) -> dict[str, str]:
        """Of each document the hash of what it was made from."""
        return {name: item.hash for name, item in self.stored.items()}

    async def search(self, query: str, *, scope: Scope, limit: int, language: str | None = None) -> list[Hit]:
        """The passages that answer `query` best, one of each document, relevant or not.

        `language` is the query's, where it is known: models that do not read it are left out.
        """
        if self.calibration is None or not query.strip():
            return []
        vectors = await self._embedding.embed([query], language=language)
        asked = Query(query, np.asarray(vectors[0]), language)
        return await asyncio.to_thread(self._find, asked, scope, limit, self.calibration)

    def _find(self, asked: Query, scope: Scope, limit: int, calibration: Calibration) -> list[Hit]:
        if not self.corpus.passages:
            return []
        scored = self._scored.get((asked.text, asked.language), lambda: self.corpus.score(asked))
        return [Hit(found, calibration.relevance(found)) for found in self.corpus.best(scored, scope, limit)]

    async def calibrate(self) -> Calibration | None:
        """Measure its levels, without which it finds nothing, if there is anything to measure them on."""
        if self.corpus.passages:
            self.calibration = await calibrate(self.corpus, self._embedding.reads, self._embedding.embed)
        return self.calibration


class PassageIndex:
    """An open index. Made by `open_index`; one at a time for each folder.

    Passages' vectors are remembered in the file `remembered`, if one is given, so that rebuilding is quick.
    """

    def __init__(self, store: Store, embedding: Embedding, remembered: Path | None) -> None:
        self._store = store
        self._embedding = embedding
        self._remembering = VectorCache(embedding, remembered) if remembered else embedding
        self.current = Snapshot(store.load(), from_json(store.note), embedding)
        self._updating = asyncio.Lock()

    @property
    def setup(self) -> dict[str, str | dict[str, float]]:
        """What a search depends on besides the documents: models, way of cutting, weights."""
        weights = {"question": asdict(QUESTION), "story": asdict(STORY)}
        return {"embedding": self._embedding.fingerprint, "chunking": CHUNKING, **weights}

    async def update(self, source: Documents) -> Update:
        """Make the index hold exactly the documents of `source`; searches see the old state until it is done.

        Raises:
            TwinDocuments: two documents share an id.
        """
        async with self._updating:
            now = self.current
            changes = compare(await source.all(), now.hashes)
            stored = {name: item for name, item in now.stored.items() if name not in changes.remove}
            if changes.remove:
                await asyncio.to_thread(self._store.remove, changes.remove)
            async for written in embed_in_batches(changes.write, self._remembering):
                await asyncio.to_thread(self._store.replace, written)
                stored |= {item.document.id: item for item in written}
            if changes.write or changes.remove:
                now = await asyncio.to_thread(Snapshot, list(stored.values()), None, self._embedding)
            if now.calibration is None:
                calibration = await now.calibrate()
                if calibration is not None:
                    await asyncio.to_thread(self._store.keep_note, calibration.to_json())
            self.current = now
        return Update(len(changes.write), len(changes.remove), len(now.stored), len(now.corpus.passages))

    async def search(self, query: str, *, scope: Scope, limit: int, language: str | None = None) -> list[Hit]:
        """As `Snapshot.search`, in the state of this moment."""
        return await self.current.search(query, scope=scope, limit=limit, language=language)

    def close(self) -> None:
        """Let go of the folder."""
        self._store.close()


async def open_index(folder: Path, embedding: Embedding, *, remembered: Path | None = None) -> PassageIndex:
    """Open the index in `folder`, which is made if it is not there.

    Raises:
        FolderHeld: another process holds it.
    """
    store = await asyncio.to_thread(Store, folder, f"{CHUNKING}:{embedding.fingerprint}")
    try:
        return await asyncio.to_thread(PassageIndex, store, embedding, remembered)
    except BaseException:
        store.close()
        raise
