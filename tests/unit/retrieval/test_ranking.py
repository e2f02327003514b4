import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from retrieval.lexical import LexicalIndex, pieces
from retrieval.ranking import QUESTION, STORY, Families, Products, level, weights_for
from retrieval.scope import Scope
from tests.fakes.vectors import HashEmbedding
from tests.unit.retrieval.conftest import Shelf, document


def test_weights_pass_gradually_from_questions_to_stories():
    assert weights_for("x" * 50) == QUESTION
    assert weights_for("x" * 500) == STORY
    assert QUESTION.title > weights_for("x" * 300).title > STORY.title


@given(st.lists(st.floats(-1e3, 1e3, width=32), min_size=2, max_size=30))
def test_levelled_scores_keep_their_order(values):
    scores = np.array(values, dtype=np.float32)
    levelled = level(scores)
    assert np.isfinite(levelled).all()
    order = np.argsort(scores, kind="stable")
    assert (np.diff(levelled[order]) >= -1e-4).all()


def test_a_product_is_recognised_by_the_words_that_set_its_name_apart():
    names = ("gold rewards card", "silver rewards card", "eco card", "blue rewards card", "green card", "red card")
    products = Products([document(name.replace(" ", "-"), product=name) for name in names] + [document("general")])
    assert list(products.named_in("is there a fee on my Gold card?")) == [1, 0, 0, 0, 0, 0, 0]
    assert not products.named_in("golden days with a card").any()


def test_a_family_lends_its_best_members_standing_to_the_others():
    families = Families(
        [document("a", category="x"), document("b", category="x"), document("c", category="y"), document("d")]
    )
    support = families.support(np.array([4.0, 0.0, 1.0, 2.0], dtype=np.float32))
    assert list(support) == [2.0, 2.0, 1.0, 2.0]


def test_words_are_found_in_other_forms_and_misspelt():
    index = LexicalIndex(["Rückgabefrist: 60 Tage", "refunds are paid within days", "gift cards never expire"])
    assert index.scores("Rückgabe").argmax() == 0
    assert index.scores("refunded").argmax() == 1
    assert index.scores("giftcard expires?").argmax() == 2
    assert not index.scores("zzz").any()
    assert pieces("a to") == ["_a_", "_to_"]


class Halves:
    """An English model that sees the first word only, beside a multilingual one that sees all."""

    reads = ("en", None)
    fingerprint = "halves"

    def __init__(self) -> None:
        self._english, self._all = HashEmbedding("english", 512), HashEmbedding("all", 512)

    async def embed(self, texts, *, language=None):
        first = [text.split()[0] if text.split() else "" for text in texts]
        return np.hstack([await self._english.embed(first), await self._all.embed(texts)])

    embed_passages = embed


async def test_a_model_that_does_not_read_the_language_is_left_out(opened):
    index = await opened(Halves())
    await index.update(
        Shelf(document("tents", "zelt naht reparatur", title="x"), document("boots", "schuh sohle", title="wo"))
    )
    english = await index.search("wo naht reparatur", scope=Scope(), limit=2)
    german = await index.search("wo naht reparatur", scope=Scope(), limit=2, language="de")
    assert english[0].found.part == 0
    assert german[0].found.part == 1
    assert german[0].found.document.id == "tents"
