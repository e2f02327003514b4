"""A small shop: two customers, a late order with everything in it, two policies and a place to go."""

from datetime import UTC, date, datetime

from tools.context import ToolContext
from tools.ports import Identity, Ports
from tools.records import (
    Address,
    Answer,
    Customer,
    Destination,
    Handle,
    Known,
    Money,
    Order,
    OrderLine,
    OrderStatus,
    Passage,
    Payment,
    PaymentMethod,
    Product,
    Return,
    Shipment,
    ShipmentEvent,
    Variant,
)

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def day(number: int) -> datetime:
    return datetime(2026, 11, number, 9, tzinfo=UTC)


def gbp(amount: int) -> Money:
    return Money(amount, "GBP")


ANN = Customer(
    "C-1",
    "Ann Wood",
    brand="fernhollow",
    emails=("ann@example.com",),
    phones=("+447700900123",),
    language="en",
    since=date(2019, 3, 1),
    tier="summit",
    organisation="Leeds Scouts",
    address=Address("12 Mill Lane", "Leeds", "GB", postal_code="LS1 1AA"),
    handles=(Handle("x", "annwood", Known.VERIFIED),),
    payment_methods=(
        PaymentMethod("card-1", "credit_card", "Visa", "4242"),
        PaymentMethod("gift-1", "gift_card", balance=gbp(2500)),
    ),
    consent={"marketing": False},
    facts={"boot_size": 42.5, "member_of_club": True, "note": "card is 4242 4242 4242 4242"},
)
BOB = Customer("C-2", "Bob Hill")
LATE = Order(
    "FH-10423",
    "C-1",
    OrderStatus.PARTLY_SHIPPED,
    "GBP",
    (
        OrderLine("1", "Ridgeline Jacket", 2, gbp(6450), "P-1", "RJ-M", {"size": "M", "colour": "moss"}),
        OrderLine("2", "Alder 2 Tent", 1, gbp(20000)),
    ),
    placed_at=day(3),
    status_note="second parcel follows",
    gift=True,
    ship_to=Address("5 Side Street", "York", "GB"),
    shipments=(
        Shipment(
            "S1",
            ("1",),
            "DHL",
            "Express",
            ("4242424242424242",),
            date(2026, 11, 14),
            day(10),
            events=(
                ShipmentEvent(day(15), "held at depot", "Leeds"),
                ShipmentEvent(day(11), "collected", "Hull"),
            ),
        ),
    ),
    payments=(
        Payment("payment", gbp(32900), "PAY-1", "card-1", day(3)),
        Payment("refund", gbp(4000), None, "gift-1", day(3), done=False),
    ),
    returns=(Return("R1", "exchange", ("1",), ("RJ-L",), "too small", day(16), method="card-1", difference=gbp(500)),),
)
EARLIER = Order("FH-9000", "C-1", OrderStatus.DELIVERED, "GBP", (OrderLine("1", "Cup", 1, gbp(900)),), placed_at=day(1))
BOBS = Order("FH-7777", "C-2", OrderStatus.SHIPPED, "GBP", (OrderLine("1", "Rope", 1, gbp(5000)),), placed_at=day(2))
JACKET = Product(
    "P-1",
    "Ridgeline Jacket",
    (
        Variant("RJ-M", gbp(6450), {"size": "M"}, True),
        Variant("RJ-L", gbp(6950), {"size": "L"}, False),
        Variant("RJ-S", gbp(6450), {"size": "S"}),
    ),
)
PASSAGES = (
    Passage(
        "returns-2026#time-limit",
        "returns-2026",
        "Returns",
        ("Returns", "Time limit"),
        "Unused goods can be returned within 60 days.",
        "public",
        0.9,
        brand="fernhollow",
        effective_from=date(2026, 1, 1),
        public_url="https://www.fernhollow.example/help/returns",
        answers=(Answer("return_policy", "en", "You have 60 days."), Answer("return_policy", "de", "60 Tage.")),
    ),
    Passage("goodwill#limits", "goodwill", "Goodwill", (), "Unused goods: up to 20 GBP.", "internal", 0.8),
)
PLACES = (
    Destination(
        "fernhollow-secure_form-en",
        "secure_form",
        "fernhollow",
        "en",
        "https://www.fernhollow.example/secure",
        "Secure form",
        "Send us your details here.",
        hours="Monday to Friday",
    ),
)


def context_for(ports: Ports, identity: Identity) -> ToolContext:
    return ToolContext(identity, brand="fernhollow", channel="x", language="en", region="UK", now=NOW, ports=ports)
