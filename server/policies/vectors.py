"""Embeddings: which one is configured, and how the tools want them (one kind of text, lists of numbers)."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from assistant.masking import Mask
from retrieval.embeddings import Embedding, Matrix, english_embedding, local_embedding, multilingual_embedding
from retrieval.vector_cache import VectorCache
from server.policies.shipped_vectors import FILE, ShippedVectors
from server.settings import SHIPPED_KNOWLEDGE, Settings

VECTORS = "vectors.db"
"""The file of remembered vectors in a home's cache."""


class RememberedVectors:
    """`tools.ports.TextVectors` over an embedding.

    Lists of texts (the examples of intents, say) are shipped or remembered on disk; a text that comes alone is a
    customer's and is not kept.
    """

    def __init__(self, embedding: Embedding, cache: Path, knowledge: Path) -> None:
        self._embedding = embedding
        self._remembered = VectorCache(embedding, cache / VECTORS)
        self._shipped = ShippedVectors(knowledge / FILE, embedding.fingerprint)

    @property
    def fingerprint(self) -> str:
        """Names the model."""
        return self._embedding.fingerprint

    async def embed(self, texts: Sequence[str]) -> Sequence[Sequence[float]]:
        """One vector of length 1 (L2) for each text."""
        if len(texts) == 1:
            alone: list[list[float]] = (await self._embedding.embed(texts)).tolist()
            return alone
        # thousands of texts: others wait for the loop meanwhile
        known = await asyncio.to_thread(self._shipped.find, texts)
        missing = [text for text in dict.fromkeys(texts) if text not in known]
        known.update(zip(missing, await self._remembered.embed(missing), strict=True))
        return await asyncio.to_thread(lambda: [known[text].tolist() for text in texts])


class MaskedEmbedding:
    """An embedding outside the building: what may be personal in a text is masked before it leaves (rule 8).

    Policies pass through the same mask; they hold nobody's data, so it leaves them as they are but for examples.
    """

    def __init__(self, outside: Embedding) -> None:
        self._outside = outside
        self.fingerprint = f"{outside.fingerprint}#masked"
        self.reads = outside.reads

    async def embed(self, texts: Sequence[str], *, language: str | None = None) -> Matrix:
        """One row for each text, short or long."""
        return await self._outside.embed([Mask().mask(text) for text in texts], language=language)

    async def embed_passages(self, texts: Sequence[str]) -> Matrix:
        """One row for each passage."""
        return await self._outside.embed_passages([Mask().mask(text) for text in texts])


def local_vectors(cache: Path) -> RememberedVectors:
    """Vectors of the weights on this machine, the multilingual ones where they are installed, remembered in `cache`."""
    return RememberedVectors(multilingual_embedding() or english_embedding(), cache, SHIPPED_KNOWLEDGE)


@asynccontextmanager
async def open_embedding(settings: Settings) -> AsyncIterator[Embedding]:
    """The configured endpoint's vectors, or those of the weights on this machine."""
    if settings.embedding_model is None:
        yield local_embedding()
        return
    import httpx

    from retrieval.endpoint import EndpointEmbedding

    key = settings.embedding_api_key or settings.openai_api_key
    async with httpx.AsyncClient(
        base_url=settings.embedding_base_url or settings.openai_base_url or "https://api.openai.com/v1",
        headers={"Authorization": f"Bearer {key.get_secret_value()}"} if key else {},
        timeout=30,
    ) as client:
        yield MaskedEmbedding(EndpointEmbedding(client, settings.embedding_model))
