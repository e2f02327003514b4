"""What changes what a rep sees of their session, found among everything that happens."""

from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum

from server.conversations import repository
from server.conversations.opening import ConversationNotFound
from server.conversations.overview import certain_handles
from server.db import reading
from server.events.rights import changes_a_session
from server.models import ConversationRow, EventRow
from server.service import Service
from server.shop.folding import fold_channel, fold_handle
from server.staff.roles import Caller
from tools.ports import PortUnavailable

Handle = tuple[str, str]
"""A channel and a name on it, folded."""


class Changed(StrEnum):
    """What is to be read again: how things stand for the customer, or the session itself."""

    CUSTOMER = "customer"
    SESSION = "session"


@dataclass
class Concerned:
    """A session, and what is known so far of which cases are with its customer."""

    service: Service
    conversation: ConversationRow
    handles: Collection[Handle]
    _cases: dict[str, bool] = field(default_factory=dict)

    async def by(self, event: EventRow) -> Changed | None:
        """What of the session this event changes; None: nothing."""
        if event.subject == self.conversation.id:
            return Changed.SESSION
        if event.kind == "customer.erased":
            return Changed.SESSION  # whoever it was is named nowhere any more
        if event.kind == "shop.imported" or event.data.get("customer") == self.conversation.customer:
            return Changed.CUSTOMER
        case = event.subject if event.kind.startswith("case.") else event.data.get("case")
        return Changed.CUSTOMER if case is not None and await self._is_theirs(case) else None

    async def _is_theirs(self, case: str) -> bool:
        if case == self.conversation.case:
            return True
        if case not in self._cases:
            async with reading(self.service.engine) as session:
                author = await repository.author_of_case(session, case, {self.conversation.brand})
            theirs = author is not None and (fold_channel(author.channel), fold_handle(author.handle)) in self.handles
            self._cases[case] = theirs
        return self._cases[case]


async def concerned(service: Service, caller: Caller, conversation: str) -> Concerned:
    """The session of this id.

    Raises:
        ConversationNotFound: There is none of the caller's brands.
    """
    async with reading(service.engine) as session:
        row = await repository.find_conversation(session, conversation, caller.brands)
    if row is None:
        raise ConversationNotFound
    try:
        customer = await service.desk.ports.customers.get(row.customer)
    except PortUnavailable:
        customer = None  # what staff has linked is known all the same
    async with reading(service.engine) as session:
        return Concerned(service, row, await certain_handles(session, row.brand, row.customer, customer))


def is_told(caller: Caller, event: EventRow) -> bool:
    """Whether somebody who may use the panel is told that something in it changed because of this event."""
    return changes_a_session(caller, event.kind, event.brand)
