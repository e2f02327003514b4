"""The import format (`shop.schema.json`) as types that check a line while it is parsed.

Typed dictionaries rather than model classes: a line is checked, written to the database and forgotten, and at a million
lines the objects would cost more than the checking. A test holds these types and the schema together.
"""

import re
from datetime import UTC, date, datetime
from math import isfinite
from typing import Annotated, Any, Literal, NotRequired

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, with_config
from pydantic_core import PydanticCustomError
from typing_extensions import TypedDict

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")


def parse_time(value: str) -> datetime:
    """The moment that an RFC 3339 time names."""
    return datetime.fromisoformat(value.upper())


def _time(value: str) -> str:
    if not _TIME.fullmatch(value.upper()):
        raise PydanticCustomError("time", "must be a time with its zone, such as 2026-11-20T12:00:00Z")
    try:
        parse_time(value).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise PydanticCustomError("time", "is no real time: {error}", {"error": str(error)}) from None
    return value


def _date(value: str) -> str:
    if not _DATE.fullmatch(value):
        raise PydanticCustomError("date", "must be a date such as 2026-11-20")
    try:
        date.fromisoformat(value)
    except ValueError as error:
        raise PydanticCustomError("date", "is no real date: {error}", {"error": str(error)}) from None
    return value


def _email(value: str) -> str:
    if not _EMAIL.fullmatch(value):
        raise PydanticCustomError("email", "must be an email address such as anna@example.org")
    return value


def _uri(value: str) -> str:
    if not _URI.fullmatch(value):
        raise PydanticCustomError("uri", "must be a full address such as https://www.example.org/tent")
    return value


def _whole(value: object) -> object:
    """JSON knows one kind of number: 12.0 is an integer there."""
    return int(value) if type(value) is float and value.is_integer() else value


def _fact(value: object) -> object:
    if not isinstance(value, str | bool | int | float) or (isinstance(value, float) and not isfinite(value)):
        raise PydanticCustomError("fact", "must be text, a number, true or false")
    return value


Id = Annotated[str, Field(min_length=1, max_length=100)]
Time = Annotated[str, AfterValidator(_time)]
Date = Annotated[str, AfterValidator(_date)]
Email = Annotated[str, AfterValidator(_email)]
Uri = Annotated[str, AfterValidator(_uri)]
Amount = Annotated[int, BeforeValidator(_whole)]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
Options = dict[str, str]
Fact = Annotated[Any, AfterValidator(_fact)]

_exactly = with_config(ConfigDict(extra="forbid", strict=True))


@_exactly
class Address(TypedDict):
    """A postal address."""

    line1: str
    line2: NotRequired[str]
    city: str
    region: NotRequired[str]
    postal_code: NotRequired[str]
    country: str


@_exactly
class Handle(TypedDict):
    """A name on a channel."""

    channel: str
    handle: str
    known: Literal["verified", "linked", "possible"]


@_exactly
class PaymentMethod(TypedDict):
    """A way of paying."""

    id: Id
    kind: Literal["credit_card", "paypal", "gift_card", "bank_transfer", "invoice", "other"]
    brand: NotRequired[str]
    last_four: NotRequired[Annotated[str, Field(pattern=r"^[0-9]{4}$")]]
    balance: NotRequired[Amount]
    currency: NotRequired[Currency]


@_exactly
class Customer(TypedDict):
    """A line of customers.jsonl."""

    id: Id
    brand: NotRequired[str]
    name: str
    emails: NotRequired[list[Email]]
    phones: NotRequired[list[str]]
    language: NotRequired[Language]
    since: NotRequired[Date]
    tier: NotRequired[str]
    organisation: NotRequired[str]
    address: NotRequired[Address]
    handles: NotRequired[list[Handle]]
    payment_methods: NotRequired[list[PaymentMethod]]
    consent: NotRequired[dict[str, bool]]
    facts: NotRequired[dict[str, Fact]]


@_exactly
class Variant(TypedDict):
    """A product in one size and colour."""

    sku: Id
    options: NotRequired[Options]
    price: Amount
    currency: Currency
    available: NotRequired[bool]


@_exactly
class Product(TypedDict):
    """A line of products.jsonl."""

    id: Id
    brand: NotRequired[str]
    title: str
    family: NotRequired[str]
    public_url: NotRequired[Uri]
    variants: list[Variant]


@_exactly
class OrderLine(TypedDict):
    """A line of an order."""

    id: Id
    product: NotRequired[Id]
    sku: NotRequired[Id]
    title: str
    options: NotRequired[Options]
    quantity: Annotated[int, BeforeValidator(_whole), Field(ge=1)]
    unit_price: Amount


@_exactly
class ShipmentEvent(TypedDict):
    """What a carrier reported."""

    at: Time
    what: str
    where: NotRequired[str]


@_exactly
class Shipment(TypedDict):
    """A parcel."""

    id: Id
    lines: list[Id]
    carrier: NotRequired[str]
    service: NotRequired[str]
    tracking: NotRequired[list[str]]
    promised: NotRequired[Date]
    shipped_at: NotRequired[Time]
    delivered_at: NotRequired[Time]
    events: NotRequired[list[ShipmentEvent]]


@_exactly
class Payment(TypedDict):
    """Money that came or goes back."""

    id: NotRequired[Id]
    kind: Literal["payment", "refund"]
    amount: Amount
    method: NotRequired[Id]
    at: NotRequired[Time]
    done: NotRequired[bool]


@_exactly
class Return(TypedDict):
    """Lines on their way back."""

    id: Id
    kind: Literal["return", "exchange", "repair"]
    lines: list[Id]
    new_skus: NotRequired[list[Id]]
    reason: NotRequired[str]
    requested_at: NotRequired[Time]
    received_at: NotRequired[Time]
    method: NotRequired[Id]
    difference: NotRequired[Amount]


@_exactly
class Order(TypedDict):
    """A line of orders.jsonl."""

    id: Id
    brand: NotRequired[str]
    customer: Id
    placed_at: NotRequired[Time]
    status: Literal[
        "pending",
        "processing",
        "backordered",
        "preordered",
        "packed",
        "shipped",
        "partly_shipped",
        "delivered",
        "lost",
        "cancelled",
        "return_requested",
        "returned",
        "exchange_requested",
        "exchanged",
    ]
    status_note: NotRequired[str]
    currency: Currency
    gift: NotRequired[bool]
    ship_to: NotRequired[Address]
    lines: Annotated[list[OrderLine], Field(min_length=1)]
    shipments: NotRequired[list[Shipment]]
    payments: NotRequired[list[Payment]]
    returns: NotRequired[list[Return]]
