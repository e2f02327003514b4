"""What no document answers goes to a person rather than to a neighbouring rule."""

from dataclasses import replace

from assistant.composer import compose
from assistant.outcome import Draft, HandOver
from tests.fakes.desk import GUIDANCE, desk, policy


def test_a_question_beyond_the_documents_is_passed_on_though_a_rule_comes_near() -> None:
    rule = policy("shipping", "return_policy", "Delivery takes 2 to 4 working days.", category="shipping")
    material = desk("do you deliver to the moon?", "return_policy", passages=[rule])
    outcome = compose(replace(material, beyond=True), GUIDANCE)
    assert isinstance(outcome, HandOver)
    assert outcome.reason.code == "abstained"


def test_anger_is_answered_as_anger_whatever_it_is_like() -> None:
    material = desk("worst company ever, fix this", "vague_complaint")
    assert not isinstance(compose(replace(material, beyond=True), GUIDANCE), HandOver)


def test_what_a_document_answers_is_answered() -> None:
    rule = policy("returns", "return_policy", "You can return unused items within 60 days.", category="returns")
    assert isinstance(compose(desk("can I return unused items?", "return_policy", passages=[rule]), GUIDANCE), Draft)
