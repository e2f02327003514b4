"""What indexing and searching cost.

`python -m tests.benchmarks.retrieval 1000 10000` prints, as JSON, the shipped policies with the real models, and
indexes of so many invented passages with vectors that cost nothing, so that only the index itself is measured.
"""

import asyncio
import json
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.documents import Document
from retrieval.embeddings import Embedding, local_embedding
from retrieval.index import PassageIndex, open_index
from retrieval.scope import Scope
from server.policies.files import load_documents
from server.settings import SHIPPED_KNOWLEDGE
from tests.unit.retrieval.conftest import Shelf

SEARCHES = 200
SECTIONS = 5
QUESTIONS = (
    "how long do I have to send it back",
    "the zip of my tent broke after two weeks",
    "wo bleibt meine Bestellung",
    "was charged twice for one order",
    "¿puedo cambiar la talla?",
)


class FreeVectors:
    """Random directions as wide as the real ones."""

    reads: tuple[str | None, ...] = ("en", None)
    fingerprint = "free"

    async def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = np.random.default_rng(len(texts)).standard_normal((len(texts), 768)).astype(np.float32)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    embed_passages = embed


async def shipped() -> dict[str, float]:
    """The shipped policies: embedding, opening again, and whole searches."""
    return await _cost(list(load_documents(SHIPPED_KNOWLEDGE)), local_embedding(), SEARCHES // 4)


async def invented(passages: int) -> dict[str, float]:
    """An index of so many passages: storing, opening again, and searches without the models' share."""
    return await _cost(_documents(passages // SECTIONS), FreeVectors(), SEARCHES)


async def _cost(documents: list[Document], embedding: Embedding, searches: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "index"
        began = time.perf_counter()
        index = await open_index(folder, embedding)
        update = await index.update(Shelf(*documents))
        built = time.perf_counter() - began
        index.close()
        began = time.perf_counter()
        index = await open_index(folder, embedding)
        reopened = time.perf_counter() - began
        took = [await _search(index, f"{QUESTIONS[number % len(QUESTIONS)]} {number}") for number in range(searches)]
        index.close()
        size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    return {
        "passages": update.passages,
        "passages_per_s": round(update.passages / built, 1),
        "reopen_s": round(reopened, 2),
        "search_ms_p50": round(statistics.median(took), 2),
        "search_ms_p95": round(statistics.quantiles(took, n=20)[-1], 2),
        "on_disk_mb": round(size / 1e6, 1),
        "memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
    }


async def _search(index: PassageIndex, question: str) -> float:
    began = time.perf_counter()
    await index.search(question, scope=Scope(audiences=frozenset({"public"})), limit=5)
    return (time.perf_counter() - began) * 1000


def _documents(count: int) -> list[Document]:
    chance = random.Random(7)
    words = [f"{chance.choice('bcdfglmnprst')}{chance.choice('aeiou')}{number:x}" for number in range(4000)]
    documents = []
    for number in range(count):
        sections = [f"## Section {part}\n\n{' '.join(chance.choices(words, k=60))}" for part in range(SECTIONS)]
        documents.append(Document(f"d{number}", f"Rule {number}", "\n\n".join(sections), category=f"c{number % 30}"))
    return documents


async def _main(sizes: Sequence[int]) -> None:
    report = {"shipped": await shipped()} | {f"invented_{size}": await invented(size) for size in sizes}
    sys.stdout.write(json.dumps(report, indent=2) + "\n")


if __name__ == "__main__":
    asyncio.run(_main([int(size) for size in sys.argv[1:]]))
