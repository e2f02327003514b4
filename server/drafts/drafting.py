"""The job that writes a draft: the posts are read, the assistant runs, and the result is kept if it still counts."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from assistant.case import Thread
from assistant.gather import query_of
from assistant.incidents import held_turn
from assistant.outcome import Clarify, Draft, Hold, TurnRecord
from assistant.screening.patterns import CATEGORIES, category
from assistant.turn import Desk, Wishes, run_turn
from server.actions.of_drafts import NO_OFFERS, Offers, judge_offers, propose_offers
from server.db import reading, writing
from server.drafts import case_repository, repository
from server.drafts.deadlines import watch
from server.drafts.moving import advance
from server.drafts.queue_repository import follow_case
from server.drafts.ranks import DANGER, ORDINARY, OVERDUE
from server.drafts.requesting import ask_for_draft
from server.drafts.rests import rests_of_draft
from server.drafts.states import Move
from server.drafts.threads import ReadCase, read_case
from server.drafts.voiding import supersede
from server.drafts.writing import SEEN, record_as_json
from server.incidents.matching import Looked, list_case, list_missed, look_for_incident, takes_still
from server.incidents.sparing import desk_for
from server.insights.noting import note_drafted
from server.jobs.claims import Claimed, finish
from server.log_context import case_id
from server.models import CaseRow, DraftRow
from server.policies.missing import Missing, keep_missing_of_case, look_for_missing
from server.service import Service
from server.shop.folding import fold_channel
from server.transcripts.keeping import keep_turn
from tools.ports import Identity, PortUnavailable

DISMISSED = "dismissed"
"""In a draft's record: dangers of which a person has said that they are none."""

_MOVES = {
    "draft": Move.FINISH,
    "clarify": Move.FINISH,
    "hand_over": Move.HAND_OVER,
    "no_reply": Move.NO_REPLY,
    "hold": Move.HOLD,
}


@dataclass(frozen=True, slots=True)
class _Turned:
    """What a turn came to, when the customer's first open promise is due, and the incident that it belongs to.

    `offers` are the actions that it proposes and that may be done; `missing` is what no policy answers.
    """

    record: TurnRecord
    promised_for: datetime | None
    looked: Looked
    offers: Offers
    missing: Missing | None = None


async def draft_case(service: Service, job: Claimed) -> None:
    """Write the draft that the case waits for.

    If its author wrote, edited or deleted something meanwhile the result is dropped: whoever took that in has asked for
    another draft.

    Raises:
        LeaseLost: Another worker has the job.
    """
    case_id.set(job.payload["case"])
    async with reading(service.engine) as session:
        case = await case_repository.find_case(session, job.payload["case"])
        waits = case is not None and _still_writing(case, service.clock())
        draft = await repository.draft_being_written(session, case.id) if case and not waits else None
        found = await read_case(session, case) if case and draft else None
    turned = await _turn(service, found, draft, service.clock()) if found and draft else None
    now = service.clock()
    async with writing(service.engine) as session:
        await finish(session, job, now)
        if case is None or draft is None:
            return
        locked = await case_repository.lock_case(session, case.id)
        current = await repository.find_draft(session, draft.id)
        if locked is None or current is None or current.version != draft.version:
            return
        if found is None or turned is None:
            await supersede(session, current, "nothing is left to answer", now)
        elif isinstance(turned.record.outcome, Hold) and not await takes_still(session, turned.looked, case.id):
            aside = (draft.record or {}).get(DISMISSED, ())
            await ask_for_draft(session, locked, found.target, now, after=now, dismissed=aside)
        else:
            await _keep(session, service, found, locked, current, turned, now)


def _still_writing(case: CaseRow, now: datetime) -> bool:
    """Whether the author has written since the job was claimed: another job waits for the end of that."""
    return case.draft_after is not None and case.draft_after > now


async def _turn(service: Service, found: ReadCase, draft: DraftRow, now: datetime) -> _Turned:
    """The turn; what an incident's text answers, and nobody has asked a draft for, is left to that."""
    wishes = Wishes(draft.wish or "", frozenset((draft.record or {}).get(DISMISSED, ())))
    looked = await look_for_incident(service, found, dismissed=wishes.dismissed)
    if looked.held is not None and not wishes.words:
        return _Turned(held_turn(found.thread, looked.held, now), None, looked, NO_OFFERS)
    desk, notes = await desk_for(service, found.case.brand)
    record = await run_turn(found.thread, desk, now=now, wishes=wishes)
    proposals = record.outcome.actions if isinstance(record.outcome, Draft | Clarify) else ()
    customer = record.identity.customer
    offers = await judge_offers(service, draft.brand, customer, proposals, case=draft.case, draft=draft.id)
    record = replace(record, notes=(*record.notes, *notes, *offers.notes))
    missing = await look_for_missing(service, record, query_of(found.thread))
    return _Turned(record, await _first_due(desk, record.identity, found.thread), looked, offers, missing)


