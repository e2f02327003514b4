"""Vectors without a model: texts that share words lie close together, the same everywhere and at once."""

import hashlib
from collections.abc import Sequence

import numpy as np
import regex
from numpy.typing import NDArray

_WORD = regex.compile(r"[\p{L}\p{N}]+")


class HashVectors:
    """`tools.ports.TextVectors`: each word is a fixed random direction, a text the sum of its words, of length 1.

    `texts` keeps everything that was embedded.
    """

    def __init__(self, name: str = "hash", dimensions: int = 64) -> None:
        self.name = name
        self.dimensions = dimensions
        self.texts: list[str] = []

    def rows(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.texts.extend(texts)
        rows = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in _WORD.findall(text.casefold()) or [""]:
                row += self._word(word)
            row /= np.linalg.norm(row)
        return rows

    async def embed(self, texts: Sequence[str]) -> Sequence[Sequence[float]]:
        rows: list[list[float]] = self.rows(texts).tolist()
        return rows

    def _word(self, word: str) -> NDArray[np.float32]:
        seed = int.from_bytes(hashlib.sha256(f"{self.name}:{word}".encode()).digest()[:8], "big")
        return np.random.default_rng(seed).standard_normal(self.dimensions).astype(np.float32)


class HashEmbedding:
    """`retrieval.embeddings.Embedding` of such vectors; another `name` is another model."""

    reads: tuple[str | None, ...] = (None,)

    def __init__(self, name: str = "hash", dimensions: int = 64) -> None:
        self.vectors = HashVectors(name, dimensions)
        self.fingerprint = f"{name}-{dimensions}"

    async def embed(self, texts: Sequence[str], *, language: str | None = None) -> NDArray[np.float32]:
        return self.vectors.rows(texts)

    async def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self.vectors.rows(texts)
