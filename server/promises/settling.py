"""How a promise ends: kept by an action, by an answer or by a person's word, or withdrawn; and how it is moved."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from server.drafts.history import write_down
from server.events.log import record
from server.models import ActionRow, PromiseRow, PublicationRow
from server.promises import repository
from server.promises.carried_out import carried_out_by
from server.promises.overdue import watch
from server.promises.states import (
    AlreadySettled,
    DueInThePast,
    DueTooFar,
    KeepsNothing,
    PromiseNotFound,
    PromiseState,
)
from server.publications.publishing import FURTHEST
from server.publications.states import PublicationState
from server.staff.roles import Caller

CARRIED_OUT = "it was carried out"


@dataclass
class _Case:
    """Whose history it is written into."""

    brand: str
    case: str


async def keep(
    session: AsyncSession,
    caller: Caller,
    promise_id: str,
    *,
    reason: str | None,
    publication: str | None,
    now: datetime,
) -> PromiseRow:
    """A person says that it was kept: by an answer that was sent later, or otherwise.

    Args:
        session: The transaction.
        caller: Who says so.
        promise_id: The promise.
        reason: How, where no answer says it.
        publication: The answer that kept it.
        now: This moment.

    Raises:
        PromiseNotFound: There is none of the caller's brands.
        AlreadySettled: It is not open.
        KeepsNothing: That answer is not one.
    """
    row = await _open(session, caller, promise_id)
    if publication is not None:
        await _check_answer(session, caller, row, publication)
    settle(session, row, PromiseState.KEPT, now, by=caller.id, kept_with=publication, reason=reason)
    return row


async def withdraw(session: AsyncSession, caller: Caller, promise_id: str, *, reason: str, now: datetime) -> PromiseRow:
    """A person says that it will not be kept, and why.

    Raises:
        PromiseNotFound: There is none of the caller's brands.
        AlreadySettled: It is not open.
    """
    row = await _open(session, caller, promise_id)
    settle(session, row, PromiseState.WITHDRAWN, now, by=caller.id, reason=reason)
    return row


async def move(
    session: AsyncSession, caller: Caller, promise_id: str, *, due: datetime, reason: str, now: datetime
) -> PromiseRow:
    """A person gives it another time, and why; when it was due at first stays known.

    Raises:
        PromiseNotFound: There is none of the caller's brands.
        AlreadySettled: It is not open.
        DueInThePast: That time is over.
        DueTooFar: It is so far away that nobody can mean it.
    """
    row = await _open(session, caller, promise_id)
    if due <= now:
        raise DueInThePast("this time is over; say when it will be kept")
    if due - now > FURTHEST:
        raise DueTooFar(f"a promise is moved by at most {FURTHEST.days} days; say when it will be kept")
    before = {"due": row.due.isoformat() if row.due else None}
    row.due = due
    session.add(row)
    _write_down(session, row, "move_promise", now, by=caller.id, reason=reason, before=before)
    told = {"case": row.case, "due": due.isoformat(), "by": caller.id}
    record(session, "promise.moved", row.id, brand=row.brand or "", at=now, **told)
    await watch(session, row, now)
    return row


async def keep_by_action(session: AsyncSession, action: ActionRow, now: datetime) -> None:
    """An action was carried out: what was promised is kept, if with it all of that is done (carried_out.py).

    That goes for what was promised to be done by another action, too: it may have failed, and been proposed anew.
    """
    await session.flush()  # it is read with the others
    for row in await repository.lock_open_for_action(session, action):
        if carried_out_by(row, await repository.actions_about(session, row)) is not None:
            settle(session, row, PromiseState.KEPT, now, kept_with=action.id, reason=CARRIED_OUT)


async def tell_of_failure(session: AsyncSession, action: ActionRow, now: datetime) -> None:
    """An action has failed: what was promised to be done by it stays open, and that is told."""
    for row in await repository.lock_open_for_action(session, action):
        if row.action == action.id:
            told = {"case": row.case, "action": action.id}
            record(session, "promise.action_failed", row.id, brand=row.brand or "", at=now, **told)


async def withdraw_with_publication(
    session: AsyncSession, publication: PublicationRow, now: datetime, *, by: str | None, reason: str
) -> None:
    """A text was taken back from the network: nobody holds us to what it promised."""
    for row in await repository.lock_open_of(session, publication.id):
        settle(session, row, PromiseState.WITHDRAWN, now, by=by, reason=f"its text was withdrawn: {reason}")


def settle(
    session: AsyncSession,
    promise: PromiseRow,
    state: PromiseState,
    now: datetime,
    *,
    by: str | None = None,
    kept_with: str | None = None,
    reason: str | None = None,
) -> None:
    """End an open promise, write it into the case's history and tell of it."""
    promise.state, promise.settled_at, promise.settled_by = state, now, by
    promise.kept_with, promise.reason = kept_with, reason
    session.add(promise)
    kind = "keep_promise" if state == PromiseState.KEPT else "withdraw_promise"
    _write_down(session, promise, kind, now, by=by, reason=reason)
    told = {"case": promise.case, "kept_with": kept_with, "incident": promise.incident, "by": by}
    record(session, f"promise.{state}", promise.id, brand=promise.brand or "", at=now, **told)


async def _open(session: AsyncSession, caller: Caller, promise_id: str) -> PromiseRow:
    row = await repository.lock_promise(session, promise_id, caller.brands)
    if row is None:
        raise PromiseNotFound
    if row.state != PromiseState.OPEN:
        at = row.settled_at.isoformat() if row.settled_at else None
        raise AlreadySettled(f"this promise was {row.state} already", state=row.state, at=at, by=row.settled_by)
    return row


async def _check_answer(session: AsyncSession, caller: Caller, promise: PromiseRow, publication: str) -> None:
    found = await repository.find_publication(session, publication, caller.brands)
    if found is None:
        raise KeepsNothing("there is no such text", publication=publication)
    row, draft, case = found
    customer = (draft.record or {}).get("customer", {}).get("id")
    theirs = case.id == promise.case or (customer is not None and customer == promise.customer)
    if not theirs or row.id == promise.publication:
        raise KeepsNothing("this text is no answer to whom it was promised", publication=publication)
    if row.state != PublicationState.SENT or row.sent_at is None or row.sent_at < promise.made_at:
        raise KeepsNothing("this text has not been sent since it was promised", publication=publication)


def _write_down(
    session: AsyncSession,
    promise: PromiseRow,
    kind: str,
    now: datetime,
    *,
    by: str | None,
    reason: str | None,
    before: dict[str, str | None] | None = None,
) -> None:
    """Into the case's history; a promise of before Deskside has no case."""
    if promise.brand is None or promise.case is None:
        return
    after = {"promise": promise.id, "state": promise.state, "due": promise.due.isoformat() if promise.due else None}
    about = _Case(promise.brand, promise.case)
    write_down(session, about, kind, now, draft=promise.draft, by=by, reason=reason, before=before, after=after)
