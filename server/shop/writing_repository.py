"""Changing the shop's records: the row that counts, in place."""

import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from server.models import CarriedOutRow, CustomerRow, OrderRow
from server.shop.repository import current_customer_row, current_order_row, find_customer, find_order
from tools.records import Customer, Order

_CHANGING, _COUNTING = 0x5409, 0x540A  # numbers of their own among the advisory locks
_LISTS = ("shipments", "payments", "returns")


async def one_at_a_time(session: AsyncSession, customer: str) -> None:
    """Wait until nobody else changes this customer's records. On SQLite one transaction writes at a time anyway."""
    if session.get_bind().dialect.name == "postgresql":
        await session.exec(select(func.pg_advisory_xact_lock(_CHANGING, zlib.crc32(customer.encode()) - 2**31)))


async def keep_imports_out(session: AsyncSession) -> None:
    """Until the end of the transaction no import begins to count: what was read stays what is written.

    Otherwise an order that the import says has left would be written over with one that was judged before it had.
    """
    if session.get_bind().dialect.name == "postgresql":
        await session.exec(select(func.pg_advisory_xact_lock_shared(_COUNTING)))


async def keep_changes_out(session: AsyncSession) -> None:
    """Wait for the changes under way, and until the end of the transaction let no other begin."""
    if session.get_bind().dialect.name == "postgresql":
        await session.exec(select(func.pg_advisory_xact_lock(_COUNTING)))


async def find_carried_out(session: AsyncSession, action: str) -> CarriedOutRow | None:
    """What was done under this id."""
    return await session.get(CarriedOutRow, action)


async def carried_out_for(session: AsyncSession, customer: str) -> Sequence[CarriedOutRow]:
    """What was done for a customer, the oldest first."""
    query = select(CarriedOutRow).where(CarriedOutRow.customer == customer)
    return (await session.exec(query.order_by(col(CarriedOutRow.at), col(CarriedOutRow.action)))).all()


async def lock_customer(session: AsyncSession, customer: str) -> Customer | None:
    """The customer; their row is locked."""
    return await find_customer(session, customer) if await current_customer_row(session, customer, lock=True) else None


async def lock_order(session: AsyncSession, customer: str, order: str) -> Order | None:
    """This customer's order; its row is locked."""
    found = await find_order(session, customer, order)
    if found is None or await current_order_row(session, found.id, lock=True) is None:
        return None
    return await find_order(session, customer, found.id)


async def payment_methods_of(session: AsyncSession, customer: str) -> Sequence[Mapping[str, Any]]:
    """As they stand in the row."""
    row = await current_customer_row(session, customer, lock=True)
    return row.payment_methods if row is not None else []


async def change_payment_methods(session: AsyncSession, customer: str, methods: Sequence[Mapping[str, Any]]) -> None:
    """Put other payment methods into the customer's row."""
    row = await current_customer_row(session, customer, lock=True)
    assert isinstance(row, CustomerRow), "it was locked before"
    row.payment_methods = [dict(method) for method in methods]
    session.add(row)


async def change_order(session: AsyncSession, order: Order, line: Mapping[str, Any], *, is_open: bool) -> None:
    """Bring the order's row up to date.

    Args:
        session: The transaction; the row is locked in it.
        order: As it is now.
        line: The same, as the import format writes it.
        is_open: Whether anything is still to come of it.
    """
    row = await current_order_row(session, order.id, lock=True)
    assert isinstance(row, OrderRow), "it was locked before"
    row.status, row.status_note, row.is_open = line["status"], line.get("status_note"), is_open
    row.ship_to, row.lines = line.get("ship_to"), line["lines"]
    for name in _LISTS:
        setattr(row, name, line.get(name, []))
    session.add(row)
