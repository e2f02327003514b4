"""all-MiniLM-L6-v2 in int8 ONNX: English vectors of 384 numbers."""

from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

LONGEST = 256
"""Tokens the model was trained to read; the rest of a text is not seen."""


class MiniLM:
    """Texts to vectors of length 1."""

    def __init__(self, model: Path, tokenizer: Path, options: onnxruntime.SessionOptions) -> None:
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(LONGEST)
        # onnxruntime would join additions with the normalisations after them, which takes three times as long
        self._session = onnxruntime.InferenceSession(
            model, options, providers=["CPUExecutionProvider"], disabled_optimizers=["SkipLayerNormFusion"]
        )

    def vector(self, text: str) -> NDArray[np.float32]:
        """The mean of the hidden states, brought to length 1; alone, since padding costs more than batches save."""
        numbers = np.array([self._tokenizer.encode(text).ids], dtype=np.int64)
        inputs = {
            "input_ids": numbers,
            "attention_mask": np.ones_like(numbers),
            "token_type_ids": np.zeros_like(numbers),
        }
        mean = self._session.run(None, inputs)[0][0].mean(axis=0)
        return np.asarray(mean / np.linalg.norm(mean), dtype=np.float32)
