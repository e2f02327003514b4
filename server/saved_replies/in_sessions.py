"""Saved replies in a rep's session: what fits its channel, filled in from the customer that it is with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assistant.case import Thread, is_between_two
from assistant.language import detect_language
from assistant.outcome import Part
from assistant.regions import region_of
from server.conversations import repository
from server.conversations.opening import ConversationNotFound, identity_of
from server.conversations.threads import NothingSaid, thread_of_session
from server.db import reading
from server.models import ConversationRow
from server.saved_replies.filling import Filled
from server.saved_replies.occasions import Occasion, orders_cited, said_by
from server.saved_replies.offering import Offered, fill_on, offer_on, refuse_without
from server.saved_replies.refusals import NotHere
from server.service import Service
from server.shop.folding import fold_channel
from server.staff.roles import Caller, Permission
from tools.ports import Identity, PortUnavailable
from tools.records import Customer, Known

_TURNS = 10


@dataclass(frozen=True, slots=True)
class Said:
    """What the customer has said just now, as the rep typed it, and whether they said it in private."""

    text: str | None = None
    private: bool = False


NOTHING = Said()


async def offer_in_session(
    service: Service, caller: Caller, conversation: str, now: datetime, *, part: Part | None = None
) -> Sequence[Offered]:
    """The saved replies of a session's brand for what its channel has, what fits first.

    Raises:
        ConversationNotFound: There is no such session of the caller's brands.
        NotAllowed: The caller may not use the panel.
        NotHere: The channel has no such part.
    """
    row = await _find(service, caller, conversation)
    parts = _parts(row, part)
    return await offer_on(service, await _occasion(service, row, NOTHING), parts, now)


async def fill_in_session(
    service: Service,
    caller: Caller,
    saved_reply: str,
    conversation: str,
    now: datetime,
    *,
    part: Part | None = None,
    said: Said = NOTHING,
) -> Sequence[tuple[Offered, Filled]]:
    """A saved reply's texts for a session, filled in: each that its channel has a part for, or that of one part.

    Raises:
        ConversationNotFound, NoSuchSavedReply: There is none of the caller's brands.
        SavedReplyRetired, SavedReplyOver: It is offered no more.
        NotHere: It is for other channels, or says nothing that could be said on this one.
        NotAllowed: The caller may not use the panel.
    """
    row = await _find(service, caller, conversation)
    parts = _parts(row, part, private=said.private)
    return await fill_on(service, caller, saved_reply, await _occasion(service, row, said), parts, now)


async def _find(service: Service, caller: Caller, conversation: str) -> ConversationRow:
    for needed in (Permission.USE_PANEL, Permission.READ_SAVED_REPLIES):
        refuse_without(caller, needed, "this tells of a session with a customer")
    async with reading(service.engine) as session:
        row = await repository.find_conversation(session, conversation, caller.brands)
    if row is None:
        raise ConversationNotFound
    return row


def _parts(conversation: ConversationRow, part: Part | None, *, private: bool = False) -> tuple[Part, ...]:
    """By phone, chat and email everything is said to the customer alone."""
    fitting = (Part.PRIVATE,) if private or is_between_two(conversation.channel) else tuple(Part)
    if part is None:
        return fitting
    if part not in fitting:
        raise NotHere(f"nothing is said to everyone on this channel ({conversation.channel}); take the private text")
    return (part,)


async def _occasion(service: Service, conversation: ConversationRow, said: Said) -> Occasion:
    thread = await _thread(service, conversation, said)
    customer = await _customer(service, conversation)
    brand = service.desk.guidance.brand(conversation.brand)
    hint = brand.languages[0] if brand else "en"
    asked = thread.request if thread else ""
    language = detect_language(asked, hint=hint) if thread else customer.language if customer else None
    identity = identity_of(conversation)
    records = await _records(service, conversation)

    async def identify() -> Identity:
        return identity

    return Occasion(
        brand=conversation.brand,
        channel=conversation.channel,
        language=language,
        region=region_of(customer if identity.customer else None, brand, language or hint, asked),
        handle=_handle(conversation, thread, customer if identity.customer else None),
        verified=identity.known is Known.VERIFIED,
        posts=said_by(thread.target.author, thread) if thread else (),
        orders=next((orders for orders in map(_orders, records) if orders), []),
        identify=identify,
        intent=next((record["intent"] for record in records if record.get("intent")), None),
    )


async def _thread(service: Service, conversation: ConversationRow, said: Said) -> Thread | None:
    try:
        return await thread_of_session(service, conversation, None, just_now=said.text, private=said.private)
    except NothingSaid:
        return None


async def _customer(service: Service, conversation: ConversationRow) -> Customer | None:
    try:
        return await service.desk.ports.customers.get(conversation.customer)
    except PortUnavailable:
        return None  # what would need it says so where it stands


def _handle(conversation: ConversationRow, thread: Thread | None, customer: Customer | None) -> str | None:
    """The name under which they wrote, else the one that is the `customer`'s for certain on this channel."""
    if thread is not None and thread.id != conversation.id:
        return thread.target.author
    sure = (Known.VERIFIED, Known.LINKED)
    theirs = [one for one in (customer.handles if customer else ()) if one.known in sure]
    return next((one.handle for one in theirs if fold_channel(one.channel) == conversation.channel), None)


async def _records(service: Service, conversation: ConversationRow) -> Sequence[Mapping[str, Any]]:
    """What the session's answers saw and did, the newest first."""
    async with reading(service.engine) as session:
        turns = await repository.turns_of(session, conversation.id, limit=_TURNS)
    return [turn.record for turn in turns if turn.record]


def _orders(record: Mapping[str, Any]) -> Sequence[str]:
    return orders_cited(record.get("claims", ()), record.get("evidence", ()))
