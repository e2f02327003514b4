"""Scoring somebody's work in a transcript: assigned, scored, disputed by whose work it is, settled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from server.errors import Conflict, NotAllowed, NotFound, Unprocessable
from server.events.log import record
from server.models import ScorecardRow
from server.models.ids import new_id
from server.staff.repository import find_person
from server.staff.roles import PERMISSIONS, Caller, Permission, Role, who_may
from server.transcripts import scorecard_repository as repository
from server.transcripts import timeline
from server.transcripts.forms import Answers, Form, automatic_share, check_answers, human_share
from server.transcripts.measures import measure, read_work


class CardState(StrEnum):
    """Where a scorecard stands."""

    ASSIGNED = "assigned"
    SCORED = "scored"
    DISPUTED = "disputed"
    SETTLED = "settled"


class Why(StrEnum):
    """What had a transcript looked at."""

    SAMPLE = "sample"
    COMPLAINT = "complaint"
    OVERRIDE = "override"
    CHOSEN = "chosen"


class ScorecardNotFound(NotFound):
    """There is none of this id, or none that the caller may see."""

    def __init__(self) -> None:
        super().__init__("there is no such scorecard")


class NoSuchForm(Unprocessable):
    """No form of this id is for this brand."""


class DidNothing(Unprocessable):
    """Whoever is to be scored has done nothing in this transcript."""


class CannotScore(Unprocessable):
    """Whoever is to score does not, for this brand, or it would be their own work."""


class AlreadyAssigned(Conflict):
    """Somebody is to fill in this form about this person's work here already."""


