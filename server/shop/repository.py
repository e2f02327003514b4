"""Reading the shop's records. Only what counts is seen: rows of imports that have switched, newest version each."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func
from sqlalchemy.orm import aliased
from sqlmodel import col, desc, nulls_last, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from server.models import CustomerRow, EmailRow, HandleRow, ImportRow, OrderRow, PastPostRow, ProductRow
from server.shop.folding import figures_of, fold_channel, fold_email, fold_handle, fold_order_id, spoken_order_id
from server.shop.records import customer_record, order_record, past_post_record, product_record
from tools.records import Customer, Known, Order, PastPost, Product

# What counts. Correlated subqueries and no joins, so that a query is always driven by the index of what is looked up
# (customer, handle, id) and never by the rows of an import, which may be all of them. Made once: putting them together
# costs more than running them.


def _has_switched(import_id: int) -> ColumnElement[bool]:
    return exists().where(col(ImportRow.id) == import_id, col(ImportRow.switched_at).is_not(None))


def _is_current(import_id: int, newer_import_id: int, *same: ColumnElement[bool]) -> ColumnElement[bool]:
    newer = exists().where(*same, col(newer_import_id) > import_id, _has_switched(newer_import_id))
    return and_(_has_switched(import_id), ~newer)


_newer_customer = aliased(CustomerRow)
_newer_product = aliased(ProductRow)
_newer_order = aliased(OrderRow)

CURRENT_CUSTOMER = _is_current(
    CustomerRow.import_id, _newer_customer.import_id, col(_newer_customer.id) == CustomerRow.id
)
_CURRENT_EMAIL = _is_current(
    EmailRow.import_id, _newer_customer.import_id, col(_newer_customer.id) == EmailRow.customer
)
CURRENT_HANDLE = _is_current(
    HandleRow.import_id, _newer_customer.import_id, col(_newer_customer.id) == HandleRow.customer
)
CURRENT_PRODUCT = _is_current(ProductRow.import_id, _newer_product.import_id, col(_newer_product.id) == ProductRow.id)
CURRENT_ORDER = _is_current(
    OrderRow.import_id,
    _newer_order.import_id,
    col(_newer_order.folded_id) == OrderRow.folded_id,
    col(_newer_order.id) == OrderRow.id,
)


async def last_import(session: AsyncSession) -> datetime | None:
    """When the records of the last completed import began to count."""
    return (await session.exec(select(func.max(col(ImportRow.switched_at))))).one()


async def find_customer(session: AsyncSession, customer: str) -> Customer | None:
    """The customer of this id."""
    theirs = and_(col(HandleRow.import_id) == CustomerRow.import_id, col(HandleRow.customer) == CustomerRow.id)
    query = select(CustomerRow, HandleRow).join(HandleRow, theirs, isouter=True)
    query = query.where(CustomerRow.id == customer, CURRENT_CUSTOMER).order_by(col(HandleRow.position))
    rows = (await session.exec(query)).all()
    handles = [handle for _, handle in rows if handle is not None]
    return customer_record(rows[0][0], handles) if rows else None


async def current_customer_row(session: AsyncSession, customer: str, *, lock: bool = False) -> CustomerRow | None:
    """The row of this customer that counts."""
    query = select(CustomerRow).where(CustomerRow.id == customer, CURRENT_CUSTOMER)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return (await session.exec(query)).first()


async def current_order_row(session: AsyncSession, order: str, *, lock: bool = False) -> OrderRow | None:
    """The row of the order of exactly this id that counts."""
    query = select(OrderRow).where(OrderRow.folded_id == fold_order_id(order), OrderRow.id == order, CURRENT_ORDER)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return (await session.exec(query)).first()


async def customers_of_handle(
    session: AsyncSession, *, brand: str | None, channel: str, handle: str
) -> Sequence[tuple[str, Known]]:
    """Every customer with this handle and how sure that is; a post or a customer without brand fits every brand."""
    query = select(HandleRow.customer, HandleRow.known).where(
        HandleRow.folded_handle == fold_handle(handle),
        HandleRow.folded_channel == fold_channel(channel),
        CURRENT_HANDLE,
    )
    if brand is not None:
        query = query.where(or_(col(HandleRow.brand).is_(None), HandleRow.brand == brand))
    return [(customer, Known(known)) for customer, known in await session.exec(query)]


async def find_order(session: AsyncSession, customer: str, order: str) -> Order | None:
    """This customer's order of this id, the exact one if several differ in case or spaces only."""
    query = select(OrderRow).where(
        OrderRow.folded_id == fold_order_id(order), OrderRow.customer == customer, CURRENT_ORDER
    )
    alike = (await session.exec(query)).all()
    exact = [row for row in alike if row.id == order]
    if exact or len(alike) == 1:
        return order_record((exact or alike)[0])
    return None


