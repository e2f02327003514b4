"""Embeddings as the tools want them: one kind of text, lists of numbers.

The multilingual model where its weights are installed, else the English one, or the configured endpoint. Lists of texts
(the examples of intents, say) are remembered on disk; a text that comes alone is a customer's and is not kept.
"""

from collections.abc import Sequence
from pathlib import Path

from retrieval.embeddings import Embedding, english_embedding, multilingual_embedding
from retrieval.vector_cache import CachedEmbedding


class SymmetricVectors:
    """`tools.ports.TextVectors` over an embedding: every text is embedded as a query."""

    def __init__(self, embedding: Embedding, cache: Path) -> None:
        self._embedding = embedding
        self._remembering = CachedEmbedding(_AsQueries(embedding), cache / "vectors.db")

    async def embed(self, texts: Sequence[str]) -> Sequence[Sequence[float]]:
        """One vector of length 1 (L2) for each text."""
        embed = self._remembering.passages if len(texts) > 1 else self._embedding.queries
        rows: list[list[float]] = (await embed(texts)).tolist()
        return rows


class _AsQueries:
    """Embeds passages as queries, so that texts of one kind can be compared with each other."""

    def __init__(self, embedding: Embedding) -> None:
        self._embedding = embedding
        self.fingerprint = f"{embedding.fingerprint}:queries"
        self.passages = embedding.queries
        self.queries = embedding.queries


def local_vectors(cache: Path) -> SymmetricVectors:
    """Vectors of the weights on this machine, remembered under `cache`."""
    return SymmetricVectors(multilingual_embedding() or english_embedding(), cache)
