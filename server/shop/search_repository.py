"""Finding customers by the beginning of what is known of them, while somebody types it."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pydantic_core import to_json
from sqlalchemy import ColumnElement, String, cast
from sqlmodel import and_, col, func, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from server.models import CustomerRow, HandleRow, OrderRow
from server.shop.folding import figures_of, fold_handle, fold_order_id, spoken_order_id
from server.shop.repository import CURRENT_CUSTOMER, CURRENT_HANDLE, CURRENT_ORDER

_LOOKED_AT = 50
"""How many orders at most are read of those whose number holds the figures."""


class By(StrEnum):
    """What of a customer begins with what was typed."""

    ORDER = "order"
    CUSTOMER = "customer"
    EMAIL = "email"
    HANDLE = "handle"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Match:
    """A customer, and what of theirs was found: an order's number, an address, a handle with its channel, a name."""

    customer: str
    by: By
    value: str


_Look = Callable[[AsyncSession, str, Collection[str], int], Awaitable[Sequence[Match]]]


async def matches(session: AsyncSession, typed: str, brands: Collection[str], *, limit: int) -> list[Match]:
    """Customers of these brands, or of none, of whom something begins with this; each once, the surest first."""
    found: dict[str, Match] = {}
    for look in _looks(typed):
        for match in await look(session, typed, brands, limit):
            found.setdefault(match.customer, match)
        if len(found) >= limit:
            break
    return list(found.values())[:limit]


async def customers_of(
    session: AsyncSession, customers: Collection[str], brands: Collection[str]
) -> dict[str, CustomerRow]:
    """These customers by id, as far as they are of these brands or of none."""
    query = select(CustomerRow).where(col(CustomerRow.id).in_(customers), _of(brands), CURRENT_CUSTOMER)
    return {row.id: row for row in await session.exec(query)}


def _looks(typed: str) -> Sequence[_Look]:
    """Where it is worth looking: every look reads much, and somebody waits for each letter."""
    if typed.startswith("@"):
        return (_by_handle,)
    if "@" in typed:
        return (_by_email,)
    if " " in typed:
        return (_by_order, _by_name)
    return (_by_order, _by_id, _by_email, _by_handle, _by_name)


def _of(brands: Collection[str]) -> ColumnElement[bool]:
    return or_(col(CustomerRow.brand).is_(None), col(CustomerRow.brand).in_(brands))


async def _by_order(session: AsyncSession, typed: str, brands: Collection[str], limit: int) -> Sequence[Match]:
    """`fh-104`, `fh 104`, `104`: the number's beginning, or that of its figures."""
    folded, spoken = fold_order_id(typed), spoken_order_id(typed)
    figures = figures_of(folded)
    if figures is None:
        return []
    query = (
        select(OrderRow.folded_id, OrderRow.id, OrderRow.customer)
        .where(
            col(OrderRow.folded_id).contains(figures, autoescape=True),
            or_(col(OrderRow.brand).is_(None), col(OrderRow.brand).in_(brands)),
            CURRENT_ORDER,
        )
        .order_by(func.length(col(OrderRow.folded_id)), col(OrderRow.folded_id))
        .limit(_LOOKED_AT)
    )
    first: dict[str, str] = {}
    for known, order, customer in await session.exec(query):
        if spoken_order_id(known).startswith(spoken) or (figures_of(known) or "").startswith(spoken):
            first.setdefault(customer, order)
    theirs = await customers_of(session, first, brands)
    return [Match(customer, By.ORDER, order) for customer, order in first.items() if customer in theirs][:limit]


async def _by_id(session: AsyncSession, typed: str, brands: Collection[str], limit: int) -> Sequence[Match]:
    query = select(CustomerRow.id).where(
        col(CustomerRow.id).istartswith(typed, autoescape=True), _of(brands), CURRENT_CUSTOMER
    )
    return [
        Match(id_, By.CUSTOMER, id_) for id_ in await session.exec(query.order_by(col(CustomerRow.id)).limit(limit))
    ]


async def _by_email(session: AsyncSession, typed: str, brands: Collection[str], limit: int) -> Sequence[Match]:
    begins = typed.casefold()
    # the text of the list narrows it down: each address begins behind a quotation mark
    wanted = to_json(begins).decode().removesuffix('"')
    query = select(CustomerRow.id, CustomerRow.emails).where(
        cast(col(CustomerRow.emails), String).icontains(wanted, autoescape=True), _of(brands), CURRENT_CUSTOMER
    )
    rows = await session.exec(query.order_by(col(CustomerRow.id)).limit(limit))
    return [
        Match(customer, By.EMAIL, email)
        for customer, emails in rows
        for email in [known for known in emails if known.casefold().startswith(begins)][:1]
    ]


async def _by_handle(session: AsyncSession, typed: str, brands: Collection[str], limit: int) -> Sequence[Match]:
    query = (
        select(HandleRow.customer, HandleRow.handle, HandleRow.channel)
        .where(
            col(HandleRow.folded_handle).startswith(fold_handle(typed), autoescape=True),
            or_(col(HandleRow.brand).is_(None), col(HandleRow.brand).in_(brands)),
            CURRENT_HANDLE,
        )
        .order_by(col(HandleRow.folded_handle), col(HandleRow.customer))
        .limit(limit)
    )
    rows = (await session.exec(query)).all()
    theirs = await customers_of(session, {customer for customer, _, _ in rows}, brands)
    return [
        Match(customer, By.HANDLE, f"@{handle.removeprefix('@')} on {channel}")
        for customer, handle, channel in rows
        if customer in theirs
    ]


async def _by_name(session: AsyncSession, typed: str, brands: Collection[str], limit: int) -> Sequence[Match]:
    """Each word that was typed begins a word of the name."""
    words = [_begins_a_word(word) for word in typed.split()]
    query = select(CustomerRow.id, CustomerRow.name).where(and_(*words), _of(brands), CURRENT_CUSTOMER)
    rows = await session.exec(query.order_by(col(CustomerRow.name), col(CustomerRow.id)).limit(limit))
    return [Match(customer, By.NAME, name) for customer, name in rows]


def _begins_a_word(word: str) -> ColumnElement[bool]:
    """With a capital, too: not every database knows that of a letter beyond the English ones."""
    name = col(CustomerRow.name)
    written = {word, word.capitalize()}
    return or_(
        *(name.istartswith(one, autoescape=True) for one in written),
        *(name.icontains(f"{before}{one}", autoescape=True) for one in written for before in (" ", "-")),
    )
