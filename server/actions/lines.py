"""Which lines of an order are meant, and which variants shall take their place."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from server.actions.broken import Broken
from tools.records import Money, Order, OrderLine, Product, Variant


@dataclass(frozen=True, slots=True)
class Named:
    """The lines that were named, each once; for an exchange with the sku that each is to become."""

    lines: tuple[OrderLine, ...] = ()
    new_skus: tuple[str, ...] = ()
    wrong: tuple[Broken, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """The lines' ids."""
        return tuple(line.id for line in self.lines)


def name_lines(order: Order, names: Sequence[str], new_skus: Sequence[str] = ()) -> Named:
    """The lines of `order` that `names` mean.

    A name is a line's id, or the sku or the product's id of what it holds. Two lines that hold the same are named by
    naming it twice. A line goes as a whole: one that holds two pieces is named once, as a line, or twice, as pieces.
    """
    if new_skus and len(new_skus) != len(names):
        words = f"{len(names)} lines are named and {len(new_skus)} new skus; each line needs one, in the same order"
        return Named(wrong=(Broken("new_skus", words),))
    by_id = {line.id: line for line in order.lines}
    meant: dict[str, list[OrderLine]] = {}
    for name, times in Counter(names).items():
        found = [by_id[name]] if name in by_id else _holding(order, name, without=set(names))
        taken = _taken(name, found, times)
        if isinstance(taken, Broken):
            return Named(wrong=(taken,))
        meant[name] = taken
    return _each_once([meant[name].pop(0) for name in names], new_skus)


def _holding(order: Order, name: str, *, without: set[str]) -> list[OrderLine]:
    """The lines that hold a sku or something of a product; those that are on their way back come last."""
    back = {line for returned in order.returns for line in returned.lines}
    free = sorted((line for line in order.lines if line.id not in without), key=lambda line: line.id in back)
    return [line for line in free if line.sku == name] or [line for line in free if line.product == name]


def _taken(name: str, found: Sequence[OrderLine], times: int) -> list[OrderLine] | Broken:
    """The line for each time that something was named."""
    if not found:
        return Broken("lines", f"{name} is no line of this order")
    if len({(line.product, line.sku) for line in found}) > 1:
        ids = ", ".join(line.id for line in found)
        return Broken("lines", f"{name} can mean several lines of this order: name them by their ids ({ids})")
    if times <= len(found):
        return list(found[:times])
    pieces = [line for line in found for _ in range(line.quantity)]
    if times == len(pieces):
        return pieces
    holds = ", ".join(f"{line.id} holds {line.quantity}" for line in found)
    return Broken("lines", f"{name} is named {times} times; {holds}, and a line goes as a whole: name it once")


def _each_once(each: Sequence[OrderLine], new_skus: Sequence[str]) -> Named:
    becomes: dict[str, str | None] = {}
    for position, line in enumerate(each):
        sku = new_skus[position] if new_skus else None
        if becomes.setdefault(line.id, sku) != sku:
            words = f"all pieces of line {line.id} become the same variant; it is named with several"
            return Named(wrong=(Broken("new_skus", words),))
    times = Counter(line.id for line in each)
    lines = tuple({line.id: line for line in each}.values())
    for line in lines:
        if 1 < times[line.id] != line.quantity:
            return Named(wrong=(Broken("lines", f"line {line.id} is named more than once"),))
    return Named(lines, tuple(sku for sku in becomes.values() if sku is not None))


@dataclass(frozen=True, slots=True)
class Swap:
    """A line and the variant wanted instead. None where the catalogue does not know the one or the other."""

    line: OrderLine
    sku: str
    product: Product | None
    variant: Variant | None
    instead: Product | None

    @property
    def same(self) -> bool:
        """Whether nothing would change: it is what the line holds."""
        if self.line.sku is not None or self.variant is None:
            return self.line.sku == self.sku
        return self.product == self.instead and self.line.options == self.variant.options

    def unit_price(self, *, no_more_than_paid: bool) -> Money:
        """What a piece costs afterwards, of a swap that breaks no rule."""
        assert self.variant is not None, "judged before"
        price = self.variant.price
        paid = self.line.unit_price
        return paid if no_more_than_paid and price.amount > paid.amount else price

    def difference(self, *, no_more_than_paid: bool) -> int:
        """What the line costs more than before."""
        price = self.unit_price(no_more_than_paid=no_more_than_paid)
        return self.line.quantity * (price.amount - self.line.unit_price.amount)


def swaps_of(named: Named, products: Mapping[str, Product]) -> tuple[Swap, ...]:
    """Each named line with the variant it is to become."""
    return tuple(_swap(line, sku, products) for line, sku in zip(named.lines, named.new_skus, strict=True))


def _swap(line: OrderLine, sku: str, products: Mapping[str, Product]) -> Swap:
    product = products.get(line.product or "")
    if product is None and line.product is None and line.sku is not None:
        product = next((each for each in products.values() if _variant(each, line.sku)), None)
    # a sku that two products have means the line's own
    near = sorted(products.values(), key=lambda each: each is not product)
    instead = next((each for each in near if _variant(each, sku)), None)
    return Swap(line, sku, product, _variant(instead, sku) if instead else None, instead)


def _variant(product: Product, sku: str) -> Variant | None:
    return next((variant for variant in product.variants if variant.sku == sku), None)


def value_of(lines: Sequence[OrderLine]) -> int:
    """What lines cost together."""
    return sum(line.quantity * line.unit_price.amount for line in lines)
