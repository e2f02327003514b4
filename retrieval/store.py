"""Passages, titles and their vectors in Chroma, in a folder that one process holds.

Two collections: "passages" and "titles". A document's title is written after its passages and removed before them: it
is there if and only if the document is whole, whenever the process ends.
"""

import json
import logging
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from retrieval.documents import Document, Format
from retrieval.embeddings import Matrix, Vector
from retrieval.lock import FolderLock
from retrieval.passages import Passage

logger = logging.getLogger(__name__)

_MANIFEST = "manifest.json"
_BATCH = 1000


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document as the index keeps it (its text lies in its passages), and the hash of what it was made from."""

    document: Document
    hash: str
    passages: tuple[Passage, ...]
    passage_vectors: Matrix
    title_vector: Vector


class Store:
    """The folder of an index. `fingerprint` names everything that vectors and passages depend on.

    A folder of another fingerprint, or one that cannot be read, is emptied with a word in the log.

    Raises:
        FolderHeld: another process has opened it.
    """

    def __init__(self, folder: Path, fingerprint: str) -> None:
        self._folder = folder
        self._fingerprint = fingerprint
        self._lock = FolderLock(folder)
        try:
            if self._written_by() not in (None, fingerprint):
                logger.warning("the index in %s was made by another model or way of cutting; it is made anew", folder)
                self._empty()
            self._open()
        except BaseException:
            self._lock.release()
            raise

    def close(self) -> None:
        """Let go of the folder."""
        self._client.close()
        self._lock.release()

    def load(self) -> list[StoredDocument]:
        """Every whole document in the folder; a folder that cannot be read is emptied and gives none."""
        try:
            return self._load()
        except Exception as error:  # noqa: BLE001 - Chroma and what it stands on fail in many ways on a damaged folder
            logger.warning("the index in %s cannot be read (%s); it is made anew", self._folder, error)
            self._client.close()
            self._empty()
            self._open()
            return []

    @property
    def note(self) -> str | None:
        """What `keep_note` was given; gone once documents change."""
        return self._manifest().get("note")

    def keep_note(self, note: str) -> None:
        """Keep a text that was worked out from the documents."""
        self._write_manifest(note)

    def replace(self, documents: Sequence[StoredDocument]) -> None:
        """Write these documents, in place of what the folder holds of them."""
        self.remove([stored.document.id for stored in documents])
        rows = [(p, v) for stored in documents for p, v in zip(stored.passages, stored.passage_vectors, strict=True)]
        for start in range(0, len(rows), _BATCH):
            batch = rows[start : start + _BATCH]
            self._passages.upsert(
                ids=[passage.id for passage, _ in batch],
                embeddings=[vector for _, vector in batch],
                documents=[passage.text for passage, _ in batch],
                metadatas=[_passage_record(passage) for passage, _ in batch],
            )
        for start in range(0, len(documents), _BATCH):
            some = documents[start : start + _BATCH]
            self._titles.upsert(
                ids=[stored.document.id for stored in some],
                embeddings=[stored.title_vector for stored in some],
                documents=[stored.document.title for stored in some],
                metadatas=[{"hash": stored.hash, "record": _document_record(stored.document)} for stored in some],
            )

    def remove(self, ids: Sequence[str]) -> None:
        """Take these documents out of the folder."""
        if ids:
            self._write_manifest(None)
        for start in range(0, len(ids), _BATCH):
            some = list(ids[start : start + _BATCH])
            self._titles.delete(ids=some)
            self._passages.delete(where={"document": {"$in": some}})

    def _open(self) -> None:
        import chromadb
        from chromadb.config import Settings

        settings = Settings(anonymized_telemetry=False)
        try:
            self._client: Any = chromadb.PersistentClient(str(self._chroma), settings=settings)
            self._make_collections()
        except BaseException as error:
            if isinstance(error, (KeyboardInterrupt, SystemExit)):
                raise
            # a panic of Chroma's native part does not derive from Exception
            logger.warning("the index in %s cannot be opened (%s); it is made anew", self._folder, error)
            self._empty()
            self._client = chromadb.PersistentClient(str(self._chroma), settings=settings)
            self._make_collections()
        self._write_manifest(self._manifest().get("note"))

    def _make_collections(self) -> None:
        configuration = {"hnsw": {"space": "ip"}}
        self._passages, self._titles = (
            self._client.get_or_create_collection(name, embedding_function=None, configuration=configuration)
            for name in ("passages", "titles")
        )

    def _load(self) -> list[StoredDocument]:
        titles = self._titles.get(include=["metadatas", "embeddings"])
        passages = self._passages.get(include=["metadatas", "documents", "embeddings"])
        found: dict[str, list[tuple[Passage, Vector]]] = {}
        for name, text, record, vector in zip(
            passages["ids"], passages["documents"], passages["metadatas"], passages["embeddings"], strict=True
        ):
            heading = tuple(json.loads(record["heading"]))
            passage = Passage(name, record["document"], record["place"], heading, text, record["above"])
            found.setdefault(passage.document, []).append((passage, vector))
        documents = []
        for name, record, vector in zip(titles["ids"], titles["metadatas"], titles["embeddings"], strict=True):
            own = sorted(found.pop(name, []), key=lambda row: row[0].place)
            vectors = np.array([row for _, row in own], dtype=np.float32)
            document = _read_document(record["record"])
            title, own_passages = np.asarray(vector, np.float32), tuple(passage for passage, _ in own)
            documents.append(StoredDocument(document, record["hash"], own_passages, vectors, title))
        self.remove(list(found))
        return documents

    def _written_by(self) -> str | None:
        return self._manifest().get("fingerprint") or ("unknown" if self._chroma.exists() else None)

    def _manifest(self) -> dict[str, str | None]:
        try:
            manifest = json.loads((self._folder / _MANIFEST).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return manifest if isinstance(manifest, dict) else {}

    def _write_manifest(self, note: str | None) -> None:
        manifest = json.dumps({"fingerprint": self._fingerprint, "note": note})
        (self._folder / _MANIFEST).write_text(manifest, encoding="utf-8")

    def _empty(self) -> None:
        (self._folder / _MANIFEST).unlink(missing_ok=True)
        shutil.rmtree(self._chroma, ignore_errors=True)
        from chromadb.api.shared_system_client import SharedSystemClient

        SharedSystemClient.clear_system_cache()

    @property
    def _chroma(self) -> Path:
        return self._folder / "chroma"


def _passage_record(passage: Passage) -> dict[str, str | int]:
    heading = json.dumps(passage.heading)
    return {"document": passage.document, "place": passage.place, "heading": heading, "above": passage.above}


def _document_record(document: Document) -> str:
    return json.dumps(asdict(document), default=str)


def _read_document(record: str) -> Document:
    fields = json.loads(record)
    fields |= {name: tuple(fields[name]) for name in ("brands", "regions")}
    fields |= {name: _day(fields[name]) for name in ("effective_from", "effective_to")}
    return Document(**fields | {"format": Format(fields["format"])})


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
