"""Working on a case together: who has it, whose it is, what colleagues should know."""

from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from server.drafts import case_repository
from server.drafts.deciding import CaseNotFound, PeopleDecide, refuse_claimed
from server.drafts.queue_repository import follow_case
from server.drafts.staff_repository import serves
from server.errors import Unprocessable
from server.events.log import record
from server.models import CaseRow, DecisionRow, NoteRow
from server.models.ids import new_id
from server.staff.roles import Caller

LEASE = timedelta(minutes=10)
"""How long a claim lasts; claiming again begins it anew."""


class NotOfThisBrand(Unprocessable):
    """There is nobody of this id who serves the case's brand."""


async def claim(session: AsyncSession, caller: Caller, case_id: str, now: datetime, reason: str | None) -> CaseRow:
    """Take a case for ten minutes, so that others see it; with a reason also from who has it.

    Raises:
        CaseNotFound: None of the caller's brands.
        CaseClaimed: Somebody else has it, and no reason was given.
        PeopleDecide: A machine asks.
    """
    if caller.role is None:
        raise PeopleDecide("a person works on cases; use a personal token or sign in")
    case = await lock(session, caller, case_id)
    if reason is None:
        await refuse_claimed(session, case, caller, now)
    had = case.claimed_by if case.claimed_until is not None and case.claimed_until > now else None
    case.claimed_by, case.claimed_until, case.updated_at = caller.id, now + LEASE, now
    if had not in (None, caller.id):
        _note_down(session, case, "take_over", caller, now, reason, {"from": had})
    _tell(session, case, "claimed", now, by=caller.id, until=case.claimed_until.isoformat())
    return case


async def let_go(session: AsyncSession, caller: Caller, case_id: str, now: datetime) -> CaseRow:
    """Give a case back before the time is over; nothing if the caller does not have it.

    Raises:
        CaseNotFound: None of the caller's brands.
    """
    case = await lock(session, caller, case_id)
    if case.claimed_by == caller.id:
        case.claimed_by = case.claimed_until = None
        case.updated_at = now
        _tell(session, case, "let_go", now, by=caller.id)
    return case


async def assign(session: AsyncSession, caller: Caller, case_id: str, staff: str | None, now: datetime) -> CaseRow:
    """Make a case somebody's, or nobody's.

    Raises:
        CaseNotFound: None of the caller's brands.
        NotOfThisBrand: The person does not serve the case's brand.
    """
    case = await lock(session, caller, case_id)
    if staff is not None and await serves(session, staff, case.brand) is None:
        raise NotOfThisBrand("nobody of this id serves the case's brand")
    _note_down(session, case, "assign", caller, now, None, {"to": staff})
    case.assigned_to, case.updated_at = staff, now
    await follow_case(session, case)
    _tell(session, case, "assigned", now, by=caller.id, to=staff)
    return case


async def pass_on(session: AsyncSession, caller: Caller, case_id: str, team: str, now: datetime) -> CaseRow:
    """Make a case a team's, and nobody's in it yet; its drafts stand where they stand.

    Raises:
        CaseNotFound: None of the caller's brands.
    """
    case = await lock(session, caller, case_id)
    _note_down(session, case, "assign", caller, now, None, {"to": None, "team": team})
    case.team, case.assigned_to, case.updated_at = team, None, now
    await follow_case(session, case)
    _tell(session, case, "assigned", now, by=caller.id, to=None, team=team)
    return case


async def add_note(session: AsyncSession, caller: Caller, case_id: str, text: str, now: datetime) -> NoteRow:
    """Tell colleagues something about a case; it is never sent.

    Raises:
        CaseNotFound: None of the caller's brands.
    """
    case = await lock(session, caller, case_id)
    note = NoteRow(id=new_id("note"), brand=case.brand, case=case.id, staff=caller.id, at=now, text=text)
    case_repository.add(session, note)
    case.updated_at = now
    _tell(session, case, "noted", now, by=caller.id, note=note.id)
    return note


async def lock(session: AsyncSession, caller: Caller, case_id: str) -> CaseRow:
    """The case as it stands, which nobody else changes until this transaction ends.

    Raises:
        CaseNotFound: None of the caller's brands.
    """
    case = await case_repository.lock_case(session, case_id, caller.brands)
    if case is None:
        raise CaseNotFound
    return case


def _tell(session: AsyncSession, case: CaseRow, what: str, now: datetime, **data: str | None) -> None:
    case_repository.add(session, case)
    record(session, f"case.{what}", case.id, brand=case.brand, at=now, **data)


def _note_down(
    session: AsyncSession,
    case: CaseRow,
    kind: str,
    caller: Caller,
    now: datetime,
    reason: str | None,
    after: dict[str, str | None],
) -> None:
    decision = DecisionRow(
        id=new_id("decision"),
        brand=case.brand,
        case=case.id,
        kind=kind,
        staff=caller.id,
        at=now,
        reason=reason,
        after=after,
    )
    case_repository.add(session, decision)
