"""The database's documents written back as files, as the knowledge folder would hold them.

What holds today lies in `policies/`, which is what is read; what begins later and what was only begun lies beside it,
to be moved there when its time has come.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from server.db import reading
from server.destinations.seeding import FILE as DESTINATIONS
from server.destinations.seeding import changed_file as changed_destinations
from server.limits.managing import changed_file as changed_limits
from server.limits.said import FILE as LIMITS
from server.models import PolicyVersionRow
from server.policies import repository
from server.policies.calendar import Calendar
from server.policies.files import copy_guidance, refuse_filled
from server.policies.repository import GONE, SKETCH
from server.policies.views import state_on
from server.questions.seeding import FILE as QUESTIONS
from server.questions.seeding import changed_file as changed_questions
from server.saved_replies.seeding import FILE as SAVED_REPLIES
from server.saved_replies.seeding import changed_file as changed_saved_replies
from server.voices.managing import changed_file as changed_voices
from server.voices.said import FILE as VOICES

IN_EFFECT, SCHEDULED, SKETCHES = "policies", "scheduled", "sketches"


@dataclass(frozen=True, slots=True)
class Exported:
    """How many files were written: guidance and documents, what begins later, what was only begun."""

    files: int
    scheduled: int
    sketches: int


async def export_documents(engine: AsyncEngine, knowledge: Path, target: Path, calendar: Calendar) -> Exported | None:
    """Write the guidance and the documents, as the database has them, into `target`; None if it has no documents.

    Raises:
        FolderNotEmpty: `target` holds anything.
    """
    async with reading(engine) as session:
        rows = await repository.all_documents(session)
        versions = await repository.versions_of(session, rows)
        if not rows:
            return None
        chosen = [(folder, row) for name in sorted(rows) for folder, row in _places(versions[name], calendar)]
        texts = [(folder, await repository.load_text(session, row)) for folder, row in chosen]
        changed = {QUESTIONS: await changed_questions(session, knowledge)}
        changed[DESTINATIONS] = await changed_destinations(session, knowledge)
        changed[LIMITS] = await changed_limits(session)
        changed[VOICES] = await changed_voices(session, knowledge)
        changed[SAVED_REPLIES] = await changed_saved_replies(session, knowledge)
    refuse_filled(target)
    guidance = await asyncio.to_thread(copy_guidance, knowledge, target)
    await asyncio.to_thread(_write, target, texts)
    for file, text in changed.items():
        if text is not None:
            (target / file).write_text(text, encoding="utf-8")
    count = {folder: sum(place == folder for place, _ in texts) for folder in (IN_EFFECT, SCHEDULED, SKETCHES)}
    return Exported(guidance + count[IN_EFFECT], count[SCHEDULED], count[SKETCHES])


def _places(versions: Sequence[PolicyVersionRow], calendar: Calendar) -> list[tuple[str, PolicyVersionRow]]:
    """The versions of a document that are written, each with its folder."""
    put_in = [version for version in versions if version.kind != SKETCH]
    if not put_in:
        return [(SKETCHES, version) for version in versions[-1:]]
    day = calendar.first_today(put_in[-1].front.get("brand", ()))
    holding = next((version for version in put_in if state_on(version, day) == "in_effect"), put_in[-1])
    if holding.kind == GONE:
        return []
    later = [version for version in put_in if state_on(version, day) == "scheduled" and version is not holding]
    return [(IN_EFFECT, holding), *((SCHEDULED, version) for version in later)]


def _write(target: Path, texts: Sequence[tuple[str, PolicyVersionRow]]) -> None:
    for folder, row in texts:
        name = f"{row.begins}-{row.file}" if folder == SCHEDULED else row.file
        file = target / folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(row.text.encode())
