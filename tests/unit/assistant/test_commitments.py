"""What sentences commit us to, and by when."""

from datetime import date, timedelta

import pytest

from assistant.commitments import (
    acts_in,
    acts_promised,
    carry_out_all,
    is_commitment,
    order_in,
    without_greeting,
)
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
        ("Te escribiremos antes del 24 de noviembre.", date(2026, 11, 23)),
        ("We'll refund you before Monday.", date(2026, 11, 22)),
        ("We'll write before Friday, 4 December.", date(2026, 12, 3)),
        ("Wir erstatten vor dem 4.12.", date(2026, 12, 3)),
        ("Nous vous rembourserons avant le 4/12.", date(2026, 12, 3)),
        ("We'll refund you before Christmas.", date(2026, 12, 24)),
        ("Wir erstatten bis Weihnachten.", date(2026, 12, 25)),
        ("We'll refund you by 4/12.", date(2026, 12, 4)),
        ("We'll refund you by 25/12.", date(2026, 12, 25)),
        ("We'll refund you within a fortnight.", date(2026, 12, 4)),
        ("We'll get back to you in a few days.", date(2026, 11, 23)),
        ("Nous vous écrirons dans quelques jours.", date(2026, 11, 23)),
        ("We'll refund your order of 30 November by Tuesday.", date(2026, 11, 24)),
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
        "We'll refund your order of 30 November 2026 right away.",
        "Wir erstatten deine Bestellung vom 30.11. sofort.",
        "Te reembolsaremos el pedido del 30 de noviembre enseguida.",
        "We'll check what happened in the last few days.",
    ],
)
def test_where_none_is_said_none_is_read(sentence: str):
    assert deadline_of(sentence, FRIDAY) is None


def test_a_time_of_day_belongs_to_its_day():
    deadline = deadline_of("We'll call you on Monday by 5 pm.", FRIDAY)
    assert deadline is not None
    assert (deadline.day, deadline.minute) == (date(2026, 11, 23), 17 * 60)


@pytest.mark.parametrize(
    ("sentence", "minute"),
    [
        ("Le escribiremos a las 17:30.", 17 * 60 + 30),
        ("Nous vous répondrons d'ici 17 h 30.", 17 * 60 + 30),
        ("Nous vous répondrons avant 17h.", 17 * 60),
        ("We'll call you at 2 pm.", 14 * 60),
    ],
)
def test_a_time_alone_is_of_this_day_or_the_next(sentence: str, minute: int):
    deadline = deadline_of(sentence, FRIDAY)
    assert deadline is not None
    assert (deadline.day, deadline.minute) == (None, minute)


def test_within_the_hour_is_counted_to_the_minute():
    for sentence in ("We'll get back to you within the hour.", "Wir melden uns in der nächsten Stunde."):
        deadline = deadline_of(sentence, FRIDAY)
        assert deadline is not None
        assert (deadline.to_the_minute, deadline.span) == (True, timedelta(hours=1))


@pytest.mark.parametrize(
    ("sentence", "day"),
    [
        ("We'll write next Friday.", date(2026, 11, 27)),
        ("We'll write on Friday.", date(2026, 11, 20)),
        ("We'll write next Monday.", date(2026, 11, 23)),
        ("Nous vous écrirons vendredi prochain.", date(2026, 11, 27)),
    ],
)
def test_next_friday_said_on_a_wednesday_is_the_one_after_this(sentence: str, day: date):
    deadline = deadline_of(sentence, date(2026, 11, 18))
    assert deadline is not None
    assert deadline.day == day


def test_of_two_days_that_a_date_may_mean_both_are_told():
    deadline = deadline_of("We'll refund you by 4/12.", FRIDAY)
    assert deadline is not None
    assert (deadline.day, deadline.or_else) == (date(2026, 12, 4), date(2027, 4, 12))


@pytest.mark.parametrize(
    ("sentence", "binds"),
    [
        ("We are working on it and will update you by 12:00 UTC.", True),
        ("Wir arbeiten daran und melden uns bis 12 Uhr.", True),
        ("Nous y travaillons et reviendrons vers vous.", True),
        ("We are on it – will let you know.", True),
        ("We are here and will be happy to help.", False),
        ("We have shipped it and it will arrive soon.", False),
    ],
)
def test_what_we_will_may_stand_after_what_we_do(sentence: str, binds: bool):
    assert is_commitment(sentence) is binds


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


@pytest.mark.parametrize(
    ("sentence", "kinds", "kept"),
    [
        ("We'll send you a replacement.", ["replace_items"], True),
        ("We'll replace it and refund the shipping.", ["replace_items"], False),
        ("We'll replace it and refund the shipping.", ["replace_items", "refund"], True),
        ("We'll refund it to your original payment method.", ["refund"], True),
        ("We'll refund your credit card.", ["refund"], True),
        ("We'll refund you and send you a voucher.", ["refund"], False),
        ("We'll cancel your order and refund you.", ["cancel_order"], True),
        ("We'll refund you and write to you tomorrow.", ["refund"], False),
        ("We'll write to you tomorrow.", ["refund"], False),
        ("Wir erstatten dir den Betrag und schicken dir Ersatz.", ["refund"], False),
    ],
)
def test_a_sentence_is_carried_out_when_every_act_of_it_is(sentence: str, kinds: list[str], kept: bool):
    assert carry_out_all(kinds, acts_promised(sentence)) is kept
