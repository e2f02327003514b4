"""A brand's limits: what they are, where the files say them, and rules with these limits in them."""

from collections.abc import Mapping
from pathlib import Path

from pydantic import Field

from assistant.guidance import Entry
from server.actions.kinds import ActionKind
from server.actions.rules import ActionRule, ActionRules, Amounts, CustomerLimit, load_action_rules
from server.drafts.rules import AmountLimit, ReviewRules, load_rules
from server.policies.yaml_files import Reread, read_entries

FILE = "limits.yaml"
SUBJECT = "limits"


class KindLimits(Entry):
    """What actions of a kind may come to; docs/actions.md describes the fields, which are those of its rule."""

    most: Amounts = Field(default_factory=dict)
    per_customer: CustomerLimit | None = None
    per_month: Amounts = Field(default_factory=dict)
    checked_above: Amounts = Field(default_factory=dict)


AMOUNTS = tuple(KindLimits.model_fields)


class Limits(Entry):
    """What a brand's people may approve alone, from how many readers on a second looks, what actions may come to."""

    alone: tuple[AmountLimit, ...] = ()
    reach_above: int | None = Field(default=None, ge=0)
    actions: Mapping[ActionKind, KindLimits] = Field(default_factory=dict)


class BrandLimits(Limits):
    """An entry of limits.yaml."""

    brand: str


def _read(directory: Path) -> Mapping[str, Limits]:
    entries = read_entries(BrandLimits, directory / FILE, "limits")
    return {entry.brand: Limits.model_validate(entry.model_dump(exclude={"brand"})) for entry in entries}


load_limits = Reread(FILE, _read)
"""What limits.yaml says, by brand; nothing without it."""


def limits_in_files(directory: Path, brand: str) -> Limits:
    """What the folder says: limits.yaml, or for a brand that it does not name, review.yaml and actions.yaml.

    Raises:
        BadKnowledgeFile: One of them is wrong, and was never right in this process.
    """
    said = load_limits(directory).get(brand)
    if said is not None:
        return said
    review, rules = load_rules(directory), load_action_rules(directory)
    limited = {kind: _of_rule(rule) for kind in ActionKind if (rule := rules.rule(kind, brand)) is not None}
    actions = {kind: limits for kind, limits in limited.items() if limits != KindLimits()}
    return Limits(alone=review.amounts, reach_above=review.reach_above, actions=actions)


def review_with(rules: ReviewRules, limits: Limits) -> ReviewRules:
    """The rules of reviews with these limits in place of their own."""
    return rules.model_copy(update={"amounts": limits.alone, "reach_above": limits.reach_above})


def actions_with(rules: ActionRules, limits: Mapping[str, Limits]) -> ActionRules:
    """The rules of actions with these limits, by brand, in place of their own."""
    brands = {brand: {**rules.brands.get(brand, {}), **_limited(rules, brand, said)} for brand, said in limits.items()}
    return rules.model_copy(update={"brands": {**rules.brands, **brands}})


def _limited(rules: ActionRules, brand: str, limits: Limits) -> Mapping[ActionKind, ActionRule]:
    found = {kind: rules.rule(kind, brand) for kind in limits.actions}
    return {
        kind: rule.model_copy(update={name: getattr(limits.actions[kind], name) for name in AMOUNTS})
        for kind, rule in found.items()
        if rule is not None
    }


def _of_rule(rule: ActionRule) -> KindLimits:
    return KindLimits.model_validate(rule.model_dump(include=set(AMOUNTS)))
