"""Which saved replies were put into a draft, and what of them was sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher

from sqlmodel.ext.asyncio.session import AsyncSession

from assistant.outcome import Part
from assistant.reading.blanks import around_blanks
from server.events.log import record
from server.models import DraftRow, PublicationRow, SavedReplyUseRow
from server.saved_replies import repository
from server.saved_replies.refusals import NoSuchSavedReply
from server.staff.roles import Caller

_HALF = 0.5
"""With fewer of its words what was sent is somebody's own text."""


@dataclass(frozen=True, slots=True)
class Inserted:
    """A saved reply that a person put into a part of a draft, in this version and language."""

    saved_reply: str
    version: int
    language: str
    part: Part


async def note_inserted(
    session: AsyncSession, caller: Caller, draft: DraftRow, inserted: Sequence[Inserted], now: datetime
) -> None:
    """Note what was put into a draft, in the transaction that changes it.

    Raises:
        NoSuchSavedReply: The draft's brand has none of this id, version and language.
    """
    for one in inserted:
        row = await repository.find(session, one.saved_reply, [draft.brand])
        said = await repository.version(session, one.saved_reply, one.version)
        if row is None or said is None or one.language not in (said.said or {}).get("texts", {}):
            raise NoSuchSavedReply
        use = SavedReplyUseRow(
            draft=draft.id,
            part=one.part.value,
            saved_reply=one.saved_reply,
            brand=draft.brand,
            version=one.version,
            language=one.language,
            staff=caller.id,
            at=now,
        )
        await session.merge(use)
        record(
            session,
            "saved_reply.inserted",
            one.saved_reply,
            brand=draft.brand,
            at=now,
            by=caller.id,
            draft=draft.id,
            case=draft.case,
            version=one.version,
        )


async def note_sent(session: AsyncSession, publication: PublicationRow) -> bool:
    """Note what of a draft's saved replies has just been sent; whether any of this draft's was, in either part."""
    uses = await repository.uses_of_draft(session, publication.draft)
    for use in uses:
        if use.part != publication.part:
            continue
        version = await repository.version(session, use.saved_reply, use.version)
        texts = ((version.said if version else None) or {}).get("texts", {})
        said = texts.get(use.language, {}).get(use.part) or ""
        if _kept(said, publication.text) >= _HALF:
            use.sent_at, use.changed = publication.sent_at, not _says(said, publication.text)
            session.add(use)
    return any(use.sent_at is not None for use in uses)


def _says(said: str, sent: str) -> bool:
    """Whether a text holds everything that a saved reply says, in its order, but for its blanks and for spaces."""
    text, at = " ".join(sent.split()), 0
    for piece in around_blanks(said):
        words = " ".join(piece.split())
        found = text.find(words, at)
        if found < 0:
            return False
        at = found + len(words)
    return True


def _kept(said: str, sent: str) -> float:
    """The share of a saved reply's own words that stand in a text, in their order."""
    words = " ".join(around_blanks(said)).split()
    matcher = SequenceMatcher(None, words, sent.split(), autojunk=False)
    return sum(block.size for block in matcher.get_matching_blocks()) / max(len(words), 1)
