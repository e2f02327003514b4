"""Reading and writing people, their sessions, tokens and failed sign-ins. Nothing here decides."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, func, union_all
from sqlmodel import and_, col, delete, or_, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from server.models import FailedSignInRow, SessionRow, StaffBrandRow, StaffRow, TokenRow

People = Sequence[tuple[StaffRow, frozenset[str]]]


async def find_person(
    session: AsyncSession, staff: str, *, to_change: bool = False
) -> tuple[StaffRow, frozenset[str]] | None:
    """The person of this id and the brands they serve; if it is to be changed, nobody else does until this is done."""
    if to_change:
        row = await session.get(StaffRow, staff, with_for_update=True, populate_existing=True)
        # read once nobody else changes them
        return None if row is None else (row, (await _brands_of(session, [row.id]))[row.id])
    serves = col(StaffBrandRow.staff) == col(StaffRow.id)
    query = select(StaffRow, StaffBrandRow.brand).join(StaffBrandRow, serves, isouter=True).where(StaffRow.id == staff)
    found = (await session.exec(query)).all()
    return (found[0][0], frozenset(brand for _, brand in found if brand is not None)) if found else None


async def find_by_email(session: AsyncSession, email: str) -> StaffRow | None:
    """The person of this email, which is in its stored form. One query, whether or not there is somebody."""
    return (await session.exec(select(StaffRow).where(StaffRow.email == email))).first()


async def find_people(
    session: AsyncSession,
    *,
    brands: frozenset[str],
    roles: Collection[str] | None = None,
    after: str | None = None,
    limit: int | None = None,
) -> People:
    """Who serves any of these brands, by id: disabled ones too, or those alone who may work in one of these roles."""
    query = select(StaffRow).where(col(StaffRow.id).in_(_serving(brands))).order_by(col(StaffRow.id))
    if roles is not None:
        query = query.where(col(StaffRow.role).in_(roles), col(StaffRow.disabled_at).is_(None))
    if after is not None:
        query = query.where(StaffRow.id > after)
    rows = (await session.exec(query if limit is None else query.limit(limit))).all()
    served = await _brands_of(session, [row.id for row in rows])
    return [(row, served[row.id]) for row in rows]


async def used_since(session: AsyncSession, staff: Collection[str], *, since: datetime) -> set[str]:
    """Those of these people who have used a session or a token of their own since then."""
    browsers = select(SessionRow.staff).where(col(SessionRow.staff).in_(staff), SessionRow.used_at >= since)
    tokens = select(TokenRow.staff).where(
        col(TokenRow.staff).in_(staff), col(TokenRow.kind).in_(("personal", "panel")), col(TokenRow.used_at) >= since
    )
    either = union_all(browsers, tokens).subquery()
    return {person for person in await session.exec(select(either.c.staff)) if person is not None}


async def names(session: AsyncSession, ids: Collection[str]) -> dict[str, str]:
    """The names of these people and tokens."""
    people = select(StaffRow.id, StaffRow.name).where(col(StaffRow.id).in_(ids))
    tokens = select(TokenRow.id, TokenRow.name).where(col(TokenRow.id).in_(ids))
    known = union_all(people, tokens).subquery()
    return {id_: name for id_, name in await session.exec(select(known.c.id, known.c.name))}


async def all_brands(session: AsyncSession) -> frozenset[str]:
    """Every brand that somebody serves."""
    return frozenset(await session.exec(select(StaffBrandRow.brand).distinct()))


async def lock_active(session: AsyncSession, role: str) -> People:
    """Those of this role who may sign in, kept as they are until this transaction ends."""
    query = select(StaffRow).where(StaffRow.role == role, col(StaffRow.disabled_at).is_(None))
    # without populate_existing a row read earlier in the session would be given as it was then
    locked = query.order_by(col(StaffRow.id)).with_for_update().execution_options(populate_existing=True)
    rows = (await session.exec(locked)).all()
    served = await _brands_of(session, [row.id for row in rows])
    return [(row, served[row.id]) for row in rows]


async def set_brands(session: AsyncSession, staff: str, brands: Iterable[str]) -> None:
    """The brands that this person serves from now on."""
    await session.exec(delete(StaffBrandRow).where(col(StaffBrandRow.staff) == staff))
    session.add_all(StaffBrandRow(staff=staff, brand=brand) for brand in sorted(brands))
    await session.flush()


async def find_session(session: AsyncSession, id_hash: str) -> SessionRow | None:
    """The session of this hash, whether or not it still counts."""
    return await session.get(SessionRow, id_hash)


async def touch_session(session: AsyncSession, id_hash: str, now: datetime) -> None:
    """It was used just now."""
    await session.exec(update(SessionRow).where(col(SessionRow.id_hash) == id_hash).values(used_at=now))


async def end_session(session: AsyncSession, id_hash: str) -> None:
    """This browser is signed out."""
    await session.exec(delete(SessionRow).where(col(SessionRow.id_hash) == id_hash))


async def end_sessions(session: AsyncSession, staff: str, *, but: str | None = None) -> None:
    """This person is signed out everywhere, except in the session of the hash `but`."""
    query = delete(SessionRow).where(col(SessionRow.staff) == staff)
    await session.exec(query if but is None else query.where(col(SessionRow.id_hash) != but))


async def forget_ended_sessions(session: AsyncSession, now: datetime) -> None:
    """Sessions that ran out are kept for nobody."""
    await session.exec(delete(SessionRow).where(col(SessionRow.expires_at) <= now))


async def find_token(session: AsyncSession, token: str) -> TokenRow | None:
    """The token of this id."""
    return await session.get(TokenRow, token)


async def find_token_by_secret(session: AsyncSession, secret_hash: str) -> TokenRow | None:
    """The token whose secret has this hash, whether or not it still counts."""
    return (await session.exec(select(TokenRow).where(TokenRow.secret_hash == secret_hash))).first()


async def find_tokens(session: AsyncSession, *, staff: str, machines: bool) -> Sequence[TokenRow]:
    """Tokens that are not revoked, by id: this person's own and, if wanted, those of machines."""
    kinds = [and_(col(TokenRow.kind) == "personal", col(TokenRow.staff) == staff)]
    if machines:
        kinds.append(col(TokenRow.kind) == "machine")
    query = select(TokenRow).where(or_(*kinds), col(TokenRow.revoked_at).is_(None))
    return (await session.exec(query.order_by(col(TokenRow.id)))).all()


