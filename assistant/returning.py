"""By when something that was delivered may come back: the shop's rule, counted from the day of this delivery.

What the rule may not hold for has no day: what a document of its own speaks of, gift cards, what was sent again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import regex

from assistant.return_rules import ReturnRule, find_rule, says_of_returns
from assistant.stems import stems
from tools.context import ToolContext
from tools.evidence import Evidence, EvidenceKind, Visibility
from tools.parcels import COMING_BACK, SETTLED, Progress, progress_of
from tools.records import ARRIVED, Order, OrderLine, OrderStatus, Passage, Product, Shipment
from tools.saying import say_date, say_lines

SUFFIX = "/return_until"
"""Where the fact stands among those of its order."""

_GIFT_CARD = regex.compile(
    r"gift\s*(?:card|voucher)|gutschein|geschenkkarte|tarjeta\s+(?:de\s+)?regalo|carte[\s-]+cadeau", regex.IGNORECASE
)
_MARK = regex.compile(r"[\"“„«]\s*([^\"“”„«»]{3,40}?)\s*[\"”“»]")
"""What things are marked with that a document singles out, as it stands there in quotation marks."""

_FAULTY = regex.compile(
    r"""\b(?:faulty|defect\w*|damaged|broke|broken|snapped|ripped|torn|cracked|leak(?:s|ed|ing)?|wrong\s+(?:item|one|thing)
      |defekt\w*|kaputt\w*|beschädigt\w*|gerissen\w*|gebrochen\w*|undicht\w*|falsch\w*
      |defectuos\w*|dañad\w*|rot[oa]s?|equivocad\w*|défectueu\w*|endommagée?s?|abîmée?s?|cassée?s?|déchirée?s?
    )\b""",
    regex.VERBOSE | regex.IGNORECASE,
)
"""What comes back for a fault of ours comes back at any time."""


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


@dataclass(frozen=True, slots=True)
class _Apart:
    """What documents about returns speak of by itself: words for kinds of products, and marks that things carry."""

    words: frozenset[str]
    marks: tuple[str, ...]
    families: Mapping[str, str]

    def holds(self, line: OrderLine) -> bool:
        """Whether this is one of those, or a gift card, which no shop takes back."""
        named = " ".join((line.title, *line.options.values()))
        told = f"{named} {self.families.get(line.product or '', '')}"
        marked = any(mark in told.casefold() for mark in self.marks)
        return marked or bool(self.words & stems(told)) or bool(_GIFT_CARD.search(told))


def return_times(
    orders: Sequence[Order], passages: Iterable[Passage], products: Iterable[Product] = (), *, said: str = ""
) -> dict[str, ReturnTime]:
    """By when what was kept of these orders may come back, by order; nothing where no rule or no day is known.

    Args:
        orders: The orders.
        passages: The documents.
        products: Those of the orders, as far as they are known.
        said: Why it is asked. Of a fault the rule for a change of mind says nothing.
    """
    told = [passage for passage in passages if says_of_returns(passage)]
    rule = find_rule(told)
    if rule is None or _FAULTY.search(said):
        return {}
    apart = _Apart(
        frozenset(word for passage in told if passage.product for word in stems(passage.product)),
        tuple({mark.casefold() for passage in told for mark in _marks_in(passage)}),
        {product.id: f"{product.family or ''} {product.title}" for product in products},
    )
    times = (_time_of(order, rule, apart) for order in orders)
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


def _marks_in(passage: Passage) -> list[str]:
    return _MARK.findall("\n".join((passage.text, *(answer.text for answer in passage.answers))))


def _time_of(order: Order, rule: ReturnRule, apart: _Apart) -> ReturnTime | None:
    """Counted from the last parcel, if all have come."""
    back = {line for item in order.returns for line in item.lines}
    gone = order.status is OrderStatus.CANCELLED or (order.status in SETTLED | COMING_BACK and not back)
    sent = {line for parcel in order.shipments for line in parcel.lines} or {line.id for line in order.lines}
    out = back | _sent_again(order)
    lines = tuple(line for line in order.lines if line.id not in out and not apart.holds(line))
    if order.status in ARRIVED:
        lines = tuple(line for line in lines if line.id in sent)
    if not lines or gone or not order.shipments:
        return None
    parcels = [parcel for parcel in order.shipments if not _is_only_more_of(parcel, out, order)]
    days = [parcel.delivered_at.astimezone(UTC).date() for parcel in parcels if parcel.delivered_at is not None]
    progress = {progress_of(parcel, order) for parcel in parcels}
    all_sent = all(line.id in sent for line in lines)
    if progress == {Progress.DELIVERED} and len(days) == len(parcels) and all_sent:
        return ReturnTime(rule, order, lines, max(days), rule.end(max(days)))
    on_its_way = not all_sent or not progress.isdisjoint({Progress.WAITING, Progress.SENT})
    return ReturnTime(rule, order, lines, None, None) if on_its_way else None


def _sent_again(order: Order) -> set[str]:
    """The lines that are in more parcels than there are pieces: from which of them their time runs is not said."""
    return {
        line.id
        for line in order.lines
        if sum(line.id in parcel.lines for parcel in order.shipments) > max(line.quantity, 1)
    }


def _is_only_more_of(parcel: Shipment, lines: set[str], order: Order) -> bool:
    """Whether it brought these lines alone once more, as of an exchange: the others' time does not run from it."""
    earlier = order.shipments[: order.shipments.index(parcel)]
    before = {line for other in earlier for line in other.lines}
    return bool(parcel.lines) and set(parcel.lines) <= lines & before
