"""The way to the shop's records for approved actions. No tool of the assistant has it.

Deskside's own tables are one shop (server/shop/writer.py); another shop's system implements the same Protocol.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from server.actions.kinds import ActionKind
from server.actions.preconditions import Broken
from tools.records import Money


@dataclass(frozen=True, slots=True)
class ApprovedAction:
    """What people have approved. `id` is the same however often it is asked for: the shop carries it out once.

    `amount` is what it was to come to when it was approved, and `difference` what other variants were to cost more:
    where it would come to anything else by now, nothing is done.
    """

    id: str
    brand: str
    customer: str
    kind: ActionKind
    arguments: Mapping[str, Any]
    amount: Money | None = None
    difference: int | None = None


@dataclass(frozen=True, slots=True)
class CarriedOut:
    """The shop has done it. `result` is what its records say now, as JSON."""

    at: datetime
    result: Mapping[str, Any]


class PreconditionBroken(Exception):
    """The shop has done nothing, because it may not be done as things stand there."""

    def __init__(self, broken: Sequence[Broken]) -> None:
        super().__init__("; ".join(item.words for item in broken))
        self.broken = tuple(broken)


class WriterUnavailable(Exception):
    """The shop has done nothing, because it could not be asked. It may be asked again."""


class ShopWriter(Protocol):
    """Carries approved actions out in the shop's records.

    `settles_after` is how long after a call began `find` can miss what the call does; none where a second call under
    the same id does nothing, however long the first one takes.
    """

    settles_after: timedelta

    async def carry_out(self, action: ApprovedAction) -> CarriedOut:
        """Do it, after reading its preconditions again. What was done under this id before is not done again.

        Raises:
            PreconditionBroken: Nothing was done, and nothing can be as things stand.
            WriterUnavailable: Nothing was done; trying again may help.
            Exception: Anything else, and a call that ends without an answer: nobody knows.
        """
        ...

    async def find(self, action: str) -> CarriedOut | None:
        """What was done under this id.

        Raises:
            WriterUnavailable: It cannot be looked at now.
        """
        ...
