"""multilingual-e5-small from its 4-bit file: reader, tokenizer and forward pass.

The file holds an XLM-RoBERTa vocabulary with scores (a unigram tokenizer), a table that normalises characters, and
tensors: vectors as float32, matrices in rows of blocks of 32 weights: a float16 scale, then 16 bytes whose low halves
are weights 0 to 15 and whose high halves are weights 16 to 31, each minus 8, times the scale. Of the large embedding
table only the rows in use are unpacked; the other matrices become 8-bit ones with one scale for each row, on which
onnxruntime is twice as fast as on 4-bit blocks and finds documents as well (docs/decisions/0011-embeddings.md).
"""

import math
import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from retrieval.onnx_graph import Graph

_BLOCK = 32
_ROW_OF_BLOCK = 18
_SPACE = "\u2581"
_WORD = re.compile(f"{_SPACE}[^{_SPACE}]*")
_WORDS = 20_000
_UNLIKELY = -1e30


class UnreadableWeights(Exception):
    """The file is not in the format we know."""


@dataclass(frozen=True, slots=True)
class _Shape:
    hidden: int
    layers: int
    heads: int
    inner: int
    positions: int
    epsilon: float


class E5File:
    """The parts of the file: `shape`, `vocabulary`, `normalisation` and tensors by name."""

    def __init__(self, path: Path) -> None:
        self._data = memoryview(path.read_bytes())
        self._at = 0
        if self._bytes(8) != b"E5S1\x01\0\0\0":
            raise UnreadableWeights(f"{path} is not an E5S1 file of version 1")
        hidden, layers, heads, inner, _, positions, _, epsilon, _ = self._take("<7ifi")
        self.shape = _Shape(hidden, layers, heads, inner, positions, epsilon)
        pieces, self.begin, self.end, _, self.unknown, size = self._take("<5iQ")
        self._offsets = self._array("<u4", pieces + 1)
        self.scores = self._array("<f4", pieces)
        self._pieces = self._bytes(size)
        self._entries, size = self._take("<iI")
        self._normalisation = self._bytes(size)
        self._directory = dict(self._entry() for _ in range(self._take("<i")[0]))

    def _take(self, layout: str) -> tuple[int, ...]:
        values = struct.unpack_from(layout, self._data, self._at)
        self._at += struct.calcsize(layout)
        return values

    def _bytes(self, size: int) -> bytes:
        self._at += size
        return bytes(self._data[self._at - size : self._at])

    def _array(self, kind: str, count: int) -> NDArray[np.float32]:
        return np.frombuffer(self._bytes(4 * count), kind)

    def _entry(self) -> tuple[str, tuple[int, int]]:
        name = self._bytes(self._take("<H")[0]).decode()
        _, _, offset, size = self._take("<BIQQ")
        return name, (offset, size)

    @cached_property
    def vocabulary(self) -> dict[bytes, int]:
        """Piece to number."""
        offsets = self._offsets.tolist()
        return {self._pieces[start:end]: i for i, (start, end) in enumerate(pairwise(offsets))}

    @cached_property
    def normalisation(self) -> dict[int, str]:
        """Characters that the tokenizer replaces, for `str.translate`."""
        table, at = {}, 0
        for _ in range(self._entries):
            code, count = struct.unpack_from("<IB", self._normalisation, at)
            table[code] = "".join(map(chr, struct.unpack_from(f"<{count}I", self._normalisation, at + 5)))
            at += 5 + 4 * count
        return table

    def vector(self, name: str) -> NDArray[np.float32]:
        """A float tensor."""
        offset, size = self._directory[name]
        return np.frombuffer(self._data[offset : offset + size], "<f4")

    def blocks(self, name: str, columns: int) -> NDArray[np.uint8]:
        """A 4-bit matrix as (rows, blocks, bytes of a block)."""
        offset, size = self._directory[name]
        raw = np.frombuffer(self._data[offset : offset + size], np.uint8)
        return raw.reshape(-1, columns // _BLOCK, _ROW_OF_BLOCK)


def unpack(blocks: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The float values of 4-bit rows."""
    scales = np.ascontiguousarray(blocks[..., :2]).view("<f2")
    halves = [blocks[..., 2:] & np.uint8(0x0F), blocks[..., 2:] >> np.uint8(4)]
    weights = np.concatenate(halves, axis=-1).astype(np.float32) - 8
    return (weights * scales.astype(np.float32)).reshape(len(blocks), -1)


def _to_int8(rows: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.int8]]:
    """A scale for each row, and the rows' weights as columns, the way round that onnxruntime multiplies them."""
    scales = np.abs(rows).max(axis=1) / 127
    return scales, np.ascontiguousarray(np.rint(rows / scales[:, None]).astype(np.int8).T)


class E5Tokenizer:
    """The unigram tokenizer: of all ways to cut a text into known pieces the likeliest one.

    No piece goes beyond a space, so words are cut one by one, and the last many are remembered.
    """

    def __init__(self, file: E5File) -> None:
        self._file = file
        self._scores = file.scores.tolist()
        self._unknown_score = min(self._scores) - 10
        self._longest = max(map(len, file.vocabulary))
        self._cut_once = lru_cache(maxsize=_WORDS)(self._cut)

    def encode(self, text: str, limit: int) -> list[int]:
        """The numbers of at most `limit` pieces, begin and end marks included."""
        clean = re.sub(" {2,}", " ", text.translate(self._file.normalisation))
        words = _WORD.findall((clean if clean.startswith(" ") else " " + clean).replace(" ", _SPACE))
        pieces = [piece for word in words for piece in self._cut_once(word)]
        return [self._file.begin, *pieces[: limit - 2], self._file.end]

    def _cut(self, word: str) -> Sequence[int]:
        encoded = word.encode()
        starts = [at for at, byte in enumerate(encoded) if byte & 0xC0 != 0x80] + [len(encoded)]
        best: list[tuple[float, int, int]] = [(0.0, -1, -1)] + [(_UNLIKELY, -1, -1)] * (len(starts) - 1)
        vocabulary, scores, unknown = self._file.vocabulary, self._scores, self._file.unknown
        for here, start in enumerate(starts[:-1]):
            so_far = best[here][0]
            if so_far + self._unknown_score > best[here + 1][0]:
                best[here + 1] = (so_far + self._unknown_score, unknown, here)
            for there in range(here + 1, len(starts)):
                if starts[there] - start > self._longest:
                    break
                piece = vocabulary.get(encoded[start : starts[there]])
                if piece is not None and piece != unknown and so_far + scores[piece] > best[there][0]:
                    best[there] = (so_far + scores[piece], piece, here)
        pieces, at = [], len(starts) - 1
        while at > 0:
            _, piece, at = best[at]
            pieces.append(piece)
        return pieces[::-1]


def _build(file: E5File) -> bytes:
    """The encoder as an ONNX model: embedded tokens in, hidden states out."""
    shape, graph = file.shape, Graph()

    def dense(source: str, layer: str, columns: int) -> str:
        scales, weights = _to_int8(unpack(file.blocks(f"{layer}.w", columns)))
        inputs = [graph.constant(weights), graph.constant(scales), "", graph.constant(file.vector(f"{layer}.b"))]
        return graph.node("DynamicQuantizeMatMul", [source, *inputs])

    def add_and_norm(left: str, right: str, name: str) -> str:
        inputs = [left, right, graph.constant(file.vector(f"{name}.w")), graph.constant(file.vector(f"{name}.b"))]
        return graph.node("SkipLayerNormalization", inputs, epsilon=shape.epsilon)

    hidden, state = shape.hidden, "embedded"
    for layer in range(shape.layers):
        query, key, value = (dense(state, f"l{layer}.{part}", hidden) for part in "qkv")
        scale = 1 / math.sqrt(hidden // shape.heads)
        attended = graph.node("MultiHeadAttention", [query, key, value], num_heads=shape.heads, scale=scale)
        state = add_and_norm(state, dense(attended, f"l{layer}.ao", hidden), f"l{layer}.aln")
        inner = graph.node("Gelu", [dense(state, f"l{layer}.fi", hidden)])
        state = add_and_norm(state, dense(inner, f"l{layer}.fo", shape.inner), f"l{layer}.oln")
    return graph.serialise("embedded", state, hidden)


class E5Model:
    """Texts to vectors of length 1; the prefix "query: " or "passage: " is the caller's."""

    def __init__(self, path: Path, options: onnxruntime.SessionOptions) -> None:
        self._file = E5File(path)
        self._tokenizer = E5Tokenizer(self._file)
        self._session = onnxruntime.InferenceSession(_build(self._file), options, providers=["CPUExecutionProvider"])
        hidden = self._file.shape.hidden
        self._words = self._file.blocks("emb.word", hidden)
        self._places = self._file.vector("emb.pos").reshape(-1, hidden) + self._file.vector("emb.type")[:hidden]

    def vector(self, text: str) -> NDArray[np.float32]:
        """The mean of the hidden states, brought to length 1; what exceeds the model's 512 tokens is not seen."""
        numbers = self._tokenizer.encode(text, self._file.shape.positions)
        rows = unpack(self._words[numbers]) + self._places[: len(numbers)]
        centred = rows - rows.mean(axis=1, keepdims=True)
        spread = np.sqrt((centred**2).mean(axis=1, keepdims=True) + self._file.shape.epsilon)
        embedded = centred / spread * self._file.vector("emb.ln.w") + self._file.vector("emb.ln.b")
        mean = self._session.run(None, {"embedded": embedded[None].astype(np.float32)})[0][0].mean(axis=0)
        return np.asarray(mean / np.linalg.norm(mean), dtype=np.float32)
