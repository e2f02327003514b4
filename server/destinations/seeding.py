"""The knowledge folder's places on their way into the database, and back."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlmodel.ext.asyncio.session import AsyncSession

from server.destinations import repository
from server.drafts.rechecking import PLACES, recheck_resting_on
from server.models import DestinationRow
from server.policies.files import DestinationEntry
from server.policies.seeded import Seeded, folder_decides, take_out
from server.policies.yaml_files import read_entries, write_entries

FILE = "destinations.yaml"


def load_entries(directory: Path) -> Sequence[DestinationEntry]:
    """The places in a knowledge folder; none if it has no such file.

    Raises:
        BadKnowledgeFile: naming the first field that does not fit.
    """
    return read_entries(DestinationEntry, directory / FILE, "destinations")


async def seed_destinations(session: AsyncSession, entries: Sequence[DestinationEntry], now: datetime) -> Seeded:
    """Take over what is new in the folder. A folder without any place takes none out: it was not mounted."""
    seeded = Seeded()
    state = await repository.lock(session)
    rows = await repository.all_destinations(session)
    for entry in entries:
        row = rows.get(entry.id)
        if row is None:
            session.add(as_row(entry, now))
            seeded.added.append(entry.id)
        elif folder_decides(row, seeded, now, same=as_entry(row) == entry):
            write_into(row, entry)
    if entries:
        take_out(rows, {entry.id for entry in entries}, seeded, now)
    if seeded.anything:
        state.revision += 1
        session.add(state)
        await recheck_resting_on(session, PLACES, now)
    seeded.tell_left(FILE)
    return seeded


async def destinations_of(session: AsyncSession, directory: Path) -> Sequence[DestinationEntry]:
    """Every place that there is or was; before Deskside has served for the first time, those of the folder.

    Raises:
        BadKnowledgeFile: naming the first field of the folder's file that does not fit.
    """
    rows = await repository.all_destinations(session)
    return [as_entry(row) for row in rows.values()] or load_entries(directory)


async def changed_file(session: AsyncSession, directory: Path) -> str | None:
    """The folder's file as the database's places stand; None if it says the same already, or there are none.

    Raises:
        BadKnowledgeFile: naming the first field of the folder's file that does not fit.
    """
    rows = await repository.all_destinations(session)
    named = [as_entry(row) for row in rows.values() if row.retired_at is None]
    if not rows or named == sorted(load_entries(directory), key=lambda entry: entry.id):
        return None
    entries = [entry.model_dump(mode="json", exclude_defaults=True) for entry in named]
    return write_entries("destinations", entries)


def as_row(entry: DestinationEntry, now: datetime) -> DestinationRow:
    """A place as a row that is not in the database yet."""
    fields = entry.model_dump(mode="json")
    return DestinationRow(**fields, created_at=now, changed_at=now)


def write_into(row: DestinationRow, entry: DestinationEntry) -> None:
    """Let the row say what the entry says."""
    for name, value in entry.model_dump(mode="json", exclude={"id"}).items():
        setattr(row, name, value)


def as_entry(row: DestinationRow) -> DestinationEntry:
    """A place of the database as the folder's file holds it."""
    return DestinationEntry.model_validate(row.model_dump(include=set(DestinationEntry.model_fields)))
