"""Holding everything that would be sent: by channel, account or all; and letting it go after somebody has seen it.

Drafting, reviewing and approving go on. What is being sent at the moment of the pause is not called back.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from server.errors import Conflict, NotAllowed, NotFound, Unprocessable
from server.events.log import record
from server.models import PauseRow, PublicationRow
from server.models.ids import new_id
from server.publications import repository
from server.publications.gates import is_too_old
from server.publications.publishing import enqueue_send
from server.publications.spacing import keep_distances

EVERYTHING = "all"
_NAMED = 100
"""The most texts that a refusal names."""


class PauseNotFound(NotFound):
    """There is no such pause, or not of the caller's brands."""

    def __init__(self) -> None:
        super().__init__("there is no such pause")


class NothingToPause(Unprocessable):
    """No account of the caller's brands is meant by this scope."""


class AlreadyLifted(Conflict):
    """The pause was lifted before."""


class PauseOfEverybody(NotAllowed):
    """Only whoever runs the machine lifts a pause that holds every brand."""


class HeldNotSeen(Conflict):
    """Something is held that the caller has not seen; the details say how much, and name the longest due of it."""


@dataclass(frozen=True, slots=True)
class Held:
    """What a pause keeps from being sent; `too_old` goes back to review when the pause is lifted."""

    publication: PublicationRow
    too_old: bool


async def pause(
    session: AsyncSession, scope: str, *, brands: Collection[str] | None, by: str, reason: str, now: datetime
) -> Sequence[PauseRow]:
    """Let nothing more be sent. After the commit no call begins that is meant by the scope.

    Args:
        session: The transaction.
        scope: "all", "channel:<channel>" or "account:<id>".
        brands: Whose sending; one pause for each. None: everybody's, as whoever runs the machine may.
        by: Who pauses.
        reason: Why, for everybody who wonders.
        now: This moment.

    Returns:
        The pauses; one that stood already is not made again.

    Raises:
        NothingToPause: No account is meant.
    """
    channel, account = parts_of(scope)
    meant = await repository.accounts_meant(session, brands=brands, channel=channel, account=account)
    if not meant and (brands is not None or scope != EVERYTHING):
        raise NothingToPause("there is no account that this would pause")
    await repository.stop_accounts(session, [row.id for row in meant])
    standing = {row.brand: row for row in await repository.standing_pauses(session, scopes=[scope])}
    wanted = [None] if brands is None else sorted({row.brand for row in meant})
    made: list[PauseRow] = []
    for brand in wanted:
        row = standing.get(brand)
        if row is None:
            row = PauseRow(id=new_id("pause"), scope=scope, brand=brand, paused_by=by, paused_at=now, reason=reason)
            session.add(row)
            for told in {one.brand for one in meant} if brand is None else {brand}:
                record(session, "sending.paused", row.id, brand=told, at=now, scope=scope)
        made.append(row)
    return made


async def list_pauses(
    session: AsyncSession, *, brands: Collection[str] | None, after: str | None = None, limit: int | None = None
) -> Sequence[PauseRow]:
    """The pauses that stand, of these brands and of everybody, oldest first: all of them, or a page after this one."""
    return await repository.standing_pauses(session, brands=brands, after=after, limit=limit)


async def held_by(
    session: AsyncSession,
    row: PauseRow,
    now: datetime,
    *,
    too_old: timedelta,
    brands: Collection[str] | None,
    after: repository.DuePlace | None = None,
    limit: int | None = None,
) -> Sequence[Held]:
    """What would have been sent by now but for this pause, the longest due first: all of it, or a page of it."""
    channel, account = parts_of(row.scope)
    seen = brands if row.brand is None else {row.brand}
    rows = await repository.unsent_publications(
        session, brands=seen, channel=channel, account=account, due=now, after=after, limit=limit
    )
    return [Held(publication, is_too_old(publication, now, too_old)) for publication in rows]


