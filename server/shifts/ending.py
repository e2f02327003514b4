"""Somebody goes: their cases are let go of with a note, what they have promised is handed on. Nothing is lost by it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from server.db import reading, writing
from server.drafts import case_repository, working
from server.drafts.case_repository import Opening
from server.drafts.deciding import PeopleDecide
from server.drafts.staff_repository import serves
from server.errors import Conflict, Refused, Unprocessable
from server.models import CaseRow, PromiseRow, PublicationRow
from server.promises.repository import find_promise
from server.promises.states import PromiseNotFound, PromiseState
from server.service import Service
from server.shifts import repository
from server.staff.roles import Caller, Permission, roles_with, who_may

MOST = 200
"""Of each kind; whoever holds more goes in two steps."""


class NotHeld(Conflict):
    """It is not theirs any more; whoever has it keeps it."""


class CannotSettle(Unprocessable):
    """They could see to what was promised, and never say that it was kept."""


@dataclass(frozen=True, slots=True)
class Holding:
    """What somebody holds: cases, with how the newest post of each begins; what is sent later; what is promised."""

    cases: Sequence[CaseRow]
    openings: dict[str, Opening]
    scheduled: Sequence[PublicationRow]
    promises: Sequence[PromiseRow]


@dataclass(frozen=True, slots=True)
class Release:
    """A case to be let go of, with a word to whoever goes on."""

    case: str
    note: str | None


@dataclass(frozen=True, slots=True)
class Handing:
    """A promise to be seen to by a colleague or a team; their case with it."""

    promise: str
    staff: str | None
    team: str | None
    note: str | None


@dataclass(frozen=True, slots=True)
class Left:
    """What was left as it stands, and why: a code for programs, words, and what else is known of it."""

    id: str
    code: str
    why: str
    details: Mapping[str, Any]


async def what_is_held(service: Service, caller: Caller, now: datetime) -> Holding:
    """Everything that would be left alone if the caller went now."""
    async with reading(service.engine) as session:
        cases = await repository.cases_held(session, caller.id, caller.brands, now, limit=MOST)
        newest = {case.id: await case_repository.newest_post_of(session, case) for case in cases}
        openings = await case_repository.openings_of(session, [post.id for post in newest.values() if post])
        return Holding(
            cases,
            {case: openings[post.id] for case, post in newest.items() if post and post.id in openings},
            await repository.scheduled_by(session, caller.id, caller.brands, limit=MOST),
            await repository.promises_of(session, caller.id, caller.brands, limit=MOST),
        )


async def end_shift(
    service: Service, caller: Caller, cases: Sequence[Release], promises: Sequence[Handing]
) -> tuple[list[str], list[Left]]:
    """Hand on these promises and let go of these cases; what was done, by id, and what is not theirs any more.

    Each is a change of its own. A case whose promise is handed on is not let go of as well: it is somebody's then.

    Raises:
        PeopleDecide: A machine asks.
    """
    if caller.role is None:
        raise PeopleDecide("a person ends their shift; use a personal token or sign in")
    done: list[str] = []
    left: list[Left] = []
    handed: set[str] = set()
    async with reading(service.engine) as session:
        # before the first is handed on: another of its case goes with it
        theirs = await repository.theirs_among(session, [one.promise for one in promises], caller.id, caller.brands)
    for handing in promises:
        try:
            async with writing(service.engine) as session:
                handed.add(await _hand_on(session, caller, handing, theirs, service.clock()))
            done.append(handing.promise)
        except Refused as refused:
            left.append(Left(handing.promise, refused.code, str(refused), refused.details))
    for release in cases:
        try:
            async with writing(service.engine) as session:
                await _let_go(session, caller, release, service.clock(), handed_on=release.case in handed)
            done.append(release.case)
        except Refused as refused:
            left.append(Left(release.case, refused.code, str(refused), refused.details))
    return done, left


async def _let_go(session: AsyncSession, caller: Caller, release: Release, now: datetime, *, handed_on: bool) -> None:
    """The claim ends and the case is nobody's, with the note; unless it has been handed on a moment ago."""
    case = await working.lock(session, caller, release.case)
    claimed = case.claimed_by == caller.id
    assigned = case.assigned_to == caller.id
    if not (claimed or assigned or handed_on):
        raise NotHeld("it is not yours any more; whoever has it keeps it")
    if claimed:
        await working.let_go(session, caller, case.id, now)
    if assigned:
        await working.assign(session, caller, case.id, None, now)
    said = f"Released by {caller.name} at the end of the shift"
    if not handed_on or release.note:
        await working.add_note(session, caller, case.id, _with(said, release.note), now)


async def _hand_on(
    session: AsyncSession, caller: Caller, handing: Handing, theirs: Collection[str], now: datetime
) -> str:
    """The case of a promise becomes a colleague's or a team's, with the note; the case."""
    promise = await find_promise(session, handing.promise, caller.brands)
    if promise is None or promise.case is None:
        raise PromiseNotFound
    if promise.state != PromiseState.OPEN:
        raise NotHeld(f"this promise was {promise.state} already")
    if promise.id not in theirs:
        raise NotHeld("it is not yours to hand on; whoever has its case, or approved it, sees to it")
    case = await working.lock(session, caller, promise.case)
    # two promises of one case may go to the same colleague
    if case.assigned_to not in (None, caller.id, handing.staff):
        raise NotHeld("its case is a colleague's by now; they see to it")
    if handing.team is not None:
        await working.pass_on(session, caller, case.id, handing.team, now)
    else:
        await _refuse_who_settles_none(session, handing.staff, case.brand)
        await working.assign(session, caller, case.id, handing.staff, now)
    due = f", due {promise.due:%d %B %Y, %H:%M} UTC" if promise.due else ""
    said = f"Handed on by {caller.name} at the end of the shift: “{promise.what}”{due}"
    await working.add_note(session, caller, case.id, _with(said, handing.note), now)
    return case.id


async def _refuse_who_settles_none(session: AsyncSession, staff: str | None, brand: str) -> None:
    person = await serves(session, staff, brand) if staff is not None else None
    if person is not None and person.role not in roles_with(Permission.SETTLE_PROMISES):
        words = f"{person.name} cannot say that it was kept; {who_may(Permission.SETTLE_PROMISES)} can"
        raise CannotSettle(words, permission=str(Permission.SETTLE_PROMISES))


def _with(said: str, note: str | None) -> str:
    return f"{said}: {note}" if note else f"{said}."
