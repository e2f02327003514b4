"""What was promised is not said otherwise with one click: not denied, not later, not promised anew."""

from datetime import UTC, datetime
from typing import Any

import pytest

from assistant.outcome import ClaimKind, Severity
from tests.unit.assistant.checks.sentences import findings, policy
from tools.records import Promise

RULE = "contradicts_promise"


def promise(what: str, *, due: int | None = 24, order: str | None = None) -> Promise:
    made = datetime(2026, 11, 18, 9, tzinfo=UTC)
    return Promise("P-1", "C-1", what, made, order, datetime(2026, 11, due, 17, tzinfo=UTC) if due else None)


def found(sentence: str, *promises: Promise, kind: ClaimKind = ClaimKind.PROMISE, **facts: Any) -> list[str]:
    said = findings(sentence, kind=kind, promises=promises, **facts)
    return [finding.reason for finding in said if finding.rule == RULE]


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        ("We will refund you.", "Unfortunately we cannot refund you."),
        ("We will refund you.", "We're not able to give you your money back."),
        ("We'll send you a replacement.", "A replacement isn't possible."),
        ("Wir erstatten dir den Betrag.", "Leider können wir den Betrag nicht erstatten."),
        ("Te reembolsaremos.", "No podemos reembolsarte el importe."),
        ("Nous vous rembourserons.", "Nous ne pouvons pas vous rembourser."),
        ("We will refund you.", "Wir können den Betrag leider nicht erstatten."),
    ],
)
def test_what_was_promised_is_not_denied(what: str, sentence: str):
    (reason,) = found(sentence, promise(what), kind=ClaimKind.FACT)
    assert "will not be done" in reason


@pytest.mark.parametrize(
    ("sentence", "later"),
    [
        ("Your refund will be there by 30 November.", True),
        ("Your refund takes up to 7 working days.", True),
        ("We'll refund you by next week, as promised.", True),
        ("As promised, we'll refund you by Monday.", False),
        ("Die Erstattung ist bis 1. Dezember bei dir.", True),
        ("Te reembolsaremos antes del 2 de diciembre.", True),
        ("Vous serez remboursé d'ici le 3 décembre.", True),
    ],
)
def test_it_is_not_put_off_in_passing(sentence: str, later: bool):
    reasons = found(sentence, promise("We will refund you by Tuesday."), kind=ClaimKind.FACT)
    assert bool([reason for reason in reasons if "later" in reason]) is later


def test_it_is_not_promised_anew_but_may_be_taken_up():
    owed = promise("We will refund you by Tuesday.")
    assert found("We'll refund you.", owed)
    assert not found("As promised, we'll refund you.", owed)
    assert not found("Wie versprochen erstatten wir dir den Betrag.", owed)


@pytest.mark.parametrize(
    ("sentence", "owed"),
    [
        ("Your parcel left our warehouse today.", "We will refund you."),
        ("We haven't refunded you yet.", "We will refund you."),
        ("If we cannot refund the card, we tell you.", "We will refund you."),
        ("Could we refund you in vouchers?", "We will refund you."),
        ("We cannot refund order FH-10388.", "We will refund order FH-10342."),
        ("We ordered it on 3 December 2025.", "We will refund you."),
    ],
)
def test_what_is_about_something_else_is_left_alone(sentence: str, owed: str):
    order = "FH-10342" if "FH-10342" in owed else None
    assert not found(sentence, promise(owed, order=order), kind=ClaimKind.FACT)


def test_what_a_policy_says_of_everybody_contradicts_no_promise():
    owed = promise("We will refund you by Tuesday.")
    said = findings(
        "Refunds take up to 10 working days.",
        policy("Refunds take up to 10 working days."),
        kind=ClaimKind.POLICY,
        promises=(owed,),
    )
    assert not [finding for finding in said if finding.rule == RULE]


def test_it_takes_one_click_away_and_no_more():
    said = findings("We cannot refund you.", kind=ClaimKind.FACT, promises=(promise("We will refund you."),))
    assert [finding.severity for finding in said if finding.rule == RULE] == [Severity.WARN]
