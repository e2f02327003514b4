"""Queries of a customer's cases, as far as they tell whether something is open."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlmodel import and_, col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from server.models import AccountRow, CaseRow, ConversationRow, DraftRow, LinkRow, TurnRow

Writer = tuple[str, str]
"""A folded channel and a folded handle."""


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
    session: AsyncSession, customer: str, conversation: str | None, *, since: datetime, but_for: str | None = None
) -> Sequence[tuple[str, str | None]]:
    """The conversation of each thing this customer said in this one, or since then in another, and what they wanted.

    It is None of what has not been read: it is being read, or the reading was cancelled or lost. What was read when it
    was put in once more is read. The turn `but_for` is left out.
    """
    lately = and_(col(ConversationRow.customer) == customer, col(TurnRow.started_at) >= since)
    query = (
        select(TurnRow.id, TurnRow.conversation, TurnRow.asked, col(TurnRow.record)["intent"])
        .join(ConversationRow, col(ConversationRow.id) == TurnRow.conversation)
        .where(TurnRow.kind == "reply", or_(lately, col(TurnRow.conversation) == conversation))
        .order_by(col(TurnRow.started_at))
    )
    rows = (await session.exec(query)).all()
    read = {(said_in, words) for _, said_in, words, intent in rows if intent is not None}
    return [
        (said_in, intent)
        for turn, said_in, words, intent in rows
        if turn != but_for and (intent is not None or (said_in, words) not in read)
    ]
