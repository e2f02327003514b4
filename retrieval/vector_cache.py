"""Vectors on disk, by model and content: a text is embedded once, however often the index is rebuilt."""

import hashlib
import logging
import sqlite3
from asyncio import to_thread
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np

from retrieval.embeddings import Embedding, Matrix

logger = logging.getLogger(__name__)

_TABLE = "create table if not exists vectors (key blob primary key, vector blob not null) without rowid"
_BATCH = 200


class VectorCache:
    """The vectors of an embedding in `file`, which several processes may share.

    A damaged file is thrown away with a word in the log: it holds nothing that cannot be made again.
    """

    def __init__(self, embedding: Embedding, file: Path) -> None:
        self._embedding = embedding
        self._file = file

    async def embed(self, texts: Sequence[str]) -> Matrix:
        """One row for each short text, from the file where it is there."""
        return await self._look_up(texts, "short", self._embedding.embed)

    async def embed_passages(self, texts: Sequence[str]) -> Matrix:
        """One row for each passage, likewise."""
        return await self._look_up(texts, "passage", self._embedding.embed_passages)

    async def _look_up(
        self, texts: Sequence[str], kind: str, embed: Callable[[Sequence[str]], Awaitable[Matrix]]
    ) -> Matrix:
        if not texts:
            return np.zeros((0, 0), dtype=np.float32)
        keys = [hashlib.sha256(f"{self._embedding.fingerprint}\0{kind}\0{text}".encode()).digest() for text in texts]
        known = await to_thread(self._read, keys)
        missing = list({key: text for key, text in zip(keys, texts, strict=True) if key not in known}.items())
        for start in range(0, len(missing), _BATCH):
            batch = missing[start : start + _BATCH]
            vectors = await embed([text for _, text in batch])
            fresh = {key: vector.tobytes() for (key, _), vector in zip(batch, vectors, strict=True)}
            await to_thread(self._write, fresh)
            known.update(fresh)
        return np.stack([np.frombuffer(known[key], dtype=np.float32) for key in keys])

    def _read(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        known: dict[bytes, bytes] = {}
        with self._table() as table:
            for start in range(0, len(keys), _BATCH):
                batch = keys[start : start + _BATCH]
                marks = ",".join("?" * len(batch))
                known.update(table.execute(f"select key, vector from vectors where key in ({marks})", batch))
        return known

    def _write(self, vectors: dict[bytes, bytes]) -> None:
        with self._table() as table:
            table.executemany("insert or ignore into vectors values (?, ?)", vectors.items())

    @contextmanager
    def _table(self) -> Iterator[sqlite3.Connection]:
        try:
            connection = self._open()
        except sqlite3.DatabaseError:
            logger.warning("the vectors in %s cannot be read and are made again", self._file)
            self._file.unlink(missing_ok=True)
            connection = self._open()
        with closing(connection), connection:
            yield connection

    def _open(self) -> sqlite3.Connection:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self._file, timeout=30)
        try:
            connection.execute("pragma journal_mode = wal")
            connection.execute("pragma synchronous = normal")
            connection.execute(_TABLE)
        except sqlite3.DatabaseError:
            connection.close()
            raise
        return connection
