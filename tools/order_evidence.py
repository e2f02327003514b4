"""The facts of an order, each as one evidence that names its subject in full.

A fact never shares its text with another of the same kind: the date of one shipment or the amount of one payment
cannot then be taken for another's.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from tools.context import ToolContext
from tools.evidence import Evidence, EvidenceKind, Visibility
from tools.parcels import COMING_BACK, SETTLED, Progress, came_back, progress_of
from tools.records import (
    Money,
    Order,
    OrderStatus,
    Payment,
    PaymentMethod,
    Product,
    Return,
    Shipment,
    Variant,
)
from tools.saying import (
    quote,
    say_address,
    say_date,
    say_days,
    say_lateness,
    say_line,
    say_lines,
    say_payment_method,
    say_variant,
)

_VARIANTS_NAMED = 40


@dataclass(frozen=True, slots=True)
class OrderNotes:
    """Writes the facts of one order into the turn's ledger.

    `methods` are the customer's ways to pay and `products` what the lines were, both by id; without them the facts
    are told with less detail.
    """

    context: ToolContext
    order: Order
    methods: Mapping[str, PaymentMethod] = field(default_factory=dict)
    products: Mapping[str, Product] = field(default_factory=dict)

    def head(self) -> Evidence:
        """What was ordered when, for how much, and where it stands."""
        order = self.order
        parts = [
            f"status {order.status.value.replace('_', ' ')}",
            f"placed on {say_date(order.placed_at)}" if order.placed_at else None,
            f"{say_lines(order.lines)}",
            f"{order.total} for all lines",
            "ordered as a gift" if order.gift else None,
            f"note: {quote(order.status_note)}" if order.status_note else None,
        ]
        return self._note("", f"Order {order.id}: {'; '.join(part for part in parts if part)}")

    def everything(self) -> Iterator[Evidence]:
        """The head, then every line, shipment, payment and return, the address and the products' other variants."""
        order = self.order
        yield self.head()
        if order.ship_to:
            yield self._note("/address", f"Order {order.id}: sent to the address {say_address(order.ship_to)}")
        yield from self._lines()
        for shipment in order.shipments:
            yield self._note(f"/shipment:{shipment.id}", self._say_shipment(shipment))
        for number, payment in enumerate(order.payments, start=1):
            name = payment.id or str(number)
            yield self._note(f"/{payment.kind}:{name}", self._say_payment(payment, name))
        for item in order.returns:
            yield self._note(f"/return:{item.id}", self._say_return(item))
        yield from self._variants()

    def _note(self, suffix: str, text: str) -> Evidence:
        return self.context.ledger.add(
            EvidenceKind.RECORD,
            source=f"Order {self.order.id}",
            ref=f"order:{self.order.id}{suffix}",
            text=text,
            visibility=Visibility.CUSTOMER,
            as_of=self.context.now,
        )

    def _lines(self) -> Iterator[Evidence]:
        sent = {line for shipment in self.order.shipments for line in shipment.lines}
        for line in self.order.lines:
            together = Money(line.unit_price.amount * line.quantity, line.unit_price.currency)
            parts = [
                say_line(line),
                f"{line.unit_price} each, {together} together" if line.quantity > 1 else str(line.unit_price),
                f"sku {line.sku}" if line.sku else None,
                "not in any shipment yet" if sent and line.id not in sent else None,
            ]
            words = ", ".join(part for part in parts if part)
            yield self._note(f"/line:{line.id}", f"Order {self.order.id}, line {line.id}: {words}")

    def _say_shipment(self, shipment: Shipment) -> str:
        inside = say_lines([line for line in self.order.lines if line.id in shipment.lines])
        parts = [
            self._say_sending(shipment),
            *(f"tracking number {number}" for number in shipment.tracking),
            f"promised for {say_date(shipment.promised)}" if shipment.promised else None,
            self._say_arrival(shipment),
            _say_last_scan(shipment),
            self._say_disagreement(shipment),
        ]
        contents = f" ({inside})" if inside else ""
        words = "; ".join(part for part in parts if part)
        return f"Order {self.order.id}, shipment {shipment.id}{contents}: {words}"

    def _say_sending(self, shipment: Shipment) -> str | None:
        how = " ".join(part for part in (shipment.carrier, shipment.service) if part)
        if shipment.shipped_at:
            return f"sent{' with ' + how if how else ''} on {say_date(shipment.shipped_at)}"
        progress = progress_of(shipment, self.order)
        if shipment.delivered_at or progress in (Progress.SENT, Progress.DELIVERED):
            return f"sent{' with ' + how if how else ''}, day unknown"
        if progress is Progress.WAITING:
            return f"not sent yet{', goes with ' + how if how else ''}"
        return how or None

    def _say_arrival(self, shipment: Shipment) -> str | None:
        if shipment.delivered_at:
            late = (shipment.delivered_at.date() - shipment.promised).days if shipment.promised else 0
            after = f", {say_days(late)} after the promised day" if late > 0 else ""
            return f"delivered on {say_date(shipment.delivered_at)}{after}"
        progress = progress_of(shipment, self.order)
        if progress is Progress.DELIVERED:
            return "delivered, day unknown"
        if self.order.status is OrderStatus.CANCELLED:
            return "not delivered"
        if progress is Progress.UNCERTAIN:
            return None
        if not shipment.promised:
            return "not delivered yet"
        return f"not delivered yet, {say_lateness(shipment.promised, now=self.context.now)}"

    def _say_disagreement(self, shipment: Shipment) -> str | None:
        """Whoever reads a date must know that the order's state speaks against it."""
        if progress_of(shipment, self.order) is not Progress.UNCERTAIN:
            return None
        state = self.order.status.value.replace("_", " ")
        if shipment.shipped_at or shipment.delivered_at or shipment.events:
            return f"uncertain: the order counts as {state}"
        return None if self.order.status is OrderStatus.CANCELLED else "sent or waiting: unknown"

    def _say_payment(self, payment: Payment, name: str) -> str:
        method = self._method(payment.method)
        subject = f"Order {self.order.id}, {payment.kind} {name}"
        day = f" on {say_date(payment.at)}" if payment.at else ""
        if payment.kind == "refund":
            amount = abs(payment.amount)
            where = f" to the {method}" if method else ""
            state = f"carried out{day}" if payment.done else f"promised{day}, not carried out yet"
            return f"{subject}: refund of {amount}{where} {state}"
        state = f"paid{day}" if payment.done else f"not taken yet, announced{day}"
        return f"{subject}: {payment.amount} {state}{' by ' + method if method else ''}"

    def _say_return(self, item: Return) -> str:
        method = self._method(item.method)
        lines = say_lines([line for line in self.order.lines if line.id in item.lines])
        parts = [
            f"{item.kind} of {lines}",
            f"for {', '.join(self._say_sku(sku) for sku in item.new_skus)}" if item.new_skus else None,
            f"reason: {quote(item.reason)}" if item.reason else None,
            self._say_request(item),
            self._say_receipt(item),
            f"price difference {item.difference}" if item.difference else None,
            f"settled by {method}" if method else None,
        ]
        return f"Order {self.order.id}, return {item.id}: {'; '.join(part for part in parts if part)}"

    def _say_request(self, item: Return) -> str | None:
        if item.requested_at:
            return f"requested on {say_date(item.requested_at)}"
        return "requested, day unknown" if self.order.status in COMING_BACK else None

    def _say_receipt(self, item: Return) -> str | None:
        if item.received_at:
            return f"received by us on {say_date(item.received_at)}"
        if came_back(item, self.order):
            return "received by us, day unknown"
        return None if self.order.status in SETTLED else "not received by us yet"

    def _variants(self) -> Iterator[Evidence]:
        for product in self.products.values():
            yield self.context.ledger.add(
                EvidenceKind.RECORD,
                source=product.title,
                ref=f"product:{product.id}",
                text=_say_product(product),
                visibility=Visibility.CUSTOMER,
                as_of=self.context.now,
            )

    def _method(self, name: str | None) -> str | None:
        method = self.methods.get(name) if name else None
        return say_payment_method(replace(method, balance=None)) if method else None

    def _say_sku(self, sku: str) -> str:
        variants = (variant for product in self.products.values() for variant in product.variants)
        return next((say_variant(variant) for variant in variants if variant.sku == sku), f"sku {sku}")


def _say_last_scan(shipment: Shipment) -> str | None:
    if not shipment.events:
        return None
    last = max(shipment.events, key=lambda event: event.at)
    where = f" in {last.where}" if last.where else ""
    return f"last scan {say_date(last.at)}{where}: {quote(last.what)}"


def _say_product(product: Product) -> str:
    groups: tuple[tuple[str, Sequence[Variant]], ...] = (
        ("available", [variant for variant in product.variants if variant.available]),
        ("not available", [variant for variant in product.variants if variant.available is False]),
        ("availability unknown", [variant for variant in product.variants if variant.available is None]),
    )
    said = [f"{name}: {_say_variants(variants)}" for name, variants in groups if variants]
    page = f"; page {product.public_url}" if product.public_url else ""
    return f"Product {product.title}, as sold now: {'; '.join(said)}{page}"


def _say_variants(variants: Sequence[Variant]) -> str:
    named = ", ".join(f"[{say_variant(variant)}]" for variant in variants[:_VARIANTS_NAMED])
    left_out = len(variants) - _VARIANTS_NAMED
    return f"{named} and {left_out} more" if left_out > 0 else named