async def touch_token(session: AsyncSession, token: str, now: datetime) -> None:
    """It was used just now."""
    await session.exec(update(TokenRow).where(col(TokenRow.id) == token).values(used_at=now))


async def use_once(session: AsyncSession, token: str, now: datetime) -> bool:
    """Mark the token used; False if somebody else has, or if it no longer counts."""
    unused = update(TokenRow).where(
        col(TokenRow.id) == token,
        col(TokenRow.used_at).is_(None),
        col(TokenRow.revoked_at).is_(None),
        col(TokenRow.expires_at) > now,
    )
    done: CursorResult[Any] = await session.exec(unused.values(used_at=now))
    return done.rowcount == 1


async def forget_ended_tokens(session: AsyncSession, kinds: Collection[str], now: datetime) -> None:
    """Tokens of these kinds that ran out are kept for nobody."""
    await session.exec(delete(TokenRow).where(col(TokenRow.kind).in_(kinds), col(TokenRow.expires_at) <= now))


async def revoke_tokens(
    session: AsyncSession, staff: str, now: datetime, *, kinds: Collection[str] | None = None
) -> None:
    """This person's tokens count no more: all, or those of these kinds."""
    theirs = update(TokenRow).where(col(TokenRow.staff) == staff, col(TokenRow.revoked_at).is_(None))
    if kinds is not None:
        theirs = theirs.where(col(TokenRow.kind).in_(kinds))
    await session.exec(theirs.values(revoked_at=now))


async def one_at_a_time(session: AsyncSession, numbers: Iterable[int]) -> None:
    """Until this transaction ends no other passes here with one of the same 64-bit numbers.

    On SQLite no other writes anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        for number in sorted(set(numbers)):
            await session.exec(select(func.pg_advisory_xact_lock(number)))


async def failures(session: AsyncSession, who: str, *, since: datetime) -> Sequence[datetime]:
    """When sign-ins by or from `who` failed, oldest first."""
    query = select(FailedSignInRow.at).where(FailedSignInRow.who == who, FailedSignInRow.at > since)
    return (await session.exec(query.order_by(col(FailedSignInRow.at)))).all()


async def forget_failures(session: AsyncSession, *, whos: Collection[str] = (), before: datetime | None = None) -> None:
    """Drop the failures of these, or all from before a moment."""
    if whos:
        await session.exec(delete(FailedSignInRow).where(col(FailedSignInRow.who).in_(whos)))
    if before is not None:
        await session.exec(delete(FailedSignInRow).where(col(FailedSignInRow.at) <= before))


async def drop_failures(session: AsyncSession, ids: Collection[int]) -> None:
    """These did not fail after all."""
    await session.exec(delete(FailedSignInRow).where(col(FailedSignInRow.id).in_(ids)))


def _serving(brands: frozenset[str]) -> Any:  # noqa: ANN401 - a subquery; its type parameters help nobody
    return select(StaffBrandRow.staff).where(col(StaffBrandRow.brand).in_(brands))


async def _brands_of(session: AsyncSession, staff: Collection[str]) -> dict[str, frozenset[str]]:
    query = select(StaffBrandRow.staff, StaffBrandRow.brand).where(col(StaffBrandRow.staff).in_(staff))
    served: dict[str, set[str]] = {person: set() for person in staff}
    for person, brand in await session.exec(query):
        served[person].add(brand)
    return {person: frozenset(brands) for person, brands in served.items()}
