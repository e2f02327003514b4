"""What sentences commit us to, and by when."""

from datetime import date

import pytest

from assistant.commitments import acts_in, is_commitment, order_in, without_greeting
from assistant.deadlines import deadline_of

FRIDAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("sentence", "day"),
    [
        ("We'll refund you within 5 working days.", date(2026, 11, 27)),
        ("We'll refund you in 3 to 5 days.", date(2026, 11, 25)),
        ("We'll call you tomorrow.", date(2026, 11, 21)),
        ("We'll do it today.", FRIDAY),
        ("We'll write by Monday at the latest.", date(2026, 11, 23)),
        ("We'll write by Friday.", date(2026, 11, 27)),
        ("We'll write by the end of the month.", date(2026, 11, 30)),
        ("We'll refund the order of 3 November by 2 December.", date(2026, 12, 2)),
        ("We'll send it next week.", date(2026, 11, 29)),
        ("It will be with you by 2 January.", date(2027, 1, 2)),
        ("Wir melden uns innerhalb von 2 Werktagen.", date(2026, 11, 24)),
        ("Wir melden uns bis 24.11. bei dir.", date(2026, 11, 24)),
        ("Te escribiremos antes del 24 de noviembre.", date(2026, 11, 24)),
        ("Nous vous écrirons d'ici lundi.", date(2026, 11, 23)),
        ("Nous vous rembourserons sous 2 jours ouvrés.", date(2026, 11, 24)),
    ],
)
def test_a_deadline_is_read_from_the_sentence(sentence: str, day: date):
    deadline = deadline_of(sentence, FRIDAY)
    assert deadline is not None
    assert deadline.last_day(FRIDAY) == day
    assert deadline.said in sentence


@pytest.mark.parametrize(
    "sentence",
    [
        "We'll look into it.",
        "We'll repair it under its 2-year warranty.",
        "We'll refund the order that you placed on 3 November.",
        "We'll get back to you soon.",
    ],
)
def test_where_none_is_said_none_is_read(sentence: str):
    assert deadline_of(sentence, FRIDAY) is None


def test_a_time_of_day_belongs_to_its_day():
    deadline = deadline_of("We'll call you on Monday by 5 pm.", FRIDAY)
    assert deadline is not None
    assert (deadline.day, deadline.minute) == (date(2026, 11, 23), 17 * 60)


@pytest.mark.parametrize(
    ("sentence", "what"),
    [
        ("Hi Ann, we'll look into it.", "We'll look into it."),
        ("@annwood Hello! We'll look into it.", "We'll look into it."),
        ("Guten Tag Frau Weber, wir melden uns.", "Wir melden uns."),
        ("Hola Ana, te escribiremos.", "Te escribiremos."),
        ("Bonjour Léa, nous reviendrons vers vous.", "Nous reviendrons vers vous."),
        ("We'll look into it, Ann.", "We'll look into it, Ann."),
    ],
)
def test_a_promise_is_told_without_its_greeting(sentence: str, what: str):
    assert without_greeting(sentence) == what
    assert is_commitment(sentence)


def test_the_order_is_the_one_that_is_named_or_cited_and_never_a_guess():
    assert order_in("We'll refund order fh-10423.", ["FH-10423", "FH-10388"]) == "FH-10423"
    assert order_in("We'll refund order FH-10377.", []) == "FH-10377"
    assert order_in("We'll refund it.", ["FH-10423"]) == "FH-10423"
    assert order_in("We'll refund it.", ["FH-10342", "FH-10388"]) is None
    assert order_in("We'll refund FH-10342 and FH-10388.", []) is None


def test_acts_are_known_in_every_language():
    assert acts_in("We'll refund you") == acts_in("wir erstatten") == acts_in("te reembolsaremos") == {"refund"}
