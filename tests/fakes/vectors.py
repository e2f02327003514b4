"""Vectors without a model: texts that share words lie close together, the same everywhere and at once."""

import hashlib
from collections.abc import Sequence

import numpy as np
import regex
from numpy.typing import NDArray

_WORD = regex.compile(r"[\p{L}\p{N}]+")


class HashVectors:
    """Each word is a fixed random direction; a text is the sum of its words, brought to length 1.

    Serves as `tools.ports.TextVectors` and as `retrieval.embeddings.Embedding`. `name` stands in the fingerprint, so
    that a test can change the model. `texts` keeps everything that was embedded.
    """

    parts = 1

    def __init__(self, name: str = "hash", dimensions: int = 64) -> None:
        self.name = name
        self.dimensions = dimensions
        self.texts: list[str] = []

    @property
    def fingerprint(self) -> str:
        return f"{self.name}-{self.dimensions}"

    def _word(self, word: str) -> NDArray[np.float32]:
        seed = int.from_bytes(hashlib.sha256(f"{self.name}:{word}".encode()).digest()[:8], "big")
        return np.random.default_rng(seed).standard_normal(self.dimensions).astype(np.float32)

    def _vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.texts.extend(texts)
        rows = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in _WORD.findall(text.casefold()) or [""]:
                row += self._word(word)
            row /= np.linalg.norm(row)
        return rows

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        return [[float(value) for value in row] for row in self._vectors(texts)]

    async def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self._vectors(texts)

    async def queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self._vectors(texts)
