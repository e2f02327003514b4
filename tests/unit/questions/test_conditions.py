"""A question that could never be asked is found before anybody waits for answers."""

from pathlib import Path

import pytest

from assistant.guidance import Question
from server.policies.yaml_files import BadKnowledgeFile
from server.questions.conditions import Known, faults_of
from server.questions.seeding import load_questions
from tests.unit.server.policies.conftest import BRANDS

GOOD = {"id": "use", "text": {"en": "Well?"}, "why": "x", "fact": "use", "purpose": "advice", "worth": 5}
KNOWN = Known(brands=frozenset({"oak"}), intents=frozenset({"how_to"}))


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"brand": "elm"}, "brand", "not in brands.yaml"),
        ({"purpose": "marketing"}, "purpose", "use one of service, advice, safety, product"),
        ({"ask_when": {"weather": "rain"}}, "ask_when", "`weather` is no condition"),
        ({"ask_when": {"moment": "birthday"}}, "ask_when", "`birthday` is no moment; use one of order_placed"),
        ({"ask_when": {"language": ["en", "pl"]}}, "ask_when", "`pl` is no language"),
        ({"ask_when": {"intent": "to_dance"}}, "ask_when", "`to_dance` is no intent"),
        ({"ask_when": {"family": 3}}, "ask_when", "must be a name or a list of names"),
        ({"ask_when": {"orders_at_least": 0}}, "ask_when", "a whole number from 1"),
        ({"ask_when": {"orders_at_least": True}}, "ask_when", "a whole number from 1"),
        ({"never_when": ["rain"]}, "never_when", "is no reason not to ask"),
        ({"text": {"en": "How is the {product}?"}}, "text", "nobody knows which"),
        (
            {"text": {"en": "How is the {product}?"}, "ask_when": {"moment": "case_solved"}},
            "text",
            "nobody knows which",
        ),
        ({"text": {"en": "Hello {name}?"}, "ask_when": {"family": "tents"}}, "text", "only {product} can be filled"),
        ({"text": {"en": "Hello {?"}}, "text", "a brace that is not closed"),
        ({"text": {"en": "How many kids share it?"}}, "text", "asks about children"),
        ({"text": {"en": "x" * 301}}, "text", "ask shorter"),
        ({"valid_from": "2026-11-20", "valid_to": "2026-11-19"}, "valid_to", "ends before it begins"),
    ],
)
def test_what_would_never_hold_is_told_with_its_field(changes, field, words):
    [fault] = faults_of(Question.model_validate({**GOOD, **changes}), KNOWN)
    assert fault.field == field
    assert words in fault.words


def test_a_question_that_can_be_asked_has_no_faults():
    told = {
        "brand": "oak",
        "text": {"en": "How is the {product}?", "fr": "{product} : bien ?"},
        "ask_when": {"moment": ["delivered", "order_placed"], "family": "tents", "intent": "how_to", "country": "GB"},
        "never_when": ["known", "gift"],
    }
    assert list(faults_of(Question.model_validate({**GOOD, **told}), KNOWN)) == []


def test_a_file_with_such_a_question_is_not_taken_over(tmp_path: Path):
    (tmp_path / "brands.yaml").write_text(BRANDS, encoding="utf-8")
    file = tmp_path / "questions.yaml"
    file.write_text(
        "questions:\n  - id: use\n    text: {en: Well?}\n    why: x\n    fact: use\n    purpose: fun\n    worth: 5\n"
    )
    with pytest.raises(BadKnowledgeFile, match=r"questions\.yaml:6: .*`fun` is no purpose"):
        load_questions(tmp_path)
