"""An order in words: what was ordered, where it is and what is wrong with it, each sentence on its evidence.

Where the order's state and its dates do not agree, only what both leave standing is said.
"""

import calendar
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

import regex
from babel.dates import format_date, format_skeleton

from assistant.composing.situation import Situation
from assistant.composing.wording import Text
from assistant.outcome import ClaimKind
from assistant.returning import SUFFIX
from tools.parcels import COMING_BACK, NOT_SENT, SETTLED, Progress, came_back, progress_of
from tools.records import Order, OrderStatus, Payment, Promise, Shipment

_MONTHS = tuple(calendar.month_name)[1:]
_DAY_IN_NOTE = regex.compile(rf"\b(\d{{1,2}}) ({'|'.join(_MONTHS)})(?: (\d{{4}}))?\b")
_REASONS = (("bank", regex.compile(r"\bbank\b|authoris|authoriz|declin", regex.IGNORECASE)),)
_SAYS_LOST = regex.compile(r"\blost\b|\bmissing\b", regex.IGNORECASE)
_EXPECTED = frozenset({OrderStatus.BACKORDERED, OrderStatus.PREORDERED})
_ON_THE_WAY = frozenset({Progress.WAITING, Progress.SENT})
_SHIPMENTS_TOLD = 3

Subject = Literal["delivery", "money", "return", "purchase"]


