"""Shops keep dates badly: no sentence of a draft may contradict what the order's state says all the same."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.checks import check
from assistant.composer import compose
from assistant.outcome import Clarify, Draft, Outcome
from assistant.turn import facts_of
from tests.fakes.desk import GUIDANCE, NOW, SITE, VERIFIED, day, desk, late_order
from tools.parcels import NOT_SENT
from tools.records import (
    ARRIVED,
    Money,
    Order,
    OrderLine,
    OrderStatus,
    Payment,
    Return,
    Shipment,
    ShipmentEvent,
)

PLACES = ("direct_message", "secure_form", "repairs")
INTENTS = ("order_late", "order_lost", "order_change", "refund_status", "double_charge", "product_fault")
LANGUAGES = ("en", "de", "es", "fr")

LEFT = r"(?<!not )left our warehouse"
NOT_LEFT = r"not left our warehouse"
DELIVERED = r"\bdelivered\b"
LATE = r"\blate\b"
LOST = r"\blost\b"
SCANNED = r"\bscanned\b"
UNDERWAY = r"promised for"
NOT_BACK = r"not reached us"

UNSAID: dict[OrderStatus, tuple[str, ...]] = (
    dict.fromkeys(NOT_SENT - {OrderStatus.BACKORDERED}, (LEFT, DELIVERED, SCANNED, LOST))
    | dict.fromkeys(ARRIVED, (NOT_LEFT, LATE, LOST, UNDERWAY))
    | {
        OrderStatus.BACKORDERED: (LOST,),
        OrderStatus.SHIPPED: (NOT_LEFT, LOST),
        OrderStatus.PARTLY_SHIPPED: (LOST,),
        OrderStatus.LOST: (NOT_LEFT,),
        OrderStatus.CANCELLED: (LEFT, NOT_LEFT, DELIVERED, LATE, LOST, UNDERWAY, NOT_BACK),
        OrderStatus.RETURNED: (NOT_LEFT, LATE, LOST, UNDERWAY, NOT_BACK),
        OrderStatus.EXCHANGED: (NOT_LEFT, LATE, LOST, UNDERWAY, NOT_BACK),
    }
)
"""What a draft about an order in this state must not say, whatever its dates are."""


def moments() -> st.SearchStrategy[datetime]:
    return st.integers(1, 19 * 24).map(lambda hours: datetime(2026, 11, 1, tzinfo=UTC) + timedelta(hours=hours))


def days() -> st.SearchStrategy[date]:
    return st.integers(3, 28).map(lambda number: date(2026, 11, number))


EVENTS = st.builds(
    ShipmentEvent, moments(), st.sampled_from(["Left the depot", "Lost", "Label made"]), st.just("Leeds")
)
LINES = tuple(
    OrderLine(f"L{number}", title, 1, Money(price, "EUR"))
    for number, (title, price) in enumerate((("Ridgeline", 28900), ("Scarp Mid GTX", 18500)), start=1)
)


@st.composite
def orders(draw: st.DrawFn) -> Order:
    """An order in any state, each of its dates recorded or not."""
    maybe = {"shipped_at": st.none() | moments(), "delivered_at": st.none() | moments(), "promised": st.none() | days()}
    shipments = tuple(
        Shipment(
            f"S{number}",
            lines,
            draw(st.sampled_from([None, "Northway Parcels"])),
            events=tuple(draw(st.lists(EVENTS, max_size=1))),
            **{name: draw(value) for name, value in maybe.items()},  # type: ignore[arg-type]
        )
        for number, lines in enumerate(draw(st.sampled_from([(), (("L1", "L2"),), (("L1",),), (("L1",), ("L2",))])))
    )
    refund = st.builds(
        Payment,
        st.sampled_from(["refund", "payment"]),
        st.sampled_from([Money(28900, "EUR"), Money(-28900, "EUR"), Money(0, "EUR")]),
        st.sampled_from(["P1", "P2"]),
        at=st.none() | moments(),
        done=st.booleans(),
    )
    back = st.builds(
        Return,
        st.just("R1"),
        st.sampled_from(["return", "exchange", "repair"]),
        st.just(("L1",)),
        requested_at=st.none() | moments(),
        received_at=st.none() | moments(),
    )
    return late_order(
        status=draw(st.sampled_from(list(OrderStatus))),
        currency="EUR",
        placed_at=draw(st.none() | st.just(day(1))),
        lines=LINES,
        shipments=shipments,
        payments=tuple(draw(st.lists(refund, max_size=2, unique_by=lambda payment: payment.id))),
        returns=tuple(draw(st.lists(back, max_size=1))),
    )


def private(outcome: Outcome) -> str:
    return outcome.reply.private_text or ""


def told(order: Order, intent: str, language: str = "en") -> Outcome:
    """The draft about this order; whatever it says is borne out by the evidence."""
    material = desk("any news?", intent, identity=VERIFIED, order=order, places=PLACES, language=language)
    outcome = compose(material, GUIDANCE)
    targets = frozenset(f"{SITE}/{kind}" for kind in PLACES)
    assert [finding for finding in check(outcome.reply, facts_of(material, GUIDANCE, targets))] == []
    return outcome


def dated(order: Order) -> bool:
    return any(shipment.shipped_at or shipment.delivered_at for shipment in order.shipments)


@settings(deadline=None, max_examples=60)
@given(orders(), st.sampled_from(INTENTS))
def test_no_sentence_contradicts_the_state(order: Order, intent: str) -> None:
    outcome = told(order, intent)
    text = private(outcome)
    assert "FH-10423" in text
    assert [said for said in UNSAID[order.status] if regex.search(said, text)] == []
    assert not regex.search(rf"{NOT_LEFT}[^.]*\. It was last scanned", text)
    assert "-€" not in text
    assert "€0.00" not in text
    one_parcel = len(order.shipments) == 1
    if order.status is OrderStatus.LOST and one_parcel:
        assert not regex.search(DELIVERED, text)
    if order.status is OrderStatus.BACKORDERED and one_parcel and len(order.shipments[0].lines) == len(LINES):
        assert not regex.search(f"{LEFT}|{DELIVERED}", text)
    if order.status is OrderStatus.PARTLY_SHIPPED and not dated(order):
        assert not regex.search(f"{LEFT}|{NOT_LEFT}|{DELIVERED}|{LATE}", text)


@settings(deadline=None, max_examples=60)
@given(orders(), st.sampled_from(INTENTS), st.sampled_from(LANGUAGES[1:]))
def test_every_language_has_words_for_it_that_the_evidence_bears_out(order: Order, intent: str, language: str) -> None:
    assert "FH-10423" in private(told(order, intent, language))


@settings(deadline=None, max_examples=60)
@given(orders(), st.sampled_from(INTENTS))
def test_nothing_is_proposed_that_the_state_or_a_date_speaks_against(order: Order, intent: str) -> None:
    outcome = told(order, intent)
    assert isinstance(outcome, Draft | Clarify)
    proposed = {action.type for action in outcome.actions}
    if order.status in ARRIVED | {OrderStatus.CANCELLED}:
        assert "trace_parcel" not in proposed
    if dated(order):
        assert "cancel_order" not in proposed
    assert all(action.arguments.get("amount", 1) > 0 for action in outcome.actions)


UNDATED = Shipment("S1", ("L1",), "Northway Parcels", promised=date(2026, 11, 17))


@pytest.mark.parametrize(
    ("status", "changes", "said"),
    [
        (OrderStatus.SHIPPED, {}, "has left our warehouse, was promised for 17 November and is 3 days late."),
        (OrderStatus.SHIPPED, {"promised": date(2026, 11, 25)}, "has left our warehouse. It is promised for 25 Nov"),
        (OrderStatus.DELIVERED, {}, "The parcel with Ridgeline 2 is recorded as delivered."),
        (OrderStatus.PARTLY_SHIPPED, {}, "The promised day of the parcel with Ridgeline 2 is 17 November."),
        (OrderStatus.PACKED, {"shipped_at": day(13)}, "The promised day of the parcel with Ridgeline 2 is 17 Nov"),
        (OrderStatus.PACKED, {}, "has not left our warehouse yet; it was promised for 17 November"),
        (OrderStatus.LOST, {}, "The parcel is recorded as lost."),
        (OrderStatus.CANCELLED, {"delivered_at": day(13)}, "It was cancelled."),
    ],
)
def test_what_is_certain_is_said(status: OrderStatus, changes: dict[str, object], said: str) -> None:
    order = late_order(status=status, shipments=(replace(UNDATED, **changes),))  # type: ignore[arg-type]
    assert said in private(told(order, "order_late"))


@pytest.mark.parametrize(
    ("status", "kind", "said"),
    [
        (OrderStatus.RETURNED, "return", "Your return of Ridgeline 2 has reached us."),
        (OrderStatus.EXCHANGED, "exchange", "Your exchange of Ridgeline 2 has reached us."),
        (OrderStatus.RETURN_REQUESTED, "return", "You asked to return Ridgeline 2, and it has not reached us yet."),
    ],
)
def test_a_return_without_its_days_is_told_by_the_state(status: OrderStatus, kind: str, said: str) -> None:
    order = late_order(status=status, shipments=(), returns=(Return("R1", kind, ("L1",)),))
    assert said in private(told(order, "refund_status"))


def test_the_carriers_last_entry_says_that_a_parcel_is_lost_only_if_it_does() -> None:
    scanned = late_order(status=OrderStatus.LOST)
    assert "The parcel is recorded as lost." in private(told(scanned, "order_late"))
    entry = ShipmentEvent(NOW, "Confirmed lost by the carrier")
    confirmed = replace(scanned, shipments=(replace(scanned.shipments[0], events=(entry,)),))
    assert "of 20 November, says that the parcel is lost" in private(told(confirmed, "order_late"))
