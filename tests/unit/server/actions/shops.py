"""A small shop, built by each test as it needs it: shirts and lamps in dollars, one customer and their order."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from server.actions.arguments import read_arguments
from server.actions.effects import effect_of
from server.actions.kinds import ActionKind
from server.actions.preconditions import broken
from server.actions.rules import ActionRule, ActionRules, load_action_rules
from server.actions.shop import Earlier, Effect, Shop, Wanted
from tools.records import (
    Address,
    Customer,
    Money,
    Order,
    OrderLine,
    OrderStatus,
    Payment,
    PaymentMethod,
    Product,
    Shipment,
    Variant,
)

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SHIPPED = Path(__file__).parents[4] / "knowledge"
DEFAULT = load_action_rules(SHIPPED)
HOME = Address("1 Elm St", "Austin", "US", postal_code="78701")
NEW_HOME = {"line1": "9 Oak Ave", "city": "Denver", "country": "US"}


def usd(amount: int) -> Money:
    return Money(amount, "USD")


def _variant(sku: str, price: int, available: bool | None = True, currency: str = "USD", **options: str) -> Variant:
    return Variant(sku, Money(price, currency), options, available)


SHIRT = Product(
    "shirt",
    "Shirt",
    (
        _variant("shirt-s", 2000, size="S"),
        _variant("shirt-m", 2500, size="M"),
        _variant("shirt-l", 1800, size="L"),
        _variant("shirt-xl", 2600, available=False, size="XL"),
        _variant("shirt-xs", 2000, available=None, size="XS"),
        _variant("shirt-eu", 2000, currency="EUR", size="M"),
    ),
)
LAMP = Product("lamp", "Lamp", (_variant("lamp-red", 6000, colour="red"), _variant("lamp-blue", 6000, colour="blue")))
PRODUCTS = {"shirt": SHIRT, "lamp": LAMP}

CARD = PaymentMethod("card", "credit_card", "visa", "4242")
PAYPAL = PaymentMethod("paypal", "paypal")


def gift_card(balance: int | None, id_: str = "gift", currency: str = "USD") -> PaymentMethod:
    return PaymentMethod(id_, "gift_card", balance=Money(balance, currency) if balance is not None else None)


def line(id_: str, sku: str, quantity: int = 1, price: int | None = None) -> OrderLine:
    product = next(each for each in PRODUCTS.values() if any(variant.sku == sku for variant in each.variants))
    variant = next(each for each in product.variants if each.sku == sku)
    cost = variant.price if price is None else usd(price)
    return OrderLine(id_, product.title, quantity, cost, product.id, sku, variant.options)


def paid(amount: int, method: str | None = "card", *, done: bool = True, kind: str = "payment") -> Payment:
    return Payment(kind, usd(amount), method=method, done=done)


def refunded(amount: int, method: str | None = "card", *, done: bool = True) -> Payment:
    return paid(amount, method, done=done, kind="refund")


def order(
    status: str = "pending",
    lines: Sequence[OrderLine] | None = None,
    payments: Sequence[Payment] | None = None,
    **more: Any,
) -> Order:
    """An order of a shirt and a lamp, paid by card, as far as nothing else is said."""
    held = tuple(lines) if lines is not None else (line("L1", "shirt-s"), line("L2", "lamp-red"))
    total = sum(each.quantity * each.unit_price.amount for each in held)
    return Order(
        id="O-1",
        customer="C-1",
        status=OrderStatus(status),
        currency="USD",
        lines=held,
        payments=tuple(payments) if payments is not None else (paid(total),),
        **{"ship_to": HOME} | more,
    )


def arrived(days_ago: int, lines: Sequence[str] = ("L1", "L2"), id_: str = "S1") -> Shipment:
    day = NOW - timedelta(days=days_ago)
    return Shipment(id_, tuple(lines), shipped_at=day - timedelta(days=2), delivered_at=day)


def shop(its_order: Order | None = None, *, methods: Sequence[PaymentMethod] | None = None, **more: Any) -> Shop:
    held = (CARD, PAYPAL, gift_card(10000)) if methods is None else tuple(methods)
    customer = Customer("C-1", "Ann", payment_methods=held)
    return Shop(customer, its_order if its_order is not None else order(), PRODUCTS, **more)


def earlier(kind: ActionKind, days_ago: int = 1, order: str | None = "O-1", **result: Any) -> Earlier:
    return Earlier("A-0", kind, NOW - timedelta(days=days_ago), order, result)


def wanted(kind: ActionKind, **told: Any) -> Wanted:
    about = {} if kind == ActionKind.CREDIT else {"order": "O-1"}
    return Wanted("A-1", kind, "C-1", read_arguments(kind, about | told))


def only(kind: ActionKind, **rule: Any) -> ActionRules:
    """Rules that allow one kind, in this way."""
    return ActionRules(default={kind: ActionRule(**rule)})


def breaks(kind: ActionKind, at: Shop, rules: ActionRules = DEFAULT, **told: Any) -> list[str]:
    """The names of the rules that it would break."""
    return [each.rule for each in broken(wanted(kind, **told), at, rules, NOW)]


def done(kind: ActionKind, at: Shop, rules: ActionRules = DEFAULT, **told: Any) -> Effect:
    return effect_of(wanted(kind, **told), at, rules, NOW)


def after(effect: Effect) -> Order:
    """The order afterwards, of an action that is about one."""
    assert effect.order is not None
    return effect.order


def entries(effect: Effect, before: Shop) -> list[tuple[str, int, str | None]]:
    """The payments and refunds that it added: kind, amount, method."""
    assert before.order is not None
    known = before.order.payments
    return [(each.kind, each.amount.amount, each.method) for each in after(effect).payments if each not in known]


def balances(effect: Effect) -> Mapping[str, int]:
    """What is on the customer's gift cards."""
    return {each.id: each.balance.amount for each in effect.customer.payment_methods if each.balance is not None}


def of_brand(at: Shop, brand: str) -> Shop:
    return replace(at, order=replace(at.order, brand=brand) if at.order else None)
