"""The knowledge folder's saved replies on their way into the database, and back."""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from sqlmodel.ext.asyncio.session import AsyncSession

from server.models import SavedReplyRow
from server.policies.seeded import FILE_GONE, Seeded, folder_decides, take_out
from server.policies.yaml_files import read_entries, write_entries
from server.saved_replies import repository
from server.saved_replies.entries import SavedReplyEntry, as_entry, as_row, write_into
from server.saved_replies.managing import keep_version

FILE = "saved_replies.yaml"
_FROM_FILE = "the knowledge folder says so"

logger = logging.getLogger(__name__)


def load_entries(directory: Path) -> Sequence[SavedReplyEntry]:
    """The saved replies in a knowledge folder; none if it has no such file.

    Raises:
        BadKnowledgeFile: naming the first field that does not fit.
    """
    return read_entries(SavedReplyEntry, directory / FILE, "saved_replies")


async def seed_saved_replies(session: AsyncSession, entries: Sequence[SavedReplyEntry], now: datetime) -> Seeded:
    """Take over what is new in the folder. A folder without any takes none out: it was not mounted."""
    seeded = Seeded()
    rows = await repository.all_saved_replies(session, lock=True)
    if entries:
        for gone in take_out(rows, {entry.id for entry in entries}, seeded, now):
            keep_version(session, gone, None, FILE_GONE)
    entries = list(_without_taken_shortcuts(entries, rows))
    says = {row.id: as_entry(row) for row in rows.values()}
    await _give_up_shortcuts(session, entries, rows)
    for entry in entries:
        row = rows.get(entry.id)
        if row is None:
            await _add(session, entry, seeded, now)
        elif folder_decides(row, seeded, now, same=says[entry.id] == entry):
            write_into(row, entry)
            keep_version(session, row, entry, _FROM_FILE)
    seeded.tell_left(FILE)
    return seeded


def _without_taken_shortcuts(
    entries: Iterable[SavedReplyEntry], rows: Mapping[str, SavedReplyRow]
) -> Iterator[SavedReplyEntry]:
    """The entries; those come in without their shortcut whose shortcut somebody has given to another one here."""
    changed = {row.id: row for row in rows.values() if row.changed_here}
    holders = {(row.brand, row.shortcut): row.id for row in changed.values() if row.retired_at is None}
    for entry in entries:
        if entry.shortcut is None or entry.id in changed:
            yield entry
            continue
        holder = holders.setdefault((entry.brand, entry.shortcut), entry.id)
        if holder != entry.id:
            logger.warning("the shortcut that %s gives %s stands for %s, and is left out", FILE, entry.id, holder)
        yield entry if holder == entry.id else entry.model_copy(update={"shortcut": None})


async def _give_up_shortcuts(
    session: AsyncSession, entries: Iterable[SavedReplyEntry], rows: Mapping[str, SavedReplyRow]
) -> None:
    """Let go first of those that are to be others: two may exchange theirs."""
    for entry in entries:
        row = rows.get(entry.id)
        if row is not None and not row.changed_here and row.shortcut != entry.shortcut:
            row.shortcut = None
    await session.flush()


async def _add(session: AsyncSession, entry: SavedReplyEntry, seeded: Seeded, now: datetime) -> None:
    row = as_row(entry, now)
    # another process may begin with the same folder at this moment
    if await repository.insert(session, row):
        keep_version(session, row, entry, _FROM_FILE)
        seeded.added.append(entry.id)


async def changed_file(session: AsyncSession, directory: Path) -> str | None:
    """The folder's file as the database has it; None if it says the same already, or the database has none.

    Raises:
        BadKnowledgeFile: naming the first field of the folder's file that does not fit.
    """
    rows = await repository.all_saved_replies(session)
    standing = [as_entry(row) for row in rows.values() if row.retired_at is None]
    if not rows or standing == sorted(load_entries(directory), key=lambda entry: entry.id):
        return None
    entries = [entry.model_dump(mode="json", exclude_defaults=True) for entry in standing]
    return write_entries("saved_replies", entries)
