"""Questions as they are written in the knowledge folder, and as they lie in the database once that is served."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlmodel.ext.asyncio.session import AsyncSession

from assistant.guidance import Question
from server.models import QuestionRow
from server.policies.yaml_files import read_entries, read_yaml_file, write_entries
from server.questions import repository
from server.questions.conditions import Known, faults_of

FILE = "questions.yaml"


def load_questions(directory: Path) -> Sequence[Question]:
    """The questions in a knowledge folder; none if it has no such file.

    Raises:
        BadKnowledgeFile: naming the first field that does not fit.
    """
    file = directory / FILE
    entries = read_entries(Question, file, "questions")
    for position, entry in enumerate(entries):
        for fault in faults_of(entry, Known()):
            source = read_yaml_file(file)
            assert source is not None
            raise source.wrong(("questions", position, fault.field), fault.words)
    return entries


async def seed_questions(session: AsyncSession, entries: Sequence[Question], now: datetime) -> list[str]:
    """Add those that the database has never had; what it has, retired ones too, stays as it is. Gives the new ones."""
    return [entry.id for entry in entries if await repository.insert_question(session, as_row(entry, now))]


async def questions_of(session: AsyncSession, entries: Sequence[Question], now: datetime) -> Sequence[QuestionRow]:
    """Every question that is asked: the database's, and those of the folder that it has never had."""
    kept = {row.id: row for row in await repository.list_questions(session, retired=True)}
    rows = {entry.id: as_row(entry, now) for entry in entries} | kept
    return [rows[name] for name in sorted(rows) if rows[name].retired_at is None]


async def changed_file(session: AsyncSession, directory: Path) -> str | None:
    """The folder's file as the database's questions stand; None if it says the same already, or there are none.

    Raises:
        BadKnowledgeFile: naming the first field of the folder's file that does not fit.
    """
    rows = await repository.list_questions(session, retired=True)
    asked = [as_entry(row) for row in rows if row.retired_at is None]
    if not rows or asked == sorted(load_questions(directory), key=lambda entry: entry.id):
        return None
    entries = [entry.model_dump(mode="json", exclude_none=True) for entry in asked]
    return write_entries("questions", entries)


def as_row(entry: Question, now: datetime) -> QuestionRow:
    """A question of the folder as a row that is not in the database yet."""
    return QuestionRow(
        id=entry.id,
        brand=entry.brand,
        text={language: text for language, text in entry.text.items()},
        why=entry.why,
        fact=entry.fact,
        purpose=entry.purpose,
        worth=entry.worth,
        ask_when={name: list(value) if isinstance(value, tuple) else value for name, value in entry.ask_when.items()},
        never_when=list(entry.never_when),
        cap_per_day=entry.cap_per_day,
        valid_from=entry.valid_from,
        valid_to=entry.valid_to,
        created_at=now,
        changed_at=now,
    )


def as_entry(row: QuestionRow) -> Question:
    """A question of the database as the folder's file holds it."""
    return Question.model_validate(row.model_dump(include=set(Question.model_fields)))
