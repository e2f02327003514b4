"""What rests on a document: drafts, approved texts on their way, and answers of the last days, sentence by sentence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from server.db import reading
from server.drafts.rests import policy_told_now
from server.drafts.voiding import STALE
from server.models import DraftRow, PublicationRow
from server.policies import repository, resting_repository
from server.policies.calendar import Calendar
from server.publications.states import PublicationState
from server.service import Service
from server.staff.roles import Caller
from tools.evidence import Evidence

LOOKED_BACK = timedelta(days=7)
"""For how long an answer that was sent is told of."""


@dataclass(frozen=True, slots=True)
class Resting:
    """A sentence that cites a document: what it said when the sentence was written, for whom, and the same now."""

    part: str
    sentence: str
    source: str
    said: str
    says: str | None
    held_for: str | None
    holds_for: str | None

    @property
    def changed(self) -> bool:
        """Whether the sentence rests on other words than there are now, or on words that hold for others now."""
        return self.said != self.says or (self.held_for is not None and self.held_for != self.holds_for)


@dataclass(frozen=True, slots=True)
class RestingDraft:
    """A draft that rests on a document, the version that it was written on, and what of it is out or on its way."""

    draft: DraftRow
    version: int | None
    publications: Sequence[PublicationRow]
    sentences: Sequence[Resting]

    @property
    def standing(self) -> str:
        """`sent`, `scheduled`, `leaving`, or where the draft itself stands."""
        states = {row.state for row in self.publications}
        if PublicationState.SENT in states:
            return "sent"
        if any(row.scheduled for row in self.publications if row.state == PublicationState.HELD):
            return "scheduled"
        under_way = states & {PublicationState.HELD, PublicationState.QUEUED, PublicationState.SENDING}
        return "leaving" if under_way or PublicationState.UNCERTAIN in states else self.draft.state

    @property
    def sent_back(self) -> bool:
        """Whether it went back to review because a fact has changed."""
        return any(finding["rule"] == STALE for finding in self.draft.findings)

    @property
    def changed(self) -> bool:
        """Whether a sentence of it rests on other words than there are now."""
        return any(sentence.changed for sentence in self.sentences)


async def resting_on(
    service: Service, calendar: Calendar, caller: Caller, document: str, *, before: str | None, limit: int
) -> Sequence[RestingDraft]:
    """What of the caller's brands rests on a document, the newest first. No transaction may be open."""
    since = service.clock() - LOOKED_BACK
    async with reading(service.engine) as session:
        drafts = await resting_repository.drafts_resting_on(
            session, document, caller.brands, sent_since=since, before=before, limit=limit
        )
        publications = await resting_repository.publications_of(session, [draft.id for draft in drafts])
        versions = {}
        for draft in drafts:
            day, at = _written(draft, calendar)
            row = await repository.told_at(session, document, day=day, at=at)
            versions[draft.id] = row.number if row is not None else None
    return [
        RestingDraft(
            draft, versions[draft.id], publications.get(draft.id, []), await _sentences(service, draft, document)
        )
        for draft in drafts
    ]


def _written(draft: DraftRow, calendar: Calendar) -> tuple[date, datetime]:
    started = (draft.record or {}).get("started_at")
    at = datetime.fromisoformat(started) if started else draft.created_at
    return calendar.day(draft.brand, at), at


async def _sentences(service: Service, draft: DraftRow, document: str) -> list[Resting]:
    """The draft's statements that cite the document."""
    turn: dict[str, Any] = draft.record or {}
    told = {item["id"]: item for item in turn.get("evidence", ()) if _is_of(item["ref"], document)}
    now = await policy_told_now(turn, document, service.desk.ports) if told else {}
    return [
        _held(claim, item, now.get(item["ref"]))
        for claim in draft.claims
        for item in (told[number] for number in claim["evidence"] if number in told)
    ]


def _held(claim: Mapping[str, Any], item: Mapping[str, Any], now: Evidence | None) -> Resting:
    """A statement beside what its evidence was, and what it would be now."""
    return Resting(
        part=claim["part"],
        sentence=claim["sentence"],
        source=item["ref"],
        said=item["text"],
        says=now.text if now else None,
        held_for=item.get("holds_for"),
        holds_for=now.holds_for if now else None,
    )


def _is_of(ref: str, document: str) -> bool:
    return ref.partition("#")[0] == f"policy:{document}"
