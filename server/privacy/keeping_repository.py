"""Queries over what was kept long enough."""

from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from server.models import (
    AttachmentRow,
    CaseRow,
    ConversationRow,
    DraftRow,
    KeptTurnRow,
    ModelRequestRow,
    PostRow,
    QuestionSpacingRow,
    TurnPartRow,
    TurnRow,
)

# what stands for a customer who was erased
_ERASED = "customer-________________________"
_OVER = ("approved", "rejected", "superseded", "handed_over", "no_reply", "expired")


async def forget_requests(session: AsyncSession, before: datetime, most: int) -> int:
    """Delete so many of the requests to a model that left before then; how many."""
    query = select(ModelRequestRow).where(col(ModelRequestRow.at) < before).limit(most)
    rows = (await session.exec(query)).all()
    for row in rows:
        await session.delete(row)
    return len(rows)


async def forget_kept_turns(session: AsyncSession, before: datetime, most: int) -> int:
    """Delete so many of the kept turns that ended before then, with their requests; how many."""
    old = list(await session.exec(select(KeptTurnRow.id).where(col(KeptTurnRow.at) < before).limit(most)))
    await session.exec(delete(KeptTurnRow).where(col(KeptTurnRow.id).in_(old)))
    return len(old)


async def forget_records(session: AsyncSession, before: datetime, most: int) -> int:
    """Take from so many drafts and turns what they rested on, if they are long over; how many."""
    drafts = select(DraftRow.id).where(
        col(DraftRow.state).in_(_OVER), col(DraftRow.updated_at) < before, col(DraftRow.record).is_not(None)
    )
    ids = list(await session.exec(drafts.limit(most)))
    emptied = update(DraftRow).where(col(DraftRow.id).in_(ids)).values(record=None, claims=[], findings=[])
    await session.exec(emptied.execution_options(synchronize_session=False))
    if len(ids) == most:
        return most
    turns = select(TurnRow.id).where(col(TurnRow.ended_at) < before, col(TurnRow.record).is_not(None))
    of_panel = list(await session.exec(turns.limit(most - len(ids))))
    await session.exec(delete(TurnPartRow).where(col(TurnPartRow.turn).in_(of_panel)))
    emptied = update(TurnRow).where(col(TurnRow.id).in_(of_panel)).values(record=None)
    await session.exec(emptied.execution_options(synchronize_session=False))
    return len(ids) + len(of_panel)


async def forget_attachments(session: AsyncSession, before: datetime, most: int) -> list[str]:
    """Let go of so many attachments of posts from before then; the names of their files. An open case keeps its own."""
    under_work = select(CaseRow.id).where(
        CaseRow.thread == PostRow.thread, CaseRow.folded_author == PostRow.folded_author, col(CaseRow.open)
    )
    query = (
        select(AttachmentRow)
        .join(PostRow, col(PostRow.id) == AttachmentRow.post)
        .where(col(AttachmentRow.file).is_not(None), col(PostRow.sent_at) < before, ~under_work.exists())
        .limit(most)
    )
    files = []
    for row in await session.exec(query):
        files.append(row.file or "")
        row.state, row.reason = "refused", "it was kept long enough"
        row.alt = row.url = row.file = row.media_type = row.size = None
    return files


async def forget_spacings(session: AsyncSession, before: datetime, most: int) -> int:
    """Delete so many of an erased customer's times of being left alone that are over; how many."""
    until = col(QuestionSpacingRow.until)
    over = col(QuestionSpacingRow.customer).like(_ERASED) & (until.is_(None) | (until < before))
    keys = list(await session.exec(select(QuestionSpacingRow.key).where(over).limit(most)))
    # one that was offered something meanwhile is not over any more
    await session.exec(delete(QuestionSpacingRow).where(col(QuestionSpacingRow.key).in_(keys), over))
    return len(keys)


async def next_old_case(session: AsyncSession, before: datetime, *, after: str) -> CaseRow | None:
    """The next case by id that is over, has not changed since then and still says anything."""
    query = select(CaseRow).where(
        col(CaseRow.open).is_(False), col(CaseRow.updated_at) < before, col(CaseRow.emptied_at).is_(None)
    )
    return (await session.exec(query.where(CaseRow.id > after).order_by(col(CaseRow.id)).limit(1))).first()


async def old_conversations(session: AsyncSession, before: datetime, most: int, *, after: str) -> list[str]:
    """The next so many panel sessions by id that were opened before then and still say anything."""
    said = select(TurnRow.id).where(TurnRow.conversation == ConversationRow.id, TurnRow.asked != "").exists()
    named = col(ConversationRow.customer).not_like(_ERASED)
    query = select(ConversationRow.id).where(col(ConversationRow.opened_at) < before, said | named)
    query = query.where(ConversationRow.id > after)
    return list(await session.exec(query.order_by(col(ConversationRow.id)).limit(most)))
