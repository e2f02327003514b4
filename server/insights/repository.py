"""Queries of figures: narrow columns of what lies in a span, and never a text."""

import asyncio
import itertools
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy
from pydantic_core import from_json
from sqlalchemy import String, case, cast
from sqlmodel import col, exists, func, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from server.drafts.rests import POLICY
from server.drafts.states import DraftState
from server.insights.moments import micros
from server.insights.scope import Scope
from server.models import AccountRow, AnswerRow, CaseRow, DraftFactsRow, DraftRow, PublicationRow, RestRow
from server.publications.states import PublicationState

_CHUNK = 500
"""Ids in one question: SQLite takes no more than so many."""

_AT_ONCE = 4_000


_Told = TypeVar("_Told")


def columns(*wanted: Any) -> Any:  # noqa: ANN401 - of any rows
    """A question for columns alone: whole rows are wide, and there are many."""
    return sqlalchemy.select(*wanted)


async def read_rows(session: AsyncSession, query: Any, make: Callable[..., _Told]) -> list[_Told]:  # noqa: ANN401
    """The rows of a question for columns of texts, numbers and truths, each as `make` makes it.

    They come as one text. A driver hands over row by row, and whatever else the process does stops at each of them.
    """
    of_rows = query.subquery()
    array = func.json_array if session.get_bind().dialect.name == "sqlite" else func.json_build_array
    lines = func.aggregate_strings(cast(array(*of_rows.c), String), "\n")
    text = (await session.exec(columns(lines).select_from(of_rows))).one()[0]
    return await asyncio.to_thread(_rows_in, text or "", make)


def _rows_in(text: str, make: Callable[..., _Told]) -> list[_Told]:
    rows: list[_Told] = []
    lines = text.split("\n") if text else []
    for start in range(0, len(lines), _AT_ONCE):
        # one piece at a time: nobody else of this process has a turn while it is read
        rows += itertools.starmap(make, from_json(f"[{','.join(lines[start : start + _AT_ONCE])}]"))
    return rows


def in_row(*values: Any) -> tuple[Any, ...]:  # noqa: ANN401 - of any columns
    """A row as it is."""
    return values


async def accounts_of(session: AsyncSession, brands: Collection[str] | None) -> dict[str, AccountRow]:
    """Every account of these brands, removed ones as well; None: of all brands."""
    query = select(AccountRow)
    if brands is not None:
        query = query.where(col(AccountRow.brand).in_(brands))
    return {row.id: row for row in await session.exec(query)}


def within(query: Any, scope: Scope, row: Any, case: Any | None = None) -> Any:  # noqa: ANN401 - queries of any rows
    """The query, of what belongs to the scope alone; `case` is the row's column that names its case."""
    query = query.where(row.brand.in_(scope.brands))
    if scope.channel is not None:
        query = query.where(row.account.in_(scope.accounts))
    if scope.team is not None and case is not None:
        query = query.where(case.in_(select(CaseRow.id).where(CaseRow.team == scope.team)))
    return query


def drafts_in(scope: Scope, *states: DraftState, reasons: Collection[str] | None = None) -> Any:  # noqa: ANN401
    """Facts of drafts that are in one of these states now, for one of these reasons.

    They are found by their states, which few of many have, and not each by itself.
    """
    named = select(DraftRow.id).where(col(DraftRow.brand).in_(scope.brands), col(DraftRow.state).in_(states))
    if reasons is not None:
        named = named.where(col(DraftRow.reason_code).in_(reasons))
    return col(DraftFactsRow.draft).in_(named)


def sent_in(query: Any, scope: Scope) -> Any:  # noqa: ANN401 - a question for columns of answers
    """Of what was sent in the span."""
    sent_at, span = col(AnswerRow.sent_at), scope.span
    return within(query.where(sent_at >= span.begin, sent_at < span.end), scope, AnswerRow, col(AnswerRow.case))


def standing(query: Any) -> Any:  # noqa: ANN401 - a question for columns of answers
    """Of what stands on its network."""
    query = query.join(PublicationRow, col(PublicationRow.id) == AnswerRow.publication)
    return query.where(PublicationRow.state == PublicationState.SENT)


async def count_sent(session: AsyncSession, scope: Scope) -> int:
    """How many texts were sent in the span, whatever became of them."""
    return int((await session.exec(sent_in(columns(func.count()).select_from(AnswerRow), scope))).one()[0])


async def count_sent_drafts(session: AsyncSession, scope: Scope) -> int:
    """Of how many drafts something was sent in the span that still stands."""
    query = standing(columns(func.count(func.distinct(AnswerRow.draft))))
    return int((await session.exec(sent_in(query, scope))).one()[0])


