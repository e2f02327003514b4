"""Adding, changing and retiring the places that customers may be sent to.

A change holds for the next draft in every process, and whatever rests on the place as it was is looked at again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from assistant.counting import NETWORKS
from assistant.guidance import Guidance
from server.channels.repository import list_accounts
from server.destinations import repository
from server.destinations.faults import Known, faults_of, twin_of, twin_words
from server.destinations.refusals import (
    DestinationChanged,
    DestinationExists,
    DestinationRetired,
    NoSuchDestination,
    NotADestination,
    OfEveryBrand,
)
from server.destinations.seeding import as_entry, as_row, write_into
from server.drafts.rechecking import PLACES, recheck_resting_on
from server.events.log import record
from server.faults import Fault, refuse_faulty
from server.models import DestinationRow
from server.policies.files import DestinationEntry
from server.staff.roles import Caller


@dataclass(frozen=True, slots=True)
class Change:
    """Who changes something, when, and what the brands are."""

    caller: Caller
    guidance: Guidance
    now: datetime


async def add_destination(session: AsyncSession, change: Change, entry: DestinationEntry) -> DestinationRow:
    """Customers may be sent there from now on.

    Raises:
        NotADestination: Nobody could be sent there.
        OfEveryBrand, NoSuchDestination: It would be a place of brands that the caller does not serve.
        DestinationExists: The id is taken; a retired one is not used again, because answers tell of it.
    """
    _check_brand(change, entry.brand)
    await repository.lock(session)
    await _check(session, change, entry)
    row = as_row(entry, change.now)
    row.changed_by, row.changed_here = change.caller.id, True
    if not await repository.insert(session, row):
        raise DestinationExists(f"the id {entry.id} is or was another destination's; choose another")
    await _tell(session, row, "destination.added", change)
    return row


async def change_destination(
    session: AsyncSession, change: Change, entry: DestinationEntry, *, version: int
) -> DestinationRow:
    """Customers are sent there this way from now on; a text that names it as it was goes back to review.

    Raises:
        NotADestination: Nobody could be sent there.
        OfEveryBrand, NoSuchDestination: It is, or would be, a place of brands that the caller does not serve.
        DestinationChanged, DestinationRetired: It stands otherwise than the caller saw it.
    """
    row = await _lock(session, change, entry.id, version)
    _check_brand(change, entry.brand)
    await _check(session, change, entry)
    write_into(row, entry)
    _touch(session, row, change)
    await _tell(session, row, "destination.changed", change)
    return row


async def retire_destination(
    session: AsyncSession, change: Change, destination: str, *, version: int, reason: str
) -> DestinationRow:
    """Nobody is sent there any more; a text that names it goes back to review.

    Raises:
        OfEveryBrand, NoSuchDestination: It is a place of brands that the caller does not serve.
        DestinationChanged, DestinationRetired: It stands otherwise than the caller saw it.
    """
    row = await _lock(session, change, destination, version)
    row.retired_at, row.retire_reason = change.now, reason
    _touch(session, row, change)
    await _tell(session, row, "destination.retired", change)
    return row


async def known_to(session: AsyncSession, guidance: Guidance) -> Known:
    """What a place may name: the brands, the channels that they write on, and the words that they do not use."""
    accounts = {row.channel for row in await list_accounts(session)}
    handles = {channel for brand in guidance.brands for channel in brand.accounts}
    avoided: dict[tuple[str | None, str], tuple[str, ...]] = {}
    for voice in guidance.voices:
        words = (*avoided.get((voice.brand, voice.language), ()), *voice.avoid)
        avoided[voice.brand, voice.language] = tuple(dict.fromkeys(words))
    return Known(guidance.brands, NETWORKS | accounts | handles, avoided)


async def _check(session: AsyncSession, change: Change, entry: DestinationEntry) -> None:
    faults = list(faults_of(entry, await known_to(session, change.guidance)))
    twin = twin_of(entry, map(as_entry, await repository.standing(session)))
    if twin is not None and not faults:
        faults = [Fault("kind", twin_words(twin))]
    refuse_faulty(faults, NotADestination)


def _check_brand(change: Change, brand: str | None) -> None:
    if brand is not None and brand not in change.caller.brands:
        raise NoSuchDestination
    if brand is None and not {each.id for each in change.guidance.brands} <= change.caller.brands:
        raise OfEveryBrand("it is a place of every brand; somebody who serves all of them can change it")


async def _lock(session: AsyncSession, change: Change, destination: str, version: int) -> DestinationRow:
    """The place, which nobody else changes until this transaction ends, if it stands as the caller saw it."""
    await repository.lock(session)
    row = await repository.find(session, destination, change.caller.brands)
    if row is None:
        raise NoSuchDestination
    _check_brand(change, row.brand)
    if row.retired_at is not None:
        raise DestinationRetired("this destination is retired; add another", at=row.retired_at.isoformat())
    if row.version != version:
        raise DestinationChanged(
            "this destination was changed since you read it; look at it again", version=row.version
        )
    return row


def _touch(session: AsyncSession, row: DestinationRow, change: Change) -> None:
    row.version, row.changed_at, row.changed_by = row.version + 1, change.now, change.caller.id
    row.changed_here = True
    session.add(row)


async def _tell(session: AsyncSession, row: DestinationRow, kind: str, change: Change) -> None:
    """To whoever serves its brand, of one of every brand to all; every process, and every draft, looks again."""
    state = await repository.lock(session)
    state.revision += 1
    session.add(state)
    await recheck_resting_on(session, PLACES, change.now)
    data: Mapping[str, object] = {"by": change.caller.id, "version": row.version}
    for brand in [row.brand] if row.brand is not None else sorted(each.id for each in change.guidance.brands):
        record(session, kind, row.id, brand=brand, at=change.now, **data)
