"""What a rep sees the moment a customer is on the line, before any model is asked.

What cannot be read is said to be unread, and nothing is claimed that would rest on it.
"""

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from sqlmodel.ext.asyncio.session import AsyncSession

from assistant.complaints import is_complaint
from assistant.recalls import Recalled, find_recalled
from assistant.regions import region_of
from assistant.told import Told, known
from assistant.troubles import is_open, say_items, troubles
from server.conversations import repository
from server.conversations.repository import EarlierCase
from server.db import reading
from server.models import ConversationRow
from server.service import Service
from server.shop.folding import fold_channel, fold_handle
from tools.ports import Outage, PortUnavailable
from tools.records import Customer, Known, Order, PastPost, Promise

Found = TypeVar("Found")

LATELY = timedelta(days=30)
"""How far back complaints are counted."""

_ORDERS = 10
_PURCHASES = 5
_POSTS = 5
_CONTACTS = 10
_RECALLS = "product recall"


@dataclass(frozen=True, slots=True)
class About:
    """Whom it is about, as a brand knows them. The session or the case in which it is asked is no earlier contact."""

    customer: str
    brand: str
    session: str | None = None
    case: str | None = None


@dataclass(frozen=True, slots=True)
class OpenOrder:
    """An order of which something is to come; `wrong` is what is wrong with it."""

    order: Order
    items: str
    wrong: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Contact:
    """A time that the customer turned to us before: a case of posts, or a rep's session."""

    id: str
    kind: str
    channel: str
    at: datetime
    complaint: bool
    solved: bool | None


@dataclass(frozen=True, slots=True)
class Overview:
    """What there is to know at once. A list is None where it could not be read; `outages` say why.

    `open_orders` are those something is to come of, and those with something wrong; `purchases` the latest of all.
    """

    customer: Customer | None
    open_orders: tuple[OpenOrder, ...] | None
    purchases: tuple[Order, ...] | None
    promises: tuple[Promise, ...] | None
    posts: tuple[PastPost, ...] | None
    contacts: tuple[Contact, ...]
    outages: tuple[Outage, ...]
    now: datetime
    recalled: tuple[Recalled, ...] = ()

    @property
    def complaints(self) -> tuple[Contact, ...]:
        """The complaints of the last weeks, the newest first."""
        return tuple(one for one in self.contacts if one.complaint and one.at > self.now - LATELY)

    def tell_complaints(self) -> Told | None:
        """`2 complaints in 30 days, the last one unresolved`; None if there was none."""
        complaints = self.complaints
        if not complaints:
            return None
        many = "1 complaint" if len(complaints) == 1 else f"{len(complaints)} complaints"
        which = "" if len(complaints) == 1 else "the last one "
        how = "answered" if complaints[0].solved else "unresolved"
        values = known(n=len(complaints), days=LATELY.days)
        return Told(f"complaints_{how}", f"{many} in {LATELY.days} days, {which}{how}", values)

    def tell_unread(self) -> tuple[Told, ...]:
        """What could not be read, and since when."""
        return tuple(_tell(outage, self.now) for outage in self.outages)


async def read_overview(service: Service, about: About, now: datetime, *, customer: Customer | None = None) -> Overview:
    """Read it all side by side; `customer` is the record, where it was read just now. Call it within no transaction."""
    ports, who, outages = service.desk.ports, about.customer, list[Outage]()
    read, latest, promises, posts = await asyncio.gather(
        _ask(_known(customer) if customer is not None else ports.customers.get(who), outages),
        _ask(ports.orders.latest(who, limit=_ORDERS), outages),
        _ask(ports.promises.open_for(who), outages),
        _ask(ports.conversations.earlier(who, limit=_POSTS), outages),
    )
    recalled = await _read_recalled(service, about.brand, read, latest or (), outages, now)
    return Overview(
        customer=read,
        open_orders=None if latest is None else _open_orders(latest, now),
        purchases=None if latest is None else _newest(latest)[:_PURCHASES],
        promises=None if promises is None else tuple(promises),
        posts=None if posts is None else tuple(posts),
        contacts=await _read_contacts(service, about, read),
        outages=tuple(outages),
        now=now,
        recalled=recalled,
    )


def _tell(outage: Outage, now: datetime) -> Told:
    code = "unreachable" if outage.as_of is None else "too_old"
    values = known(port=outage.port, since=outage.since, as_of=outage.as_of)
    return Told(code, outage.words(now), values)


async def _known(customer: Customer) -> Customer:
    return customer


async def _ask(asked: Awaitable[Found], outages: list[Outage]) -> Found | None:
    """What a port answers; None if it does not, and why among the outages."""
    try:
        return await asked
    except PortUnavailable as error:
        outages.append(error.outage)
        return None


async def _read_recalled(
    service: Service,
    brand: str,
    customer: Customer | None,
    latest: Sequence[Order],
    outages: list[Outage],
    now: datetime,
) -> tuple[Recalled, ...]:
    """What of the customer's things is recalled."""
    if not latest:
        return ()
    desk = service.desk
    region = region_of(customer, desk.guidance.brand(brand), "en", "") or desk.region
    asked = desk.ports.passages.answering(_RECALLS, brand=brand, region=region, at=now)
    return find_recalled(latest, await _ask(asked, outages) or ())


def _open_orders(latest: Sequence[Order], now: datetime) -> tuple[OpenOrder, ...]:
    """Those with something wrong first."""
    told = [OpenOrder(order, say_items(order), troubles(order, now)) for order in latest]
    return tuple(sorted((one for one in told if one.wrong or is_open(one.order)), key=lambda one: not one.wrong))


def _newest(orders: Sequence[Order]) -> tuple[Order, ...]:
    dated = sorted((order for order in orders if order.placed_at), key=lambda order: str(order.placed_at), reverse=True)
    return (*dated, *(order for order in orders if not order.placed_at))


async def certain_handles(
    session: AsyncSession, brand: str, id_: str, customer: Customer | None
) -> set[tuple[str, str]]:
    """The channels and folded names that are a customer's for certain, by staff's word or by the record."""
    handles = await repository.linked_handles(session, brand, id_)
    for handle in customer.handles if customer else ():
        if handle.known in (Known.VERIFIED, Known.LINKED):
            handles.add((fold_channel(handle.channel), fold_handle(handle.handle)))
    return handles


async def _read_contacts(service: Service, about: About, customer: Customer | None) -> tuple[Contact, ...]:
    """Earlier cases of the customer's certain handles, and earlier sessions, the newest first."""
    async with reading(service.engine) as session:
        handles = await certain_handles(session, about.brand, about.customer, customer)
        cases = await repository.cases_of(session, about.brand, handles, limit=_CONTACTS)
        sessions = await repository.sessions_about(
            session, about.brand, about.customer, but=about.session, limit=_CONTACTS
        )
    contacts = [_of_case(case) for case in cases if case.id != about.case]
    contacts += [_of_session(row, intents) for row, intents in sessions]
    return tuple(sorted(contacts, key=lambda contact: contact.at, reverse=True)[:_CONTACTS])


def _of_case(case: EarlierCase) -> Contact:
    answered = not (case.open or case.owed)
    complaint = case.danger or (case.intent is not None and is_complaint(case.intent))
    return Contact(case.id, "case", case.channel, case.opened_at, complaint, answered)


def _of_session(row: ConversationRow, intents: Sequence[str]) -> Contact:
    complaint = any(is_complaint(intent) for intent in intents)
    return Contact(row.id, "session", row.channel, row.opened_at, complaint, row.closed_at is not None)