async def latest_orders(session: AsyncSession, customer: str, *, limit: int) -> Sequence[Order]:
    """This customer's orders, open ones first, then newest first."""
    query = (
        select(OrderRow)
        .where(OrderRow.customer == customer, CURRENT_ORDER)
        .order_by(desc(OrderRow.is_open), nulls_last(desc(OrderRow.placed_at)), col(OrderRow.id))
        .limit(limit)
    )
    return tuple(order_record(row) for row in await session.exec(query))


async def find_product(session: AsyncSession, product: str) -> Product | None:
    """The product of this id."""
    row = (await session.exec(select(ProductRow).where(ProductRow.id == product, CURRENT_PRODUCT))).first()
    return product_record(row) if row is not None else None


async def past_posts(session: AsyncSession, customer: str, *, limit: int) -> Sequence[PastPost]:
    """Posts of this customer's earlier cases, newest first."""
    query = select(PastPostRow).where(PastPostRow.customer == customer)
    newest_first = query.order_by(desc(PastPostRow.created_at), desc(PastPostRow.id)).limit(limit)
    return tuple(past_post_record(row) for row in await session.exec(newest_first))


async def customer_ids(session: AsyncSession, *, brand: str | None = None) -> Sequence[str]:
    """Every customer's id, in their order; with `brand`, those of this brand."""
    query = select(CustomerRow.id).where(CURRENT_CUSTOMER).order_by(col(CustomerRow.id))
    return (await session.exec(query if brand is None else query.where(CustomerRow.brand == brand))).all()


async def existing_customers(session: AsyncSession, ids: Collection[str]) -> set[str]:
    """Those of these ids that are a customer's."""
    return set(await session.exec(select(CustomerRow.id).where(col(CustomerRow.id).in_(ids), CURRENT_CUSTOMER)))


async def existing_products(session: AsyncSession, ids: Collection[str]) -> set[str]:
    """Those of these ids that are a product's."""
    return set(await session.exec(select(ProductRow.id).where(col(ProductRow.id).in_(ids), CURRENT_PRODUCT)))


async def customers_of_email(session: AsyncSession, email: str) -> Sequence[str]:
    """The customers with this e-mail address, however it is capitalised."""
    query = select(EmailRow.customer).where(EmailRow.folded_email == fold_email(email), _CURRENT_EMAIL)
    return sorted(set(await session.exec(query)))


async def customers_of_order(session: AsyncSession, order: str) -> Sequence[str]:
    """The customers with an order of this number, as people say numbers: `FH-10423`, `fh 10423` and `10423` are one.

    Whoever has one that is written just so goes before those with one that only sounds alike.
    """
    query = select(OrderRow.customer).where(OrderRow.folded_id == fold_order_id(order), CURRENT_ORDER)
    return sorted(set(await session.exec(query))) or await _customers_of_spoken(session, order)


async def _customers_of_spoken(session: AsyncSession, order: str) -> Sequence[str]:
    """The customers with an order whose number is told by these letters and figures, or by these figures alone."""
    spoken, figures = spoken_order_id(order), figures_of(fold_order_id(order))
    if figures is None:
        return []
    query = select(OrderRow.folded_id, OrderRow.customer).where(
        col(OrderRow.folded_id).endswith(figures, autoescape=True), CURRENT_ORDER
    )
    rows = await session.exec(query)
    return sorted({customer for known, customer in rows if spoken in (spoken_order_id(known), figures_of(known))})
