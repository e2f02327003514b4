"""The policies' index as the tools want it."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from assistant.language import detect_language
from retrieval.documents import Document
from retrieval.embeddings import EmbeddingUnavailable
from retrieval.passages import Passage as Part
from retrieval.passages import passages_of
from retrieval.scope import Scope
from server.policies.files import for_the_index, read_documents
from server.policies.front_matter import DocumentFile
from server.policies.vectors import VECTORS, open_embedding
from server.settings import Settings
from tools.ports import PortUnavailable
from tools.records import Answer, Passage

if TYPE_CHECKING:
    from retrieval.index import Hit, PassageIndex, Snapshot, Update


class IndexPassages:
    """`tools.ports.Passages` over an index; the approved answers and addresses come from the documents themselves."""

    def __init__(self, index: "Snapshot", documents: Iterable[DocumentFile]) -> None:
        self._index = index
        self._documents = {document.id: document for document in documents}
        self._answers = {document.id: _answers_of(document) for document in self._documents.values()}
        indexed = [for_the_index(document) for document in self._documents.values() if document.front.answers]
        self._openings = [(document, passage) for document in indexed for passage in passages_of(document)[:1]]

    async def search(
        self, query: str, *, brand: str | None, region: str | None, audiences: frozenset[str], at: datetime, limit: int
    ) -> Sequence[Passage]:
        """The relevant passages that may be told here and now, best first."""
        scope = _scope(brand, region, audiences, at)
        hits = await self._hits(query, scope, limit)
        return [
            self._as_told(hit.found.document, hit.found.passage, hit.relevance, brand) for hit in hits if hit.relevant
        ]

    async def answering(self, query: str, *, brand: str | None, region: str | None, at: datetime) -> Sequence[Passage]:
        """The opening passage of each public document with answers here and now, as relevant as the whole document."""
        scope = _scope(brand, region, frozenset({"public"}), at)
        hits = await self._hits(query, scope, len(self._documents))
        relevance = {hit.found.document.id: hit.relevance for hit in hits}
        return [
            self._as_told(document, passage, relevance.get(document.id, 0.0), brand)
            for document, passage in self._openings
            if scope.admits(document)
        ]

    async def _hits(self, query: str, scope: Scope, limit: int) -> "list[Hit]":
        try:
            return await self._index.search(query, scope=scope, limit=limit, language=language_of(query))
        except EmbeddingUnavailable as error:
            raise PortUnavailable("policies") from error

    async def whole(self, found: Passage) -> Sequence[Passage]:
        """All passages of the document of which one was found, in its order; none of another brand's."""
        file = self._documents.get(found.document)
        if file is None:
            return ()
        document = for_the_index(file)
        if found.brand is not None and document.brands and found.brand not in document.brands:
            return ()
        return [self._as_told(document, passage, 0.0, found.brand) for passage in passages_of(document)]

    def _as_told(self, document: Document, passage: Part, relevance: float, brand: str | None) -> Passage:
        return Passage(
            id=passage.id,
            document=document.id,
            title=document.title,
            heading=passage.heading,
            text=passage.text,
            audience=document.audience,
            relevance=relevance,
            brand=brand if brand in document.brands else None,
            category=document.category,
            product=document.product,
            effective_from=document.effective_from,
            effective_to=document.effective_to,
            public_url=self._documents[document.id].front.page_for(brand),
            answers=self._answers[document.id],
        )


def language_of(query: str) -> str:
    """The language in which documents are searched for."""
    return detect_language(query, hint="en")


def _answers_of(document: DocumentFile) -> tuple[Answer, ...]:
    return tuple(
        Answer(answer.intent, language, text)
        for answer in document.front.answers
        for language, text in answer.texts.items()
    )


def _scope(brand: str | None, region: str | None, audiences: frozenset[str], at: datetime) -> Scope:
    return Scope(
        brands=frozenset({brand} if brand else ()),
        regions=frozenset({region} if region else ()),
        audiences=audiences,
        day=at.date(),
    )


class FiledDocuments:
    """`retrieval.documents.Documents` over the files of a folder, as they were read."""

    def __init__(self, files: Sequence[DocumentFile]) -> None:
        self._files = files

    async def all(self) -> Sequence[Document]:
        """Every document."""
        return [for_the_index(file) for file in self._files]


@dataclass(frozen=True, slots=True)
class OwnIndex:
    """The home's own index, held; what bringing it up to date did, and the documents it holds."""

    index: "PassageIndex"
    update: "Update"
    documents: tuple[DocumentFile, ...]


@dataclass(frozen=True, slots=True)
class OpenPolicies:
    """An index that can be searched, what bringing it up to date did, and the documents it holds."""

    index: "Snapshot"
    update: "Update"
    documents: tuple[DocumentFile, ...]


@asynccontextmanager
async def open_own_index(settings: Settings) -> AsyncIterator[OwnIndex]:
    """The index in the home over the knowledge folder's documents, brought up to date on the way in.

    Raises:
        FolderHeld: another process holds this home's index.
        BadKnowledgeFile: a document cannot be read.
    """
    from retrieval.index import open_index

    documents = await asyncio.to_thread(read_documents, settings.knowledge)
    async with open_embedding(settings) as embedding:
        index = await open_index(settings.index, embedding, remembered=settings.cache / VECTORS)
        try:
            yield OwnIndex(index, await index.update(FiledDocuments(documents)), documents)
        finally:
            index.close()


@asynccontextmanager
async def open_policy_index(settings: Settings) -> AsyncIterator[OpenPolicies]:
    """The index of the knowledge folder's documents, the home's own or the shared one, brought up to date.

    Raises:
        FolderHeld: another process holds this home's index.
        IndexUnreachable: the server of the shared index does not answer.
        BadKnowledgeFile: a document cannot be read.
    """
    if settings.chroma_url is not None:
        from server.policies.shared import open_shared_policies

        async with open_shared_policies(settings) as shared:
            yield shared
        return
    async with open_own_index(settings) as own:
        yield OpenPolicies(own.index.current, own.update, own.documents)


@asynccontextmanager
async def open_passages(settings: Settings) -> AsyncIterator[IndexPassages]:
    """The port over the knowledge folder's documents; as `open_policy_index`."""
    async with open_policy_index(settings) as policies:
        yield IndexPassages(policies.index, policies.documents)
