"""Numbered facts. A draft may say what stands here and nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class EvidenceKind(StrEnum):
    """Where a fact comes from."""

    RECORD = "record"
    POLICY = "policy"
    POST = "post"
    DESTINATION = "destination"


class Visibility(StrEnum):
    """Who may be told: everyone, only this customer (once verified), or only us."""

    PUBLIC = "public"
    CUSTOMER = "customer"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One fact that a sentence may rest on.

    `source` names it for people ("Order FH-10423", "Returns and refunds"), `ref` for machines
    ("order:FH-10423/shipment:S1", "policy:returns-2026#time-limit", "post:17", "destination:fernhollow-form-en").
    `text` holds every word and number that may be said of it, and always names its subject, so that a date or an
    amount cannot be mistaken for another order's. `holds_for` says of a policy who may be told it, for which
    product and where.
    """

    id: str
    kind: EvidenceKind
    source: str
    ref: str
    text: str
    visibility: Visibility
    as_of: datetime
    holds_for: str = ""


class Ledger:
    """The evidence of one turn, numbered E1, E2, … in the order of arrival; the same `ref` keeps its number."""

    def __init__(self) -> None:
        self._by_ref: dict[str, Evidence] = {}

    def add(
        self,
        kind: EvidenceKind,
        *,
        source: str,
        ref: str,
        text: str,
        visibility: Visibility,
        as_of: datetime,
        holds_for: str = "",
    ) -> Evidence:
        """Note a fact and return it with its number."""
        known = self._by_ref.get(ref)
        if known is not None and (known.text, known.holds_for) == (text, holds_for):
            return known
        number = known.id if known is not None else f"E{len(self._by_ref) + 1}"
        evidence = Evidence(number, kind, source, ref, text, visibility, as_of, holds_for)
        self._by_ref[ref] = evidence
        return evidence

    def get(self, number: str) -> Evidence | None:
        """The evidence of this number."""
        return next((item for item in self if item.id == number), None)

    def __iter__(self) -> Iterator[Evidence]:
        return iter(self._by_ref.values())

    def __len__(self) -> int:
        return len(self._by_ref)
