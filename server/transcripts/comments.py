"""Saying something of an entry of a transcript: to everybody who reads it, or to whose work it is."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from server.errors import Conflict, NotFound, Unprocessable
from server.events.log import record
from server.models import CommentRow
from server.models.ids import new_id
from server.staff.roles import Caller
from server.transcripts import scorecard_repository as repository
from server.transcripts import timeline


class CommentNotFound(NotFound):
    """There is none of this id that the caller is addressed with."""

    def __init__(self) -> None:
        super().__init__("there is no such comment")


class NobodysWork(Unprocessable):
    """An entry that no person made: there is nobody to address."""


class AlreadyAnswered(Conflict):
    """The comment has its answer."""


async def comment(
    session: AsyncSession, caller: Caller, transcript_id: str, entry_id: str, *, text: str, coach: bool, now: datetime
) -> CommentRow:
    """Comment on an entry; `coach`: it is for whoever made it, and for those who read transcripts, alone.

    Raises:
        TranscriptNotFound: None of the caller's brands.
        EntryNotFound: The transcript has none of this id.
        NobodysWork: Nobody made it who could be addressed.
    """
    transcript = await timeline.find(session, caller, transcript_id)
    entry = await timeline.find_entry(session, transcript, entry_id)
    if coach and entry.by is None:
        raise NobodysWork("no colleague did this; comment on what somebody did, or on this without addressing anybody")
    row = CommentRow(
        id=new_id("comment"),
        brand=transcript.brand,
        transcript=transcript.id,
        entry=entry.id,
        staff=caller.id,
        to=entry.by if coach else None,
        text=text,
        at=now,
    )
    session.add(row)
    told = {"comment": row.id, "entry": entry.id, "by": caller.id, "to": row.to}
    record(session, "transcript.commented", transcript.id, brand=row.brand, at=now, **told)
    return row


async def answer(session: AsyncSession, caller: Caller, comment_id: str, *, text: str, now: datetime) -> CommentRow:
    """Whose work it is answers.

    Raises:
        CommentNotFound: They are not addressed with any of this id.
        AlreadyAnswered: They have answered.
    """
    row = await _addressed(session, caller, comment_id)
    if row.answer is not None:
        raise AlreadyAnswered("you have answered this already", answer=row.answer)
    row.answer, row.answered_at, row.seen_at = text, now, row.seen_at or now
    session.add(row)
    told = {"comment": row.id, "entry": row.entry, "by": caller.id}
    record(session, "transcript.answered", row.transcript, brand=row.brand, at=now, **told)
    return row


async def note_seen(session: AsyncSession, caller: Caller, comment_id: str, now: datetime) -> CommentRow:
    """Whose work it is has read it.

    Raises:
        CommentNotFound: They are not addressed with any of this id.
    """
    row = await _addressed(session, caller, comment_id)
    row.seen_at = row.seen_at or now
    session.add(row)
    return row


async def _addressed(session: AsyncSession, caller: Caller, comment_id: str) -> CommentRow:
    row = await repository.lock_comment(session, comment_id, caller.brands)
    if row is None or row.to != caller.id:
        raise CommentNotFound
    return row
