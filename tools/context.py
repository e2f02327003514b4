"""Whom a tool may read about, and when. Made by the turn, never from a model's arguments (rule 1)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tools.calls import ToolCall
from tools.evidence import Ledger
from tools.ports import Identity, Ports
from tools.records import Passage


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change or gesture that a person may approve; nothing has been done."""

    type: str
    arguments: Mapping[str, Any]
    reason: str
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HandOverWish:
    """The model asked that a team takes the case."""

    team: str
    reason: str


@dataclass(frozen=True, slots=True)
class ToolContext:
    """One turn's customer, brand, channel and moment, with the ports to read from and the ledger to write into.

    `identity.customer` is None for possible and unknown people: tools then answer that records cannot be read, in the
    same words whether or not such a customer exists. `calls` are those that were made so far, `passages` those that
    were noted, by their evidence's `ref`.
    """

    identity: Identity
    brand: str | None
    channel: str
    language: str
    region: str | None
    now: datetime
    ports: Ports
    audiences: frozenset[str] = frozenset({"public", "internal"})
    ledger: Ledger = field(default_factory=Ledger)
    proposals: list[Proposal] = field(default_factory=list)
    hand_overs: list[HandOverWish] = field(default_factory=list)
    calls: list[ToolCall] = field(default_factory=list)
    passages: dict[str, Passage] = field(default_factory=dict)
