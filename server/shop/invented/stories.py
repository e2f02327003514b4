"""What happens to the demo shop's orders. Each story writes status, parcels, payments and returns that fit together.

`STORIES` says how old an order is (in days) when a story can be told of it, and how often it is told.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from server.shop.invented.parcels import Way, leaves_warehouse
from server.shop.invented.world import NOW, Country, Json, World, at_hour, workdays_after, write


@dataclass(slots=True)
class Making:
    """An order in the making: lines and customer stand, the rest is told by a story."""

    random: Random
    world: World
    country: Country
    customer: Json
    order: Json
    placed: datetime
    way: Way

    @property
    def lines(self) -> list[str]:
        """The ids of the lines."""
        return [line["id"] for line in self.order["lines"]]

    @property
    def total(self) -> int:
        """What the lines cost together."""
        return sum(line["quantity"] * line["unit_price"] for line in self.order["lines"])

    @property
    def number(self) -> str:
        """The order's number without the brand's letters."""
        return str(self.order["id"].split("-")[1])

    def tell(self, status: str, note: str | None = None) -> None:
        """Set where the order stands."""
        self.order["status"] = status
        if note:
            self.order["status_note"] = note

    def pay(self, *, times: int = 1) -> None:
        """The customer pays, as a rule once; invoices come due after two weeks."""
        method = self.customer["payment_methods"][0]
        at = self.placed + timedelta(days=14 if method["kind"] == "invoice" else 0)
        for _ in range(times if at <= NOW else 0):
            self._add_payment("payment", self.total, write(at))

    def refund(self, amount: int, at: datetime | None) -> None:
        """Money goes back then; promised and not done, if there is no such moment or it is still to come."""
        self._add_payment("refund", amount, write(at) if at is not None and at <= NOW else None)

    def arrive(self, *, late_by: int = 0) -> datetime:
        """One parcel with everything; says when it arrived."""
        parcel = self.way.sent("S1", self.lines, leaves_warehouse(self.placed, self.random), late_by=late_by)
        self.order["shipments"] = [parcel]
        return datetime.fromisoformat(parcel["delivered_at"]) if "delivered_at" in parcel else NOW

    def give_back(self, kind: str, lines: Sequence[str], reason: str, asked: datetime, came: datetime | None) -> None:
        """The customer sends lines back; `came` is when they arrived with us."""
        back: Json = {"id": f"R-{self.number}", "kind": kind, "lines": list(lines), "reason": reason}
        back["requested_at"] = write(min(asked, NOW - timedelta(hours=3)))
        if came is not None and came <= NOW:
            back["received_at"] = write(came)
        if kind == "return" and self.order.get("payments"):
            back["method"] = self.order["payments"][0]["method"]
        self.order["returns"] = [back]

    def _add_payment(self, kind: str, amount: int, at: str | None) -> None:
        payments = self.order.setdefault("payments", [])
        payment = {"id": f"P-{self.number}-{len(payments) + 1}", "kind": kind, "amount": amount}
        payment["method"] = self.customer["payment_methods"][0]["id"]
        payments.append(payment | ({"at": at} if at else {"done": False}))


def pending(making: Making) -> None:
    """Not paid yet."""
    making.tell("pending")


def processing(making: Making) -> None:
    """Paid, nothing has happened yet."""
    making.tell("processing")
    making.pay()
    leaves = workdays_after(NOW, 1)
    making.order["shipments"] = [making.way.planned("S1", making.lines, leaves)]


def charged_twice(making: Making) -> None:
    """The payment was taken twice."""
    processing(making)
    making.order["payments"] = []
    making.pay(times=2)


def packed(making: Making) -> None:
    """Ready in the warehouse."""
    processing(making)
    making.tell("packed")


def shipped(making: Making) -> None:
    """On its way, and in time unless it has arrived."""
    making.pay()
    making.tell("delivered" if making.arrive() < NOW else "shipped")


def shipped_late(making: Making) -> None:
    """Held up on the way; those placed long enough ago have arrived in the end."""
    low, high = making.country.days
    making.pay()
    arrived = making.arrive(late_by=high - low + making.random.randint(2, 5))
    making.tell("delivered" if arrived < NOW else "shipped")


def in_two_parcels(making: Making) -> None:
    """Split: the second parcel follows some days later, or has not left yet."""
    if len(making.lines) < 2:
        return shipped(making)
    making.pay()
    first = making.way.sent("S1", making.lines[:1], leaves_warehouse(making.placed, making.random))
    leaves = leaves_warehouse(making.placed, making.random, after=6)
    send = making.way.sent if leaves <= NOW else making.way.planned
    making.order["shipments"] = [first, send("S2", making.lines[1:], leaves)]
    if "shipped_at" not in making.order["shipments"][1]:
        return making.tell("partly_shipped")
    everything_there = all("delivered_at" in parcel for parcel in making.order["shipments"])
    return making.tell("delivered" if everything_there else "shipped")


def backordered(making: Making) -> None:
    """Sold, but not there."""
    making.pay()
    expected = workdays_after(NOW, making.random.randint(6, 25))
    making.tell("backordered", f"{making.order['lines'][0]['title']} is expected in the warehouse on {_day(expected)}.")
    making.order["shipments"] = [making.way.planned("S1", making.lines, workdays_after(expected, 1))]


def preordered(making: Making) -> None:
    """Not on sale yet."""
    making.pay()
    making.tell("preordered", "Preorder, planned to leave the warehouse on 15 January 2027.")


def as_a_gift(making: Making) -> None:
    """Sent to somebody else."""
    making.order["gift"] = True
    making.order["ship_to"] = making.country.address(making.random)
    making.way = replace(making.way, city=making.order["ship_to"]["city"])
    shipped(making)


def cancelled(making: Making) -> None:
    """Stopped before it left; the money is back unless that was yesterday."""
    why = making.random.choices(("customer", "shop", "payment"), (5, 3, 2))[0]
    making.tell("cancelled", making.random.choice(making.world.words["cancel_reasons"][why]))
    if why != "payment":
        making.pay()
        if making.order.get("payments"):
            making.refund(making.total, at_hour(workdays_after(making.placed, 3), making.random, 9, 17))


def returned(making: Making) -> None:
    """Came back and was refunded."""
    _come_back(making, days_until_refund=making.random.randint(2, 6))


def refund_promised(making: Making) -> None:
    """Came back; the refund was promised and has not been done."""
    _come_back(making, days_until_refund=None)


def return_requested(making: Making) -> None:
    """The customer wants to send it back."""
    making.pay()
    arrived = making.arrive()
    reason = making.random.choice(making.world.words["return_reasons"])
    making.give_back("return", making.lines[:1], reason, arrived + timedelta(days=making.random.randint(1, 4)), None)
    making.tell("return_requested")


def exchange_requested(making: Making) -> None:
    """The customer wants another size or colour."""
    _exchange(making, received=False)
    making.tell("exchange_requested")


def exchanged(making: Making) -> None:
    """Another size or colour was sent."""
    _exchange(making, received=True)
    making.tell("exchanged")


def part_refunded(making: Making) -> None:
    """Delivered; some of the money went back."""
    making.pay()
    arrived = making.arrive()
    making.tell("delivered", making.random.choice(making.world.words["refund_reasons"]))
    if making.order.get("payments"):
        part = round(making.total * making.random.choice((0.1, 0.15, 0.2, 0.3)) / 100) * 100
        making.refund(part, at_hour(workdays_after(arrived, 3), making.random, 9, 17))


def lost(making: Making) -> None:
    """The parcel is gone; after a month the money is back, before that it is promised or still searched for."""
    making.pay()
    leaves = leaves_warehouse(making.placed, making.random)
    making.order["shipments"] = [making.way.lost("S1", making.lines, leaves)]
    confirmed = making.order["shipments"][0]["events"][-1]["what"].startswith("Confirmed")
    making.tell("lost", None if confirmed else "The carrier is searching for the parcel.")
    if confirmed and making.order.get("payments"):
        making.refund(making.total, leaves + timedelta(days=30))


def in_repair(making: Making) -> None:
    """Delivered long ago; it broke and is with us or on its way."""
    making.pay()
    making.arrive()
    making.tell("delivered")
    asked = NOW - timedelta(days=making.random.randint(3, 25), hours=making.random.randint(0, 9))
    reason = making.random.choice(making.world.words["repair_reasons"])
    making.give_back("repair", making.lines[:1], reason, asked, asked + timedelta(days=8))


def _come_back(making: Making, *, days_until_refund: int | None) -> None:
    making.pay()
    asked = making.arrive() + timedelta(days=making.random.randint(1, 3), hours=making.random.randint(1, 5))
    came = min(at_hour(workdays_after(asked, 4), making.random, 8, 12), NOW - timedelta(hours=2))
    reason = making.random.choice(making.world.words["return_reasons"])
    making.give_back("return", making.lines, reason, asked, came)
    making.tell("returned")
    if making.order.get("payments"):
        done = None if days_until_refund is None else workdays_after(came, days_until_refund)
        making.refund(making.total, done)


def _exchange(making: Making, *, received: bool) -> None:
    making.pay()
    asked = making.arrive() + timedelta(days=making.random.randint(1, 4))
    line = making.order["lines"][0]
    product = next(item for item in making.world.goods.products if item["id"] == line["product"])
    reason, sku = _wanted_instead(product["variants"], line)
    making.give_back("exchange", [line["id"]], reason, asked, asked + timedelta(days=6) if received else None)
    making.order["returns"][0] |= {"new_skus": [sku], "difference": 0}


def _wanted_instead(variants: Sequence[Json], line: Json) -> tuple[str, str]:
    """Why the customer exchanges, and for which variant: the next size, another colour, or the same one unbroken."""

    def besides_size(options: Json) -> Json:
        return {name: value for name, value in options.items() if name != "size"}

    alike = [
        variant for variant in variants if besides_size(variant.get("options", {})) == besides_size(line["options"])
    ]
    here = [variant["sku"] for variant in alike].index(line["sku"])
    if here + 1 < len(alike):
        return "too small", alike[here + 1]["sku"]
    if here:
        return "too large", alike[here - 1]["sku"]
    others = [variant["sku"] for variant in variants if variant["sku"] != line["sku"]]
    return ("would rather have the other one", others[0]) if others else ("arrived with a fault", line["sku"])


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"


Story = Callable[[Making], None]

# From this age on, up to this age, so often.
STORIES: tuple[tuple[float, float, float, Story], ...] = (
    (0, 1.2, 4, pending),
    (0, 2, 9, processing),
    (0, 2, 3, charged_twice),
    (0, 9, 1, preordered),
    (0, 60, 0.7, cancelled),
    (1.5, 4, 4, packed),
    (1.5, 12, 7, shipped),
    (1, 40, 0.7, backordered),
    (5, 12, 1, shipped_late),
    (3, 12, 3, in_two_parcels),
    (4, 12, 0.5, as_a_gift),
    (12, 900, 16, shipped),
    (12, 900, 1.2, shipped_late),
    (12, 900, 1.2, in_two_parcels),
    (12, 900, 1, as_a_gift),
    (60, 900, 0.6, cancelled),
    (14, 900, 0.8, part_refunded),
    (12, 45, 2, return_requested),
    (12, 45, 1.5, exchange_requested),
    (16, 60, 1.5, refund_promised),
    (12, 40, 1.2, lost),
    (40, 900, 0.25, lost),
    (25, 900, 1.4, returned),
    (25, 900, 0.7, exchanged),
    (90, 900, 0.35, in_repair),
)


def tell_a_story(making: Making) -> None:
    """One that fits the order's age."""
    age = (NOW - making.placed) / timedelta(days=1)
    fitting = [(weight, story) for first, last, weight, story in STORIES if first <= age < last]
    weights, stories = zip(*fitting, strict=True)
    making.random.choices(stories, weights)[0](making)
