from datetime import UTC, datetime

import pytest

from assistant.asked import read_question
from assistant.relevance import facts_asked_for, orders_in_question, rank_facts
from tools.evidence import Evidence, EvidenceKind, Visibility
from tools.records import Money, Order, OrderLine, OrderStatus, Payment, Product, Variant

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
FACTS = {
    "customer:C": "Customer Mo: customer since 2 May 2023; tier Gold",
    "customer:C/address": "Customer Mo: address 4 Mill Lane, Leeds, GB",
    "order:A": "Order A: status shipped; placed on 2 November 2026; 1 Ridgeline; 329.00 GBP for all lines",
    "order:A/shipment:S1": "Order A, shipment S1: sent with DHL on 10 November 2026; tracking number JD0001",
    "order:A/address": "Order A: sent to the address 9 Sea Road, Hull, GB",
    "order:A/payment:P1": "Order A, payment P1: 329.00 GBP by card ending 4242 paid on 2 November 2026",
    "order:B": "Order B: status returned; placed on 1 October 2026; 1 Squall; 40.00 GBP for all lines",
    "order:B/shipment:S1": "Order B, shipment S1: delivered on 5 October 2026",
    "order:B/payment:P1": "Order B, payment P1: 40.00 GBP by card ending 4242 paid on 1 October 2026",
    "order:B/refund:R1": "Order B, refund R1: refund of 40.00 GBP promised on 3 November 2026, not carried out yet",
    "promise:1": "Promise about order B made on 3 November 2026: “Refund”",
}
KNOWN = [
    Evidence(f"E{n}", EvidenceKind.RECORD, ref.split("/")[0], ref, text, Visibility.CUSTOMER, NOW)
    for n, (ref, text) in enumerate(FACTS.items(), start=1)
]


def order(name: str, status: OrderStatus, product: str, *payments: Payment) -> Order:
    line = OrderLine("L1", product.title(), 1, Money(32900, "GBP"), product)
    return Order(name, "C", status, "GBP", (line,), payments=payments)


ORDERS = (
    order("A", OrderStatus.SHIPPED, "ridgeline"),
    order("B", OrderStatus.RETURNED, "squall", Payment("refund", Money(4000, "GBP"), done=False)),
)
PRODUCTS = {
    name: Product(name, name.title(), (Variant("1", Money(1, "GBP")),), family=family)
    for name, family in {"ridgeline": "tents", "squall": "jackets"}.items()
}


def answers(question: str) -> list[str]:
    asked = read_question(question)
    orders = orders_in_question(question, asked, ORDERS, PRODUCTS)
    return [fact.ref for _, fact in facts_asked_for(asked, KNOWN, orders)]


@pytest.mark.parametrize(
    ("question", "refs"),
    [
        ("where is it?", ["order:A/shipment:S1"]),
        ("what is the tracking number of the tent", ["order:A/shipment:S1"]),
        ("when did the jacket arrive?", ["order:B/shipment:S1"]),
        ("what did they pay for the tent", ["order:A/payment:P1"]),
        ("have they got their money back", ["order:B/refund:R1"]),
        ("where does the parcel go, which address", ["order:A/address", "customer:C/address"]),
        ("how long have they been a customer", ["customer:C"]),
        ("what did we promise", ["promise:1"]),
        ("what have they bought so far", ["order:A", "order:B"]),
        ("Wurde die Erstattung schon gezahlt?", ["order:B/refund:R1"]),
        ("¿qué número de seguimiento tiene el paquete?", ["order:A/shipment:S1"]),
        ("can they still return the jacket?", ["order:B/shipment:S1"]),
    ],
)
def test_the_facts_asked_for_and_no_others(question: str, refs: list[str]):
    assert answers(question) == refs


def test_a_fact_of_two_kinds_answers_both():
    asked = read_question("what is the status of the jacket, when did it arrive?")
    orders = orders_in_question("the jacket", asked, ORDERS, PRODUCTS)
    told = {kind.name for kind, _ in facts_asked_for(asked, KNOWN, orders)}
    assert told == {kind.name for kind in asked.kinds} >= {"delivery", "status"}, "nothing is said to be missing"


def test_an_order_that_is_open_is_asked_for_by_that_word():
    assert answers("which orders are still open?") == ["order:A"]


def test_what_no_kind_names_is_found_by_rare_words():
    assert [fact.ref for fact in rank_facts("anything from Mill Lane?", KNOWN, limit=2)] == ["customer:C/address"]


def test_a_question_that_shares_nothing_with_the_records_finds_nothing():
    assert answers("zzz qqq") == []
    assert rank_facts("what's the weather", KNOWN, limit=2) == []
