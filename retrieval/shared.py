"""An index that several processes share: generations of it in a Chroma server (`chroma run`).

A generation is written whole, under a name of its own, and never changed; which one counts is said elsewhere. A process
loads it into memory and searches there, so that a search sees one generation, whatever others write meanwhile.
"""

import asyncio
import hashlib
import json
import time
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from retrieval.calibration import from_json
from retrieval.chunking import CHUNKING
from retrieval.documents import Document
from retrieval.embeddings import Embedding
from retrieval.index import Snapshot
from retrieval.ingest import compare, content_hash, embed_in_batches
from retrieval.rows import Rows
from retrieval.vector_cache import VectorCache

_PREFIX = "policies-"
_OLD_S = 3600
_KINDS = ("passages", "titles", "note")


class IndexUnreachable(Exception):
    """The Chroma server does not answer."""

    def __init__(self, address: str) -> None:
        super().__init__(f"the Chroma server at {address} does not answer; start it with `chroma run`")


class GenerationGone(Exception):
    """There is no generation of this name; a newer one has taken its place."""


class SharedIndex:
    """The generations in one Chroma server, of one embedding. Made by `open_shared_index`."""

    def __init__(self, client: Any, embedding: Embedding, remembered: Path | None) -> None:  # noqa: ANN401 - untyped
        self._client = client
        self._embedding = embedding
        self._remembering = VectorCache(embedding, remembered) if remembered else embedding

    @property
    def embedding(self) -> Embedding:
        """What its vectors come from."""
        return self._embedding

    def digest(self, documents: Sequence[Document]) -> str:
        """Names what a generation of these documents holds: two of one digest are alike."""
        made_of = [CHUNKING, self._embedding.fingerprint, *sorted(content_hash(document) for document in documents)]
        return hashlib.sha256("\n".join(made_of).encode()).hexdigest()

    async def load(self, name: str) -> Snapshot:
        """A generation, ready to be searched.

        Raises:
            GenerationGone: it is not there any more.
        """
        return await asyncio.to_thread(self._load, name)

    async def write(self, documents: Sequence[Document], before: Snapshot | None) -> tuple[str, Snapshot]:
        """A new generation of these documents, under a new name; what is as it was `before` is not embedded again.

        Raises:
            TwinDocuments: two documents share an id.
        """
        known = before.stored if before is not None else {}
        changes = compare(documents, {name: item.hash for name, item in known.items()})
        stored = {name: item for name, item in known.items() if name not in changes.remove}
        async for written in embed_in_batches(changes.write, self._remembering):
            stored |= {item.document.id: item for item in written}
        snapshot = await asyncio.to_thread(Snapshot, list(stored.values()), None, self._embedding)
        await snapshot.calibrate()
        name = f"{_PREFIX}{int(time.time())}-{uuid4().hex}"
        await asyncio.to_thread(self._write, name, snapshot)
        return name, snapshot

    async def drop_old(self, kept: Collection[str]) -> None:
        """Delete every other generation that is so old that nobody writes or loads it any more."""
        await asyncio.to_thread(self._drop_old, kept)

    def close(self) -> None:
        """Let the connections go."""
        self._client.close()
        # Chroma leaves the connections of its HTTP sessions open
        for client in (self._client, self._client._admin_client):
            client._server._session.close()

    def _write(self, name: str, snapshot: Snapshot) -> None:
        note = snapshot.calibration.to_json() if snapshot.calibration else json.dumps(None)
        rows = Rows.of(self._client, *(f"{name}-{kind}" for kind in _KINDS[:2]))
        rows.write(list(snapshot.stored.values()))
        # written last: a generation with a note is whole
        self._client.create_collection(f"{name}-note", embedding_function=None, metadata={"note": note})

    def _load(self, name: str) -> Snapshot:
        from chromadb.errors import NotFoundError

        try:
            passages, titles, noted = (
                self._client.get_collection(f"{name}-{kind}", embedding_function=None) for kind in _KINDS
            )
            stored = Rows(passages, titles).read()
        except NotFoundError as gone:
            raise GenerationGone(name) from gone
        note = noted.metadata["note"]
        return Snapshot(stored, None if note == "null" else from_json(note), self._embedding)

    def _drop_old(self, kept: Collection[str]) -> None:
        from chromadb.errors import NotFoundError

        for collection in self._client.list_collections():
            name, _, kind = collection.name.rpartition("-")
            if kind in _KINDS and name.startswith(_PREFIX) and name not in kept and _age(name) > _OLD_S:
                try:
                    self._client.delete_collection(collection.name)
                except NotFoundError:
                    continue  # another process was quicker


def _age(name: str) -> float:
    return time.time() - int(name.removeprefix(_PREFIX).split("-")[0])


async def open_shared_index(address: str, embedding: Embedding, *, remembered: Path | None = None) -> SharedIndex:
    """The generations in the Chroma server at this address.

    Raises:
        IndexUnreachable: it does not answer.
    """
    return SharedIndex(await asyncio.to_thread(_connect, address), embedding, remembered)


def _connect(address: str) -> Any:  # noqa: ANN401 - Chroma's client has no types
    import chromadb
    import httpx
    from chromadb.config import Settings
    from chromadb.errors import ChromaError

    url = urlsplit(address if "://" in address else f"http://{address}")
    try:
        return chromadb.HttpClient(
            host=url.hostname or "127.0.0.1",
            port=url.port or 8000,
            ssl=url.scheme == "https",
            settings=Settings(anonymized_telemetry=False),
        )
    except (ChromaError, httpx.HTTPError, ValueError) as error:
        raise IndexUnreachable(address) from error
