"""The documents of the database, as they are searched."""

from collections.abc import Sequence
from pathlib import Path

from sqlmodel.ext.asyncio.session import AsyncSession

from server.models import PolicyVersionRow
from server.policies import repository
from server.policies.calendar import Calendar
from server.policies.front_matter import FrontMatter, StandingDocument, body_after


async def load_standing(session: AsyncSession, calendar: Calendar) -> Sequence[PolicyVersionRow]:
    """The versions that hold for anybody today, or will; `as_standing` makes documents of them, apart from the loop."""
    return await repository.standing(session, calendar.first_today())


def as_standing(rows: Sequence[PolicyVersionRow]) -> tuple[StandingDocument, ...]:
    """The documents, each of its versions under a name of its own: the one that holds first under the document's."""
    named: set[str] = set()
    documents = []
    for row in rows:
        # no file is called so, and no heading has two strokes in a row
        called = f"{row.document}//{row.number}" if row.document in named else row.document
        named.add(row.document)
        documents.append(
            StandingDocument(
                file=Path(row.file),
                front=FrontMatter.model_validate(row.front),
                body=body_after(row.front, row.text),
                body_line=1,
                source=None,
                version=row.number,
                called=called,
                begins=row.begins,
                ends=row.ends,
            )
        )
    return tuple(documents)


def as_read(row: PolicyVersionRow, folder: Path) -> StandingDocument:
    """A version as it would be read from a file in this folder, with the line on which its text begins."""
    [document] = as_standing([row])
    lines = row.text.count("\n") - document.body.count("\n")
    return document.model_copy(update={"file": folder / row.file, "body_line": lines + 1})
