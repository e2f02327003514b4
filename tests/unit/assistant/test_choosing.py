"""The answer is chosen among all prepared ones at once."""

import pytest

from assistant.choosing import Candidate, Choice, choose, is_beyond
from tools.records import Answer, Passage


def candidate(
    document: str, intent: str, *, closeness: float = 0.0, relevance: float = 0.3, product: str | None = None,
    text: str = "",
) -> Candidate:  # fmt: skip
    passage = Passage(
        id=f"{document}#1", document=document, title=document, heading=(), text=text, audience="public",
        relevance=relevance, category="policy", product=product,
    )  # fmt: skip
    return Candidate(passage, Answer(intent, "en", f"{document} answers {intent}"), closeness)


def best(*candidates: Candidate, likely: dict[str, float], asked: dict[tuple[str | None, str], float]) -> Choice:
    return choose(candidates, likely=likely, asked=asked, words="")[0]


def test_what_people_ask_of_a_document_outweighs_a_wrong_guess_of_the_intent() -> None:
    chosen = best(
        candidate("suspended", "account_suspended", closeness=0.3),
        candidate("recall", "recall_question"),
        likely={"recall_question": 0.6, "account_suspended": 0.1},
        asked={("suspended", "account_suspended"): 0.6, ("recall", "recall_question"): 0.1},
    )
    assert chosen.passage.document == "suspended"


def test_a_document_that_does_not_answer_what_was_recognised_does_not_win_by_the_thing_that_both_name() -> None:
    chosen = best(
        candidate("tents", "product_fault", closeness=0.2, relevance=0.9, product="tents"),
        candidate("delays", "order_late", closeness=0.05, relevance=0.05),
        likely={"order_late": 0.9, "product_fault": 0.02},
        asked={("tents", "product_fault"): 0.35, ("delays", "order_late"): 0.3},
    )
    assert chosen.passage.document == "delays"


def test_of_two_answers_of_one_document_the_one_nearest_to_the_post_is_taken() -> None:
    far, near = candidate("codes", "locked_out"), candidate("codes", "locked_out", closeness=0.4)
    assert best(far, near, likely={"locked_out": 0.9}, asked={}).answer == near.answer


def test_an_answer_that_nothing_speaks_for_gets_no_share_to_speak_of() -> None:
    chosen = best(
        candidate("recall", "recall_question", relevance=0.01, closeness=-0.1),
        likely={"smalltalk": 0.9},
        asked={("recall", "recall_question"): 0.05, (None, "policy_question"): 0.4},
    )
    assert chosen.share < 0.05


@pytest.mark.parametrize("words", ["the zip of my Ridgeline split", "zip of my ridgeline split"])
def test_a_product_that_is_named_speaks_for_its_documents(words: str) -> None:
    tents = candidate("tents", "product_fault", product="tents", text="For all tents (Ridgeline, Lowmoor).")
    jackets = candidate("jackets", "product_fault", product="jackets", text="For all jackets (Squall, Mizzle).")
    assert choose([jackets, tents], likely={"product_fault": 0.9}, asked={}, words=words)[0].passage == tents.passage


def test_a_word_of_the_documents_is_no_name_of_a_product() -> None:
    down = candidate("down", "how_to", product="down", text="For the (Down) Jacket. Wash down gently.")
    sizes = candidate("sizes", "how_to", product="boots", text="For all boots (Scarp).")
    shares = {c.passage.document: c.share for c in choose([down, sizes], likely={}, asked={}, words="one size down")}
    named = choose([down, sizes], likely={}, asked={}, words="my scarp is a size too big")
    assert shares["down"] < 0.5
    assert named[0].passage.document == "sizes"


def test_where_nobody_wrote_down_what_is_asked_the_answers_words_stand_in() -> None:
    new = candidate("new", "feature_wish", closeness=0.5)
    assert best(new, candidate("other", "feature_wish"), likely={}, asked={}).passage.document == "new"


def test_an_intent_that_one_document_answers_is_marked() -> None:
    chosen = choose(
        [candidate("ideas", "wish"), candidate("a", "how_to"), candidate("b", "how_to")],
        likely={}, asked={}, words="",
    )  # fmt: skip
    assert {choice.passage.document: choice.alone for choice in chosen} == {"ideas": True, "a": False, "b": False}


def test_what_is_like_nothing_that_a_document_answers_is_beyond() -> None:
    assert is_beyond({("shipping", "shipping_policy"): 0.2, (None, "policy_question"): 0.4})
    assert not is_beyond({("shipping", "shipping_policy"): 0.4, (None, "policy_question"): 0.2})
    assert not is_beyond({})


def test_a_document_with_many_answers_is_no_likelier_than_one_with_few() -> None:
    many = [candidate("codes", "promo_code") for _ in range(6)]
    one = candidate("stores", "opening_hours", closeness=0.02)
    shares = choose([*many, one], likely={"promo_code": 0.5, "opening_hours": 0.5}, asked={}, words="")
    assert shares[0].passage.document == "stores"


def test_within_a_document_the_answer_that_shares_the_posts_words_is_told() -> None:
    def of(text: str) -> Candidate:
        return Candidate(candidate("gifts", "policy_question").passage, Answer("policy_question", "en", text), 0.1)

    wrapping, receipt = of("Gift wrapping costs 4 pounds."), of("The parcel holds a gift receipt without prices.")
    chosen = choose([wrapping, receipt], likely={}, asked={}, words="is there a receipt with the prices in it")[0]
    assert chosen.answer == receipt.answer
