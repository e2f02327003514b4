"""Brings the index up to date with its documents: by content hash, so that only what changed is embedded again."""

import hashlib
import json
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from retrieval.documents import Document
from retrieval.embeddings import Embedding
from retrieval.passages import passages_of
from retrieval.rows import StoredDocument
from retrieval.vector_cache import VectorCache

_BATCH = 50


@dataclass(frozen=True, slots=True)
class Changes:
    """What has to be done: documents to write (new or changed), and ids to take out."""

    write: tuple[Document, ...]
    remove: tuple[str, ...]


class TwinDocuments(ValueError):
    """Two documents have the same id, so that one would replace the other."""


def compare(documents: Sequence[Document], known: Mapping[str, str]) -> Changes:
    """The changes that lead from `known` (hashes by id) to `documents`.

    Raises:
        TwinDocuments: two documents share an id.
    """
    ids = Counter(document.id for document in documents)
    if twins := sorted(name for name, times in ids.items() if times > 1):
        raise TwinDocuments(f"more than one document is called {', '.join(twins)}")
    write = tuple(document for document in documents if known.get(document.id) != content_hash(document))
    return Changes(write, tuple(sorted(known.keys() - ids.keys())))


def content_hash(document: Document) -> str:
    """Changes with every field of the document."""
    return hashlib.sha256(json.dumps(asdict(document), default=str, sort_keys=True).encode()).hexdigest()


async def embed_documents(documents: Sequence[Document], embedding: Embedding | VectorCache) -> list[StoredDocument]:
    """The documents' passages with their vectors."""
    cut = [passages_of(document) for document in documents]
    texts = [passage.indexed_text for passages in cut for passage in passages]
    vectors = await embedding.embed_passages(texts)
    titles = await embedding.embed([document.title for document in documents])
    stored, at = [], 0
    for document, passages, title in zip(documents, cut, titles, strict=True):
        own = vectors[at : at + len(passages)]
        at += len(passages)
        # the text lies in the passages
        kept = replace(document, text="")
        stored.append(StoredDocument(kept, content_hash(document), tuple(passages), own, title))
    return stored


async def embed_in_batches(
    documents: Sequence[Document], embedding: Embedding | VectorCache
) -> AsyncIterator[list[StoredDocument]]:
    """The same for many documents, some at a time."""
    for start in range(0, len(documents), _BATCH):
        yield await embed_documents(documents[start : start + _BATCH], embedding)
