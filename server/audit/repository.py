"""Queries over the audit's chain."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert
from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from server.models import AuditCutRow, AuditRow, EventRow, metadata


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows. Of what is None every one will do.

    `kind` is a kind or what stands before its dot; `customer` the digests that stand for one, under each secret.
    Rows of no brand are the installation's, and everybody's who may read the audit; `brands` None: every brand's.
    """

    brands: Collection[str] | None
    kind: str | None = None
    subject: str | None = None
    caller: str | None = None
    customer: Collection[str] | None = None
    since: datetime | None = None
    until: datetime | None = None


async def last(session: AsyncSession) -> tuple[int, str] | None:
    """The number and the seal of the newest row."""
    query = select(AuditRow.number, AuditRow.seal).order_by(col(AuditRow.number).desc()).limit(1)
    return (await session.exec(query)).first()


async def seal_of(session: AsyncSession, number: int) -> str | None:
    """The seal of the row of this number."""
    return (await session.exec(select(AuditRow.seal).where(AuditRow.number == number))).first()


async def find(session: AsyncSession, number: int) -> AuditRow | None:
    """The row of this number."""
    return (await session.exec(select(AuditRow).where(AuditRow.number == number))).first()


async def numbers_after(session: AsyncSession, number: int, limit: int) -> Sequence[int]:
    """The numbers of the rows behind this one, in order."""
    query = select(AuditRow.number).where(col(AuditRow.number) > number).order_by(col(AuditRow.number)).limit(limit)
    return (await session.exec(query)).all()


async def add(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Put rows behind the others."""
    connection = await session.connection()
    await connection.execute(insert(metadata.tables["audit_rows"]), rows)


async def after(session: AsyncSession, number: int, limit: int) -> Sequence[AuditRow]:
    """The rows behind this number, in order."""
    query = select(AuditRow).where(col(AuditRow.number) > number).order_by(col(AuditRow.number)).limit(limit)
    return (await session.exec(query)).all()


async def list_rows(session: AsyncSession, wanted: Wanted, *, before: int | None, limit: int) -> Sequence[AuditRow]:
    """Rows, the newest first, before this number."""
    query = select(AuditRow)
    if wanted.brands is not None:
        query = query.where(or_(AuditRow.brand == "", col(AuditRow.brand).in_(wanted.brands)))
    if wanted.kind is not None:
        query = query.where(or_(AuditRow.kind == wanted.kind, col(AuditRow.kind).startswith(f"{wanted.kind}.")))
    if wanted.subject is not None:
        query = query.where(AuditRow.subject == wanted.subject)
    if wanted.caller is not None:
        query = query.where(AuditRow.caller == wanted.caller)
    if wanted.customer is not None:
        named = (col(AuditRow.facts)[name].as_string().in_(wanted.customer) for name in ("customer", "pseudonym"))
        query = query.where(or_(*named))
    if wanted.since is not None:
        query = query.where(AuditRow.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(AuditRow.at < wanted.until)
    if before is not None:
        query = query.where(col(AuditRow.number) < before)
    return (await session.exec(query.order_by(col(AuditRow.number).desc()).limit(limit))).all()


async def newest_cut(session: AsyncSession) -> AuditCutRow | None:
    """Where the old end was cut last, if it was."""
    return (await session.exec(select(AuditCutRow).order_by(col(AuditCutRow.number).desc()).limit(1))).first()


async def oldest(session: AsyncSession, before: datetime, most: int) -> Sequence[AuditRow]:
    """The first rows of the chain that all lie before this moment; never the last of all."""
    rows = (await session.exec(select(AuditRow).order_by(col(AuditRow.number)).limit(most + 1))).all()
    younger = (place for place, row in enumerate(rows) if row.at >= before)
    return rows[: min(most, len(rows) - 1, next(younger, most))] if rows else ()


async def cut(session: AsyncSession, mark: AuditCutRow) -> int:
    """Put this mark in the place of any other, and delete every row up to it; how many."""
    session.add(mark)
    await session.flush()
    deleted = await session.exec(delete(AuditRow).where(col(AuditRow.number) <= mark.number))
    await session.exec(delete(AuditCutRow).where(col(AuditCutRow.number) < mark.number))
    return deleted.rowcount


async def last_told(session: AsyncSession, kind: str, subject: str) -> Mapping[str, Any]:
    """The facts of the newest event of this kind about this: one that has no row yet, or the newest row."""
    waiting = select(EventRow.data).where(EventRow.kind == kind, col(EventRow.position).is_(None))
    facts = (await session.exec(waiting.order_by(col(EventRow.id).desc()).limit(1))).first()
    if facts is None:
        told = select(AuditRow.facts).where(AuditRow.subject == subject, AuditRow.kind == kind)
        facts = (await session.exec(told.order_by(col(AuditRow.number).desc()).limit(1))).first()
    return facts or {}


async def count_waiting(session: AsyncSession) -> int:
    """How many events are no rows yet, because they have no place yet."""
    return (await session.exec(select(func.count()).where(col(EventRow.position).is_(None)))).one()
