"""Deskside's own tables as the shop that carries approved actions out.

The change, and the word that it was made, are one transaction: whoever asks twice under one id changes nothing twice.
A record is changed in the row that counts (docs/decisions/0002-import-switch.md).
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel.ext.asyncio.session import AsyncSession

from server.actions.arguments import read_arguments
from server.actions.broken import Broken
from server.actions.effects import effect_of
from server.actions.kinds import ActionKind
from server.actions.preconditions import broken
from server.actions.records import order_of
from server.actions.shop import Earlier, Effect, Shop, Wanted
from server.actions.writer import ApprovedAction, CarriedOut, PreconditionBroken, WriterUnavailable
from server.db import reading, writing
from server.limits.holding import action_rules
from server.models import CarriedOutRow
from server.shop import writing_repository as repository
from server.shop.as_imported import as_imported, balances_as_imported
from server.shop.repository import find_product
from server.shop.rows import is_open

Clock = Callable[[], datetime]


class SqlShopWriter:
    """Carries actions out in the imported records, by the rules of a knowledge folder."""

    settles_after = timedelta()

    def __init__(self, engine: AsyncEngine, knowledge: Path, clock: Clock = lambda: datetime.now(UTC)) -> None:
        self._engine = engine
        self._knowledge = knowledge
        self._clock = clock

    async def carry_out(self, action: ApprovedAction) -> CarriedOut:
        """As the port says."""
        arguments = read_arguments(action.kind, action.arguments)
        wanted = Wanted(action.id, action.kind, action.customer, arguments)
        try:
            async with writing(self._engine) as session:
                await repository.keep_imports_out(session)
                await repository.one_at_a_time(session, action.customer)
                known = await repository.find_carried_out(session, action.id)
                return _as_told(known) if known is not None else await self._change(session, wanted, action)
        except DBAPIError as fault:
            # the transaction is undone, or the next look finds what it did
            raise WriterUnavailable("the shop's records cannot be written at the moment") from fault

    async def find(self, action: str) -> CarriedOut | None:
        """As the port says."""
        async with reading(self._engine) as session:
            known = await repository.find_carried_out(session, action)
        return _as_told(known) if known is not None else None

    async def _change(self, session: AsyncSession, wanted: Wanted, approved: ApprovedAction) -> CarriedOut:
        now, rules = self._clock(), await action_rules(session, self._knowledge)
        shop = await _read(session, wanted)
        against = broken(wanted, shop, rules, now)
        if against:
            raise PreconditionBroken(against)
        effect = effect_of(wanted, shop, rules, now)
        if (effect.amount, effect.result.get("difference")) != (approved.amount, approved.difference):
            raise PreconditionBroken([_other_sum(effect, approved)])
        await _write(session, shop, effect)
        row = CarriedOutRow(
            action=wanted.id,
            customer=wanted.customer,
            order_id=effect.order.id if effect.order else None,
            kind=wanted.kind,
            at=now,
            result=dict(effect.result),
        )
        session.add(row)
        return _as_told(row)


def _other_sum(effect: Effect, approved: ApprovedAction) -> Broken:
    now, then = effect.amount or effect.result.get("difference"), approved.amount or approved.difference
    return Broken("amount", f"it would come to {now} now, and {then} was approved; propose it again")


async def _read(session: AsyncSession, wanted: Wanted) -> Shop:
    """The records as they stand, locked."""
    customer = await repository.lock_customer(session, wanted.customer)
    if customer is None:
        raise PreconditionBroken([Broken("customer", "there is no such customer any more")])
    number = order_of(wanted.arguments)
    order = await repository.lock_order(session, wanted.customer, number) if number is not None else None
    names = {line.product for line in order.lines if line.product} if order else set()
    products = [await find_product(session, name) for name in sorted(names)]
    return Shop(
        customer=customer,
        order=order,
        products={product.id: product for product in products if product is not None},
        done=[
            Earlier(row.action, ActionKind(row.kind), row.at, row.order_id, row.result)
            for row in await repository.carried_out_for(session, wanted.customer)
        ],
    )


async def _write(session: AsyncSession, shop: Shop, effect: Effect) -> None:
    if effect.order is not None and effect.order != shop.order:
        line = as_imported(effect.order)
        await repository.change_order(session, effect.order, line, is_open=is_open(effect.order.status))
    if effect.customer != shop.customer:
        methods = await repository.payment_methods_of(session, effect.customer.id)
        changed = balances_as_imported(methods, shop.customer, effect.customer)
        await repository.change_payment_methods(session, effect.customer.id, changed)


def _as_told(row: CarriedOutRow) -> CarriedOut:
    return CarriedOut(row.at, row.result)
