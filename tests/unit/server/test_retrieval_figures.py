import math

import pytest

from server.evals.retrieval import Question, mark


def _question(*gold: str, any_is_enough: bool = False) -> Question:
    return Question("q", "?", frozenset(gold), any_is_enough)


def test_all_wanted_documents_count_towards_recall_and_gain():
    marks = mark(["a", "x", "b", "y"], _question("a", "b", "c", "d"))
    assert marks.recall == {1: 0.25, 5: 0.5, 10: 0.5}
    ideal = sum(1 / math.log2(place + 2) for place in range(4))
    assert marks.ndcg == pytest.approx((1 + 1 / math.log2(4)) / ideal)
    assert marks.mrr == 1


def test_the_first_accepted_document_is_enough_where_any_is():
    marks = mark(["x", "b", "a"], _question("a", "b", any_is_enough=True))
    assert marks.recall == {1: 0, 5: 1, 10: 1}
    assert marks.ndcg == pytest.approx(1 / math.log2(3))
    assert marks.mrr == 0.5


def test_only_ten_places_count():
    ranked = [f"x{number}" for number in range(10)] + ["a"]
    for enough in (True, False):
        marks = mark(ranked, _question("a", any_is_enough=enough))
        assert (marks.ndcg, marks.mrr, set(marks.recall.values())) == (0, 0, {0})


def test_more_wanted_documents_than_places_can_still_be_ideal():
    wanted = [f"d{number}" for number in range(14)]
    marks = mark(wanted, _question(*wanted))
    assert marks.ndcg == pytest.approx(1)
    assert marks.recall[10] == pytest.approx(10 / 14)
