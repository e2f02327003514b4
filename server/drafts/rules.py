"""When a second person must approve: the rules of knowledge/review.yaml, asked of one draft."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any

import regex
from pydantic import Field, model_validator

from assistant.guidance import Entry, Language
from assistant.outcome import Severity
from server.models import DraftRow
from server.policies.yaml_files import BadKnowledgeFile, Reread, read_entry, read_yaml_file
from server.settings import SHIPPED_KNOWLEDGE
from server.staff.roles import Role

FILE = "review.yaml"


class Why(StrEnum):
    """Why a second person is needed."""

    AMOUNT = "amount"
    CHECKED_ABOVE = "checked_above"
    BLOCK_OVERRIDDEN = "block_overridden"
    DANGER = "danger"
    DANGER_WORDS = "danger_words"
    REACH = "reach"


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule that asks for a second person, and in words what made it."""

    why: Why
    words: str


class AmountLimit(Entry):
    """What a role may approve alone, in minor units by currency."""

    role: Role
    most: Mapping[str, int] = Field(default_factory=dict)
    unlimited: bool = False

    @model_validator(mode="after")
    def _one_of_both(self) -> "AmountLimit":
        if self.unlimited == bool(self.most):
            raise ValueError("names either `most` or `unlimited: true`")
        return self


class ReviewRules(Entry):
    """The rules as the file holds them."""

    amounts: tuple[AmountLimit, ...] = ()
    reach_above: int | None = Field(default=None, ge=0)
    danger_words: Mapping[Language, tuple[str, ...]] = Field(default_factory=dict)

    @cached_property
    def danger_pattern(self) -> "regex.Pattern[str] | None":
        """Finds any of the danger words."""
        words = sorted({word for words in self.danger_words.values() for word in words}, key=len, reverse=True)
        if not words:
            return None
        written = "|".join(regex.escape(word).replace(r"\ ", r"\s+") for word in words)
        return regex.compile(rf"\b(?:{written})\b", regex.IGNORECASE)

    def allows(self, role: Role | None, costs: Mapping[str, int]) -> bool:
        """Whether this role may approve what comes to this by currency. Who reads the post does not matter."""
        limits = {currency: self.limit(role, currency) for currency in costs}
        return all(most is None or costs[currency] <= most for currency, most in limits.items())

    def limit(self, role: Role | None, currency: str) -> int | None:
        """What this role may approve alone in a currency, in minor units; None: there is no limit."""
        limit = next((entry for entry in self.amounts if entry.role == role), None)
        if limit is not None and limit.unlimited:
            return None
        return limit.most.get(currency, 0) if limit else 0


def reasons_for_second(draft: DraftRow, rules: ReviewRules, *, holding: bool) -> list[Reason]:
    """Every rule that asks for a second person for the texts; what actions cost is asked of those approved with it.

    Args:
        draft: With its texts and findings.
        rules: The rules.
        holding: Whether the texts are nothing but approved holding text.
    """
    reasons: list[Reason] = []
    if blocks_of(draft):
        reasons.append(Reason(Why.BLOCK_OVERRIDDEN, "a finding that blocks it was overridden"))
    if draft.danger and not holding:
        reasons.append(Reason(Why.DANGER, "the post was flagged as dangerous"))
    texts = f"{draft.public_text or ''}\n{draft.private_text or ''}"
    found = rules.danger_pattern.search(texts) if rules.danger_pattern and not holding else None
    if found is not None:
        reasons.append(Reason(Why.DANGER_WORDS, f"it says “{found.group()}”"))
    if rules.reach_above is not None and (draft.reach or 0) > rules.reach_above:
        reasons.append(Reason(Why.REACH, f"{draft.reach} people may read it"))
    return reasons


def blocks_of(draft: DraftRow) -> list[Mapping[str, Any]]:
    """The findings that keep a draft from being approved."""
    return [finding for finding in draft.findings if finding["severity"] == Severity.BLOCK]


def warnings_of(draft: DraftRow) -> list[Mapping[str, Any]]:
    """The findings that a person must have read."""
    return [finding for finding in draft.findings if finding["severity"] == Severity.WARN]


def _read_rules(directory: Path) -> ReviewRules:
    """The rules of this knowledge folder; the shipped ones if it has none: no folder switches the second person off.

    Raises:
        BadKnowledgeFile: if the file is there and wrong.
    """
    source = read_yaml_file(directory / FILE)
    if source is None:
        if directory == SHIPPED_KNOWLEDGE:
            raise BadKnowledgeFile(directory / FILE, 1, "", "is missing; put it back")
        return _read_rules(SHIPPED_KNOWLEDGE)
    if not isinstance(source.data, dict) or set(source.data) != {"review"}:
        raise source.wrong((), "must hold exactly one block, `review:`")
    return read_entry(ReviewRules, source.data["review"], source, ("review",))


load_rules = Reread(FILE, _read_rules)
"""The rules of a knowledge folder as they are now; the shipped ones if it has none: nothing switches them off."""
