"""Documents, passages and their vectors as rows of two Chroma collections.

A document's title is written after its passages and removed before them: it is there if and only if the document is
whole, whenever the process ends.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Self

import numpy as np

from retrieval.documents import Document, Format
from retrieval.embeddings import Matrix, Vector
from retrieval.passages import Passage

_BATCH = 1000


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document as the index keeps it (its text lies in its passages), and the hash of what it was made from."""

    document: Document
    hash: str
    passages: tuple[Passage, ...]
    passage_vectors: Matrix
    title_vector: Vector


class Rows:
    """Two collections of a Chroma client: the passages and the titles."""

    def __init__(self, passages: Any, titles: Any) -> None:  # noqa: ANN401 - Chroma's collections have no types
        self._passages = passages
        self._titles = titles

    @classmethod
    def of(cls, client: Any, passages: str, titles: str) -> Self:  # noqa: ANN401
        """The collections of these names, made if they are not there."""
        made = {"embedding_function": None, "configuration": {"hnsw": {"space": "ip"}}}
        return cls(*(client.get_or_create_collection(name, **made) for name in (passages, titles)))

    def write(self, documents: Sequence[StoredDocument]) -> None:
        """Add documents that are not there."""
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
        """Take these documents out."""
        for start in range(0, len(ids), _BATCH):
            some = list(ids[start : start + _BATCH])
            self._titles.delete(ids=some)
            self._passages.delete(where={"document": {"$in": some}})

    def read(self) -> list[StoredDocument]:
        """Every whole document; what is left of others is removed."""
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
