import json

import httpx
import numpy as np
import pytest
import respx

from retrieval.embeddings import EmbeddingUnavailable
from retrieval.endpoint import EndpointEmbedding

URL = "https://embeddings.example/v1/embeddings"


@pytest.fixture
async def endpoint():
    async with httpx.AsyncClient(base_url="https://embeddings.example/v1", timeout=2) as client:
        yield EndpointEmbedding(client, "small")


def _answer(request: httpx.Request) -> httpx.Response:
    texts = json.loads(request.content)["input"]
    rows = [{"index": number, "embedding": [3.0, float(len(text))]} for number, text in enumerate(texts)]
    return httpx.Response(200, json={"data": rows[::-1]})


async def test_vectors_come_in_the_order_of_the_texts_and_of_length_one(endpoint):
    with respx.mock:
        route = respx.post(URL).mock(side_effect=_answer)
        rows = await endpoint.embed(["aaaa"] + ["b"] * 99)
    assert route.call_count == 2
    assert rows.shape == (100, 2)
    assert rows[0] == pytest.approx([0.6, 0.8])
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1)


async def test_a_busy_endpoint_is_asked_again_when_it_says_so(endpoint):
    with respx.mock:
        busy = httpx.Response(429, headers={"Retry-After": "0"})
        respx.post(URL).mock(side_effect=[busy, httpx.ConnectError("gone"), _answer])
        assert (await endpoint.embed(["a"])).shape == (1, 2)


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(401, json={"error": "key"}),
        httpx.Response(200, text="<html>"),
        httpx.Response(200, json={"data": []}),
        httpx.Response(200, json={"data": [{"index": 0}]}),
    ],
)
async def test_what_asking_again_cannot_mend_is_said_at_once(endpoint, answer):
    with respx.mock:
        route = respx.post(URL).mock(return_value=answer)
        with pytest.raises(EmbeddingUnavailable, match=r"embeddings\.example"):
            await endpoint.embed(["a"])
    assert route.call_count == 1


async def test_nothing_is_asked_for_no_texts(endpoint):
    with respx.mock:
        assert (await endpoint.embed_passages([])).size == 0