async def get_pause(
    session: AsyncSession, pause_id: str, *, brands: Collection[str] | None, lock: bool = False
) -> PauseRow:
    """The pause; with `lock`, nobody else changes it until this transaction ends.

    Raises:
        PauseNotFound: There is none of these brands, nor of everybody.
    """
    row = await repository.find_pause(session, pause_id, lock=lock)
    if row is None or (brands is not None and row.brand is not None and row.brand not in brands):
        raise PauseNotFound
    return row


async def lift(
    session: AsyncSession,
    pause_id: str,
    *,
    seen: Collection[str],
    brands: Collection[str] | None,
    by: str,
    now: datetime,
    too_old: timedelta,
) -> Sequence[Held]:
    """Let go what a pause holds; what has become too old goes back to review instead (gates.py).

    Args:
        session: The transaction.
        pause_id: The pause.
        seen: The ids of what the caller has seen that it holds.
        brands: The caller's; None: whoever runs the machine, who alone lifts a pause of everybody.
        by: The caller.
        now: This moment.
        too_old: How long a text may have been due.

    Returns:
        What it held.

    Raises:
        PauseNotFound: There is none that this caller could lift.
        AlreadyLifted: Somebody was first.
        HeldNotSeen: It holds more than `seen`.
    """
    row = await get_pause(session, pause_id, brands=brands, lock=True)
    _refuse_unless_liftable(row, brands)
    held = await held_by(session, row, now, too_old=too_old, brands=brands)
    known = set(seen)
    ids = [item.publication.id for item in held]
    unseen = [id_ for id_ in ids if id_ not in known]
    if unseen:
        some = "a text" if len(unseen) == 1 else f"{len(unseen)} texts"
        words = f"this pause holds {some} that you have not seen; look first, and name what you have seen in `seen`"
        raise HeldNotSeen(words, unseen=unseen[:_NAMED], count=len(unseen))
    row.lifted_by, row.lifted_at = by, now
    for told in {item.publication.brand for item in held} | ({row.brand} if row.brand else set()):
        record(session, "sending.resumed", row.id, brand=told, at=now, scope=row.scope)
    await _go_on(session, row, now, too_old)
    return held


async def _go_on(session: AsyncSession, row: PauseRow, now: datetime, too_old: timedelta) -> None:
    """Put in the jobs that ended at the pause; what an incident sends to many goes on at its distances.

    Those of everything unsent, and with the accounts held: a text may fall due, and its job end, at this very moment.
    Another pause may still stand; the job asks again.
    """
    channel, account = parts_of(row.scope)
    brands = None if row.brand is None else {row.brand}
    meant = await repository.accounts_meant(session, brands=brands, channel=channel, account=account)
    await repository.stop_accounts(session, [one.id for one in meant])
    unsent = await repository.unsent_publications(session, brands=brands, channel=channel, account=account, due=None)
    await keep_distances(session, unsent, now, too_old=too_old)
    for publication in unsent:
        await enqueue_send(session, publication, now, max(now, publication.send_after))


def _refuse_unless_liftable(row: PauseRow, brands: Collection[str] | None) -> None:
    if row.lifted_at is not None:
        raise AlreadyLifted("this pause was lifted already", lifted_by=row.lifted_by, at=row.lifted_at.isoformat())
    if brands is not None and row.brand is None:
        raise PauseOfEverybody("this pause is of every brand: `deskside pause lift` lifts it on the machine")


def parts_of(scope: str) -> tuple[str | None, str | None]:
    """The channel and the account of a scope.

    Raises:
        NothingToPause: It is no scope.
    """
    kind, _, name = scope.partition(":")
    if scope == EVERYTHING:
        return None, None
    if kind == "channel" and name:
        return name, None
    if kind == "account" and name:
        return None, name
    raise NothingToPause('a scope is "all", "channel:<channel>" or "account:<id>"')
