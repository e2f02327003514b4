"""Queries of a customer's cases, as far as they tell whether something is open."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import and_, col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from server.models import AccountRow, CaseRow, ConversationRow, DraftRow, LinkRow, TurnRow

Writer = tuple[str, str]
"""A folded channel and a folded handle."""


@dataclass(frozen=True, slots=True)
class Reply:
    """Something that a customer said in a conversation, and what they wanted.

    `intent` is None of what has not been read: it is being read, or the reading was cancelled or lost.
    """

    conversation: str
    at: datetime
    intent: str | None


async def linked_to(session: AsyncSession, customer: str) -> Sequence[Writer]:
    """The handles that staff says are this customer's."""
    query = select(LinkRow.channel, LinkRow.folded_handle).where(
        LinkRow.customer == customer, col(LinkRow.unlinked_at).is_(None)
    )
    return (await session.exec(query)).all()


async def cases_of_writers(
    session: AsyncSession, writers: Collection[Writer], *, case: str | None, since: datetime
) -> Sequence[CaseRow]:
    """The cases of these handles, and this one: those that are open, or that anything has happened in since."""
    theirs = and_(
        col(CaseRow.folded_author).in_({handle for _, handle in writers}),
        or_(col(CaseRow.open), col(CaseRow.updated_at) >= since),
    )
    query = select(CaseRow, AccountRow.channel).join(AccountRow, col(AccountRow.id) == CaseRow.account)
    rows = (await session.exec(query.where(theirs if case is None else or_(theirs, CaseRow.id == case)))).all()
    known = set(writers)
    return [row for row, channel in rows if row.id == case or (channel, row.folded_author) in known]


async def intents_of(session: AsyncSession, cases: Collection[str]) -> Mapping[str, str | None]:
    """What each case's author wants, as the newest draft that was written read it; of the records nothing else is read.

    A case whose newest post is still being read is not in it.
    """
    if not cases:
        return {}
    query = select(DraftRow.case, DraftRow.written_by, col(DraftRow.record)["intent"])
    rows = (await session.exec(query.where(col(DraftRow.case).in_(cases)).order_by(col(DraftRow.created_at)))).all()
    newest = {case: (written_by, intent) for case, written_by, intent in rows}
    return {case: intent for case, (written_by, intent) in newest.items() if written_by is not None}


async def replies_to(
    session: AsyncSession,
    customer: str,
    brand: str,
    conversation: str | None,
    *,
    since: datetime,
    but_for: str | None = None,
) -> Sequence[Reply]:
    """Each thing this customer said to the brand in this conversation, or since then in another, in its order.

    What was read when it was put in once more is read. The turn `but_for` is left out.
    """
    query = (
        select(TurnRow.id, TurnRow.conversation, TurnRow.started_at, col(TurnRow.record)["intent"])
        .join(ConversationRow, col(ConversationRow.id) == TurnRow.conversation)
        .where(
            ConversationRow.brand == brand,
            ConversationRow.customer == customer,
            TurnRow.kind == "reply",
            or_(col(TurnRow.started_at) >= since, col(TurnRow.conversation) == conversation),
        )
        .order_by(col(TurnRow.started_at))
    )
    rows = (await session.exec(query)).all()
    replies = {turn: Reply(said_in, at, intent) for turn, said_in, at, intent in rows}
    again = await _put_in_again(session, replies)
    return [reply for turn, reply in replies.items() if turn != but_for and turn not in again]


async def _put_in_again(session: AsyncSession, replies: Mapping[str, Reply]) -> set[str]:
    """Those that were not read and whose words stand in one of the same conversation that was."""
    unread = {turn for turn, reply in replies.items() if reply.intent is None}
    if not unread:
        return set()
    query = select(TurnRow.id, TurnRow.conversation, TurnRow.asked).where(col(TurnRow.id).in_(replies))
    words = {turn: (said_in, asked) for turn, said_in, asked in await session.exec(query)}
    read = {words[turn] for turn in replies.keys() - unread}
    return {turn for turn in unread if words[turn] in read}
