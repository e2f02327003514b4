"""Reading and writing policy documents and their versions."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlalchemy.orm import defer
from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from server.models import PolicyBrandRow, PolicyRow, PolicyStateRow, PolicyVersionRow

SKETCH, RETIRED, GONE = "sketch", "retired", "gone"
"""Kinds of versions that hold on no day, or that end a document."""

_WITHOUT_TEXT = defer(PolicyVersionRow.text)  # type: ignore[arg-type]
_OF_NEWEST = and_(
    col(PolicyVersionRow.document) == PolicyRow.id,
    or_(
        col(PolicyVersionRow.number) == PolicyRow.newest,
        and_(col(PolicyRow.newest) == 0, col(PolicyVersionRow.kind) == SKETCH),
    ),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which documents; of what is None every one will do. `on`: only those that hold on this day."""

    brands: Collection[str]
    brand: str | None = None
    category: str | None = None
    audience: str | None = None
    on: date | None = None


async def state(session: AsyncSession) -> PolicyStateRow:
    """How often the documents have changed, and up to which change they are searched."""
    return (await session.exec(select(PolicyStateRow))).one()


async def lock(session: AsyncSession) -> PolicyStateRow:
    """The same, for a change of documents: until this transaction ends nobody else makes one."""
    query = select(PolicyStateRow).with_for_update().execution_options(populate_existing=True)
    return (await session.exec(query)).one()


async def note_indexed(session: AsyncSession, revision: int) -> None:
    """Every change up to this one is searched now."""
    query = update(PolicyStateRow).where(col(PolicyStateRow.indexed) < revision).values(indexed=revision)
    await session.exec(query.execution_options(synchronize_session=False))


async def find(session: AsyncSession, document: str, brands: Collection[str] | None = None) -> PolicyRow | None:
    """The document of this id; with `brands`, only if it holds for one of them, or for all."""
    query = select(PolicyRow).where(PolicyRow.id == document)
    if brands is not None:
        query = query.where(_holds_for(brands))
    return (await session.exec(query.execution_options(populate_existing=True))).first()


async def list_documents(
    session: AsyncSession, wanted: Wanted, *, after: str | None, limit: int
) -> Sequence[PolicyRow]:
    """Documents by their ids."""
    version = col(PolicyVersionRow.document) == PolicyRow.id
    asked = [version, _in_effect(wanted.on)] if wanted.on is not None else [_OF_NEWEST]
    for column, value in ((PolicyVersionRow.category, wanted.category), (PolicyVersionRow.audience, wanted.audience)):
        if value is not None:
            asked.append(col(column) == value)
    query = select(PolicyRow).where(_holds_for(wanted.brands), exists().where(*asked))
    if wanted.brand is not None:
        query = query.where(_holds_for([wanted.brand]))
    if after is not None:
        query = query.where(PolicyRow.id > after)
    return (await session.exec(query.order_by(col(PolicyRow.id)).limit(limit))).all()


async def all_documents(session: AsyncSession) -> dict[str, PolicyRow]:
    """Every document by its id."""
    return {row.id: row for row in await session.exec(select(PolicyRow))}


