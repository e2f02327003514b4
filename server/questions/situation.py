"""What is known of a customer at the moment in which a question might be asked of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from tools.records import Customer


class Moment(StrEnum):
    """What has just happened: docs/questions.md says when each holds."""

    ORDER_PLACED = "order_placed"
    DELIVERED = "delivered"
    EXCHANGE_DELIVERED = "exchange_delivered"
    REPAIR_RETURNED = "repair_returned"
    CASE_SOLVED = "case_solved"


@dataclass(frozen=True, slots=True)
class Bought:
    """A line of an order that is theirs to keep. `happened` is what has just happened to it, and the day."""

    order: str
    title: str
    product: str | None = None
    family: str | None = None
    gift: bool = False
    happened: Mapping[Moment, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Matter:
    """A case of theirs: whether it is open, what its author wants as far as it was read, and since when it is so."""

    id: str
    open: bool
    intent: str | None
    danger: str | None
    since: datetime


@dataclass(frozen=True, slots=True)
class Situation:
    """One customer, in one conversation.

    `complaint` says in words what they may complain of, None: nothing. `bought` is newest first; `solved` since when
    nothing of theirs is open that was.
    """

    now: datetime
    brand: str
    customer: Customer
    channel: str
    complaint: str | None = None
    bought: tuple[Bought, ...] = ()
    orders: int = 0
    intents: frozenset[str] = frozenset()
    solved: datetime | None = None


@dataclass(frozen=True, slots=True)
class Past:
    """What was asked of a person before.

    Args:
        asked: The questions that were asked of them, whatever became of it.
        refused: The questions and facts of which they would not speak.
        skipped: Questions that a rep left aside lately.
        known: The names of the facts that we have.
        answered: The facts that they have told once, whether or not it was kept or is still.
        until: They are left alone until then; None: they need not be.
    """

    asked: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()
    skipped: frozenset[str] = frozenset()
    known: frozenset[str] = frozenset()
    answered: frozenset[str] = frozenset()
    until: datetime | None = None
