"""Reading and locking a rep's sessions, their turns and what was suggested in them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Table
from sqlmodel import col, exists, select, tuple_, update
from sqlmodel.ext.asyncio.session import AsyncSession

from server.conversations.states import TurnKind, TurnState
from server.models import (
    AccountRow,
    CaseRow,
    ConversationRow,
    DraftRow,
    LinkRow,
    PromiseRow,
    SuggestionRow,
    TurnPartRow,
    TurnRow,
)
from server.shop.folding import fold_channel

Place = tuple[datetime, str]
"""Where a session or a turn stands in its list: when it began, and its id."""


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote a case's posts, and where."""

    brand: str
    channel: str
    handle: str


@dataclass(frozen=True, slots=True)
class EarlierCase:
    """A case of a customer's; `intent` is what its newest draft took it for, `owed` whether something was promised.

    `danger` says that danger was found in it.
    """

    id: str
    channel: str
    opened_at: datetime
    open: bool
    intent: str | None
    owed: bool
    danger: bool


async def find_conversation(
    session: AsyncSession, conversation: str, brands: Collection[str], *, lock: bool = False
) -> ConversationRow | None:
    """The session of this id, if its brand is one of these."""
    query = select(ConversationRow).where(ConversationRow.id == conversation, col(ConversationRow.brand).in_(brands))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return (await session.exec(query)).first()


async def list_conversations(
    session: AsyncSession,
    brands: Collection[str],
    *,
    staff: str | None,
    customer: str | None,
    before: Place | None,
    limit: int,
) -> Sequence[ConversationRow]:
    """Sessions, the newest first; of one person, or about one customer, if they are named."""
    at, id_ = col(ConversationRow.opened_at), col(ConversationRow.id)
    query = select(ConversationRow).where(col(ConversationRow.brand).in_(brands))
    if staff is not None:
        query = query.where(ConversationRow.staff == staff)
    if customer is not None:
        query = query.where(ConversationRow.customer == customer)
    if before is not None:
        query = query.where(tuple_(at, id_) < before)
    return (await session.exec(query.order_by(at.desc(), id_.desc()).limit(limit))).all()


