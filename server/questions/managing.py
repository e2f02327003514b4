"""Adding, changing and retiring questions. What could never be asked is refused before it is kept."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from assistant.guidance import Guidance, Question
from server.events.log import record
from server.faults import refuse_faulty
from server.models import QuestionRow
from server.questions import repository
from server.questions.conditions import Known, faults_of
from server.questions.seeding import as_row
from server.questions.states import (
    AskedByEveryBrand,
    NoSuchQuestion,
    NotAQuestion,
    QuestionChanged,
    QuestionExists,
    QuestionRetired,
)
from server.staff.roles import Caller

_CHANGEABLE = frozenset(Question.model_fields) - {"id"}


async def add_question(
    session: AsyncSession, caller: Caller, entry: Question, guidance: Guidance, now: datetime
) -> QuestionRow:
    """Ask this, too, from now on.

    Raises:
        NotAQuestion: Its conditions would never hold, or its text cannot be asked.
        AskedByEveryBrand, NoSuchQuestion: It would be asked by brands that the caller does not serve.
        QuestionExists: The id is taken; that of a retired question is not used again, because answers name it.
    """
    _check_brand(caller, entry.brand, guidance)
    _check(entry, guidance)
    row = as_row(entry, now)
    row.changed_by = caller.id
    if not await repository.insert_question(session, row):
        raise QuestionExists(f"the id {entry.id} is or was another question's; choose another")
    _tell(session, row, "question.added", guidance, now, caller)
    return row


async def change_question(
    session: AsyncSession, caller: Caller, entry: Question, *, version: int, guidance: Guidance, now: datetime
) -> QuestionRow:
    """Ask it this way from now on. What was offered already stays as it was worded.

    Raises:
        NotAQuestion: Its conditions would never hold, or its text cannot be asked.
        AskedByEveryBrand, NoSuchQuestion: It is, or would be, asked by brands that the caller does not serve.
        QuestionChanged, QuestionRetired: It stands otherwise than the caller saw it.
    """
    row = await _lock(session, caller, entry.id, version, guidance)
    _check_brand(caller, entry.brand, guidance)
    _check(entry, guidance)
    new = as_row(entry, now)
    for name in _CHANGEABLE:
        setattr(row, name, getattr(new, name))
    _touch(session, row, caller, now)
    _tell(session, row, "question.changed", guidance, now, caller)
    return row


async def retire_question(
    session: AsyncSession,
    caller: Caller,
    question: str,
    *,
    version: int,
    reason: str,
    guidance: Guidance,
    now: datetime,
) -> QuestionRow:
    """Ask it no more. What was learned from it stays with the customers.

    Raises:
        AskedByEveryBrand, NoSuchQuestion: It is asked by brands that the caller does not serve.
        QuestionChanged, QuestionRetired: It stands otherwise than the caller saw it.
    """
    row = await _lock(session, caller, question, version, guidance)
    row.retired_at, row.retire_reason = now, reason
    _touch(session, row, caller, now)
    _tell(session, row, "question.retired", guidance, now, caller)
    return row


def _check(entry: Question, guidance: Guidance) -> None:
    known = Known(
        brands=frozenset(brand.id for brand in guidance.brands),
        intents=frozenset(intent.id for intent in guidance.intents),
    )
    refuse_faulty(faults_of(entry, known), NotAQuestion)


def _check_brand(caller: Caller, brand: str | None, guidance: Guidance) -> None:
    if brand is not None and brand not in caller.brands:
        raise NoSuchQuestion
    if brand is None and not {each.id for each in guidance.brands} <= caller.brands:
        raise AskedByEveryBrand("it is asked by every brand; somebody who serves all of them can change it")


async def _lock(session: AsyncSession, caller: Caller, question: str, version: int, guidance: Guidance) -> QuestionRow:
    row = await repository.lock_question(session, question, caller.brands)
    if row is None:
        raise NoSuchQuestion
    _check_brand(caller, row.brand, guidance)
    if row.retired_at is not None:
        raise QuestionRetired("this question is retired; add another", at=row.retired_at.isoformat())
    if row.version != version:
        raise QuestionChanged("this question was changed since you read it; look at it again", version=row.version)
    return row


def _touch(session: AsyncSession, row: QuestionRow, caller: Caller, now: datetime) -> None:
    row.version, row.changed_at, row.changed_by = row.version + 1, now, caller.id
    session.add(row)


def _tell(
    session: AsyncSession, row: QuestionRow, kind: str, guidance: Guidance, now: datetime, caller: Caller
) -> None:
    """To whoever serves its brand; of one that every brand asks, to all."""
    for brand in [row.brand] if row.brand is not None else sorted(each.id for each in guidance.brands):
        record(session, kind, row.id, brand=brand, at=now, by=caller.id, version=row.version)
