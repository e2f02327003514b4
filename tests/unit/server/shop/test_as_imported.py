"""Records are written as an import would bring them."""

from dataclasses import replace
from datetime import UTC, date, datetime

from server.models import CustomerRow, HandleRow, OrderRow, ProductRow
from server.shop import rows
from server.shop.as_imported import as_imported, balances_as_imported
from server.shop.records import customer_record, order_record, product_record
from tools.records import (
    Address,
    Customer,
    Handle,
    Known,
    Money,
    Order,
    OrderLine,
    OrderStatus,
    Payment,
    PaymentMethod,
    Product,
    Return,
    Shipment,
    ShipmentEvent,
    Variant,
)

MOMENT = datetime(2026, 11, 10, 8, 41, 0, 250000, tzinfo=UTC)
ORDER = Order(
    id="O-1",
    customer="C-1",
    status=OrderStatus.EXCHANGE_REQUESTED,
    currency="EUR",
    brand="oak",
    placed_at=MOMENT,
    status_note="Another size.",
    gift=True,
    ship_to=Address("1 Mill Lane", "Köln", "DE", postal_code="50676"),
    lines=(OrderLine("L1", "Tent", 2, Money(0, "EUR"), "P-1", "S-1", {"colour": "moss"}),),
    shipments=(
        Shipment(
            "S1",
            ("L1",),
            tracking=("NW1",),
            promised=date(2026, 11, 17),
            shipped_at=MOMENT,
            events=(ShipmentEvent(MOMENT, "Left"),),
        ),
        Shipment("S2", ()),
    ),
    payments=(
        Payment("payment", Money(195, "EUR"), "P1", "PM-1", MOMENT),
        Payment("refund", Money(95, "EUR"), done=False),
    ),
    returns=(Return("R1", "exchange", ("L1",), ("S-2",), "too small", MOMENT, difference=Money(0, "EUR")),),
)
CARD = PaymentMethod("PM-1", "credit_card", "visa", "4417")
GIFT = PaymentMethod("PM-2", "gift_card", balance=Money(0, "EUR"))
CUSTOMER = Customer(
    id="C-1",
    name="Anna Ó Briain",
    emails=("anna@example.org",),
    since=date(2020, 2, 29),
    address=Address("1 Mill Lane", "Köln", "DE"),
    handles=(Handle("x", "@Anna_B", Known.VERIFIED),),
    payment_methods=(CARD, GIFT),
    consent={"email": True, "sms": False},
    facts={"shoe": "42", "points": 12.5, "guide": False},
)
PRODUCT = Product("P-1", "Tent", (Variant("S-1", Money(0, "EUR"), {"colour": "moss"}, False),), family="tents")


def test_a_record_written_and_imported_again_is_the_same():
    assert order_record(OrderRow(**rows.order_row(as_imported(ORDER), 1))) == ORDER
    assert product_record(ProductRow(**rows.product_row(as_imported(PRODUCT), 1))) == PRODUCT
    line = as_imported(CUSTOMER)
    handles = [HandleRow(**each) for each in rows.handle_rows(line, 1)]
    assert customer_record(CustomerRow(**rows.customer_row(line, 1)), handles) == CUSTOMER


def test_what_says_nothing_is_left_out():
    bare = Order("O-1", "C-1", OrderStatus.PENDING, "EUR", (OrderLine("L1", "Tent", 1, Money(5, "EUR")),))
    assert as_imported(bare) == {
        "id": "O-1",
        "customer": "C-1",
        "status": "pending",
        "currency": "EUR",
        "lines": [{"id": "L1", "title": "Tent", "quantity": 1, "unit_price": 5}],
    }
    assert as_imported(Shipment("S1", ())) == {"id": "S1", "lines": []}
    assert as_imported(ORDER)["placed_at"] == "2026-11-10T08:41:00.250000Z"


def test_payment_methods_keep_what_no_action_has_changed():
    methods = [{"id": "PM-1", "kind": "gift_card", "balance": 700}, {"id": "PM-2", "kind": "gift_card", "balance": 0}]
    unknown = PaymentMethod("PM-1", "gift_card")
    before = replace(CUSTOMER, payment_methods=(unknown, GIFT))
    new = PaymentMethod("PM-3", "gift_card", balance=Money(10, "EUR"))
    after = replace(before, payment_methods=(unknown, replace(GIFT, balance=Money(5, "EUR")), new))
    assert balances_as_imported(methods, before, after) == [
        {"id": "PM-1", "kind": "gift_card", "balance": 700},
        {"id": "PM-2", "kind": "gift_card", "balance": 5, "currency": "EUR"},
        {"id": "PM-3", "kind": "gift_card", "balance": 10, "currency": "EUR"},
    ]