async def _first_due(desk: Desk, who: Identity, thread: Thread) -> datetime | None:
    """When the first of what was promised is due: to this customer anywhere, or in this very case to whoever it is."""
    try:
        theirs = await desk.ports.promises.open_for(who.customer) if who.customer is not None else ()
    except PortUnavailable:
        theirs = ()
    return min((promise.due for promise in (*theirs, *thread.promised) if promise.due is not None), default=None)


async def _keep(
    session: AsyncSession,
    service: Service,
    found: ReadCase,
    case: CaseRow,
    draft: DraftRow,
    turned: _Turned,
    now: datetime,
) -> None:
    """The turn becomes the draft, with everything that makes it void."""
    aside = (draft.record or {}).get(DISMISSED, ())
    turn = turn_as_json(turned.record) | ({DISMISSED: aside} if aside else {})
    danger = danger_of(turn)
    link = await case_repository.standing_link(
        session,
        brand=case.brand,
        channel=fold_channel(found.account.channel),
        folded_handle=case.folded_author,
    )
    overdue = turned.promised_for is not None and turned.promised_for <= now
    values = {
        "rank": DANGER if danger else OVERDUE if overdue else ORDINARY,
        # what an incident answers is due with the incident, and in nobody's queue
        "due_at": None if turn["incident"] else case.due_at or now,
        "target_post": found.target.id,
        "target_version": found.target.version,
        "danger": danger,
        "reach": max((post.reach for post in found.spoken if post.reach is not None), default=None),
        **columns_of(turn),
    }
    what = _MOVES[turn["outcome"]]
    if what is Move.NO_REPLY and any(promise.due and promise.due <= now for promise in found.thread.promised):
        what = Move.HAND_OVER  # whatever they wrote last, somebody has to see to what was promised
    await advance(session, draft, what, now, reason=values["reason_words"], **values)
    note_drafted(session, draft, found.target, turn, now)
    keep_turn(session, turned.record, id_=draft.id, brand=draft.brand, case=draft.case, now=now)
    if turned.looked.belonging is not None:
        await list_case(session, turned.looked.belonging, draft, found.target, now)
    await list_missed(session, draft, turned.looked.known, now)
    await propose_offers(session, service, turned.offers, draft.brand, now)
    session.add_all(rests_of_draft(draft.id, turn, turn["claims"], found.spoken, link))
    if turned.missing is not None:
        await keep_missing_of_case(session, turned.missing, draft, now)
    case.danger, case.team = danger, turn["team"] or case.team
    await follow_case(session, case)
    case.draft_after, case.updated_at = None, now
    session.add(case)
    await watch(session, draft, now, service.settings, promised_for=turned.promised_for)


def turn_as_json(record: TurnRecord) -> dict[str, Any]:
    """The turn as drafts keep it, with the moment that lateness and policies were judged by."""
    turn = {name: value for name, value in record_as_json(record).items() if name not in SEEN}
    return {**turn, "started_at": record.started_at.isoformat()}


def columns_of(turn: Mapping[str, Any]) -> dict[str, Any]:
    """What of a turn stands in columns of the draft."""
    reason = turn["reason"] or {}
    return {
        "outcome": turn["outcome"],
        "reason_code": reason.get("code"),
        "reason_words": reason.get("words"),
        "team": turn["team"],
        "language": turn["language"],
        "public_text": turn["public_text"],
        "private_text": turn["private_text"],
        "claims": turn["claims"],
        "findings": turn["findings"],
        "one_click": turn["one_click"],
        "written_by": turn["written_by"],
        "record": dict(turn),
    }


def danger_of(turn: Mapping[str, Any]) -> str | None:
    """The code of the danger that the screen named; None if it named none."""
    code = (turn["reason"] or {}).get("code")
    return code if turn["outcome"] == "hand_over" and code in {category(name).code for name in CATEGORIES} else None
