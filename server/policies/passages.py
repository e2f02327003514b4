"""The policies' index as the tools want it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.guidance import Brand
from assistant.language import detect_language
from retrieval.documents import Document
from retrieval.embeddings import EmbeddingUnavailable
from retrieval.passages import Passage as Part
from retrieval.passages import passages_of
from retrieval.scope import Scope
from server.policies.calendar import Calendar, utc_now
from server.policies.files import for_the_index, read_documents
from server.policies.front_matter import DocumentFile
from server.policies.vectors import VECTORS, open_embedding
from server.policies.yaml_files import read_entries
from server.settings import Settings
from tools.ports import PortUnavailable
from tools.records import Answer, Passage

if TYPE_CHECKING:
    from retrieval.index import Hit, PassageIndex, Snapshot, Update


class IndexPassages:
    """`tools.ports.Passages` over an index; the approved answers and addresses come from the documents themselves."""

    def __init__(self, index: "Snapshot", documents: Iterable[DocumentFile], calendar: Calendar | None = None) -> None:
        self._index = index
        self._calendar = calendar or Calendar()
        self._documents = {document.name: document for document in documents}
        self._answers = {document.name: _answers_of(document) for document in self._documents.values()}
        indexed = [for_the_index(document) for document in self._documents.values() if document.front.answers]
        self._versions: dict[str, list[DocumentFile]] = {}
        for document in sorted(self._documents.values(), key=lambda item: item.span[0] or date.min):
            self._versions.setdefault(document.id, []).append(document)
        self._openings = [(document, passage) for document in indexed for passage in passages_of(document)[:1]]

    async def search(
        self, query: str, *, brand: str | None, region: str | None, audiences: frozenset[str], at: datetime, limit: int
    ) -> Sequence[Passage]:
        """The relevant passages that may be told here and now, best first."""
        scope = self._scope(brand, region, audiences, at)
        hits = await self._hits(query, scope, limit)
        return [
            self._as_told(hit.found.document, hit.found.passage, hit.relevance, brand) for hit in hits if hit.relevant
        ]

    async def answering(self, query: str, *, brand: str | None, region: str | None, at: datetime) -> Sequence[Passage]:
        """The opening passage of each public document with answers here and now, as relevant as the whole document."""
        scope = self._scope(brand, region, frozenset({"public"}), at)
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
        """All passages of the document of which one was found, as it holds today, in its order.

        None of another brand's; of a document that holds no more, those that it had last.
        """
        file = self._holding_today(found.document, found.brand)
        if file is None:
            return ()
        document = for_the_index(file)
        if found.brand is not None and document.brands and found.brand not in document.brands:
            return ()
        return [self._as_told(document, passage, 0.0, found.brand) for passage in passages_of(document)]

    def under_its_own_name(self, hit: "Hit") -> "Hit":
        """A find of the index by its document's own name."""
        found = hit.found
        told = self._documents.get(found.document.id)
        if told is None or told.id == found.document.id:
            return hit
        passage = replace(found.passage, id=told.id + found.passage.id.removeprefix(told.name), document=told.id)
        return replace(hit, found=replace(found, document=replace(found.document, id=told.id), passage=passage))

    def _holding_today(self, document: str, brand: str | None) -> DocumentFile | None:
        versions = self._versions.get(document, ())
        today = self._calendar.today(brand)
        begun = [version for version in versions if version.span[0] is None or version.span[0] <= today]
        return begun[-1] if begun else next(iter(versions), None)

    def _scope(self, brand: str | None, region: str | None, audiences: frozenset[str], at: datetime) -> Scope:
        return Scope(
            brands=frozenset({brand} if brand else ()),
            regions=frozenset({region} if region else ()),
            audiences=audiences,
            day=self._calendar.day(brand, at),
        )

    def _as_told(self, document: Document, passage: Part, relevance: float, brand: str | None) -> Passage:
        told = self._documents[document.id]
        return Passage(
            id=told.id + passage.id.removeprefix(document.id),
            document=told.id,
            title=document.title,
            heading=passage.heading,
            text=passage.text,
            audience=document.audience,
            relevance=relevance,
            brand=brand if brand in document.brands else None,
            category=document.category,
            product=document.product,
            effective_from=told.front.effective_from,
            effective_to=told.front.effective_to,
            public_url=told.front.page_for(brand),
            answers=self._answers[document.id],
            regions=document.regions,
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


class FiledDocuments:
    """`retrieval.documents.Documents` over the files of a folder, as they were read."""

    def __init__(self, files: Sequence[DocumentFile]) -> None:
        self._files = files

    async def all(self) -> Sequence[Document]:
        """Every document."""
        return [for_the_index(file) for file in self._files]


@dataclass(frozen=True, slots=True)
class OpenPolicies:
    """An index that can be searched, what bringing it up to date did, the documents it holds, and whose days count."""

    index: "Snapshot"
    update: "Update"
    documents: tuple[DocumentFile, ...]
    calendar: Calendar


def read_calendar(knowledge: Path, clock: Callable[[], datetime] = utc_now) -> Calendar:
    """The days of the knowledge folder's brands.

    Raises:
        BadKnowledgeFile: brands.yaml is there and wrong.
    """
    return Calendar.of(read_entries(Brand, knowledge / "brands.yaml", "brands"), clock)


@asynccontextmanager
async def hold_index(settings: Settings) -> "AsyncIterator[PassageIndex]":
    """The index in the home as it is, held by this process.

    Raises:
        FolderHeld: another process holds this home's index.
    """
    from retrieval.index import open_index

    async with open_embedding(settings) as embedding:
        index = await open_index(settings.index, embedding, remembered=settings.cache / VECTORS)
        try:
            yield index
        finally:
            index.close()


@asynccontextmanager
async def open_policy_index(settings: Settings, *, anew: bool = False) -> AsyncIterator[OpenPolicies]:
    """The home's own index of the knowledge folder's documents, brought up to date; or the one that processes share.

    The shared one holds the database's documents. With `anew`, what is new in the folder is taken over into them.

    Raises:
        FolderHeld: another process holds this home's index.
        IndexUnreachable: the server of the shared index does not answer.
        BadKnowledgeFile: a document cannot be read.
    """
    if settings.chroma_url is not None:
        from server.policies.shared import open_shared_policies

        async with open_shared_policies(settings, anew=anew) as shared:
            yield shared
        return
    documents = await asyncio.to_thread(read_documents, settings.knowledge)
    calendar = read_calendar(settings.knowledge)
    async with hold_index(settings) as index:
        update = await index.update(FiledDocuments(documents))
        yield OpenPolicies(index.current, update, documents, calendar)


@asynccontextmanager
async def open_passages(settings: Settings) -> AsyncIterator[IndexPassages]:
    """The port over the same documents."""
    async with open_policy_index(settings) as policies:
        yield IndexPassages(policies.index, policies.documents, policies.calendar)