async def brands_of(session: AsyncSession, documents: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    """The brands of each document that has any."""
    query = select(PolicyBrandRow).where(col(PolicyBrandRow.document).in_(documents))
    found: dict[str, tuple[str, ...]] = {}
    for row in await session.exec(query.order_by(col(PolicyBrandRow.brand))):
        found[row.document] = (*found.get(row.document, ()), row.brand)
    return found


async def set_brands(session: AsyncSession, document: str, brands: Iterable[str]) -> None:
    """From now on the document holds for these brands; for all if there are none."""
    await session.exec(delete(PolicyBrandRow).where(col(PolicyBrandRow.document) == document))
    session.add_all(PolicyBrandRow(document=document, brand=brand) for brand in dict.fromkeys(brands))


async def versions_of(
    session: AsyncSession, documents: Collection[str], brands: Collection[str] | None = None
) -> Mapping[str, list[PolicyVersionRow]]:
    """All versions of each of these documents without their texts, the first first; with `brands`, only theirs."""
    query = select(PolicyVersionRow).where(col(PolicyVersionRow.document).in_(documents))
    found: dict[str, list[PolicyVersionRow]] = {document: [] for document in documents}
    order = (col(PolicyVersionRow.document), col(PolicyVersionRow.number))
    for row in await session.exec(query.order_by(*order).options(_WITHOUT_TEXT)):
        if brands is None or held_for(row, brands):
            found[row.document].append(row)
    return found


def held_for(version: PolicyVersionRow, brands: Collection[str]) -> bool:
    """Whether a version was for one of these brands, or for all, whatever its document is for now."""
    own = version.front.get("brand")
    return not own or not set(own).isdisjoint(brands)


async def find_version(session: AsyncSession, document: str, number: int) -> PolicyVersionRow | None:
    """A version with its text."""
    query = select(PolicyVersionRow).where(PolicyVersionRow.document == document, PolicyVersionRow.number == number)
    # a list may have left its text out
    return (await session.exec(query.execution_options(populate_existing=True))).first()


async def load_text(session: AsyncSession, version: PolicyVersionRow) -> PolicyVersionRow:
    """A version of a list, with its text."""
    await session.refresh(version, ["text"])
    return version


async def standing(session: AsyncSession, today: date) -> Sequence[PolicyVersionRow]:
    """What is searched: the versions that hold today or will; of a document without any, what it said last.

    What was taken out is not: nobody is told of it any more, and its passages would only be in the way of others.
    """
    query = (
        select(PolicyVersionRow)
        .join(PolicyRow, col(PolicyRow.id) == PolicyVersionRow.document)
        .where(
            PolicyVersionRow.kind != SKETCH,
            or_(
                and_(_not_over(today), _holds_at_all()),
                and_(
                    col(PolicyVersionRow.number) == PolicyRow.newest,
                    col(PolicyVersionRow.kind).not_in([RETIRED, GONE]),
                ),
            ),
        )
    )
    order = (col(PolicyVersionRow.document), col(PolicyVersionRow.begins).is_not(None), col(PolicyVersionRow.begins))
    return (await session.exec(query.order_by(*order, col(PolicyVersionRow.number)))).all()


async def newest_texts(session: AsyncSession) -> Sequence[PolicyVersionRow]:
    """The newest version of every document with its text, by their ids; of one that was only begun, its sketch."""
    query = select(PolicyVersionRow).join(PolicyRow, _OF_NEWEST)
    order = (col(PolicyVersionRow.document), col(PolicyVersionRow.number))
    found = {row.document: row for row in await session.exec(query.order_by(*order))}
    return list(found.values())


async def held_on(session: AsyncSession, day: date) -> Mapping[str, PolicyVersionRow]:
    """The version of each document that holds on a day, with its text."""
    query = select(PolicyVersionRow).where(_in_effect(day))
    return {row.document: row for row in await session.exec(query)}


async def told_at(session: AsyncSession, document: str, *, day: date, at: datetime) -> PolicyVersionRow | None:
    """The version that held on this day as things stood at that moment: later versions did not exist yet."""
    query = (
        select(PolicyVersionRow)
        .where(
            PolicyVersionRow.document == document,
            PolicyVersionRow.kind != SKETCH,
            PolicyVersionRow.at <= at,
            or_(col(PolicyVersionRow.begins).is_(None), col(PolicyVersionRow.begins) <= day),
        )
        .order_by(col(PolicyVersionRow.number).desc())
        .options(_WITHOUT_TEXT)
    )
    return (await session.exec(query.limit(1))).first()


def _holds_for(brands: Collection[str]) -> ColumnElement[bool]:
    own = exists().where(col(PolicyBrandRow.document) == PolicyRow.id)
    return or_(~own, own.where(col(PolicyBrandRow.brand).in_(brands)))


def _not_over(day: date) -> ColumnElement[bool]:
    return or_(col(PolicyVersionRow.ends).is_(None), col(PolicyVersionRow.ends) >= day)


def _holds_at_all() -> ColumnElement[bool]:
    begins, ends = col(PolicyVersionRow.begins), col(PolicyVersionRow.ends)
    return or_(begins.is_(None), ends.is_(None), begins <= ends)


def _in_effect(day: date) -> ColumnElement[bool]:
    begun = or_(col(PolicyVersionRow.begins).is_(None), col(PolicyVersionRow.begins) <= day)
    return and_(col(PolicyVersionRow.kind) != SKETCH, begun, _not_over(day))
