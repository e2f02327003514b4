"""The knowledge folder's documents on their way into the database.

As long as nobody has changed a document in the database, its file decides: what it says now comes in as a new version,
and without its file it is taken out. Once somebody has, the database decides, and a file that says something else is
told of and left; when both say the same again, as after `deskside knowledge export`, the file decides again.
"""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel.ext.asyncio.session import AsyncSession

from server.db import reading, writing
from server.models import PolicyRow
from server.policies import repository
from server.policies.calendar import Calendar
from server.policies.files import document_files
from server.policies.filing import Version, file_version
from server.policies.front_matter import DocumentFile, digest_of_text, parse_document, read_whole
from server.policies.repository import GONE
from server.policies.seeded import Seeded
from server.policies.yaml_files import BadKnowledgeFile

FILE = "file"
"""The kind of a version that came in from the folder."""

FOLDER = "folder"
"""The `source` of what an event tells that came in so."""

_FROM_FILE = "from the knowledge folder"
_FILE_GONE = "its file is not in the knowledge folder any more"

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    whole: str
    digest: str


async def seed_documents(engine: AsyncEngine, knowledge: Path, calendar: Calendar, now: datetime) -> Seeded:
    """Take over what is new in the folder.

    Raises:
        BadKnowledgeFile: A new or changed file cannot be read; nothing is taken over.
    """
    files = await asyncio.to_thread(_read_files, knowledge)
    async with reading(engine) as session:
        rows = await repository.all_documents(session)
    if not files and rows:
        logger.warning("the knowledge folder %s holds no documents; the database's stay as they are", knowledge)
        return Seeded()
    known = {(row.file, row.file_digest): row.id for row in rows.values()}
    if {(file.path.name, file.digest) for file in files} == {pair for pair in known if pair[0] is not None}:
        return Seeded()
    parsed = await asyncio.to_thread(_parse, files, known)
    async with writing(engine) as session:
        state = await repository.lock(session)
        seeded = await _take_over(session, parsed, calendar, now)
        if seeded.anything:
            state.revision += 1
            state.changed_at = now
            session.add(state)
    _say(seeded)
    return seeded


def _read_files(knowledge: Path) -> list[_File]:
    texts = [(path, read_whole(path)) for path in document_files(knowledge)]
    return [_File(path, whole, digest_of_text(whole)) for path, whole in texts]


def _parse(
    files: list[_File], known: Mapping[tuple[str | None, str | None], str]
) -> dict[str, tuple[_File, DocumentFile | None]]:
    """The files by their documents' ids; those that the database has seen as they are need not be parsed."""
    parsed: dict[str, tuple[_File, DocumentFile | None]] = {}
    for file in files:
        seen = known.get((file.path.name, file.digest))
        document = parse_document(file.path, file.whole) if seen is None else None
        name = document.id if document is not None else seen or ""
        twin = parsed.setdefault(name, (file, document))
        if twin[0] is not file:
            words = f"`{name}` is also the id of {twin[0].path.name}; ids are unique, rename one"
            raise BadKnowledgeFile(file.path, document.line_of("id") if document else 1, "id", words)
    return parsed


async def _take_over(
    session: AsyncSession,
    parsed: Mapping[str, tuple[_File, DocumentFile | None]],
    calendar: Calendar,
    now: datetime,
) -> Seeded:
    rows = await repository.all_documents(session)
    seeded = Seeded()
    for name, (file, document) in parsed.items():
        row = rows.get(name)
        if row is not None and (row.file, row.file_digest) == (file.path.name, file.digest):
            continue
        news = await _news_in(session, row, file, seeded)
        row = row or PolicyRow(id=name, created_at=now, updated_at=now)
        row.file, row.file_digest = file.path.name, file.digest
        session.add(row)
        if news is not None:
            news.append(name)
            # another process may have taken out meanwhile what this one has seen
            document = document or parse_document(file.path, file.whole)
            version = Version(document, file.whole, FILE, _FROM_FILE)
            what = "added" if news is seeded.added else "replaced"
            await file_version(session, row, version, calendar, now, what=what, source=FOLDER)
    for name in rows.keys() - parsed.keys():
        await _without_file(session, rows[name], seeded, calendar, now)
    return seeded


async def _news_in(session: AsyncSession, row: PolicyRow | None, file: _File, seeded: Seeded) -> list[str] | None:
    """Where it is told that the file's document comes in as it is now; None if it does not."""
    if row is None:
        return seeded.added
    if await _says_the_same(session, row, file):
        row.changed_here = row.file_differs = False
        return None
    if row.changed_here:
        row.file_differs = True
        seeded.left.append(row.id)
        return None
    return seeded.changed


async def _says_the_same(session: AsyncSession, row: PolicyRow, file: _File) -> bool:
    newest = await repository.find_version(session, row.id, row.newest)
    return newest is not None and newest.digest == file.digest and newest.kind != GONE


async def _without_file(
    session: AsyncSession, row: PolicyRow, seeded: Seeded, calendar: Calendar, now: datetime
) -> None:
    if row.file is None:
        return
    row.file = row.file_digest = None
    row.file_differs = False
    session.add(row)
    newest = await repository.find_version(session, row.id, row.newest)
    if row.changed_here or newest is None:
        return
    document = parse_document(Path(newest.file), newest.text)
    version = Version(document, newest.text, GONE, _FILE_GONE)
    await file_version(session, row, version, calendar, now, what="retired", source=FOLDER)
    seeded.gone.append(row.id)


def _say(seeded: Seeded) -> None:
    logger.info(
        "documents from the knowledge folder: %d new, %d changed, %d taken out",
        *(len(names) for names in (seeded.added, seeded.changed, seeded.gone)),
    )
    for name in seeded.left:
        logger.warning("the file of %s says something else than the database, where somebody changed it: left", name)
