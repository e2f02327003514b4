"""What counts as a complaint, read off records."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from assistant.complaints import PEACEFUL, is_complaint
from server.questions.complaints import complaint_in
from server.questions.situation import Matter
from tests.fakes.cases import shipped_guidance
from tests.fakes.small_shop import NOW
from tools.records import Money, Order, OrderLine, OrderStatus, PastPost, Payment, Promise, Return, Shipment

LINES = (OrderLine("1", "Tent", 1, Money(20000, "GBP")),)
SENT = Shipment("S1", ("1",), promised=NOW.date(), shipped_at=NOW - timedelta(days=3))
ORDER = Order("FH-1", "C-1", OrderStatus.SHIPPED, "GBP", LINES, placed_at=NOW - timedelta(days=5), shipments=(SENT,))


def ago(days: float):
    return NOW - timedelta(days=days)


def of(*orders: Order, promises=(), matters=(), earlier=()) -> str | None:
    return complaint_in(orders=orders, promises=promises, matters=matters, earlier=earlier, now=NOW)


def paid(amount: int, kind: str = "payment", *, done: bool = True, at=None) -> Payment:
    return Payment(kind, Money(amount, "GBP"), at=at or ago(3), done=done)


def returned(kind: str, received=None) -> Return:
    return Return("R1", kind, ("1",), requested_at=ago(20), received_at=received)


def test_an_order_in_time_is_none():
    assert of(ORDER, replace(ORDER, payments=(paid(20000),))) is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"shipments": (replace(SENT, promised=date(2026, 11, 19)),)}, "FH-1 is late"),
        (
            {"status": OrderStatus.PROCESSING, "shipments": (Shipment("S1", ("1",), promised=date(2026, 11, 1)),)},
            "late",
        ),
        ({"status": OrderStatus.PROCESSING, "shipments": (), "placed_at": ago(15)}, "nothing has happened to FH-1"),
        ({"status": OrderStatus.LOST}, "FH-1 was lost"),
        ({"status": OrderStatus.LOST, "payments": (paid(20000, "refund", at=ago(10)),)}, "FH-1 was lost"),
        ({"returns": (returned("return"),), "status": OrderStatus.RETURN_REQUESTED}, "a return of FH-1 is open"),
        ({"returns": (returned("exchange"),), "status": OrderStatus.EXCHANGE_REQUESTED}, "an exchange of FH-1 is open"),
        ({"returns": (returned("repair", ago(5)),), "status": OrderStatus.DELIVERED}, "a repair of FH-1 is open"),
        ({"payments": (paid(20000), paid(5000, "refund", done=False))}, "a refund for FH-1 is owed"),
        ({"payments": (paid(20000), paid(20000))}, "more was paid for FH-1 than it costs"),
    ],
)
def test_an_order_with_which_something_is_wrong_is_one(changes, words):
    assert words in (of(replace(ORDER, **changes)) or "")


@pytest.mark.parametrize(
    "changes",
    [
        {
            "status": OrderStatus.DELIVERED,
            "shipments": (replace(SENT, promised=date(2026, 11, 1), delivered_at=ago(9)),),
        },
        {"status": OrderStatus.CANCELLED, "shipments": (replace(SENT, promised=date(2026, 11, 1)),)},
        {"status": OrderStatus.BACKORDERED, "shipments": (), "placed_at": ago(40)},
        {"status": OrderStatus.LOST, "payments": (paid(20000), paid(20000, "refund", at=ago(31)))},
        {"status": OrderStatus.RETURNED, "returns": (returned("return", ago(9)),)},
        {"status": OrderStatus.DELIVERED, "returns": (returned("repair", ago(31)),)},
        {"payments": (paid(20000), paid(20000), paid(20000, "refund"))},
    ],
)
def test_what_is_over_is_none(changes):
    assert of(replace(ORDER, **changes)) is None


def test_a_promise_counts_once_it_is_overdue():
    promise = Promise("P-1", "C-1", "a refund", ago(5), due=NOW)
    assert of(promises=[promise]) == "a promise is overdue since 20 November 2026"
    assert of(promises=[replace(promise, due=NOW + timedelta(hours=1)), replace(promise, due=None)]) is None


def test_a_case_counts_while_it_is_open_unless_its_matter_is_peaceful():
    def matter(intent, **more):
        return Matter("case_1", **{"open": True, "intent": intent, "danger": None, "since": NOW, **more})

    assert of(matters=[matter("product_fault")]) == "their open case is a complaint (product_fault)"
    assert of(matters=[matter(None)]) == "their open case has not been read yet"
    assert of(matters=[matter("how_to", danger="injury")]) == "their open case is about danger (injury)"
    assert of(matters=[matter("how_to"), matter("product_fault", open=False)]) is None


def test_what_has_no_answer_counts_for_a_month():
    post = PastPost("H-1", "x", "customer", ago(29), "Where is it?")
    assert of(earlier=[post]) == "what they wrote on 22 October 2026 has no answer"
    assert of(earlier=[replace(post, role="brand"), post]) is None
    assert of(earlier=[replace(post, created_at=ago(31))]) is None


@pytest.mark.parametrize("intent", [intent.id for intent in shipped_guidance().intents])
def test_what_is_a_complaint_in_a_case_is_one_wherever_it_is_counted(intent: str):
    assert (of(matters=[Matter("CASE", True, intent, None, NOW)]) is not None) is is_complaint(intent)


def test_peaceful_intents_are_intents():
    assert {intent.id for intent in shipped_guidance().intents} >= PEACEFUL