async def sent_among(session: AsyncSession, scope: Scope, texts: Sequence[str]) -> Sequence[tuple[str, datetime]]:
    """Those of these texts that were sent in the span, whatever became of them, and when."""
    found: list[tuple[str, datetime]] = []
    for start in range(0, len(texts), _CHUNK):
        mine = col(AnswerRow.publication).in_(texts[start : start + _CHUNK])
        query = sent_in(columns(AnswerRow.publication, AnswerRow.sent_at).where(mine), scope)
        found += [(publication, at) for publication, at in await session.exec(query)]
    return found


async def count_answered(session: AsyncSession, scope: Scope) -> int:
    """In how many cases a real answer was sent in the span."""
    query = standing(columns(func.count(func.distinct(AnswerRow.case)))).where(~col(AnswerRow.holding))
    return int((await session.exec(sent_in(query, scope))).one()[0])


async def repeating_in_span(session: AsyncSession, scope: Scope) -> Sequence[tuple[str, str, int]]:
    """Real answers of the span that repeat advice, oldest first: the case, which answer, and when in microseconds."""
    query = standing(columns(AnswerRow.case, AnswerRow.publication, micros(AnswerRow.sent_at)))
    query = sent_in(query.where(~col(AnswerRow.holding), col(AnswerRow.repeats)), scope)
    return await read_rows(session, query.order_by(col(AnswerRow.sent_at)), in_row)


async def shown_in_span(session: AsyncSession, scope: Scope) -> Sequence[tuple[str, str | None, str | None, int]]:
    """Drafts of the span's posts that a person has seen: the post, how it was used, else its state, and when."""
    # of most it is known how they were used: their drafts, which are wide, are not looked at
    state = select(DraftRow.state).where(DraftRow.id == DraftFactsRow.draft).scalar_subquery()
    used = col(DraftFactsRow.used)
    shown = or_(used.is_not(None), col(DraftFactsRow.shown_at).is_not(None), state == DraftState.REJECTED)
    query: Any = columns(
        DraftFactsRow.post, used, case((used.is_(None), state)), micros(DraftFactsRow.posted_at)
    ).where(
        DraftFactsRow.posted_at >= scope.span.begin,
        DraftFactsRow.posted_at < scope.span.end,
        or_(col(DraftFactsRow.proposed), used == "none"),
        shown,
    )
    return await read_rows(session, within(query, scope, DraftFactsRow, col(DraftFactsRow.case)), in_row)


async def policies_in_span(session: AsyncSession, scope: Scope) -> Sequence[tuple[str, str, int]]:
    """The documents that drafts rest on which were sent in the span: document, draft, and when, oldest first."""
    query = standing(columns(RestRow.ref, AnswerRow.draft, micros(AnswerRow.sent_at)).select_from(AnswerRow))
    query = query.join(RestRow, col(RestRow.draft) == AnswerRow.draft)
    query = sent_in(query.where(RestRow.kind == POLICY, ~col(AnswerRow.holding)), scope)
    return await read_rows(session, query.order_by(col(AnswerRow.sent_at)), in_row)


async def late_cases(session: AsyncSession, scope: Scope) -> Sequence[tuple[str, int]]:
    """Open cases whose answer was due, and when, but for those that wait for an incident's text."""
    held = exists().where(col(DraftRow.case) == CaseRow.id, col(DraftRow.state) == DraftState.HELD)
    query: Any = columns(CaseRow.id, micros(CaseRow.due_at)).where(
        col(CaseRow.open), col(CaseRow.due_at) <= scope.span.now, ~held
    )
    return await read_rows(
        session, within(query, scope, CaseRow, col(CaseRow.id)).order_by(col(CaseRow.due_at)), in_row
    )


async def sent_by_person(session: AsyncSession, scope: Scope) -> Sequence[tuple[str, str, str | None, bool]]:
    """What people sent in the span: who gave the last approval, its draft, how that was used, and if it repeats advice.

    What an incident's text answers is nobody's own.
    """
    sent_at, span = col(AnswerRow.sent_at), scope.span
    query: Any = (
        columns(AnswerRow.staff, AnswerRow.draft, DraftFactsRow.used, AnswerRow.repeats)
        .join(DraftFactsRow, col(DraftFactsRow.draft) == AnswerRow.draft, isouter=True)
        .where(sent_at >= span.begin, sent_at < span.end)
        .where(col(AnswerRow.staff).is_not(None), col(AnswerRow.incident).is_(None))
    )
    return [tuple(row) for row in await session.exec(within(query, scope, AnswerRow, col(AnswerRow.case)))]
