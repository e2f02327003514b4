"""What a precondition looks at: an action together with its order, its rule and the lines it names."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from server.actions.arguments import Arguments, CancelOrder, LinesArguments, Refund, SwapArguments
from server.actions.given_back import left_of
from server.actions.lines import Named, Swap, name_lines, swaps_of
from server.actions.money import find_promised, is_gift_card, paying_methods
from server.actions.rules import ActionRule, ActionRules
from server.actions.shop import Shop, Wanted
from tools.records import Customer, Money, Order


@dataclass(frozen=True)
class Judged:
    """An action that the rules know, and what it is about."""

    wanted: Wanted
    shop: Shop
    rule: ActionRule
    now: datetime

    @property
    def arguments(self) -> Arguments:
        """What it was told."""
        return self.wanted.arguments

    @property
    def customer(self) -> Customer:
        """Who it is for."""
        return self.shop.customer

    @property
    def order(self) -> Order:
        """The order it is about, of an action that is about one."""
        assert self.shop.order is not None, "whose order it is was looked at before"
        return self.shop.order

    @cached_property
    def named(self) -> Named:
        """The lines that it names."""
        told = self.arguments
        if isinstance(told, SwapArguments):
            return name_lines(self.order, told.lines, told.new_skus)
        return (
            name_lines(self.order, told.lines) if isinstance(told, LinesArguments | CancelOrder | Refund) else Named()
        )

    @cached_property
    def swaps(self) -> tuple[Swap, ...]:
        """The lines with the variants that they are to become; none if they do not fit together."""
        if self.named.wrong or not isinstance(self.arguments, SwapArguments):
            return ()
        return swaps_of(self.named, self.shop.products)

    @property
    def no_more_than_paid(self) -> bool:
        """Whether the customer keeps the price that they paid."""
        return self.rule.price == "no_more_than_paid"

    @property
    def difference(self) -> int:
        """What the new variants cost more than the old ones, of swaps that break no rule."""
        return sum(swap.difference(no_more_than_paid=self.no_more_than_paid) for swap in self.swaps)

    @property
    def amount(self) -> int | None:
        """What a refund is to give back; None if it says neither how much nor for what."""
        told = self.arguments
        if not isinstance(told, Refund):
            return None
        return told.amount if told.amount is not None else left_of(self.shop, self.named.lines) or None

    @property
    def method(self) -> str | None:
        """The payment method that was named, or the one that is meant if none was."""
        told: str | None = getattr(self.arguments, "method", None)
        return told if told is not None else self._method_meant

    @property
    def _method_meant(self) -> str | None:
        """Money goes back to where it came from, if that is one place."""
        if isinstance(self.arguments, SwapArguments) or self.shop.order is None:
            return None
        promised = find_promised(self.order, self.amount, None) if self.amount is not None else None
        if promised is not None and promised.method is not None:
            return promised.method
        paid = paying_methods(self.order)
        return paid[0] if len(paid) == 1 else None

    @property
    def pays_by_gift_card(self) -> bool:
        """Whether the method is a gift card of this customer."""
        return is_gift_card(self.customer, self.method)

    def money(self, amount: int) -> Money:
        """An amount in the order's currency."""
        return Money(amount, self.order.currency)


def judged(wanted: Wanted, shop: Shop, rules: ActionRules, now: datetime) -> Judged | None:
    """The action with its rule; None if there is no rule that allows it at this brand."""
    rule = rules.rule(wanted.kind, brand_of(shop))
    return Judged(wanted, shop, rule, now) if rule is not None else None


def brand_of(shop: Shop) -> str | None:
    """The brand whose rules count: the order's, or else the customer's."""
    return (shop.order.brand if shop.order else None) or shop.customer.brand
