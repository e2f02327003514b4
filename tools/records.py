"""What the shop knows of one customer, as the tools see it.

The fields follow the import format field for field (docs/shop-data.md). Amounts are integers in the currency's minor
unit; times carry a zone; nothing here can be changed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache

from babel import Locale
from babel.numbers import format_currency, get_currency_precision


@lru_cache(maxsize=16)
def _locale(language: str) -> Locale:
    return Locale.parse(language)


@dataclass(frozen=True, slots=True)
class Money:
    """An amount of one currency: `Money(12900, "EUR")` is 129 euros."""

    amount: int
    currency: str

    def __abs__(self) -> "Money":
        return Money(abs(self.amount), self.currency)

    def say(self, language: str = "en") -> str:
        """The amount as people of `language` write it: `€129.00`, `129,00 €`."""
        value = self.amount / 10 ** get_currency_precision(self.currency)
        return format_currency(value, self.currency, locale=_locale(language))

    def __str__(self) -> str:
        precision = get_currency_precision(self.currency)
        return f"{self.amount / 10**precision:.{precision}f} {self.currency}"


class Known(StrEnum):
    """How sure we are who writes. Records are read for the first two only, and told to the first only."""

    VERIFIED = "verified"
    LINKED = "linked"
    POSSIBLE = "possible"
    UNKNOWN = "unknown"


class OrderStatus(StrEnum):
    """Where an order stands, in the import format's words."""

    PENDING = "pending"
    PROCESSING = "processing"
    BACKORDERED = "backordered"
    PREORDERED = "preordered"
    PACKED = "packed"
    SHIPPED = "shipped"
    PARTLY_SHIPPED = "partly_shipped"
    DELIVERED = "delivered"
    LOST = "lost"
    CANCELLED = "cancelled"
    RETURN_REQUESTED = "return_requested"
    RETURNED = "returned"
    EXCHANGE_REQUESTED = "exchange_requested"
    EXCHANGED = "exchanged"


ARRIVED = frozenset(
    {
        OrderStatus.DELIVERED,
        OrderStatus.RETURN_REQUESTED,
        OrderStatus.RETURNED,
        OrderStatus.EXCHANGE_REQUESTED,
        OrderStatus.EXCHANGED,
    }
)
"""The states of what the customer has had in their hands."""


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address; `country` is ISO 3166-1 alpha-2."""

    line1: str
    city: str
    country: str
    line2: str | None = None
    region: str | None = None
    postal_code: str | None = None


@dataclass(frozen=True, slots=True)
class Handle:
    """A person's name on a channel and how we know that it is theirs."""

    channel: str
    handle: str
    known: Known


@dataclass(frozen=True, slots=True)
class PaymentMethod:
    """How a customer pays; of a card never more than the last four digits."""

    id: str
    kind: str
    brand: str | None = None
    last_four: str | None = None
    balance: Money | None = None


@dataclass(frozen=True, slots=True)
class Customer:
    """One customer of one brand."""

    id: str
    name: str
    brand: str | None = None
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    language: str | None = None
    since: date | None = None
    tier: str | None = None
    organisation: str | None = None
    address: Address | None = None
    handles: tuple[Handle, ...] = ()
    payment_methods: tuple[PaymentMethod, ...] = ()
    consent: Mapping[str, bool] = field(default_factory=dict)
    facts: Mapping[str, str | float | bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Variant:
    """One thing that can be bought: a product in one size and colour."""

    sku: str
    price: Money
    options: Mapping[str, str] = field(default_factory=dict)
    available: bool | None = None


@dataclass(frozen=True, slots=True)
class Product:
    """What a brand sells, with its variants."""

    id: str
    title: str
    variants: tuple[Variant, ...]
    brand: str | None = None
    family: str | None = None
    public_url: str | None = None


@dataclass(frozen=True, slots=True)
class OrderLine:
    """A line of an order: `quantity` of one product at `unit_price` each."""

    id: str
    title: str
    quantity: int
    unit_price: Money
    product: str | None = None
    sku: str | None = None
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ShipmentEvent:
    """What the carrier reported."""

    at: datetime
    what: str
    where: str | None = None


@dataclass(frozen=True, slots=True)
class Shipment:
    """A parcel: the ids of the lines in it, who carries it and how far it came. `promised` is the day we named."""

    id: str
    lines: tuple[str, ...]
    carrier: str | None = None
    service: str | None = None
    tracking: tuple[str, ...] = ()
    promised: date | None = None
    shipped_at: datetime | None = None
    delivered_at: datetime | None = None
    events: tuple[ShipmentEvent, ...] = ()


@dataclass(frozen=True, slots=True)
class Payment:
    """Money that came (`payment`) or goes back (`refund`). `done` false: promised, not yet carried out."""

    kind: str
    amount: Money
    id: str | None = None
    method: str | None = None
    at: datetime | None = None
    done: bool = True


@dataclass(frozen=True, slots=True)
class Return:
    """Lines on their way back: for a refund, other variants (`new_skus`, in the order of `lines`) or repair."""

    id: str
    kind: str
    lines: tuple[str, ...]
    new_skus: tuple[str, ...] = ()
    reason: str | None = None
    requested_at: datetime | None = None
    received_at: datetime | None = None
    method: str | None = None
    difference: Money | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """One order with everything that happened to it."""

    id: str
    customer: str
    status: OrderStatus
    currency: str
    lines: tuple[OrderLine, ...]
    brand: str | None = None
    placed_at: datetime | None = None
    status_note: str | None = None
    gift: bool = False
    ship_to: Address | None = None
    shipments: tuple[Shipment, ...] = ()
    payments: tuple[Payment, ...] = ()
    returns: tuple[Return, ...] = ()

    @property
    def total(self) -> Money:
        """The sum of the lines; what was really paid stands in `payments`."""
        return Money(sum(line.quantity * line.unit_price.amount for line in self.lines), self.currency)


@dataclass(frozen=True, slots=True)
class Promise:
    """A commitment that was sent: what, about which order, due when, and whether it was kept."""

    id: str
    customer: str | None
    what: str
    made_at: datetime
    order: str | None = None
    due: datetime | None = None
    state: str = "open"


@dataclass(frozen=True, slots=True)
class PastPost:
    """A post of an earlier case of this customer, theirs or ours."""

    id: str
    channel: str
    role: str
    created_at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Destination:
    """A place to send a customer to. Drafts link here and to policies' `public_url`s, nowhere else.

    `kind` is one of secure_form, direct_message, status_page, account_recovery, appeal, abuse_report, phone,
    help_centre, repairs. `target` is the address or number as it is written in a text; `says` what it is for, one
    sentence in the destination's language that a draft may use as it stands; `hours` in words, None if always open.
    """

    id: str
    kind: str
    brand: str | None
    language: str
    target: str
    label: str
    says: str
    regions: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    hours: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A sentence or two that the document's owner wrote for customers: what the document says about one intent."""

    intent: str
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of a policy document as the search found it.

    `relevance` runs from 0 to 1 and is calibrated per corpus: below the threshold a passage is not returned at all.
    `heading` is the path of headings from the document's title down to the passage.
    """

    id: str
    document: str
    title: str
    heading: tuple[str, ...]
    text: str
    audience: str
    relevance: float
    brand: str | None = None
    category: str | None = None
    product: str | None = None
    effective_from: date | None = None
    effective_to: date | None = None
    public_url: str | None = None
    answers: tuple[Answer, ...] = ()
    regions: tuple[str, ...] = ()
