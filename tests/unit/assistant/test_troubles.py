from dataclasses import replace

import pytest

from assistant.troubles import is_open, troubles
from tests.fakes.desk import day, late_order, returned_order, twice_paid_order
from tests.fakes.small_shop import NOW
from tools.records import Order, OrderStatus, Return, Shipment


def all_of(order: Order) -> list[str]:
    return [one.words for one in troubles(order, NOW)]


def first(order: Order) -> str:
    return all_of(order)[0]


def test_a_late_parcel_is_told_with_where_it_was_seen_last():
    assert first(late_order()) == (
        "Ridgeline 2: 3 days late, it was to arrive by 17 November; sent on 13 November with Northway Parcels, "
        "last seen in Leeds on 19 November (Left the depot)"
    )


def test_a_late_parcel_that_has_not_left_is_told_so():
    [parcel] = late_order().shipments
    waiting = replace(parcel, shipped_at=None, events=())
    told = first(late_order(status=OrderStatus.PROCESSING, shipments=(waiting,)))
    assert told.endswith("it was to arrive by 17 November; it has not left us")


def test_what_goes_as_it_should_has_no_trouble():
    [parcel] = late_order().shipments
    assert troubles(late_order(shipments=(replace(parcel, promised=day(25).date()),)), NOW) == ()


def test_nothing_is_said_where_state_and_dates_do_not_agree():
    assert troubles(late_order(status=OrderStatus.DELIVERED), NOW) == ()
    assert troubles(late_order(status=OrderStatus.CANCELLED), NOW) == ()


def test_money_is_told():
    assert all_of(returned_order()) == ["refund of £229.00 promised and not carried out"]
    assert "two payments of €175.00, the first on 17 November" in all_of(twice_paid_order())


def test_what_waits_for_stock_and_what_is_on_its_way_back_is_told():
    waiting = late_order(status=OrderStatus.BACKORDERED, shipments=(), status_note="expected on 2 December")
    assert first(waiting) == "waits for stock: Ridgeline 2 (expected on 2 December)"
    coming = Return("R1", "return", ("L1",), reason="too heavy", requested_at=day(16))
    back = late_order(status=OrderStatus.RETURN_REQUESTED, shipments=(), returns=(coming,))
    assert first(back) == "return asked for on 16 November (too heavy), not back with us yet: Ridgeline 2"
    assert is_open(back)


@pytest.mark.parametrize(
    ("kind", "status", "waits"),
    [
        ("exchange", OrderStatus.EXCHANGE_REQUESTED, "nothing was sent in its place yet"),
        ("return", OrderStatus.RETURN_REQUESTED, "no money has gone back yet"),
        ("repair", OrderStatus.RETURN_REQUESTED, "it has not been sent back yet"),
    ],
)
def test_what_came_back_and_waits_for_us_is_told(kind: str, status: OrderStatus, waits: str):
    [parcel] = late_order().shipments
    arrived = replace(parcel, delivered_at=day(3))
    here = Return("R1", kind, ("L1",), reason="too tight", requested_at=day(9), received_at=day(18))
    back = late_order(status=status, shipments=(arrived,), returns=(here,))
    told = f"{kind} with us since 18 November, asked for on 9 November (too tight): Ridgeline 2; {waits}"
    assert all_of(back) == [told]


def test_what_came_back_and_is_settled_is_not_told():
    [parcel] = late_order().shipments
    arrived = replace(parcel, delivered_at=day(3))
    here = Return("R1", "exchange", ("L1",), requested_at=day(9), received_at=day(16))
    done = late_order(status=OrderStatus.EXCHANGED, shipments=(arrived,), returns=(here,))
    assert troubles(done, NOW) == ()
    sent = Shipment("S2", ("L1",), shipped_at=day(17), promised=day(25).date())
    on_its_way = late_order(status=OrderStatus.EXCHANGE_REQUESTED, shipments=(arrived, sent), returns=(here,))
    assert troubles(on_its_way, NOW) == ()


@pytest.mark.parametrize("with_parcel", [True, False])
def test_what_is_lost_is_told_first(with_parcel: bool):
    lost = late_order(status=OrderStatus.LOST)
    told = first(lost if with_parcel else replace(lost, shipments=()))
    assert told.startswith("lost on its way")
