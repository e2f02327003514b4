"""Queries of saved replies."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import case
from sqlmodel import col, func, or_, select, tuple_
from sqlmodel.ext.asyncio.session import AsyncSession

from server.conversations.states import TAKEN
from server.db import insert_row
from server.models import ProductRow, SavedReplyRow, SavedReplyUseRow, SavedReplyVersionRow, SuggestionRow
from server.shop.repository import CURRENT_PRODUCT

SOON = timedelta(days=14)
"""How long before its last day a saved reply is said to expire soon."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which saved replies: of these brands, and where it is given of this team, in this language, retired ones too."""

    brands: Collection[str]
    team: str | None = None
    language: str | None = None
    retired: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """How often reps took a saved reply in their sessions, and how often with other words than were offered."""

    times: int = 0
    changed: int = 0


@dataclass(frozen=True, slots=True)
class Sent:
    """In how many drafts a saved reply was sent, and in how many of those with other words than it says."""

    drafts: int = 0
    changed: int = 0


async def list_saved_replies(
    session: AsyncSession,
    wanted: Wanted,
    today: date,
    *,
    after: tuple[int, str, str] | None = None,
    limit: int,
) -> Sequence[tuple[SavedReplyRow, int]]:
    """A page with each one's rank: what expires soon comes first (0), what is over last (2); by title else."""
    expires = col(SavedReplyRow.expires_on)
    rank = case((expires < today, 2), (expires <= today + SOON, 0), else_=1)
    title, id_ = col(SavedReplyRow.title), col(SavedReplyRow.id)
    query = select(SavedReplyRow, rank).where(col(SavedReplyRow.brand).in_(wanted.brands))
    if wanted.team is not None:
        query = query.where(SavedReplyRow.team == wanted.team)
    if wanted.language is not None:
        query = query.where(col(SavedReplyRow.texts)[wanted.language].as_string().is_not(None))
    if not wanted.retired:
        query = query.where(col(SavedReplyRow.retired_at).is_(None))
    if after is not None:
        query = query.where(tuple_(rank, title, id_) > tuple_(*after))
    found = await session.exec(query.order_by(rank, title, id_).limit(limit))
    return [(row, place) for row, place in found]


async def offered(session: AsyncSession, brand: str, today: date, *, limit: int) -> Sequence[SavedReplyRow]:
    """Those of a brand that can be used today, by title."""
    expires = col(SavedReplyRow.expires_on)
    query = select(SavedReplyRow).where(
        SavedReplyRow.brand == brand, col(SavedReplyRow.retired_at).is_(None), or_(expires.is_(None), expires >= today)
    )
    return (await session.exec(query.order_by(col(SavedReplyRow.title), col(SavedReplyRow.id)).limit(limit))).all()


async def find(
    session: AsyncSession, saved_reply: str, brands: Collection[str], *, lock: bool = False
) -> SavedReplyRow | None:
    """The one of this id, if it is one of these brands; with `lock` nobody else changes it until the commit."""
    query = select(SavedReplyRow).where(SavedReplyRow.id == saved_reply, col(SavedReplyRow.brand).in_(brands))
    if lock:
        query = query.with_for_update()
    return (await session.exec(query.execution_options(populate_existing=True))).first()


async def all_saved_replies(session: AsyncSession, *, lock: bool = False) -> Mapping[str, SavedReplyRow]:
    """Every one that there is or was, by its id; with `lock` nobody else changes them until the commit."""
    query = select(SavedReplyRow).order_by(col(SavedReplyRow.id)).execution_options(populate_existing=True)
    rows = (await session.exec(query.with_for_update() if lock else query)).all()
    return {row.id: row for row in rows}


async def with_shortcut(session: AsyncSession, brand: str, shortcut: str | None) -> SavedReplyRow | None:
    """The one of a brand that stands under this shortcut; none stands under no shortcut."""
    query = select(SavedReplyRow).where(SavedReplyRow.brand == brand, SavedReplyRow.shortcut == shortcut)
    standing = query.where(col(SavedReplyRow.retired_at).is_(None), col(SavedReplyRow.shortcut).is_not(None))
    return (await session.exec(standing)).first()


async def insert(session: AsyncSession, row: SavedReplyRow) -> bool:
    """Add one; False if its id or its shortcut is taken, by another process at this moment too."""
    return await insert_row(session, row)


async def versions_of(session: AsyncSession, saved_reply: str) -> Sequence[SavedReplyVersionRow]:
    """Everything it has said, the newest first."""
    query = select(SavedReplyVersionRow).where(SavedReplyVersionRow.saved_reply == saved_reply)
    return (await session.exec(query.order_by(col(SavedReplyVersionRow.number).desc()))).all()


async def version(session: AsyncSession, saved_reply: str, number: int) -> SavedReplyVersionRow | None:
    """What it said in one version."""
    return await session.get(SavedReplyVersionRow, (saved_reply, number))


async def uses_of_draft(session: AsyncSession, draft: str) -> Sequence[SavedReplyUseRow]:
    """What was put into a draft."""
    query = select(SavedReplyUseRow).where(SavedReplyUseRow.draft == draft)
    return (await session.exec(query.order_by(col(SavedReplyUseRow.at)))).all()


async def sent_since(session: AsyncSession, saved_replies: Collection[str], since: datetime) -> Mapping[str, Sent]:
    """What was sent of each of these since then; a draft counts once, whether in one part of it or in both."""
    draft = col(SavedReplyUseRow.draft)
    changed = case((col(SavedReplyUseRow.changed).is_(True), draft))
    query = (
        select(SavedReplyUseRow.saved_reply, func.count(func.distinct(draft)), func.count(func.distinct(changed)))
        .where(col(SavedReplyUseRow.saved_reply).in_(saved_replies), col(SavedReplyUseRow.sent_at) >= since)
        .group_by(SavedReplyUseRow.saved_reply)
    )
    return {name: Sent(drafts, changed) for name, drafts, changed in await session.exec(query)}


async def taken_since(session: AsyncSession, saved_replies: Collection[str], since: datetime) -> Mapping[str, Taken]:
    """How often reps took each of these for a customer since then."""
    changed = func.sum(case((col(SuggestionRow.used).is_not(None), 1), else_=0))
    query = (
        select(SuggestionRow.saved_reply, func.count(), changed)
        .where(col(SuggestionRow.saved_reply).in_(saved_replies), col(SuggestionRow.decided_at) >= since)
        .where(col(SuggestionRow.state).in_(TAKEN))
        .group_by(col(SuggestionRow.saved_reply))
    )
    return {name: Taken(times, int(other)) for name, times, other in await session.exec(query) if name}


async def product_titles(session: AsyncSession, brand: str) -> Sequence[str]:
    """What a brand's products are called."""
    query = select(ProductRow.title).where(or_(ProductRow.brand == brand, col(ProductRow.brand).is_(None)))
    return (await session.exec(query.where(CURRENT_PRODUCT).distinct())).all()
