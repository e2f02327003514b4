"""What is on the desk when a draft is written: everything that was gathered, with its evidence."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from assistant.case import Thread
from assistant.choosing import Choice
from assistant.guidance import Brand, Intent
from assistant.returning import ReturnTime
from tools.evidence import Evidence, Ledger
from tools.ports import Identity, Outage
from tools.records import Customer, Destination, Order, Passage, Promise


@dataclass(frozen=True, slots=True)
class IntentGuess:
    """An intent that the post may have, with a confidence from 0 to 1."""

    intent: Intent
    confidence: float


@dataclass(frozen=True, slots=True)
class Material:
    """The input of the composer and of the model's prompt.

    `guesses` are sorted, the likeliest first; empty if nothing fits. `order` is the one the post is about, if that is
    certain: named in the post, or the only one that fits. `orders` are the latest of the customer. Both, `customer` and
    `promises` are empty unless the person is verified or linked (rule 1). `refused` holds order numbers in the post
    that are not this customer's. `tried` are steps the customer says they took, or that we advised before.
    `outages` says which ports could not be read, and since when: nothing may be claimed that would rest on them.
    `choices` are prepared answers that may be what is asked for, the likeliest first;
    `beyond`: the post is more like what no document answers.
    `wish` is what a person wants of the draft, in their words.
    `return_times` tells by order when what was delivered may still come back, where that is asked for.
    `record_evidence` maps what a record fact is about ("order:FH-1", "order:FH-1/shipment:S1", …) to its evidence.
    """

    thread: Thread
    language: str
    identity: Identity
    ledger: Ledger
    now: datetime
    brand: Brand | None = None
    region: str | None = None
    guesses: tuple[IntentGuess, ...] = ()
    customer: Customer | None = None
    orders: tuple[Order, ...] = ()
    order: Order | None = None
    refused: tuple[str, ...] = ()
    promises: tuple[Promise, ...] = ()
    tried: tuple[str, ...] = ()
    passages: tuple[tuple[Passage, Evidence], ...] = ()
    choices: tuple[tuple[Choice, Evidence], ...] = ()
    beyond: bool = False
    destinations: Mapping[str, tuple[Destination, Evidence]] = field(default_factory=dict)
    record_evidence: Mapping[str, Evidence] = field(default_factory=dict)
    outages: tuple[Outage, ...] = ()
    return_times: Mapping[str, ReturnTime] = field(default_factory=dict)
    wish: str = ""

    @property
    def intent(self) -> Intent | None:
        """The likeliest intent."""
        return self.guesses[0].intent if self.guesses else None
