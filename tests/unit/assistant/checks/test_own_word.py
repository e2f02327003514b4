"""A dated promise of ours to write again is the approver's own word: warned of, and no harder than that."""

from datetime import UTC, datetime

import pytest

from assistant.checks import Facts, check_sentence
from assistant.claims import classify
from assistant.outcome import Claim, Part

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def found(sentence: str, *, within: int = 5) -> list[tuple[str, str]]:
    claim = Claim(Part.PUBLIC, sentence, classify(sentence, ()), ())
    findings = check_sentence(claim, Facts(evidence=(), now=NOW, word_within=within))
    return [(finding.rule, finding.severity.value) for finding in findings]


@pytest.mark.parametrize(
    "sentence",
    [
        "We will write to you by tomorrow.",
        "We'll get back to you by Monday.",
        "We'll get back to you within 24 hours.",
        "You'll hear from us by Tuesday.",
        "Wir melden uns bis morgen bei dir.",
        "Te escribiremos mañana.",
        "Nous vous écrirons demain.",
    ],
)
def test_a_word_by_a_day_that_the_brand_allows_is_warned_of_and_no_more(sentence: str):
    assert found(sentence) == [("own_word", "warn")]
    assert "block" in {severity for _, severity in found(sentence, within=0)}


@pytest.mark.parametrize(
    "sentence",
    [
        "We'll write to you by 20 December.",
        "We'll refund you by tomorrow.",
        "We'll write to you tomorrow about your £50 refund.",
        "We will write to you by tomorrow and it will arrive on Monday.",
        "We'll write to you tomorrow, as your waterproof tent leaks badly.",
        "Your parcel arrives tomorrow.",
    ],
)
def test_whatever_says_anything_else_is_held_against_the_sources(sentence: str):
    assert "block" in {severity for _, severity in found(sentence)}
    assert "own_word" not in {rule for rule, _ in found(sentence)}