async def find_turn(
    session: AsyncSession, conversation: str, turn: str, brands: Collection[str], *, lock: bool = False
) -> TurnRow | None:
    """The turn of this id in this session, if its brand is one of these."""
    query = select(TurnRow).where(
        TurnRow.id == turn, TurnRow.conversation == conversation, col(TurnRow.brand).in_(brands)
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return (await session.exec(query)).first()


async def lock_turns(session: AsyncSession, turns: Collection[str]) -> Sequence[TurnRow]:
    """These turns as they stand, which nobody else changes until this transaction ends."""
    query = select(TurnRow).where(col(TurnRow.id).in_(turns)).order_by(col(TurnRow.id))
    return (await session.exec(query.with_for_update().execution_options(populate_existing=True))).all()


async def lock_running(session: AsyncSession, turns: Collection[str]) -> set[str]:
    """Those of these turns that are being written, locked like them; nothing else of them is read."""
    query = select(TurnRow.id).where(col(TurnRow.id).in_(turns), TurnRow.state == TurnState.RUNNING)
    return set(await session.exec(query.order_by(col(TurnRow.id)).with_for_update()))


async def renew(session: AsyncSession, turns: Collection[str], until: datetime) -> None:
    """Say of these turns that they are written, and will have been heard of until then."""
    change = update(TurnRow).where(col(TurnRow.id).in_(turns)).values(runs_until=until)
    await session.exec(change.execution_options(synchronize_session=False))


async def keep_parts(session: AsyncSession, parts: Sequence[TurnPartRow]) -> None:
    """Keep these parts: in one statement, because there are many a second."""
    table: Table = TurnPartRow.__table__  # type: ignore[attr-defined]
    await session.exec(table.insert(), params=[part.model_dump() for part in parts])


async def turn_of(session: AsyncSession, turn: str) -> TurnRow | None:
    """The turn of this id."""
    return await session.get(TurnRow, turn, populate_existing=True)


async def turns_of(
    session: AsyncSession, conversation: str, *, before: Place | None = None, limit: int
) -> Sequence[TurnRow]:
    """A session's turns, the newest first."""
    at, id_ = col(TurnRow.started_at), col(TurnRow.id)
    query = select(TurnRow).where(TurnRow.conversation == conversation)
    if before is not None:
        query = query.where(tuple_(at, id_) < before)
    return (await session.exec(query.order_by(at.desc(), id_.desc()).limit(limit))).all()


async def count_running(session: AsyncSession, conversation: str) -> int:
    """How many of a session's turns are being written."""
    query = select(TurnRow.id).where(TurnRow.conversation == conversation, TurnRow.state == TurnState.RUNNING)
    return len((await session.exec(query)).all())


async def lost_turns(session: AsyncSession, now: datetime, *, limit: int) -> Sequence[TurnRow]:
    """Turns that are said to be written although whoever did has not been heard of for too long."""
    query = select(TurnRow).where(TurnRow.state == TurnState.RUNNING, col(TurnRow.runs_until) <= now)
    return (await session.exec(query.order_by(col(TurnRow.started_at)).limit(limit))).all()


async def parts_after(session: AsyncSession, turn: str, number: int) -> Sequence[TurnPartRow]:
    """What was sent of a turn behind this number, in order."""
    query = select(TurnPartRow).where(TurnPartRow.turn == turn, TurnPartRow.number > number)
    return (await session.exec(query.order_by(col(TurnPartRow.number)))).all()


async def parts_of(session: AsyncSession, turns: Collection[str], kinds: Collection[str]) -> Sequence[TurnPartRow]:
    """What was sent of these turns, as far as it is of these kinds; of two of a kind the later one comes later."""
    query = select(TurnPartRow).where(col(TurnPartRow.turn).in_(turns), col(TurnPartRow.kind).in_(kinds))
    return (await session.exec(query.order_by(col(TurnPartRow.turn), col(TurnPartRow.number)))).all()


async def last_number(session: AsyncSession, turn: str) -> int:
    """The number of the last part that was kept of a turn; 0 if there is none."""
    query = select(TurnPartRow.number).where(TurnPartRow.turn == turn).order_by(col(TurnPartRow.number).desc())
    return (await session.exec(query.limit(1))).first() or 0


async def suggestions_of(session: AsyncSession, conversation: str, *, limit: int) -> Sequence[SuggestionRow]:
    """What was suggested in a session, the newest first."""
    query = select(SuggestionRow).where(SuggestionRow.conversation == conversation)
    newest = query.order_by(col(SuggestionRow.offered_at).desc(), col(SuggestionRow.id).desc())
    return (await session.exec(newest.limit(limit))).all()


async def suggestions_of_turns(session: AsyncSession, turns: Collection[str]) -> Sequence[SuggestionRow]:
    """What these turns suggested, in the order in which it was told."""
    query = select(SuggestionRow).where(col(SuggestionRow.turn).in_(turns))
    return (await session.exec(query.order_by(col(SuggestionRow.offered_at), col(SuggestionRow.id)))).all()


async def lock_suggestion(
    session: AsyncSession, conversation: str, suggestion: str, brands: Collection[str]
) -> SuggestionRow | None:
    """A suggestion of this session's as it stands, which nobody else changes until this transaction ends."""
    query = select(SuggestionRow).where(
        SuggestionRow.id == suggestion,
        SuggestionRow.conversation == conversation,
        col(SuggestionRow.brand).in_(brands),
    )
    return (await session.exec(query.with_for_update().execution_options(populate_existing=True))).first()


async def author_of_case(session: AsyncSession, case: str, brands: Collection[str]) -> Author | None:
    """Who a case is with, if its brand is one of these."""
    query = select(CaseRow.brand, AccountRow.channel, CaseRow.author).join(
        AccountRow, col(AccountRow.id) == CaseRow.account
    )
    row = (await session.exec(query.where(CaseRow.id == case, col(CaseRow.brand).in_(brands)))).first()
    return Author(*row) if row is not None else None


async def linked_handles(session: AsyncSession, brand: str, customer: str) -> set[tuple[str, str]]:
    """The channels and folded handles that staff says are this customer's."""
    query = select(LinkRow.channel, LinkRow.folded_handle).where(
        LinkRow.customer == customer, LinkRow.brand == brand, col(LinkRow.unlinked_at).is_(None)
    )
    return {(channel, handle) for channel, handle in await session.exec(query)}


async def cases_of(
    session: AsyncSession, brand: str, handles: Collection[tuple[str, str]], *, limit: int
) -> list[EarlierCase]:
    """The newest cases of whoever has one of these handles (folded channel and handle)."""
    if not handles:
        return []
    query = (
        select(CaseRow, AccountRow.channel)
        .join(AccountRow, col(AccountRow.id) == CaseRow.account)
        .where(CaseRow.brand == brand, col(CaseRow.folded_author).in_({handle for _, handle in handles}))
        .order_by(col(CaseRow.opened_at).desc(), col(CaseRow.id).desc())
        .limit(4 * limit)
    )
    rows = [
        (case, channel)
        for case, channel in await session.exec(query)
        if (fold_channel(channel), case.folded_author) in handles
    ][:limit]
    if not rows:
        return []
    ids = [case.id for case, _ in rows]
    intents, owed = await _intents_of(session, ids), await _owed_in(session, ids)
    return [
        EarlierCase(
            case.id, channel, case.opened_at, case.open, intents.get(case.id), case.id in owed, case.danger is not None
        )
        for case, channel in rows
    ]


async def sessions_about(
    session: AsyncSession, brand: str, customer: str, *, but: str | None, limit: int
) -> list[tuple[ConversationRow, list[str]]]:
    """The newest sessions about a customer in which something was asked, each with what their words were taken for."""
    query = select(ConversationRow).where(
        ConversationRow.brand == brand,
        ConversationRow.customer == customer,
        ConversationRow.id != (but or ""),
        exists().where(col(TurnRow.conversation) == ConversationRow.id),
    )
    found = (await session.exec(query.order_by(col(ConversationRow.opened_at).desc()).limit(limit))).all()
    if not found:
        return []
    intents: dict[str, list[str]] = {row.id: [] for row in found}
    asked = select(TurnRow.conversation, col(TurnRow.record)["intent"].as_string()).where(
        col(TurnRow.conversation).in_(intents), TurnRow.kind == TurnKind.REPLY, col(TurnRow.record).is_not(None)
    )
    for conversation, intent in await session.exec(asked):
        if intent:
            intents[conversation].append(intent)
    return [(row, intents[row.id]) for row in found]


async def _intents_of(session: AsyncSession, cases: Collection[str]) -> dict[str, str]:
    """By case, what its newest draft took it for. Of the records, which are most of a row, nothing else is read."""
    query = select(DraftRow.case, col(DraftRow.record)["intent"].as_string()).where(
        col(DraftRow.case).in_(cases), col(DraftRow.record).is_not(None)
    )
    rows = await session.exec(query.order_by(col(DraftRow.created_at), col(DraftRow.id)))
    return {case: intent for case, intent in rows if intent}


async def _owed_in(session: AsyncSession, cases: Collection[str]) -> set[str]:
    query = select(PromiseRow.case).where(col(PromiseRow.case).in_(cases), PromiseRow.state == "open")
    return {case for case in await session.exec(query) if case is not None}
