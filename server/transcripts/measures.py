"""What of a person's work in a transcript can be counted: of the answers that they approved and that were sent."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from assistant.outcome import ClaimKind, Severity
from server.drafts.states import Move
from server.models import DraftRow, PromiseRow, PublicationRow
from server.promises.states import PromiseState
from server.publications.states import PublicationState
from server.transcripts import timeline
from server.transcripts.differences import share_changed
from server.transcripts.forms import Measure
from server.transcripts.timeline import Around, Entry, Transcript
from server.transcripts.views import first_texts

_MOST_ENTRIES = 2_000
_YES = (Move.APPROVE.value, Move.ASK_SECOND.value)
_RESTS = (ClaimKind.FACT, ClaimKind.POLICY, ClaimKind.PROMISE)
_COSTS = (Severity.BLOCK, Severity.WARN)


@dataclass(frozen=True, slots=True)
class Counted:
    """A measure: `good` of `all`, or None where there is nothing to count, and what was counted, in words."""

    share: float | None
    good: float
    all: int
    words: str

    def as_json(self) -> dict[str, Any]:
        """As it is kept with a scorecard."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Work:
    """What a person sent in a transcript, and what was promised with it."""

    drafts: Sequence[DraftRow]
    publications: Mapping[str, Sequence[PublicationRow]]
    promises: Sequence[PromiseRow]
    around: Around


async def read_work(session: AsyncSession, transcript: Transcript, person: str) -> tuple[Work, bool]:
    """What they sent, and whether they did anything in it at all."""
    entries = await timeline.read_entries(session, transcript, limit=_MOST_ENTRIES)
    around = await timeline.read_around(session, entries, fully=False)
    mine = {
        entry.row.draft
        for entry in entries
        if entry.kind == "decision" and entry.row.kind in _YES and entry.row.staff == person
    }
    sent: dict[str, list[PublicationRow]] = defaultdict(list)
    for row in _rows(entries, "publication"):
        if row.draft in mine and row.state == PublicationState.SENT:
            sent[row.draft].append(row)
    drafts = [row for row in _rows(entries, "draft") if row.id in sent]
    promises = [row for row in _rows(entries, "promise") if row.draft in sent]
    took_part = any(entry.by == person for entry in entries)
    return Work(drafts, sent, promises, around), took_part


def measure(work: Work, now: datetime) -> dict[Measure, Counted]:
    """Everything that is counted."""
    return {
        Measure.FINDINGS: _findings(work),
        Measure.CITATIONS: _citations(work),
        Measure.EDITS: _edits(work),
        Measure.CLOCK: _clock(work),
        Measure.PROMISES: _promises(work, now),
    }


def _rows(entries: Sequence[Entry], kind: str) -> list[Any]:
    return [entry.row for entry in entries if entry.kind == kind]


def _counted(good: float, of: int, words: str) -> Counted:
    return Counted(good / of if of else None, good, of, words)


def _findings(work: Work) -> Counted:
    """Sentences that no check had anything against when they were sent."""
    every = [(draft.id, claim["part"], claim["sentence"]) for draft in work.drafts for claim in draft.claims]
    flagged = {
        (draft.id, finding["part"], finding["sentence"])
        for draft in work.drafts
        for finding in draft.findings
        if finding["severity"] in _COSTS
    }
    return _counted(sum(one not in flagged for one in every), len(every), "sentences that no check flagged")


def _citations(work: Work) -> Counted:
    resting = [claim for draft in work.drafts for claim in draft.claims if claim["kind"] in _RESTS]
    return _counted(
        sum(bool(claim["evidence"]) for claim in resting), len(resting), "facts, rules and promises with a source"
    )


def _edits(work: Work) -> Counted:
    """How much of what was proposed was kept."""
    kept = 0.0
    for draft in work.drafts:
        first = first_texts(draft, work.around.kept.get(draft.id), work.around.first_edits.get(draft.id))
        before = "\n".join(text for text in first.values() if text)
        after = "\n".join(text for text in (draft.public_text, draft.private_text) if text)
        kept += 1 - share_changed(before, after)
    return _counted(round(kept, 4), len(work.drafts), "drafts, each by the share of its words that was kept")


def _clock(work: Work) -> Counted:
    due = [draft for draft in work.drafts if draft.due_at is not None]
    in_time = [draft for draft in due if _sent_at(work, draft) <= (draft.due_at or _sent_at(work, draft))]
    return _counted(len(in_time), len(due), "answers sent by the time they were due")


def _sent_at(work: Work, draft: DraftRow) -> datetime:
    return min(row.sent_at or row.updated_at for row in work.publications[draft.id])


def _promises(work: Work, now: datetime) -> Counted:
    """Of what was due, what was kept by when it was due at first; what was taken back was not kept."""
    due = [row for row in work.promises if row.first_due is not None and row.first_due <= now]
    kept = [
        row
        for row in due
        if row.state == PromiseState.KEPT and row.settled_at and row.first_due and row.settled_at <= row.first_due
    ]
    return _counted(len(kept), len(due), "promises kept by the time that was promised")
