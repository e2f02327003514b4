"""Adding, changing and retiring saved replies. What they say is judged before the transaction that keeps it."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlmodel.ext.asyncio.session import AsyncSession

from assistant.guidance import Guidance
from server.channels.repository import list_accounts
from server.db import reading, writing
from server.destinations.managing import known_to
from server.events.log import record
from server.faults import Fault, refuse_faulty
from server.models import SavedReplyRow, SavedReplyVersionRow
from server.policies.calendar import Calendar
from server.saved_replies import repository
from server.saved_replies.entries import SavedReplyEntry, as_row, write_into
from server.saved_replies.faults import Known, faults_of
from server.saved_replies.refusals import (
    CannotBeChecked,
    NoSuchSavedReply,
    NotASavedReply,
    SavedReplyChanged,
    SavedReplyExists,
    SavedReplyRetired,
)
from server.saved_replies.vouching import unsupported
from server.service import Service
from server.staff.roles import Caller
from tools.ports import PortUnavailable


@dataclass(frozen=True, slots=True)
class Change:
    """Who changes something, when, and why."""

    caller: Caller
    now: datetime
    why: str


async def add_saved_reply(service: Service, change: Change, entry: SavedReplyEntry) -> SavedReplyRow:
    """It is offered from now on.

    Raises:
        NotASavedReply: It could not be sent as it is.
        NoSuchSavedReply: It would be of a brand that the caller does not serve.
        SavedReplyExists: The id is taken; a retired one is not used again, because drafts tell of it.
        CannotBeChecked: The policies cannot be read.
    """
    await _check(service, change, entry)
    async with writing(service.engine) as session:
        row = as_row(entry, change.now)
        row.changed_by, row.changed_here = change.caller.id, True
        if not await repository.insert(session, row):
            await _refuse_taken_shortcut(session, entry)
            raise SavedReplyExists(f"the id {entry.id} is or was another saved reply's; choose another")
        keep_version(session, row, entry, change.why)
        _tell(session, row, "saved_reply.added", change)
        return row


async def change_saved_reply(
    service: Service, change: Change, entry: SavedReplyEntry, *, version: int
) -> SavedReplyRow:
    """It says this from now on. Drafts that hold its words keep them as they are.

    Raises:
        NotASavedReply: It could not be sent as it is.
        NoSuchSavedReply: It is, or would be, of a brand that the caller does not serve.
        SavedReplyChanged, SavedReplyRetired: It stands otherwise than the caller saw it.
        CannotBeChecked: The policies cannot be read.
    """
    async with reading(service.engine) as session:
        await _standing(session, change, entry.id, version)
    await _check(service, change, entry)
    async with writing(service.engine) as session:
        row = await _standing(session, change, entry.id, version, lock=True)
        try:
            async with session.begin_nested():
                write_into(row, entry)
                _touch(row, change)
                session.add(row)
        except IntegrityError:
            await _refuse_taken_shortcut(session, entry)
            raise
        keep_version(session, row, entry, change.why)
        _tell(session, row, "saved_reply.changed", change)
        return row


async def retire_saved_reply(service: Service, change: Change, saved_reply: str, *, version: int) -> SavedReplyRow:
    """It is offered no more.

    Raises:
        NoSuchSavedReply: There is none of the caller's brands.
        SavedReplyChanged, SavedReplyRetired: It stands otherwise than the caller saw it.
    """
    async with writing(service.engine) as session:
        row = await _standing(session, change, saved_reply, version, lock=True)
        row.retired_at, row.retire_reason = change.now, change.why
        _touch(row, change)
        session.add(row)
        keep_version(session, row, None, change.why)
        _tell(session, row, "saved_reply.retired", change)
        return row


def keep_version(session: AsyncSession, row: SavedReplyRow, entry: SavedReplyEntry | None, why: str) -> None:
    """Write down what it says from now on; None: it is retired."""
    session.add(
        SavedReplyVersionRow(
            saved_reply=row.id,
            number=row.version,
            said=entry.model_dump(mode="json", exclude={"id"}) if entry else None,
            at=row.changed_at,
            staff=row.changed_by,
            why=why,
        )
    )


async def known_for(session: AsyncSession, guidance: Guidance, brand: str, now: datetime) -> Known:
    """What a saved reply of this brand may name."""
    told = await known_to(session, guidance)
    channels = {each.id: frozenset(each.accounts) for each in guidance.brands}
    for account in await list_accounts(session):
        channels[account.brand] = channels.get(account.brand, frozenset()) | {account.channel}
    return Known(guidance.brands, Calendar.of(guidance.brands).day(brand, now), channels, avoided=told.avoided)


async def _check(service: Service, change: Change, entry: SavedReplyEntry) -> None:
    if entry.brand not in change.caller.brands:
        raise NoSuchSavedReply
    desk = await service.desk_now()
    async with reading(service.engine) as session:
        known = await known_for(session, desk.guidance, entry.brand, change.now)
    try:
        known = replace(known, places=tuple(await desk.ports.destinations.listed(entry.brand)))
        faults = list(faults_of(entry, known)) or await unsupported(entry, known, desk)
    except PortUnavailable as error:
        raise CannotBeChecked(f"{error}: what it says cannot be checked now") from error
    refuse_faulty(faults, NotASavedReply)


async def _refuse_taken_shortcut(session: AsyncSession, entry: SavedReplyEntry) -> None:
    other = await repository.with_shortcut(session, entry.brand, entry.shortcut)
    if other is not None and other.id != entry.id:
        taken = Fault("shortcut", f"stands for “{other.title}” already; choose another")
        refuse_faulty([taken], NotASavedReply)


async def _standing(
    session: AsyncSession, change: Change, saved_reply: str, version: int, *, lock: bool = False
) -> SavedReplyRow:
    """The saved reply, if it stands as the caller saw it."""
    row = await repository.find(session, saved_reply, change.caller.brands, lock=lock)
    if row is None:
        raise NoSuchSavedReply
    if row.retired_at is not None:
        raise SavedReplyRetired("this saved reply is retired; write another", at=row.retired_at.isoformat())
    if row.version != version:
        raise SavedReplyChanged("this saved reply was changed since you read it; look at it again", version=row.version)
    return row


def _touch(row: SavedReplyRow, change: Change) -> None:
    row.version, row.changed_at, row.changed_by = row.version + 1, change.now, change.caller.id
    row.changed_here = True


def _tell(session: AsyncSession, row: SavedReplyRow, kind: str, change: Change) -> None:
    record(session, kind, row.id, brand=row.brand, at=change.now, by=change.caller.id, version=row.version)
