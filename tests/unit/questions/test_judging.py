"""When a question holds, in which words it is asked, and who gets which."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest

from server.models import QuestionRow
from server.questions.judging import hindrance, judge
from server.questions.moments import bought_of
from server.questions.seeding import as_entry, as_row, load_questions
from server.questions.situation import Moment, Past, Situation
from server.questions.spreading import drawn
from server.settings import SHIPPED_KNOWLEDGE
from tests.fakes.small_shop import ANN, NOW
from tools.records import Address, Customer, Money, Order, OrderLine, OrderStatus, Product, Return, Shipment

TENT, BOOTS = Product("ridge", "Ridge 2", (), "fernhollow", "tents"), Product("scarp", "Scarp", (), None, "boots")
PRODUCTS = {"ridge": TENT, "scarp": BOOTS}


def question(**fields: Any) -> QuestionRow:
    told = {"id": "use", "text": {"en": "Well?"}, "why": "x", "fact": "use", "purpose": "advice", "worth": 5}
    usual = {"ask_when": {}, "never_when": [], "cap_per_day": 10, "created_at": NOW, "changed_at": NOW}
    return QuestionRow(**{**told, **usual, **fields})


def order(product: Product = TENT, *, days_ago: float = 10, **fields: Any) -> Order:
    at = NOW - timedelta(days=days_ago)
    told: dict[str, Any] = {
        "id": "FH-1",
        "customer": "C-1",
        "status": OrderStatus.DELIVERED,
        "currency": "GBP",
        "lines": (OrderLine("1", "as ordered", 1, Money(1, "GBP"), product.id),),
        "placed_at": at - timedelta(days=3),
        "shipments": (Shipment("S1", ("1",), delivered_at=at),),
    }
    return Order(**(told | fields))


def situation(*orders: Order, who: Customer = ANN, **fields: Any) -> Situation:
    return Situation(NOW, "fernhollow", who, "phone", bought=bought_of(orders, PRODUCTS, NOW), **fields)


def may_ask(asked: QuestionRow, about: Situation, past: Past = Past()) -> bool:  # noqa: B008 - a frozen default
    return judge(asked, about, past).may_be_asked


def happened(*orders: Order) -> set[Moment]:
    return {moment for each in bought_of(orders, PRODUCTS, NOW) for moment in each.happened}


@pytest.mark.parametrize(
    ("changes", "moments"),
    [
        ({}, {Moment.DELIVERED}),
        ({"days_ago": 1}, set()),
        ({"days_ago": 61}, set()),
        ({"status": OrderStatus.SHIPPED, "shipments": ()}, {Moment.ORDER_PLACED}),
        ({"status": OrderStatus.SHIPPED, "shipments": (), "days_ago": 12}, set()),
        ({"status": OrderStatus.CANCELLED}, set()),
        ({"returns": (Return("R", "return", ("1",)),)}, set()),
        ({"returns": (Return("R", "return", ("2",)),)}, {Moment.DELIVERED}),
        (
            {"returns": (Return("R", "exchange", ("1",), received_at=NOW - timedelta(days=8)),)},
            {Moment.EXCHANGE_DELIVERED},
        ),
        ({"returns": (Return("R", "exchange", ("1",), received_at=NOW - timedelta(days=3)),)}, set()),
        (
            {"days_ago": 300, "returns": (Return("R", "repair", ("1",), received_at=NOW - timedelta(days=40)),)},
            {Moment.REPAIR_RETURNED},
        ),
    ],
)
def test_what_has_just_happened_is_read_off_the_dates(changes, moments):
    assert happened(order(**changes)) == moments


def test_a_question_names_the_newest_thing_that_fits():
    asked = question(
        text={"en": "How is the {product}?"}, ask_when={"moment": "delivered", "family": ["tents", "boots"]}
    )
    about = situation(order(days_ago=20), order(BOOTS, id="FH-2", days_ago=5))
    verdict = judge(asked, about, Past())
    assert verdict.text == "How is the Scarp?"
    assert verdict.because == ("Scarp (FH-2) arrived on 15 November 2026",)


def test_a_gift_is_not_the_givers_to_speak_of_where_the_question_says_so():
    about = situation(order(gift=True))
    for never, asked in ([], True), (["gift"], False):
        assert may_ask(question(ask_when={"family": "tents"}, never_when=never), about) is asked


@pytest.mark.parametrize(
    ("when", "holds"),
    [
        ({"channel": ["phone", "chat"]}, True),
        ({"channel": "x"}, False),
        ({"language": "en"}, True),
        ({"country": ["DE", "FR"]}, False),
        ({"country": "GB"}, True),
        ({"tier": "summit"}, True),
        ({"orders_at_least": 2}, True),
        ({"orders_at_least": 3}, False),
        ({"customer_days_at_least": 1000}, True),
        ({"customer_days_at_least": 9000}, False),
        ({"intent": ["how_to", "eligibility"]}, True),
        ({"intent": "smalltalk"}, False),
        ({"moment": "case_solved"}, False),
        ({"product": "ridge", "moment": "delivered"}, True),
        ({"product": "scarp"}, False),
    ],
)
def test_conditions_over_profile_purchases_channel_and_case(when, holds):
    about = situation(order(), orders=2, intents=frozenset({"how_to"}))
    assert may_ask(question(ask_when=when), about) is holds


def test_who_has_no_address_or_tier_is_not_asked_where_one_counts():
    nobody = situation(who=Customer("C-9", "Zoe"))
    for when in ({"country": "GB"}, {"tier": "summit"}, {"customer_days_at_least": 1}):
        verdict = judge(question(ask_when=when), nobody, Past())
        assert not verdict.may_be_asked
        assert verdict.against


@pytest.mark.parametrize(
    "changes",
    [
        {"valid_from": date(2026, 11, 21)},
        {"valid_to": date(2026, 11, 19)},
        {"retired_at": NOW},
        {"brand": "tarnlight"},
        {"text": {"de": "Nun?"}},
    ],
)
def test_what_is_not_asked_today_here_or_in_this_language_is_not_asked(changes):
    assert may_ask(question(valid_from=date(2026, 11, 20), valid_to=date(2026, 11, 20)), situation())
    assert not may_ask(question(**changes), situation())


@pytest.mark.parametrize("past", [{"asked": "use"}, {"refused": "use"}, {"skipped": "use"}, {"known": "use"}])
def test_what_was_asked_before_is_not_asked_again(past):
    known = Past(**{name: frozenset({value}) for name, value in past.items()})
    assert not may_ask(question(), situation(), known)


def test_nothing_is_asked_of_who_complains_or_was_asked_lately():
    assert hindrance(situation(), Past(until=NOW)) is None
    assert hindrance(situation(complaint="FH-1 is late"), Past()) == "FH-1 is late"
    assert "left alone until 21 November 2026" in (hindrance(situation(), Past(until=NOW + timedelta(days=1))) or "")
    assert hindrance(situation(who=Customer("C-9", "Zoe", consent={"questions": False})), Past()) is not None


def test_a_draw_is_the_same_all_week_and_another_the_next():
    asked = [question(id=f"q{number}") for number in range(5)]
    draws = [
        [each.id for each in drawn(asked, f"C-{n}", NOW + timedelta(days=days))]
        for n in range(20)
        for days in (0, 1, 7)
    ]
    this, tomorrow, next_week = draws[0::3], draws[1::3], draws[2::3]
    assert this == tomorrow
    assert this != next_week


def test_who_gets_which_question_is_spread_by_worth_and_cap():
    asked = [question(id="much", worth=8), question(id="some", worth=4), question(id="rare", worth=4, cap_per_day=5)]
    first = Counter(drawn(asked, f"C-{number}", NOW)[0].id for number in range(7000))
    assert first["much"] == pytest.approx(4000, rel=0.05)
    assert first["some"] == pytest.approx(2000, rel=0.08)
    assert first["rare"] == pytest.approx(1000, rel=0.12)


def test_the_shipped_questions_go_into_the_database_and_come_back_as_they_are():
    shipped = load_questions(SHIPPED_KNOWLEDGE)
    assert len(shipped) >= 8
    assert [as_entry(as_row(entry, NOW)) for entry in shipped] == list(shipped)


def test_a_customer_of_another_country_stays_of_that_country():
    moved = Customer("C-9", "Zoe", address=Address("1 Road", "Köln", "DE"))
    assert may_ask(question(ask_when={"country": "DE"}), situation(who=moved))
