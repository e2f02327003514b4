"""An order in words: what was ordered, where it is and what is wrong with it, each sentence on its evidence."""

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
from tools.records import Order, OrderStatus, Payment, Promise, Shipment

_MONTHS = tuple(calendar.month_name)[1:]
_DAY_IN_NOTE = regex.compile(rf"\b(\d{{1,2}}) ({'|'.join(_MONTHS)})(?: (\d{{4}}))?\b")
_REASONS = (("bank", regex.compile(r"\bbank\b|authoris|authoriz|declin", regex.IGNORECASE)),)
_NOT_SENT = frozenset(
    {OrderStatus.PENDING, OrderStatus.PROCESSING, OrderStatus.PACKED, OrderStatus.BACKORDERED, OrderStatus.PREORDERED}
)
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
        """Whether a parcel is past the day that was named for it."""
        return any(self._days_late(shipment) > 0 for shipment in self.order.shipments)

    def _head(self, text: Text) -> None:
        values = {"order": self.order.id, "items": self.items()}
        if self.order.placed_at and self.order.status not in (OrderStatus.BACKORDERED, OrderStatus.PREORDERED):
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
        if status in (OrderStatus.BACKORDERED, OrderStatus.PREORDERED):
            expected = _day_in(self.order.status_note, self.case.material.now)
            values = {"expected": self.day(expected)} if expected else {}
            self._add(text, f"order.{status.value}", "", {"items": self.items()} | values)
        for shipment in self.order.shipments[:_SHIPMENTS_TOLD]:
            self._parcel(text, shipment)
        if not self.order.shipments and status in _NOT_SENT and status is not OrderStatus.PREORDERED:
            self._add(text, "order.not_sent", "", {})

    def _parcel(self, text: Text, shipment: Shipment) -> None:
        ref = f"/shipment:{shipment.id}"
        values = {"items": self.items(shipment.lines)}
        if shipment.promised:
            values["promised"] = self.day(shipment.promised)
        if shipment.carrier:
            values["carrier"] = shipment.carrier
        if shipment.shipped_at:
            values["shipped"] = self.day(shipment.shipped_at)
        if shipment.delivered_at:
            told = {"items": values["items"], "delivered": self.day(shipment.delivered_at)}
            self._add(text, "parcel.delivered", ref, told)
            return
        state = "sent" if shipment.shipped_at else "waiting"
        late = self._days_late(shipment)
        if late > 0:
            days = self.case.say("days.one" if late == 1 else "days.many", number=str(late))
            self._add(text, f"parcel.{state}_late", ref, values | {"days": days})
        elif self.order.status is not OrderStatus.BACKORDERED or state == "sent":
            self._add(text, f"parcel.{state}", ref, values)
        elif shipment.promised:
            self._add(text, "parcel.promised", ref, {"promised": values["promised"]})
        self._last_scan(text, shipment, ref)

    def _last_scan(self, text: Text, shipment: Shipment, ref: str) -> None:
        if shipment.events:
            last = max(shipment.events, key=lambda event: event.at)
            if last.where:
                self._add(text, "parcel.last_scan", ref, {"scanned": self.day(last.at), "place": last.where}, spare=1)
        if shipment.tracking:
            self._add(text, "parcel.tracking", ref, {"tracking": shipment.tracking[0]}, spare=2)

    def _lost(self, text: Text) -> None:
        for shipment in self.order.shipments[:1]:
            last = max(shipment.events, key=lambda event: event.at, default=None)
            noted = {"noted": self.day(last.at)} if last else {}
            self._add(text, "order.lost", f"/shipment:{shipment.id}", noted, also="")

    def _cancelled(self, text: Text) -> None:
        note = self.order.status_note or ""
        day = _day_in(note, self.case.material.now)
        values = {"cancelled": self.day(day)} if day else {}
        reason = next((name for name, pattern in _REASONS if pattern.search(note)), None)
        self._add(text, f"order.cancelled_{reason}" if reason else "order.cancelled", "", values)

    def _arrived(self, text: Text) -> None:
        for shipment in self.order.shipments[:1]:
            if shipment.delivered_at:
                delivered = {"delivered": self.day(shipment.delivered_at)}
                self._add(text, "parcel.arrived", f"/shipment:{shipment.id}", delivered)

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
            if payment.kind != "refund":
                continue
            ref = f"/refund:{payment.id or number}"
            amount = payment.amount.say(self.case.material.language)
            if payment.done:
                at = {"paid": self.day(payment.at)} if payment.at else {}
                self._add(text, "money.refund_done", ref, {"amount": amount} | at)
            else:
                self._add(text, "money.refund_open", ref, {"amount": amount})

    def _returns(self, text: Text) -> None:
        for item in self.order.returns[:1]:
            ref = f"/return:{item.id}"
            key = "return.exchange" if item.kind == "exchange" else "return.return"
            values = {"items": self.items(item.lines)}
            if item.received_at:
                self._add(text, f"{key}_received", ref, values | {"received": self.day(item.received_at)})
            elif item.requested_at:
                self._add(text, f"{key}_open", ref, values | {"requested": self.day(item.requested_at)})

    def _promises(self, text: Text) -> None:
        for promise in self.promises():
            evidence = self.case.material.record_evidence.get(f"promise:{promise.id}")
            if evidence is not None and promise.due is not None:
                overdue = promise.due < self.case.material.now
                key = "promise.overdue" if overdue else "promise.open"
                values = {"due": self.day(promise.due), "made": self.day(promise.made_at)}
                text.add(self.case.say(key, **values), ClaimKind.FACT, evidence=[evidence.id])

    def promises(self) -> Iterator[Promise]:
        """What was promised about this order and is still open."""
        return (p for p in self.case.material.promises if p.order == self.order.id and p.state == "open")

    def evidence(self, suffix: str) -> str | None:
        """The number of the evidence for a part of the order."""
        found = self.case.material.record_evidence.get(f"order:{self.order.id}{suffix}")
        return found.id if found else None

    def day(self, when: date | datetime) -> str:
        """A day as the customer's language writes it, with the year if it is not this one."""
        language = self.case.material.language
        locale = "en_GB" if language == "en" else language
        day = when.date() if isinstance(when, datetime) else when
        if day.year != self.case.material.now.year:
            return str(format_date(day, "long", locale=locale))
        return str(format_skeleton("MMMMd", day, locale=locale))

    def _days_late(self, shipment: Shipment) -> int:
        if shipment.promised is None or shipment.delivered_at is not None:
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


def _day_in(note: str | None, now: datetime) -> date | None:
    """The day that a note names; without a year it is the one nearest to now."""
    match = _DAY_IN_NOTE.search(note or "")
    if match is None:
        return None
    month = _MONTHS.index(match.group(2)) + 1
    return date(int(match.group(3) or now.year), month, int(match.group(1)))
