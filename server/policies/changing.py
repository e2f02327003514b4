"""Changing the documents: a new one, a next version, an end, a version of before. Who did it and why is kept."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path

from sqlmodel.ext.asyncio.session import AsyncSession

from server.errors import Conflict, NotAllowed, Unprocessable
from server.models import PolicyRow, PolicyVersionRow
from server.policies import repository
from server.policies.calendar import Calendar, day_before
from server.policies.considering import Considered, PolicyNotFound
from server.policies.filing import Version, file_version
from server.policies.front_matter import DocumentFile, parse_document
from server.policies.repository import RETIRED, SKETCH
from server.policies.texts import ending_on
from server.staff.roles import Caller


@dataclass(frozen=True, slots=True)
class Change:
    """How a next version comes in: the newest one that was seen, where its text is from, and why.

    `instead_of_scheduled`: versions that were to begin later may fall away.
    """

    seen: int
    kind: str
    why: str
    instead_of_scheduled: bool = False


class HoldsForOthersToo(NotAllowed):
    """The document holds for brands that the caller does not serve."""


class PolicyExists(Conflict):
    """A document of this id is there."""


class PolicyChanged(Conflict):
    """Somebody has put in a version since; `details` have the number of the newest."""


class ScheduledStands(Conflict):
    """A version that was to begin later would fall away; `details` have the numbers."""


class LeavesABrand(Conflict):
    """The document would not be one brand's any more, whose people could not read what they have said."""


class PolicyHasProblems(Unprocessable):
    """`check` finds errors; `details["problems"]` are they."""


class PolicyIsOver(Unprocessable):
    """It holds on no day that is still to come."""


async def add_document(
    session: AsyncSession, caller: Caller, new: Considered, calendar: Calendar, *, why: str, now: datetime
) -> PolicyVersionRow:
    """Put in a document that is not there yet.

    Raises:
        PolicyHasProblems: It would not do.
        PolicyExists: There is one of this id, be it another brand's; a sketch of the caller's own is no hindrance.
        HoldsForOthersToo: It would hold for all brands, and the caller does not serve them all.
        LeavesABrand: It was begun for another brand.
    """
    document = _sound(new)
    _serves(caller, document.front.brand, calendar)
    await _lock(session, now)
    row = await repository.find(session, document.id)
    if row is not None and (row.newest or not await _is_all_theirs(session, caller, row.id, calendar)):
        raise PolicyExists(f"there is a document {document.id}; put in its next version, or choose another id")
    if row is not None:
        await _keeps_its_brands(session, document)
    row = row or PolicyRow(id=document.id, changed_here=True, created_at=now, updated_at=now)
    version = Version(document, new.whole, "upload", why, caller.id)
    return await _keep(session, row, version, calendar, "added", now)


async def begin_sketch(
    session: AsyncSession,
    caller: Caller,
    document: DocumentFile,
    whole: str,
    calendar: Calendar,
    *,
    asked: int,
    now: datetime,
) -> PolicyVersionRow:
    """Begin a document that is in effect never: its text is put in as that of a new one.

    Raises:
        PolicyExists: There is one of this id, or it was begun.
    """
    _serves(caller, document.front.brand, calendar)
    await repository.lock(session)
    if await repository.find(session, document.id) is not None:
        raise PolicyExists(f"there is a document {document.id}; choose another id")
    row = PolicyRow(id=document.id, changed_here=True, created_at=now, updated_at=now)
    why = f"asked {asked} time{'s' if asked != 1 else ''}, nothing found"
    version = await _keep(session, row, Version(document, whole, SKETCH, why, caller.id), calendar, "begun", now)
    await repository.set_brands(session, row.id, document.front.brand)
    return version


async def replace_document(
    session: AsyncSession,
    caller: Caller,
    name: str,
    new: Considered,
    calendar: Calendar,
    *,
    change: Change,
    now: datetime,
) -> PolicyVersionRow:
    """Put in a document's next version, which holds from its first day on.

    Raises:
        PolicyNotFound: There is none, or it is none of the caller's.
        PolicyHasProblems: It would not do.
        PolicyChanged: Somebody was first.
        ScheduledStands: A version that begins later would fall away, and nobody has said that it may.
        HoldsForOthersToo: It holds, or would, for brands that the caller does not serve.
        LeavesABrand: It would not hold for a brand any more for which it does.
    """
    document = _sound(new)
    row = await _own(session, caller, name, calendar, change.seen, now)
    if document.id != name:
        raise PolicyHasProblems(f"the text calls itself {document.id}; a version keeps its document's id", problems=[])
    _serves(caller, document.front.brand, calendar)
    await _keeps_its_brands(session, document)
    if new.ends is not None and new.begins is not None and new.ends < new.begins:
        raise PolicyIsOver(f"it ends on {new.ends}, before it would begin; give it another last day, or none")
    if new.falls_away and not change.instead_of_scheduled:
        words = "a version that begins later would fall away; say that it may, or let this one begin after it"
        raise ScheduledStands(words, versions=list(new.falls_away))
    version = Version(document, new.whole, change.kind, change.why, caller.id)
    return await _keep(session, row, version, calendar, "replaced", now)


