"""What an action is judged by and what it comes to: the shop's records before and after."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from server.actions.arguments import Arguments
from server.actions.kinds import ActionKind
from tools.records import Customer, Money, Order, Product


@dataclass(frozen=True, slots=True)
class Wanted:
    """An action somebody wants. `id` is that of the action; what it adds to the records is numbered by it."""

    id: str
    kind: ActionKind
    customer: str
    arguments: Arguments


@dataclass(frozen=True, slots=True)
class Earlier:
    """What was carried out before. `result` is what the effect of it was said to be then."""

    action: str
    kind: ActionKind
    at: datetime
    order: str | None = None
    result: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Shop:
    """The records that an action is about.

    Attributes:
        customer: Who it is for.
        order: The order that the arguments name, whoever's it is; None if there is none of that number.
        products: By id: those of the order's lines, and those that have one of the wanted variants.
        done: What was carried out, or is on its way, for this customer.
    """

    customer: Customer
    order: Order | None = None
    products: Mapping[str, Product] = field(default_factory=dict)
    done: Sequence[Earlier] = ()


@dataclass(frozen=True, slots=True)
class Effect:
    """The records as they are afterwards.

    Attributes:
        order: The order; None if the action is about none.
        customer: The customer: balances of gift cards, and a new one if there had to be one.
        result: What was changed, as JSON, for the records and for people.
        amount: What goes back to the customer or what the gesture costs; None if nothing does.
    """

    order: Order | None
    customer: Customer
    result: Mapping[str, Any]
    amount: Money | None = None