class ScorecardMoved(Conflict):
    """It stands otherwise than the caller saw it; the details tell how."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """Whose work is to be looked at, where, by which form, by whom (None: whoever takes it) and why."""

    transcript: str
    person: str
    form: str
    to: str | None = None
    why: Why = Why.CHOSEN


async def assign(
    session: AsyncSession, forms: Sequence[Form], caller: Caller, wanted: Assignment, now: datetime
) -> ScorecardRow:
    """Have somebody's work in a transcript looked at.

    Raises:
        TranscriptNotFound: None of the caller's brands.
        NoSuchForm: No form of this id is for its brand.
        DidNothing: They have done nothing in it.
        CannotScore: Whoever is to score it may not.
        AlreadyAssigned: It is to be looked at already.
    """
    transcript = await timeline.find(session, caller, wanted.transcript)
    form = next((one for one in forms if one.id == wanted.form and one.is_for(transcript.brand)), None)
    if form is None:
        known = ", ".join(one.id for one in forms if one.is_for(transcript.brand))
        raise NoSuchForm(f"there is no such form for this brand; there is {known or 'none'}", form=wanted.form)
    await repository.lock_transcript(session, transcript.id)
    _, took_part = await read_work(session, transcript, wanted.person)
    if not took_part:
        raise DidNothing("this person has done nothing in this transcript", person=wanted.person)
    if wanted.to is not None:
        await _check_scorer(session, wanted.to, wanted.person, transcript.brand)
    twin = await repository.open_card(session, transcript.id, wanted.person, form.id)
    if twin is not None:
        raise AlreadyAssigned("this is to be looked at already; fill in that scorecard", scorecard=twin.id)
    card = ScorecardRow(
        id=new_id("scorecard"),
        brand=transcript.brand,
        transcript=transcript.id,
        person=wanted.person,
        form_id=form.id,
        form=form.model_dump(mode="json"),
        state=CardState.ASSIGNED,
        why=wanted.why,
        assigned_by=caller.id,
        assigned_to=wanted.to,
        at=now,
    )
    session.add(card)
    _tell(session, card, "assigned", now, to=wanted.to)
    return card


async def score(
    session: AsyncSession,
    caller: Caller,
    card_id: str,
    *,
    version: int,
    answers: Answers,
    comment: str | None,
    now: datetime,
) -> ScorecardRow:
    """Fill in a scorecard: what a person judges, and beside it what is counted at this moment.

    Raises:
        ScorecardNotFound: None of the caller's brands.
        NotAllowed: It is their own work.
        ScorecardMoved: It is not any more as they saw it, or scored already.
        NotAnswered: The answers do not fit the form.
    """
    card = await _locked(session, caller, card_id, version, CardState.ASSIGNED)
    form = Form.model_validate(card.form)
    check_answers(form, answers)
    transcript = await timeline.find(session, caller, card.transcript)
    work, _ = await read_work(session, transcript, card.person)
    counted = measure(work, now)
    card.automatic = {name: one.as_json() for name, one in counted.items()}
    card.automatic_share = automatic_share(form, {name: one.share for name, one in counted.items()})
    card.answers, card.human_share = {"given": dict(answers)}, human_share(form, answers)
    card.comment, card.scored_by, card.scored_at = comment, caller.id, now
    _move(session, card, CardState.SCORED, now)
    return card


async def dispute(session: AsyncSession, caller: Caller, card_id: str, *, words: str, now: datetime) -> ScorecardRow:
    """Whose work it is says why a scorecard is wrong.

    Raises:
        ScorecardNotFound: None about the caller's work.
        ScorecardMoved: It is not scored, or was disputed already.
    """
    card = await repository.lock_card(session, card_id, caller.brands)
    if card is None or card.person != caller.id or card.state == CardState.ASSIGNED:
        raise ScorecardNotFound
    if card.state != CardState.SCORED:
        raise _moved(card)
    card.dispute, card.disputed_at = words, now
    _move(session, card, CardState.DISPUTED, now)
    return card


async def settle(
    session: AsyncSession,
    caller: Caller,
    card_id: str,
    *,
    version: int,
    words: str,
    answers: Answers | None,
    now: datetime,
) -> ScorecardRow:
    """Answer a dispute, with other answers where it was right; those before stay on record.

    Raises:
        ScorecardNotFound: None of the caller's brands.
        NotAllowed: It is their own work.
        ScorecardMoved: It is not any more as they saw it, or not disputed.
        NotAnswered: The answers do not fit the form.
    """
    card = await _locked(session, caller, card_id, version, CardState.DISPUTED)
    if answers is not None:
        form = Form.model_validate(card.form)
        check_answers(form, answers)
        before: dict[str, Any] = {"given": (card.answers or {}).get("given"), "share": card.human_share}
        card.answers, card.human_share = {"given": dict(answers), "before": before}, human_share(form, answers)
    card.settled_by, card.settled_at, card.settled_words = caller.id, now, words
    _move(session, card, CardState.SETTLED, now)
    return card


async def find(session: AsyncSession, caller: Caller, card_id: str) -> ScorecardRow:
    """A scorecard that the caller may see: with transcripts:read any, else their own once it is scored.

    Raises:
        ScorecardNotFound: None.
    """
    card = await repository.find_card(session, card_id, caller.brands)
    own = card is not None and card.person == caller.id and card.state != CardState.ASSIGNED
    if card is None or not (own or caller.may(Permission.READ_TRANSCRIPTS)):
        raise ScorecardNotFound
    return card


async def _locked(session: AsyncSession, caller: Caller, card_id: str, version: int, state: CardState) -> ScorecardRow:
    card = await repository.lock_card(session, card_id, caller.brands)
    if card is None:
        raise ScorecardNotFound
    if card.person == caller.id:
        words = "this is about your own work; a colleague has to look at it"
        raise NotAllowed(words, person=card.person)
    if card.state != state or card.version != version:
        raise _moved(card)
    return card


async def _check_scorer(session: AsyncSession, to: str, person: str, brand: str) -> None:
    found = await find_person(session, to)
    may = found is not None and Permission.SCORE_TRANSCRIPTS in PERMISSIONS[Role(found[0].role)]
    if found is None or not may or brand not in found[1] or found[0].disabled_at is not None:
        words = f"they cannot score for this brand; {who_may(Permission.SCORE_TRANSCRIPTS)} of it can"
        raise CannotScore(words, staff=to)
    if to == person:
        raise CannotScore("nobody scores their own work; choose a colleague", staff=to)


def _move(session: AsyncSession, card: ScorecardRow, state: CardState, now: datetime) -> None:
    card.state = state
    card.version += 1
    session.add(card)
    _tell(session, card, str(state), now)


def _tell(session: AsyncSession, card: ScorecardRow, what: str, now: datetime, **data: str | None) -> None:
    told = {"transcript": card.transcript, "person": card.person, "version": card.version, **data}
    record(session, f"scorecard.{what}", card.id, brand=card.brand, at=now, **told)


def _moved(card: ScorecardRow) -> ScorecardMoved:
    words = f"this scorecard is {card.state} and at version {card.version}; look at it again"
    return ScorecardMoved(words, state=card.state, version=card.version)