async def retire_document(
    session: AsyncSession,
    caller: Caller,
    name: str,
    calendar: Calendar,
    *,
    seen: int,
    last_day: date | None,
    why: str,
    now: datetime,
) -> PolicyVersionRow:
    """Let a document hold until this day, or no longer than yesterday; what was to begin later does not.

    Raises:
        PolicyNotFound: There is none, or it is none of the caller's.
        PolicyChanged: Somebody was first.
        PolicyIsOver: It would have ended in the past.
        HoldsForOthersToo: It holds for brands that the caller does not serve.
    """
    row = await _own(session, caller, name, calendar, seen, now)
    versions = (await repository.versions_of(session, [name]))[name]
    today = calendar.first_today(versions[-1].front.get("brand", ()), now)
    last = last_day or day_before(today)
    if last < day_before(today):
        raise PolicyIsOver(f"it was told until today; let it end on {day_before(today)} or later")
    holding = [v for v in versions if v.kind != SKETCH and (v.begins is None or v.begins <= today)]
    chosen = max(holding or versions, key=lambda version: version.number)
    full = await repository.load_text(session, chosen)
    whole = ending_on(full.text, last)
    version = Version(parse_document(Path(full.file), whole), whole, RETIRED, why, caller.id)
    return await _keep(session, row, version, calendar, "retired", now)


async def _own(
    session: AsyncSession, caller: Caller, name: str, calendar: Calendar, seen: int, now: datetime
) -> PolicyRow:
    """The document, locked, if it is the caller's to change and as they saw it."""
    await _lock(session, now)
    row = await repository.find(session, name, caller.brands)
    if row is None or not row.newest:
        raise PolicyNotFound(name)
    _serves(caller, (await repository.brands_of(session, [name])).get(name, ()), calendar)
    if row.newest != seen:
        raise PolicyChanged("somebody has put in a version since; read it first", version=row.newest)
    return row


async def _lock(session: AsyncSession, now: datetime) -> None:
    state = await repository.lock(session)
    state.revision += 1
    state.changed_at = now
    session.add(state)


def _sound(new: Considered) -> DocumentFile:
    """The document, if nothing is wrong with it."""
    if new.document is None or new.errors:
        told = [{**asdict(problem), "file": problem.file.name} for problem in new.errors]
        count = len(told)
        raise PolicyHasProblems(f"it has {count} error{'s' if count != 1 else ''}; correct it first", problems=told)
    return new.document


async def _is_all_theirs(session: AsyncSession, caller: Caller, name: str, calendar: Calendar) -> bool:
    """Whether the caller serves every brand that the document is for."""
    brands = (await repository.brands_of(session, [name])).get(name, ())
    return set(brands or calendar.brands) <= caller.brands


async def _keeps_its_brands(session: AsyncSession, document: DocumentFile) -> None:
    """Refuse to take a document from a brand: one of several may become all brands', but not the other way round."""
    before = (await repository.brands_of(session, [document.id])).get(document.id, ())
    if document.front.brand and (not before or not set(before) <= set(document.front.brand)):
        whose = ", ".join(before) or "all brands"
        raise LeavesABrand(f"it is for {whose}, and stays so: retire it, and add one for the brands that you mean")


def _serves(caller: Caller, brands: Collection[str], calendar: Calendar) -> None:
    if not set(brands or calendar.brands) <= caller.brands:
        words = "it holds for brands that you do not serve; ask somebody who serves all of them, or name yours"
        raise HoldsForOthersToo(words)


async def _keep(
    session: AsyncSession, row: PolicyRow, new: Version, calendar: Calendar, what: str, now: datetime
) -> PolicyVersionRow:
    row.changed_here = True
    return await file_version(session, row, new, calendar, now, what=what)
