"""The knowledge folder's saved replies on their way into the database, and back.

The rule is that of destinations: as long as nobody has changed one in the database its file decides, its being gone
included; after that the database does, until both say the same again.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import yaml
from sqlmodel.ext.asyncio.session import AsyncSession

from server.models import SavedReplyRow
from server.policies.seeded import Seeded
from server.policies.yaml_files import read_entries
from server.saved_replies import repository
from server.saved_replies.entries import SavedReplyEntry, as_entry, as_row, write_into
from server.saved_replies.managing import keep_version

FILE = "saved_replies.yaml"
_FROM_FILE = "the knowledge folder says so"
_FILE_GONE = "the knowledge folder does not name it any more"


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
    for entry in entries:
        await _take_over(session, entry, rows.get(entry.id), seeded, now)
    if entries:
        _take_out(session, rows, {entry.id for entry in entries}, seeded, now)
    seeded.tell_left(FILE)
    return seeded


async def _take_over(
    session: AsyncSession, entry: SavedReplyEntry, row: SavedReplyRow | None, seeded: Seeded, now: datetime
) -> None:
    if row is None:
        row = as_row(entry, now)
        # another process may begin with the same folder at this moment
        if await repository.insert(session, row):
            keep_version(session, row, entry, _FROM_FILE)
            seeded.added.append(entry.id)
        return
    if row.retired_at is None and as_entry(row) == entry:
        row.changed_here = row.file_differs = False
    elif row.changed_here:
        row.file_differs = True
        seeded.left.append(entry.id)
    else:
        write_into(row, entry)
        row.retired_at = row.retire_reason = row.changed_by = None
        row.version, row.changed_at = row.version + 1, now
        keep_version(session, row, entry, _FROM_FILE)
        seeded.changed.append(entry.id)
    session.add(row)


def _take_out(
    session: AsyncSession, rows: Mapping[str, SavedReplyRow], named: Collection[str], seeded: Seeded, now: datetime
) -> None:
    for name in rows.keys() - set(named):
        row = rows[name]
        row.file_differs = False
        if not row.changed_here and row.retired_at is None:
            row.retired_at, row.retire_reason, row.changed_by = now, _FILE_GONE, None
            row.version, row.changed_at = row.version + 1, now
            keep_version(session, row, None, _FILE_GONE)
            seeded.gone.append(name)
        session.add(row)


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
    return yaml.safe_dump({"saved_replies": entries}, allow_unicode=True, sort_keys=False, width=120)
