"""By when something that was delivered may come back: the shop's rule, counted from the day of this delivery.

The rule is the one that its documents of category `returns` have prepared for customers: a span of time from delivery,
told of coming back and of no single product. Of several that hold here, the longest counts.
"""

import calendar
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import regex

from assistant.sentences import split_sentences
from tools.context import ToolContext
from tools.evidence import Evidence, EvidenceKind, Visibility
from tools.parcels import COMING_BACK, SETTLED, Progress, progress_of
from tools.records import Order, OrderLine, OrderStatus, Passage
from tools.saying import say_date, say_lines

SUFFIX = "/return_until"
"""Where the fact stands among those of its order."""

ASKED_UNDER = frozenset({"return_policy", "refund_request"})
"""The intents under which it is asked for."""

_CATEGORY = "returns"
_FROM = r"""(?:[\s,]+(?:of|from|after|since|following|the|your|you|day|date|it|its|was|parcel|order
    |nach|ab|seit|der|die|dem|des|deiner|ihrer|siguientes|a|al|la|el|desde|tras|de|del
    |suivants?|après|à|compter|votre|du|jour))*[\s,]+"""
_SPAN = regex.compile(
    rf"""\b(?P<count>\d{{1,3}})[-\s]+(?:calendar\s+)?(?:
        (?P<day>days?|tagen?|días?|jours?)|(?P<week>weeks?|wochen?|semanas?|semaines?)
        |(?P<month>months?|monate?n?|mes(?:es)?|mois)
      )
      {_FROM}(?:
        deliver\w*|receipt|receiv\w+|arriv\w+|(?:aus)?lieferung|zustellung|erhalt|entrega\w*|recepción|livraison|réception
      )\b""",
    regex.VERBOSE | regex.IGNORECASE,
)
_COMES_BACK = regex.compile(
    r"""\b(?:return(?:s|ed|able)?|come\s+back|send(?:ing)?\s+(?:\w+\s+){0,3}back|zurück\w*|rückgabe|devol\w+|devuelv\w+
      |rendre|retour\w*|renvoy\w+|repris\w*)\b""",
    regex.VERBOSE | regex.IGNORECASE,
)
_UNUSED = regex.compile(r"\b(?:unused|unworn|unbenutzt\w*|sin\s+usar|non\s+utilisé\w*)", regex.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ReturnRule:
    """So many days, weeks or months (`unit`) from delivery, and the document that says so."""

    count: int
    unit: str
    unused: bool
    passage: Passage

    @property
    def span(self) -> str:
        """`60 days`."""
        return f"{self.count} {self.unit}{'' if self.count == 1 else 's'}"

    def end(self, delivered: date) -> date:
        """The last day; the day of delivery is day 0."""
        if self.unit != "month":
            return delivered + timedelta(days=self.count * (7 if self.unit == "week" else 1))
        year, month = divmod(delivered.year * 12 + delivered.month - 1 + self.count, 12)
        return date(year, month + 1, min(delivered.day, calendar.monthrange(year, month + 1)[1]))


@dataclass(frozen=True, slots=True)
class ReturnTime:
    """What of an order may come back; `until` its last day, if it is delivered: None, if that is still to come."""

    rule: ReturnRule
    order: Order
    lines: tuple[OrderLine, ...]
    delivered: date | None
    until: date | None

    def is_over(self, now: datetime) -> bool:
        """Whether the last day is past."""
        return self.until is not None and self.until < now.astimezone(UTC).date()

    def say(self, now: datetime) -> str:
        """The answer in a line, with what it is counted from."""
        what = f"Order {self.order.id} ({say_lines(self.lines)})"
        condition = " if unused" if self.rule.unused else ""
        if self.until is None or self.delivered is None:
            return f"{what}: can be returned{condition} within {self.rule.span} of its delivery, still to come"
        counted = f"{self.rule.span} from its delivery on {say_date(self.delivered)}"
        if self.is_over(now):
            return f"{what}: can be returned until {say_date(self.until)}: no, that is past; {counted}"
        return f"{what}: can be returned until {say_date(self.until)}{condition}: yes; {counted}"


def find_rule(passages: Iterable[Passage]) -> ReturnRule | None:
    """The rule for returns in these documents; the longest span, and of equal ones that of a region."""
    found = [rule for passage in passages for rule in _rules_in(passage)]
    return max(found, key=lambda rule: (rule.end(date.min), bool(rule.passage.regions)), default=None)


def return_times(orders: Sequence[Order], passages: Iterable[Passage]) -> dict[str, ReturnTime]:
    """By when what was kept of these orders may come back, by order; nothing where no rule or no day is known."""
    rule = find_rule(passages)
    times = (_time_of(order, rule) for order in orders) if rule is not None else ()
    return {time.order.id: time for time in times if time is not None}


def note_return_time(context: ToolContext, time: ReturnTime) -> Evidence:
    """Note it as a fact of the order."""
    return context.ledger.add(
        EvidenceKind.RECORD,
        source=f"Order {time.order.id}, {time.rule.passage.title}",
        ref=f"order:{time.order.id}{SUFFIX}",
        text=time.say(context.now),
        visibility=Visibility.CUSTOMER,
        as_of=context.now,
    )


def _rules_in(passage: Passage) -> Iterator[ReturnRule]:
    if passage.category != _CATEGORY or passage.audience != "public" or passage.product is not None:
        return
    told = [answer.text for answer in passage.answers if answer.intent in ASKED_UNDER]
    for sentence in (sentence for text in (*told, passage.text) for sentence in split_sentences(text)):
        match = _SPAN.search(sentence)
        if match is not None and _COMES_BACK.search(sentence):
            unit = next(name for name in ("day", "week", "month") if match[name])
            yield ReturnRule(int(match["count"]), unit, bool(_UNUSED.search(sentence)), passage)


def _time_of(order: Order, rule: ReturnRule) -> ReturnTime | None:
    """Counted from the last parcel, if all have come."""
    back = {line for item in order.returns for line in item.lines}
    lines = tuple(line for line in order.lines if line.id not in back)
    gone = order.status is OrderStatus.CANCELLED or (order.status in SETTLED | COMING_BACK and not back)
    if not lines or gone or not order.shipments:
        return None
    moments = [parcel.delivered_at for parcel in order.shipments]
    days = [moment.astimezone(UTC).date() for moment in moments if moment is not None]
    arrived = all(progress_of(parcel, order) is Progress.DELIVERED for parcel in order.shipments)
    if arrived and len(days) == len(moments):
        return ReturnTime(rule, order, lines, max(days), rule.end(max(days)))
    on_its_way = any(progress_of(parcel, order) in (Progress.WAITING, Progress.SENT) for parcel in order.shipments)
    return ReturnTime(rule, order, lines, None, None) if on_its_way else None
