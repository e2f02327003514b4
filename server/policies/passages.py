"""The policies' index as the tools want it."""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from retrieval.scope import Scope
from server.policies.files import for_the_index, read_documents
from server.policies.front_matter import DocumentFile
from server.policies.vectors import open_embedding
from server.settings import Settings
from tools.records import Answer, Passage

if TYPE_CHECKING:
    from retrieval.corpus import Hit
    from retrieval.index import PassageIndex


class IndexPassages:
    """`tools.ports.Passages` over an index; the approved answers and addresses come from the documents themselves."""

    def __init__(self, index: "PassageIndex", documents: Iterable[DocumentFile]) -> None:
        self._index = index
        self._documents = {document.id: document for document in documents}

    async def search(
        self, query: str, *, brand: str | None, region: str | None, audiences: frozenset[str], at: datetime, limit: int
    ) -> Sequence[Passage]:
        """The relevant passages that may be told here and now, best first."""
        scope = Scope(
            brands=frozenset({brand} if brand else ()),
            regions=frozenset({region} if region else ()),
            audiences=audiences,
            day=at.date(),
        )
        hits = await self._index.search(query, scope=scope, limit=limit, relevant_only=True)
        return [self._passage(hit, brand) for hit in hits]

    def _passage(self, hit: "Hit", brand: str | None) -> Passage:
        document, passage = hit.document, hit.passage
        front = self._documents[document.id].front
        return Passage(
            id=passage.id,
            document=document.id,
            title=document.title,
            heading=passage.heading,
            text=passage.text,
            audience=document.audience,
            relevance=hit.relevance,
            brand=brand if brand in document.brands else None,
            category=document.category,
            product=document.product,
            effective_from=document.effective_from,
            effective_to=document.effective_to,
            public_url=front.public_url,
            answers=tuple(
                Answer(answer.intent, language, text)
                for answer in front.answers
                for language, text in answer.texts.items()
            ),
        )


@asynccontextmanager
async def open_passages(settings: Settings) -> AsyncIterator[IndexPassages]:
    """The passages of the knowledge folder; the index is brought up to date on the way in.

    Raises:
        FolderHeld: another process holds this home's index.
        BadKnowledgeFile: a document cannot be read.
    """
    from retrieval.index import open_index

    documents = read_documents(settings.knowledge)
    async with open_embedding(settings) as embedding:
        index = await open_index(settings.index, embedding)
        try:
            await index.update([for_the_index(document) for document in documents])
            yield IndexPassages(index, documents)
        finally:
            index.close()
