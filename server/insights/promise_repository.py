"""Queries of figures about promises."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlmodel import col, exists, select
from sqlmodel.ext.asyncio.session import AsyncSession

from server.insights.moments import micros
from server.insights.repository import columns, in_row, read_rows
from server.insights.scope import Scope
from server.models import ApprovalRow, CaseRow, PromiseRow, PublicationRow
from server.promises.states import PromiseState

_CHUNK = 500


class Owed(NamedTuple):
    """A promise, and the text that its own corrects; times are microseconds."""

    id: str
    publication: str | None
    said: str | None
    state: str
    first_due: int
    settled_at: int | None
    corrects: str | None


def _owed() -> Any:  # noqa: ANN401 - a query of columns
    query: Any = columns(
        PromiseRow.id,
        PromiseRow.publication,
        PromiseRow.said,
        PromiseRow.state,
        micros(PromiseRow.first_due),
        micros(PromiseRow.settled_at),
        PublicationRow.corrects,
    )
    return query.join(PublicationRow, col(PublicationRow.id) == PromiseRow.publication, isouter=True)


def _of_scope(query: Any, scope: Scope) -> Any:  # noqa: ANN401 - a query of columns
    query = query.where(col(PromiseRow.brand).in_(scope.brands))
    if not scope.narrowed:
        return query
    mine = select(CaseRow.id)
    if scope.channel is not None:
        mine = mine.where(col(CaseRow.account).in_(scope.accounts))
    if scope.team is not None:
        mine = mine.where(CaseRow.team == scope.team)
    return query.where(col(PromiseRow.case).in_(mine))


async def due_in_span(session: AsyncSession, scope: Scope) -> Sequence[Owed]:
    """What was first due in the span, and is due by now."""
    first_due, span = col(PromiseRow.first_due), scope.span
    query = _owed().where(first_due >= span.begin, first_due < span.end, first_due <= span.now)
    return await read_rows(session, _of_scope(query, scope).order_by(first_due, col(PromiseRow.id)), Owed)


async def said_again(session: AsyncSession, promises: Iterable[Owed]) -> Sequence[Owed]:
    """What corrections of these promises' texts promise, and corrections of those."""
    found: list[Owed] = []
    texts = {one.publication for one in promises if one.state == PromiseState.WITHDRAWN and one.publication}
    while texts:
        more: list[Owed] = []
        for chunk in _chunks(texts):
            rows = await session.exec(_owed().where(col(PublicationRow.corrects).in_(chunk)))
            more += [Owed(*row) for row in rows]
        found += more
        texts = {one.publication for one in more if one.publication}
    return found


async def corrected(session: AsyncSession, promises: Iterable[Owed]) -> set[tuple[str | None, str | None]]:
    """What these promises say once more: the text that said it before, and the sentence."""
    found: set[tuple[str | None, str | None]] = set()
    for chunk in _chunks({one.corrects for one in promises if one.corrects}):
        query = select(PromiseRow.publication, PromiseRow.said).where(col(PromiseRow.publication).in_(chunk))
        found |= {(publication, said) for publication, said in await session.exec(query)}
    return found


async def overdue(session: AsyncSession, scope: Scope) -> Sequence[tuple[str, int]]:
    """Open promises that were due, and when in microseconds."""
    query: Any = columns(PromiseRow.id, micros(PromiseRow.due))
    query = query.where(PromiseRow.state == PromiseState.OPEN, col(PromiseRow.due) <= scope.span.now)
    return await read_rows(session, _of_scope(query, scope).order_by(col(PromiseRow.due)), in_row)


async def without_approval(session: AsyncSession, scope: Scope) -> Sequence[tuple[str, datetime, str]]:
    """Promises made in the span with a text that nobody approved in these words, and that text."""
    approved = exists().where(
        col(ApprovalRow.draft) == PublicationRow.draft, col(ApprovalRow.digest) == PublicationRow.digest
    )
    made_at, span = col(PromiseRow.made_at), scope.span
    query: Any = (
        columns(PromiseRow.id, made_at, PublicationRow.id)
        .join(PublicationRow, col(PublicationRow.id) == PromiseRow.publication)
        .where(made_at >= span.begin, made_at < span.end, ~approved)
    )
    return [tuple(row) for row in await session.exec(_of_scope(query, scope))]


def _chunks(ids: Iterable[str]) -> Iterable[list[str]]:
    ordered = sorted(ids)
    return (ordered[start : start + _CHUNK] for start in range(0, len(ordered), _CHUNK))
