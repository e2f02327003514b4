"""Writes a small ONNX model in memory, so that onnxruntime can run weights that come in another format.

Only what an encoder needs: float inputs, float or byte constants, nodes with integer and float attributes. The field
numbers are those of onnx.proto3; one floating-point input and one output, both (batch, sequence, hidden).
"""

import struct
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_MICROSOFT = "com.microsoft"
_TYPES = {np.dtype(np.float32): 1, np.dtype(np.int8): 3}


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _data(field: int, value: bytes | str) -> bytes:
    raw = value.encode() if isinstance(value, str) else value
    return _varint(field << 3 | 2) + _varint(len(raw)) + raw


def _attribute(name: str, value: float) -> bytes:
    if isinstance(value, int):
        return _data(1, name) + _number(3, value) + _number(20, 2)
    return _data(1, name) + _varint(2 << 3 | 5) + struct.pack("<f", value) + _number(20, 1)


def _tensor_type(name: str, hidden: int) -> bytes:
    dims = _data(1, _data(2, "batch")) + _data(1, _data(2, "sequence")) + _data(1, _number(1, hidden))
    return _data(1, name) + _data(2, _data(1, _number(1, 1) + _data(2, dims)))


class Graph:
    """A model under construction: `node` and `constant` add to it, `serialise` gives the bytes of the file."""

    def __init__(self) -> None:
        self._body = bytearray()
        self._count = 0

    def constant(self, array: NDArray[np.float32] | NDArray[np.int8]) -> str:
        """Add a constant and return its name."""
        self._count += 1
        name = f"c{self._count}"
        dims = b"".join(_number(1, size) for size in array.shape)
        tensor = dims + _number(2, _TYPES[array.dtype]) + _data(8, name) + _data(9, array.tobytes())
        self._body += _data(5, tensor)
        return name

    def node(self, operator: str, inputs: Sequence[str], **attributes: float) -> str:
        """Add one of onnxruntime's own operators and return the name of its first output; "" is an input left out."""
        self._count += 1
        name = f"n{self._count}"
        body = b"".join(_data(1, item) for item in inputs) + _data(2, name) + _data(3, name) + _data(4, operator)
        body += b"".join(_data(5, _attribute(key, value)) for key, value in attributes.items()) + _data(7, _MICROSOFT)
        self._body += _data(1, body)
        return name

    def serialise(self, source: str, result: str, hidden: int) -> bytes:
        """The model with `source` as its input and `result` as its output, each of `hidden` columns."""
        graph = bytes(self._body) + _data(2, "g") + _data(11, _tensor_type(source, hidden))
        graph += _data(12, _tensor_type(result, hidden))
        opsets = _data(8, _data(1, "") + _number(2, 17)) + _data(8, _data(1, _MICROSOFT) + _number(2, 1))
        return _number(1, 8) + _data(7, graph) + opsets
