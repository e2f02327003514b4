import numpy as np

from retrieval.embeddings import Matrix
from server.policies.vectors import MaskedEmbedding


class Outside:
    """An endpoint that keeps what reaches it."""

    fingerprint = "outside"
    reads = (None,)

    def __init__(self) -> None:
        self.heard: list[str] = []

    async def embed(self, texts: list[str], *, language: str | None = None) -> Matrix:
        self.heard += texts
        return np.zeros((len(texts), 3), dtype=np.float32)

    embed_passages = embed


async def test_a_post_loses_its_personal_data_before_it_leaves_for_an_embedding_endpoint():
    outside = Outside()
    post = "where is my tent? ann@example.com, +44 7700 900123, card 4111 1111 1111 1111, 12 Mill Lane"
    await MaskedEmbedding(outside).embed([post])
    assert "where is my tent?" in outside.heard[0]
    for personal in ("ann@example.com", "900123", "4111", "Mill Lane"):
        assert personal not in outside.heard[0]


def test_vectors_of_masked_texts_are_not_mixed_with_those_of_plain_ones():
    assert MaskedEmbedding(Outside()).fingerprint != Outside.fingerprint
