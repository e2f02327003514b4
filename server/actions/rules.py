"""What is allowed: actions.yaml, brand by brand and kind by kind (docs/actions.md)."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from assistant.guidance import Entry
from server.actions.kinds import GESTURES, ActionKind
from server.policies.yaml_files import BadKnowledgeFile, Reread, YamlText, read_entry, read_yaml_file
from server.settings import SHIPPED_KNOWLEDGE
from tools.records import OrderStatus

FILE = "actions.yaml"

_Amount = Annotated[int, Field(strict=True, ge=0)]
Amounts = Mapping[Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")], _Amount]
"""Minor units by currency."""


class CustomerLimit(Entry):
    """What one customer may be given by actions of a kind within some days."""

    days: int = Field(default=30, strict=True, ge=1, le=3660)
    times: int | None = Field(default=None, strict=True, ge=1)
    most: Amounts = Field(default_factory=dict)


class ActionRule(Entry):
    """When an action of one kind may be done. What is not said is not asked for.

    Attributes:
        allowed: Whether at all.
        consent: Whether the customer must have said yes to exactly this.
        consent_days: How old the post may be in which they said it.
        states: Those that the order may be in; None for any.
        unmodified: Whether an order counts as settled once its items were changed.
        once_per_order: Whether the order may have it only once.
        within_days: Days since the last parcel was handed over, which counts as day 0.
        reasons: The only ones there are.
        parts: Whether single lines can be cancelled.
        same_product: Whether the variant must be one of the product that it takes the place of.
        price: That of the new variant: as it is today, or no more than was paid.
        method: Which of the customer's: any (`own`), one that the order was paid with, or one of these or a gift card.
        same_country: Whether the new address must be in the country of the old one.
        checked_above: An order worth more than this needs a second person.
        service: What an upgrade is to, if nobody says.
        cost: What it costs the company.
        most: What one action may come to; a currency that is not named may not be given.
        per_customer: What one customer may be given.
        per_month: What all customers of the brand may be given in a calendar month.
    """

    allowed: bool = True
    consent: bool = True
    consent_days: int = Field(default=30, strict=True, ge=1, le=3660)
    states: frozenset[OrderStatus] | None = None
    unmodified: bool = False
    once_per_order: bool = False
    within_days: int | None = Field(default=None, strict=True, ge=0, le=3660)
    reasons: tuple[str, ...] = ()
    parts: bool = False
    same_product: bool = True
    price: Literal["today", "no_more_than_paid"] = "today"
    method: Literal["own", "original", "original_or_gift_card"] = "own"
    same_country: bool = False
    checked_above: Amounts = Field(default_factory=dict)
    service: str | None = None
    cost: Amounts = Field(default_factory=dict)
    most: Amounts = Field(default_factory=dict)
    per_customer: CustomerLimit | None = None
    per_month: Amounts = Field(default_factory=dict)


_SWAPS = frozenset({ActionKind.CHANGE_ITEMS, ActionKind.EXCHANGE_ITEMS})
ONLY_FOR: Mapping[str, frozenset[ActionKind]] = {
    "parts": frozenset({ActionKind.CANCEL_ORDER}),
    "same_product": _SWAPS,
    "price": _SWAPS,
    "method": _SWAPS | {ActionKind.RETURN_ITEMS, ActionKind.REFUND},
    "same_country": frozenset({ActionKind.CHANGE_ADDRESS}),
    "service": frozenset({ActionKind.UPGRADE_SHIPPING}),
    "cost": frozenset({ActionKind.UPGRADE_SHIPPING}),
    "most": GESTURES,
    "per_customer": GESTURES,
    "per_month": GESTURES,
}
"""The fields of a rule that say something of some kinds only."""

Rules = Mapping[ActionKind, ActionRule]


class ActionRules(Entry):
    """The rules as the file holds them: those of every brand, and by kind what a brand has instead."""

    default: Rules = Field(default_factory=dict)
    brands: Mapping[str, Rules] = Field(default_factory=dict)

    def rule(self, kind: ActionKind, brand: str | None) -> ActionRule | None:
        """The rule of this kind at this brand; None if it is not allowed there."""
        rule = self.brands.get(brand or "", {}).get(kind, self.default.get(kind))
        return rule if rule is not None and rule.allowed else None


def _read_rules(directory: Path) -> ActionRules:
    """The rules of this knowledge folder; the shipped ones if it has none.

    Raises:
        BadKnowledgeFile: if the file is there and wrong.
    """
    source = read_yaml_file(directory / FILE)
    if source is None:
        if directory == SHIPPED_KNOWLEDGE:
            raise BadKnowledgeFile(directory / FILE, 1, "", "is missing; put it back")
        return _read_rules(SHIPPED_KNOWLEDGE)
    if not isinstance(source.data, dict) or not source.data or not set(source.data) <= {"default", "brands"}:
        raise source.wrong((), "must hold the blocks `default:` and `brands:`, or one of them")
    brands = source.data.get("brands") or {}
    if not isinstance(brands, dict):
        raise source.wrong(("brands",), "must be a block with one block for each brand, named by its id")
    return ActionRules(
        default=_read_block(source, ("default",), source.data.get("default")),
        brands={str(brand): _read_block(source, ("brands", str(brand)), block) for brand, block in brands.items()},
    )


def _read_block(source: YamlText, place: tuple[str, ...], block: object) -> Rules:
    if block is None:
        return {}
    known = ", ".join(ActionKind)
    if not isinstance(block, dict):
        raise source.wrong(place, f"must be a block of actions ({known})")
    rules: dict[ActionKind, ActionRule] = {}
    for name, rule in block.items():
        if name not in set(ActionKind):
            raise source.wrong((*place, str(name)), f"is not an action; use one of {known}")
        rules[ActionKind(name)] = read_entry(ActionRule, rule, source, (*place, str(name)))
    return rules


load_action_rules = Reread(FILE, _read_rules)
"""The rules of a knowledge folder as they are now; the shipped ones if it has none."""
