"""Vectors from any OpenAI-compatible embedding endpoint."""

import asyncio
from collections.abc import Sequence
from typing import Any

import httpx
import numpy as np
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_after_attempt, wait_random_exponential

from retrieval.embeddings import EmbeddingUnavailable, Matrix

_BATCH = 64
_AT_ONCE = 4
_TRIES = 5
_LONGEST_WAIT = 30.0
_RETRIED = frozenset({408, 409, 425, 429})


class EndpointEmbedding:
    """`model` of the endpoint that `client` speaks to; the client carries address, key and timeout."""

    def __init__(self, client: httpx.AsyncClient, model: str) -> None:
        self._client = client
        self._model = model
        self._at_once = asyncio.Semaphore(_AT_ONCE)

    @property
    def fingerprint(self) -> str:
        """Names the endpoint's address and the model."""
        return f"{self._client.base_url}#{self._model}"

    @property
    def reads(self) -> tuple[str | None, ...]:
        """Every language: whoever configures a model chooses one that reads what customers write."""
        return (None,)

    async def embed(self, texts: Sequence[str], *, language: str | None = None) -> Matrix:
        """One row for each text, short or long.

        Raises:
            EmbeddingUnavailable: the endpoint failed, again and again or for good.
        """
        batches = [texts[start : start + _BATCH] for start in range(0, len(texts), _BATCH)]
        answers = await asyncio.gather(*(self._ask(batch) for batch in batches))
        return np.vstack(answers) if answers else np.zeros((0, 0), dtype=np.float32)

    async def embed_passages(self, texts: Sequence[str]) -> Matrix:
        """The same: the API knows no difference."""
        return await self.embed(texts)

    async def _ask(self, texts: Sequence[str]) -> Matrix:
        retrying = AsyncRetrying(
            retry=retry_if_exception(_may_pass), stop=stop_after_attempt(_TRIES), wait=_wait, reraise=True
        )
        try:
            async for attempt in retrying:
                with attempt:
                    async with self._at_once:
                        response = await self._client.post(
                            "embeddings", json={"model": self._model, "input": list(texts), "encoding_format": "float"}
                        )
                    response.raise_for_status()
            return _vectors(response.json(), len(texts))
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            raise EmbeddingUnavailable(f"no vectors from {self._client.base_url}: {error}") from error


def _may_pass(error: BaseException) -> bool:
    """Whether asking again may help: the line, the load, or the server failed."""
    if isinstance(error, httpx.HTTPStatusError):
        return error.response.status_code in _RETRIED or error.response.status_code >= 500
    return isinstance(error, httpx.TransportError)


_backing_off = wait_random_exponential(multiplier=0.5, max=_LONGEST_WAIT)


def _wait(state: RetryCallState) -> float:
    """As long as the endpoint asks for, else longer from time to time, with jitter."""
    error = state.outcome.exception() if state.outcome else None
    if isinstance(error, httpx.HTTPStatusError):
        asked = error.response.headers.get("Retry-After", "")
        if asked.replace(".", "", 1).isdigit():
            return min(float(asked), _LONGEST_WAIT)
    return _backing_off(state)


def _vectors(answer: Any, count: int) -> Matrix:  # noqa: ANN401 - JSON of somebody else
    rows = sorted(answer["data"], key=lambda row: row["index"])
    vectors = np.array([row["embedding"] for row in rows], dtype=np.float32)
    if vectors.ndim != 2 or len(vectors) != count:
        raise ValueError(f"{len(rows)} vectors for {count} texts")
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths > 0, lengths, 1), dtype=np.float32)
