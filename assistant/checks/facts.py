"""What a draft is checked against."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

import regex

from assistant.case import Post
from tools.context import Proposal
from tools.evidence import Evidence
from tools.records import Address, Customer, Known, Order, Promise

_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that a check may know of the turn.

    `brand` is our brand's name as people write it, None where it is not known. `posts` are the customer's own posts
    in this thread. `known_targets` are the addresses and numbers a draft may name. `private_values` stand in the
    customer's record and in no public text. `approved` are actions that were approved and have not ended, `done` those
    that the server carried out: "we will" needs the one, "we have" the other.
    `promises` is what was promised to this customer and is still owed. `tried` are steps the customer took already.
    `product_names` are what the shop sells. `word_within` is in how many days we may promise to write again: 0: never.
    """

    evidence: tuple[Evidence, ...]
    now: datetime
    brand: str | None = None
    channel: str = "x"
    language: str | None = None
    known: Known = Known.UNKNOWN
    posts: tuple[Post, ...] = ()
    known_targets: frozenset[str] = frozenset()
    private_values: frozenset[str] = frozenset()
    approved: tuple[Proposal, ...] = ()
    done: tuple[Proposal, ...] = ()
    avoid: tuple[str, ...] = ()
    promises: tuple[Promise, ...] = ()
    tried: tuple[str, ...] = ()
    product_names: tuple[str, ...] = field(default=())
    word_within: int = 0


def private_values(customer: Customer | None, orders: Iterable[Order] = ()) -> frozenset[str]:
    """The strings of a customer's record that must never stand in a public text."""
    values: set[str | None] = set()
    if customer is not None:
        values |= {customer.id, customer.name, *customer.name.split(), *customer.emails, *customer.phones}
        values.add(customer.organisation)
        values |= _address(customer.address)
        for method in customer.payment_methods:
            values |= {method.last_four, method.id}
    for order in orders:
        values |= {order.id, *_address(order.ship_to)}
        for shipment in order.shipments:
            values |= {shipment.id, *shipment.tracking}
        values |= {payment.id for payment in order.payments} | {item.id for item in order.returns}
    return frozenset(value for value in values if value and len(value) >= _SHORTEST)


def _address(address: Address | None) -> set[str | None]:
    if address is None:
        return set()
    lines = {address.line1, address.line2, address.postal_code, address.city}
    return lines | {
        " ".join(regex.findall(r"\p{L}[\p{L}'’.-]+", line)) for line in (address.line1, address.line2) if line
    }
