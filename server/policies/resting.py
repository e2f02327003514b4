"""What rests on a document, sentence by sentence: drafts, texts on their way, answers and panel turns of these days."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from server.conversations.states import TAKEN, SuggestionState
from server.db import reading
from server.drafts.rests import policy_told_now
from server.drafts.voiding import STALE
from server.models import DraftRow, PublicationRow, SuggestionRow, TurnRow
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


@dataclass(frozen=True, slots=True)
class RestingTurn:
    """What a rep was told or suggested in a session, and what they took of it to tell the customer."""

    turn: TurnRow
    version: int | None
    suggestions: Sequence[SuggestionRow]
    sentences: Sequence[Resting]

    @property
    def taken(self) -> Sequence[SuggestionRow]:
        """What was copied or inserted, as it stood or edited."""
        return [row for row in self.suggestions if SuggestionState(row.state) in TAKEN]

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
            draft,
            versions[draft.id],
            publications.get(draft.id, []),
            await _sentences(service, draft.record or {}, draft.claims, document),
        )
        for draft in drafts
    ]


async def turns_resting_on(
    service: Service, calendar: Calendar, caller: Caller, document: str, *, before: str | None, limit: int
) -> Sequence[RestingTurn]:
    """The panel's turns of the last days that read a document, the newest first. No transaction may be open.

    Those that read it and cite it nowhere have no sentences.
    """
    since = service.clock() - LOOKED_BACK
    async with reading(service.engine) as session:
        turns = await resting_repository.turns_reading(
            session, document, caller.brands, since=since, before=before, limit=limit
        )
        suggestions = await resting_repository.suggestions_of(session, [turn.id for turn in turns])
        versions = {}
        for turn in turns:
            day = calendar.day(turn.brand, turn.started_at)
            row = await repository.told_at(session, document, day=day, at=turn.started_at)
            versions[turn.id] = row.number if row is not None else None
    return [
        RestingTurn(
            turn,
            versions[turn.id],
            suggestions.get(turn.id, []),
            await _sentences(service, record, record.get("claims", ()), document),
        )
        for turn in turns
        if (record := turn.record) is not None
    ]


def _written(draft: DraftRow, calendar: Calendar) -> tuple[date, datetime]:
    started = (draft.record or {}).get("started_at")
    at = datetime.fromisoformat(started) if started else draft.created_at
    return calendar.day(draft.brand, at), at


async def _sentences(
    service: Service, turn: Mapping[str, Any], claims: Iterable[Mapping[str, Any]], document: str
) -> list[Resting]:
    """The statements that cite the document."""
    told = {item["id"]: item for item in turn.get("evidence", ()) if _is_of(item["ref"], document)}
    now = await policy_told_now(turn, document, service.desk.ports) if told else {}
    return [
        _held(claim, item, now.get(item["ref"]))
        for claim in claims
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