@dataclass(frozen=True, slots=True)
class OrderStory:
    """Tells one order of a verified customer. Nothing is said that has no evidence in `material.record_evidence`."""

    case: Situation
    order: Order

    def tell(self, text: Text, subject: Subject) -> None:
        """Add what matters for this subject."""
        self._head(text)
        if subject == "delivery":
            self._delivery(text)
        elif subject == "money":
            self._payments(text)
            self._refunds(text)
        elif subject == "return":
            self._returns(text)
            self._return_time(text)
            self._refunds(text)
        else:
            self._arrived(text)
        self._promises(text)

    def items(self, lines: tuple[str, ...] | None = None) -> str:
        """The titles of the lines, with how many of each."""
        wanted = [line for line in self.order.lines if lines is None or line.id in lines]
        named = [line.title if line.quantity == 1 else f"{line.quantity} × {line.title}" for line in wanted]
        return self.case.listed(named)

    def overdue(self) -> bool:
        """Whether a parcel is past the day that was named for it, and certainly has not arrived."""
        return any(self._days_late(shipment) > 0 for shipment in self.order.shipments)

    def lost(self) -> bool:
        """Whether it counts as lost, and not every parcel is recorded as delivered."""
        return self.order.status is OrderStatus.LOST and (not self.order.shipments or bool(self._in(Progress.SENT)))

    def untouched(self) -> bool:
        """Whether nothing of it is recorded to have left us."""
        return len(self._in(Progress.WAITING)) == len(self.order.shipments)

    def _in(self, progress: Progress) -> list[Shipment]:
        return [shipment for shipment in self.order.shipments if progress_of(shipment, self.order) is progress]

    def _head(self, text: Text) -> None:
        values = {"order": self.order.id, "items": self.items()}
        if self.order.placed_at and self.order.status not in _EXPECTED:
            values["placed"] = self.day(self.order.placed_at)
        self._add(text, "order.head", "", values)

    def _delivery(self, text: Text) -> None:
        status = self.order.status
        if status is OrderStatus.CANCELLED:
            self._cancelled(text)
            return
        if status is OrderStatus.LOST:
            self._lost(text)
            return
        if status in _EXPECTED:
            self._expected(text)
        for shipment in self.order.shipments[:_SHIPMENTS_TOLD]:
            self._parcel(text, shipment)
        if not self.order.shipments and status in NOT_SENT - {OrderStatus.PREORDERED}:
            self._add(text, "order.not_sent", "", {})
        elif not self.order.shipments and status is OrderStatus.DELIVERED:
            self._add(text, "parcel.arrived", "", {})

    def _expected(self, text: Text) -> None:
        """What has not left us of an order for something that is not there yet."""
        gone = {line for shipment in self._dated() for line in shipment.lines}
        waiting = tuple(line.id for line in self.order.lines if line.id not in gone)
        if waiting:
            day = _day_in(self.order.status_note, self.case.material.now)
            expected = {"expected": self.day(day)} if day else {}
            self._add(text, f"order.{self.order.status.value}", "", {"items": self.items(waiting)} | expected)

    def _dated(self) -> list[Shipment]:
        return [shipment for shipment in self.order.shipments if shipment.shipped_at or shipment.delivered_at]

    def _parcel(self, text: Text, shipment: Shipment) -> None:
        ref, progress = f"/shipment:{shipment.id}", progress_of(shipment, self.order)
        values = {"items": self.items(shipment.lines)}
        if progress is Progress.DELIVERED:
            self._add(text, "parcel.delivered", ref, values | self._delivered(shipment))
            return
        if shipment.promised:
            values["promised"] = self.day(shipment.promised)
        if progress is Progress.UNCERTAIN:
            if shipment.promised:
                self._add(text, "parcel.named_day", ref, values)
            return
        self._under_way(text, shipment, progress, values)
        self._last_scan(text, shipment, ref)

    def _under_way(self, text: Text, shipment: Shipment, progress: Progress, values: dict[str, str]) -> None:
        """A parcel that waits with us or is on its way; `values` hold its items and the day named for it."""
        ref, late = f"/shipment:{shipment.id}", self._days_late(shipment)
        if shipment.carrier:
            values["carrier"] = shipment.carrier
        if shipment.shipped_at:
            values["shipped"] = self.day(shipment.shipped_at)
        if late > 0:
            days = self.case.say("days.one" if late == 1 else "days.many", number=str(late))
            self._add(text, f"parcel.{progress.value}_late", ref, values | {"days": days})
        elif self.order.status is not OrderStatus.BACKORDERED or progress is Progress.SENT:
            self._add(text, f"parcel.{progress.value}", ref, values)
        elif shipment.promised:
            self._add(text, "parcel.promised", ref, {"promised": values["promised"]})

    def _delivered(self, shipment: Shipment) -> dict[str, str]:
        return {"delivered": self.day(shipment.delivered_at)} if shipment.delivered_at else {}

    def _last_scan(self, text: Text, shipment: Shipment, ref: str) -> None:
        if shipment.events:
            last = max(shipment.events, key=lambda event: event.at)
            if last.where:
                self._add(text, "parcel.last_scan", ref, {"scanned": self.day(last.at), "place": last.where}, spare=1)
        if shipment.tracking:
            self._add(text, "parcel.tracking", ref, {"tracking": shipment.tracking[0]}, spare=2)

    def _lost(self, text: Text) -> None:
        missing = self._in(Progress.SENT)
        if len(missing) != 1:
            if self.lost():  # which of them is not known
                self._add(text, "order.lost_somewhere", "", {})
            return
        last = max(missing[0].events, key=lambda event: event.at, default=None)
        noted = {"noted": self.day(last.at)} if last and _SAYS_LOST.search(last.what) else {}
        self._add(text, "order.lost", f"/shipment:{missing[0].id}", noted, also="")

    def _cancelled(self, text: Text) -> None:
        note = self.order.status_note or ""
        day = _day_in(note, self.case.material.now)
        values = {"cancelled": self.day(day)} if day else {}
        reason = next((name for name, pattern in _REASONS if pattern.search(note)), None)
        self._add(text, f"order.cancelled_{reason}" if reason else "order.cancelled", "", values)

    def _arrived(self, text: Text) -> None:
        alone = len(self.order.shipments) == 1
        for shipment in self._in(Progress.DELIVERED)[:_SHIPMENTS_TOLD]:
            items = {} if alone else {"items": self.items(shipment.lines)}
            key = "parcel.arrived" if alone else "parcel.delivered"
            self._add(text, key, f"/shipment:{shipment.id}", items | self._delivered(shipment))

    def _payments(self, text: Text) -> None:
        twice = self.same_payments()
        if twice:
            first, second = twice
            values = {"amount": first.amount.say(self.case.material.language)}
            if first.at:
                values["paid"] = self.day(first.at)
            self._add(text, "money.two_payments", f"/payment:{first.id}", values, also=f"/payment:{second.id}")

    def same_payments(self) -> tuple[Payment, Payment] | None:
        """Two payments of the same amount, if there are two."""
        paid = [payment for payment in self.order.payments if payment.kind == "payment" and payment.done]
        for number, payment in enumerate(paid):
            for other in paid[number + 1 :]:
                if other.amount == payment.amount:
                    return payment, other
        return None

    def open_refund(self) -> Payment | None:
        """A refund that was promised and not carried out."""
        return next((p for p in self.order.payments if p.kind == "refund" and not p.done), None)

    def _refunds(self, text: Text) -> None:
        for number, payment in enumerate(self.order.payments, start=1):
            if payment.kind != "refund" or not payment.amount.amount:
                continue
            ref = f"/refund:{payment.id or number}"
            amount = abs(payment.amount).say(self.case.material.language)
            if payment.done:
                at = {"paid": self.day(payment.at)} if payment.at else {}
                self._add(text, "money.refund_done", ref, {"amount": amount} | at)
            else:
                self._add(text, "money.refund_open", ref, {"amount": amount})

    def _returns(self, text: Text) -> None:
        for item in self.order.returns[:1]:
            key = "return.exchange" if item.kind == "exchange" else "return.return"
            if came_back(item, self.order):
                key, at = f"{key}_received", {"received": item.received_at}
            elif self.order.status not in SETTLED and (item.requested_at or self.order.status in COMING_BACK):
                key, at = f"{key}_open", {"requested": item.requested_at}
            else:
                return
            days = {name: self.day(moment) for name, moment in at.items() if moment}
            self._add(text, key, f"/return:{item.id}", {"items": self.items(item.lines)} | days)

    def _return_time(self, text: Text) -> None:
        """Until when what they kept may come back, where that was worked out; where it has not come, where it is."""
        time = self.case.material.return_times.get(self.order.id)
        if time is None:
            return
        values = {"items": self.items(tuple(line.id for line in time.lines))}
        if time.until is None:
            self._delivery(text)
            if self.order.status is not OrderStatus.LOST:
                self._add(text, "return.time_to_come", SUFFIX, values)
            return
        over = time.is_over(self.case.material.now)
        key = "return.time_over" if over else "return.time_unused" if time.rule.unused else "return.time"
        self._add(text, key, SUFFIX, values | {"until": self.day(time.until)})

    def _promises(self, text: Text) -> None:
        for promise in self.promises():
            tell_promise(text, self.case, promise)

    def promises(self) -> Iterator[Promise]:
        """What was promised about this order and is still open."""
        return (p for p in self.case.material.promises if p.order == self.order.id and p.state == "open")

    def evidence(self, suffix: str) -> str | None:
        """The number of the evidence for a part of the order."""
        found = self.case.material.record_evidence.get(f"order:{self.order.id}{suffix}")
        return found.id if found else None

    def day(self, when: date | datetime) -> str:
        """A day as the customer's language writes it, with the year if it is not this one."""
        return say_day(self.case, when)

    def _days_late(self, shipment: Shipment) -> int:
        if shipment.promised is None or progress_of(shipment, self.order) not in _ON_THE_WAY:
            return 0
        return (self.case.material.now.date() - shipment.promised).days

    def _add(
        self,
        text: Text,
        key: str,
        suffix: str,
        values: Mapping[str, str],
        *,
        also: str | None = None,
        spare: int = 0,
    ) -> None:
        numbers = [self.evidence(suffix), self.evidence(also) if also is not None else None]
        evidence = [number for number in numbers if number is not None]
        if evidence:
            text.add(self.case.say(key, **values), ClaimKind.FACT, evidence=evidence, spare=spare)


def tell_promise(text: Text, case: Situation, promise: Promise) -> None:
    """Add when something was promised, for when, and whether that is past."""
    evidence = case.material.record_evidence.get(f"promise:{promise.id}")
    if evidence is None or promise.due is None:
        return
    key = "promise.overdue" if promise.due < case.material.now else "promise.open"
    values = {"due": say_day(case, promise.due), "made": say_day(case, promise.made_at)}
    text.add(case.say(key, **values), ClaimKind.FACT, evidence=[evidence.id])


def say_day(case: Situation, when: date | datetime) -> str:
    """A day as the customer's language writes it, with the year if it is not this one."""
    language = case.material.language
    locale = "en_GB" if language == "en" else language
    day = when.date() if isinstance(when, datetime) else when
    if day.year != case.material.now.year:
        return str(format_date(day, "long", locale=locale))
    return str(format_skeleton("MMMMd", day, locale=locale))


def _day_in(note: str | None, now: datetime) -> date | None:
    """The day that a note names; without a year it is the one nearest to now."""
    match = _DAY_IN_NOTE.search(note or "")
    if match is None:
        return None
    month = _MONTHS.index(match.group(2)) + 1
    return date(int(match.group(3) or now.year), month, int(match.group(1)))
