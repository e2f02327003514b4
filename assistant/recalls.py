"""Which of the things that a customer bought and kept are recalled."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import regex

from assistant.told import Told, known
from tools.parcels import came_back
from tools.records import Order, OrderLine, OrderStatus, Passage

CATEGORY = "recall"
_NOT_KEPT = frozenset({OrderStatus.CANCELLED, OrderStatus.RETURNED})
_VARIANT = regex.compile(r"\s*[,(/|].*")
_BETWEEN_WORDS = regex.compile(r"[\s\-_]+")


@dataclass(frozen=True, slots=True)
class Recalled:
    """A thing that the customer has, or is about to get, and the document that recalls such things."""

    title: str
    order: str
    passage: Passage

    def say(self) -> str:
        """`owns an Ember 2 (TL-20148), which is recalled: Ember 2 stove: valve recall`."""
        article = "an" if self.title[:1].casefold() in "aeiou" else "a"
        return f"owns {article} {self.title} ({self.order}), which is recalled: {self.passage.title}"

    def told(self) -> Told:
        """The same, for colleagues of any language."""
        return Told("recalled", self.say(), known(title=self.title, order=self.order, document=self.passage.title))


def find_recalled(orders: Sequence[Order], passages: Sequence[Passage]) -> tuple[Recalled, ...]:
    """What of these orders is recalled by these documents, each document once.

    The product must be called what the document calls it: an Ember 2 Pro is no Ember 2. Which serial numbers are
    meant is in the document; no record of ours tells it.
    """
    recalls = {_folded(item.product): item for item in passages if item.category == CATEGORY and item.product}
    found: dict[str, Recalled] = {}
    if not recalls:
        return ()
    for order in orders:
        for line in _kept(order):
            passage = next((recalls[name] for name in _names(line) if name in recalls), None)
            if passage is not None:
                found.setdefault(passage.document, Recalled(line.title, order.id, passage))
    return tuple(found.values())


def recalls_first(passages: Sequence[Passage], recalled: Sequence[Recalled]) -> list[Passage]:
    """The passages of what is recalled before the others, and those that were not found at all."""
    documents = {item.passage.document for item in recalled}
    found = {passage.document for passage in passages}
    first = [item.passage for item in recalled if item.passage.document not in found]
    first += [passage for passage in passages if passage.document in documents]
    return [*first, *(passage for passage in passages if passage.document not in documents)]


def _kept(order: Order) -> Iterator[OrderLine]:
    """The lines that were neither cancelled nor came back; what comes back for repair is still theirs."""
    if order.status in _NOT_KEPT:
        return
    back = {line for item in order.returns if item.kind != "repair" and came_back(item, order) for line in item.lines}
    yield from (line for line in order.lines if line.id not in back)


def _names(line: OrderLine) -> Iterator[str]:
    yield _folded(line.title)
    yield _folded(_VARIANT.sub("", line.title))
    if line.product:
        yield _folded(line.product)


def _folded(name: str) -> str:
    return _BETWEEN_WORDS.sub(" ", name).strip().casefold()
