"""Queries of questions and of the days that their caps bound."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlmodel import col, or_, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from server.db import insert_into, insert_row
from server.models import QuestionDayRow, QuestionRow


async def list_questions(
    session: AsyncSession,
    *,
    brands: Collection[str] | None = None,
    retired: bool = False,
    after: str | None = None,
    limit: int | None = None,
) -> Sequence[QuestionRow]:
    """Questions of these brands and of every brand, by id: all of them, or a page from the one `after`."""
    query = select(QuestionRow).order_by(col(QuestionRow.id))
    if not retired:
        query = query.where(col(QuestionRow.retired_at).is_(None))
    if brands is not None:
        query = query.where(or_(col(QuestionRow.brand).is_(None), col(QuestionRow.brand).in_(brands)))
    if after is not None:
        query = query.where(QuestionRow.id > after)
    return (await session.exec(query.limit(limit))).all()


async def find_question(session: AsyncSession, question: str, brands: Collection[str]) -> QuestionRow | None:
    """The question of this id, if it is one of these brands or of every brand."""
    query = select(QuestionRow).where(
        QuestionRow.id == question, or_(col(QuestionRow.brand).is_(None), col(QuestionRow.brand).in_(brands))
    )
    return (await session.exec(query)).first()


async def lock_question(session: AsyncSession, question: str, brands: Collection[str]) -> QuestionRow | None:
    """The same as it stands, which nobody else changes until this transaction ends."""
    query = select(QuestionRow).where(
        QuestionRow.id == question, or_(col(QuestionRow.brand).is_(None), col(QuestionRow.brand).in_(brands))
    )
    return (await session.exec(query.with_for_update().execution_options(populate_existing=True))).first()


async def insert_question(session: AsyncSession, row: QuestionRow) -> bool:
    """Add a question; False if its id is taken, by another process at this moment too."""
    return await insert_row(session, row)


async def take_place(session: AsyncSession, question: QuestionRow, day: date) -> bool:
    """Take one of the places that the question has that day; False if all are taken.

    Whoever takes one holds the day's row until the commit, and nobody waits who holds another question's: only the
    last thing that a transaction takes.
    """
    first = insert_into(session, QuestionDayRow).values(question=question.id, day=day, taken=0)
    await session.exec(first.on_conflict_do_nothing(index_elements=["question", "day"]))
    free = col(QuestionDayRow.taken) < question.cap_per_day
    query = update(QuestionDayRow).where(
        col(QuestionDayRow.question) == question.id, col(QuestionDayRow.day) == day, free
    )
    taken = await session.exec(query.values(taken=col(QuestionDayRow.taken) + 1))
    return taken.rowcount > 0


async def give_back_place(session: AsyncSession, question: str, day: date) -> None:
    """One place more of that day: it was not asked."""
    query = update(QuestionDayRow).where(col(QuestionDayRow.question) == question, col(QuestionDayRow.day) == day)
    await session.exec(query.values(taken=col(QuestionDayRow.taken) - 1))


async def taken_on(session: AsyncSession, day: date) -> dict[str, int]:
    """How many places of each question are taken that day."""
    query = select(QuestionDayRow.question, QuestionDayRow.taken).where(QuestionDayRow.day == day)
    return dict((await session.exec(query)).all())
