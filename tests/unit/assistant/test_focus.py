from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from assistant.focus import choose_order, is_late, named_orders, order_numbers
from assistant.guidance import Intent
from tools.records import Money, Order, OrderLine, OrderStatus, Payment, Shipment

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
LATE = Intent(id="order_late", title="Parcel is late", group="order")
DOUBLE = Intent(id="double_charge", title="Charged twice", group="money")


def order(number: str, title: str, status: OrderStatus, promised: date | None = None) -> Order:
    shipments = (Shipment("S1", ("1",), promised=promised),) if promised else ()
    lines = (OrderLine("1", title, 1, Money(10000, "GBP")),)
    return Order(number, "C-1", status, "GBP", lines, shipments=shipments)


def test_order_numbers_are_found_but_not_phones_links_or_addresses():
    text = "FH-10423 or #20871? call +44 20 7946 0123, mail mo1999@example.com, https://a.example/98765"
    assert named_orders(text) == ("FH-10423", "20871")


def test_the_product_named_in_the_post_decides():
    tent = order("A", "Ridgeline 2 Tent", OrderStatus.SHIPPED)
    boots = order("B", "Scarp Mid Boots", OrderStatus.SHIPPED)
    assert choose_order([tent, boots], "where is my ridgeline", intent=LATE, now=NOW) is tent


def test_the_late_order_is_meant_when_a_late_parcel_is_asked_about():
    late = order("A", "Tent", OrderStatus.SHIPPED, date(2026, 11, 14))
    fresh = order("B", "Boots", OrderStatus.SHIPPED, date(2026, 11, 30))
    assert choose_order([fresh, late], "where is it", intent=LATE, now=NOW) is late


def test_two_orders_that_fit_as_well_leave_it_open():
    one = order("A", "Tent", OrderStatus.SHIPPED)
    other = order("B", "Boots", OrderStatus.SHIPPED)
    assert choose_order([one, other], "where is it", intent=LATE, now=NOW) is None


def test_an_order_that_nothing_points_to_is_not_guessed():
    assert choose_order([order("A", "Tent", OrderStatus.DELIVERED)], "do you sell mugs", intent=None, now=NOW) is None


def test_the_order_paid_twice_is_meant_by_a_double_charge():
    twice = replace(
        order("A", "Tent", OrderStatus.DELIVERED),
        payments=(Payment("payment", Money(10000, "GBP")), Payment("payment", Money(10000, "GBP"))),
    )
    once = replace(order("B", "Boots", OrderStatus.DELIVERED), payments=(Payment("payment", Money(5000, "GBP")),))
    assert choose_order([once, twice], "charged twice!", intent=DOUBLE, now=NOW) is twice


def test_a_parcel_is_late_from_the_day_after_the_promised_one():
    assert not is_late(order("A", "Tent", OrderStatus.SHIPPED, NOW.date()), NOW)
    assert is_late(order("A", "Tent", OrderStatus.SHIPPED, date(2026, 11, 19)), NOW)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("order FH-10423, where is it", ("FH-10423",)),
        ("where's #88123", ("88123",)),
        ("meine Bestellung Nr. 55321 fehlt", ("55321",)),
        ("mon commande n° 99120", ("99120",)),
        ("bought it in 2024 for 1299", ()),
        ("since Nov 2025", ()),
        ("serial E2-2509", ()),
    ],
)
def test_a_number_is_an_orders_if_it_is_written_like_one(text, numbers):
    assert order_numbers(text) == numbers
