"""One approved text answers everybody who was confirmed, spread over time; or one post of ours stands for all."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from server.db import writing
from server.drafts import case_repository
from server.drafts.approvals import NotLookedAt
from server.drafts.cases import close_case
from server.drafts.moving import advance
from server.drafts.repository import find_draft
from server.drafts.states import DraftState, Move
from server.errors import Unprocessable
from server.events.log import record
from server.incidents import repository, text_repository
from server.incidents.approving import reasons_for_two, texts_to_send
from server.incidents.finding import lock_incident
from server.incidents.in_time import refuse_late
from server.incidents.matching import LANE, tell_of_case
from server.incidents.sending import send_to
from server.incidents.spreading import Spread
from server.incidents.states import How, IncidentState, InIncident, Purpose
from server.jobs.claims import Claimed, finish
from server.jobs.queue import URGENT, enqueue
from server.limits.holding import review_rules
from server.models import CaseRow, DraftRow, IncidentCaseRow, IncidentRow, IncidentTextRow
from server.service import Service
from server.staff.roles import Caller

_PAGE = 10


class NothingToAnswer(Unprocessable):
    """Nobody who was confirmed waits for these texts."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """How everybody is answered: the texts by language and digest, over how long.

    Or with `pinned`, which tells where a post of ours stands that answers all; `confirmed`: somebody has seen it there.
    """

    texts: Mapping[str, str] = field(default_factory=dict)
    spread: timedelta = timedelta(hours=1)
    pinned: str | None = None
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Answering:
    """How many are being answered, by when the last is; and how many are left, by why."""

    count: int
    ends: datetime
    left: Mapping[str, int]


async def answer(service: Service, caller: Caller, incident: str, version: int, wanted: Wanted) -> Answering:
    """Answer everybody who was confirmed and whose draft is held. What is confirmed later is answered by another call.

    Raises:
        NotLookedAt: The pinned post was not confirmed to be up.
        NothingToAnswer: Nobody waits for these texts.
        EndsTooLate: The last would be sent after the update that the text promises.
        Refused: As `lock_incident` and `texts_to_send` say.
    """
    if wanted.pinned is not None and not wanted.confirmed:
        raise NotLookedAt("look at the post, and confirm that it is up")
    now = service.clock()
    async with writing(service.engine) as session:
        row = await lock_incident(session, caller, incident, version=version)
        started = await _start(session, service, row, wanted, caller, now)
        row.version += 1
        told = {"how": row.how, "cases": started.count, "by": caller.id}
        record(session, "incident.answering", incident, brand=row.brand, at=now, **told)
    service.wake()
    return started


async def _start(
    session: AsyncSession, service: Service, row: IncidentRow, wanted: Wanted, caller: Caller, now: datetime
) -> Answering:
    waiting = await text_repository.held_by_language(session, row.id)
    if wanted.pinned is not None:
        row.how = How.PINNED
        await _go_on(session, row, {"pinned": wanted.pinned, "by": caller.id, "after": ""}, now)
        return _refuse_nothing(Answering(sum(waiting.values()), now, {}))
    texts = await texts_to_send(session, service, row, Purpose.ANSWER, wanted.texts)
    spreads = await _spreads(session, service, row, texts, wanted.spread, now)
    refuse_late(texts, spreads.values(), now, per_minute=service.settings.sends_per_minute)
    count = sum(one.count for one in spreads.values())
    row.how, row.spread_minutes = How.REPLIES, round(wanted.spread.total_seconds() / 60)
    payload = {
        "texts": [text.id for text in texts],
        "spreads": {account: one.as_json() for account, one in spreads.items()},
        "by": caller.id,
        "after": "",
    }
    await _go_on(session, row, payload, now)
    ends = max((one.ends for one in spreads.values()), default=now)
    return _refuse_nothing(Answering(count, ends, _left(waiting, texts, count)))


def _refuse_nothing(started: Answering) -> Answering:
    if not started.count:
        raise NothingToAnswer("nobody who was confirmed waits for this", left=dict(started.left))
    return started


def _left(waiting: Mapping[str, int], texts: Sequence[IncidentTextRow], count: int) -> dict[str, int]:
    """Who is not answered now: no text in their language, or so many readers that a second person has to approve it."""
    languages = {text.language for text in texts}
    left = {f"no text in “{name}”": many for name, many in waiting.items() if name not in languages}
    second = sum(many for name, many in waiting.items() if name in languages) - count
    return left | ({"so many readers that a second person has to approve the text": second} if second else {})


async def _spreads(
    session: AsyncSession,
    service: Service,
    row: IncidentRow,
    texts: Sequence[IncidentTextRow],
    span: timedelta,
    now: datetime,
) -> dict[str, Spread]:
    most = (await review_rules(session, service.settings.knowledge, row.brand)).reach_above
    counts: Counter[str] = Counter()
    for text in texts:
        reach = most if text.seconded_by is None else None
        counts.update(await text_repository.held_by_account(session, row.id, [text.language], reach=reach))
    pace = service.settings.sends_per_minute
    begins = now + timedelta(seconds=service.settings.undo_seconds)
    return {account: Spread.over(begins, span, count, per_minute=pace) for account, count in counts.items()}


async def answer_confirmed(service: Service, job: Claimed) -> None:
    """Answer one page of confirmed cases, and put the next page in.

    Raises:
        LeaseLost: Another worker has the job.
    """
    now = service.clock()
    async with writing(service.engine) as session:
        await finish(session, job, now)
        row = await repository.find_incident(session, str(job.payload["incident"]))
        if row is None or row.state != IncidentState.OPEN:
            return
        page = await repository.confirmed_in(
            session, row.id, DraftState.HELD, after=str(job.payload["after"]), limit=_PAGE
        )
        spreads = {account: Spread.from_json(one) for account, one in job.payload.get("spreads", {}).items()}
        for listing in page:
            await _answer_one(session, service, row, listing, job.payload, spreads, now)
        if len(page) == _PAGE:
            going_on = {"spreads": {account: one.as_json() for account, one in spreads.items()}}
            await _go_on(session, row, {**job.payload, **going_on, "after": page[-1].case}, now)
        else:
            record(session, "incident.answered", row.id, brand=row.brand, at=now, how=row.how)
    service.wake()


async def _answer_one(
    session: AsyncSession,
    service: Service,
    row: IncidentRow,
    listing: IncidentCaseRow,
    payload: Mapping[str, Any],
    spreads: Mapping[str, Spread],
    now: datetime,
) -> None:
    case = await case_repository.lock_case(session, listing.case)
    current = await repository.case_in(session, row.id, listing.case)
    draft = await find_draft(session, listing.draft) if listing.draft else None
    if case is None or draft is None or current is None or current.id != listing.id:
        return
    ours = (draft.record or {}).get("incident") == row.id
    if draft.state != DraftState.HELD or current.state != InIncident.CONFIRMED or not ours:
        return  # somebody has taken it up
    if payload.get("pinned"):
        await _leave_unanswered(session, row, case, draft, current, str(payload["pinned"]), now, by=payload["by"])
        return
    text = await _text_for(session, service, row, draft, payload["texts"])
    spread = spreads.get(draft.account)
    if text is None or spread is None:
        return
    made = await send_to(session, service, row, text, case, draft, now, by=payload["by"], at=spread.next())
    if isinstance(made, str):
        current.why = f"{current.why}; not answered: {made}"
        return
    current.state, current.publication, current.seen_version = InIncident.ANSWERED, made.id, draft.version
    tell_of_case(session, current, now)


async def _text_for(
    session: AsyncSession, service: Service, row: IncidentRow, draft: DraftRow, texts: Sequence[str]
) -> IncidentTextRow | None:
    """The text in the case's language that still stands approved, for as many readers as this case has."""
    rules = await review_rules(session, service.settings.knowledge, row.brand)
    for name in texts:
        text = await text_repository.find_text(session, row.id, name)
        if text is None or text.language != draft.language or text.replaced_at is not None:
            continue
        if text.approved_by is None:
            continue
        if text.seconded_by is None and reasons_for_two(text, rules, reach=draft.reach):
            continue
        return text
    return None


async def _leave_unanswered(
    session: AsyncSession,
    row: IncidentRow,
    case: CaseRow,
    draft: DraftRow,
    listing: IncidentCaseRow,
    pinned: str,
    now: datetime,
    *,
    by: str,
) -> None:
    """Our pinned post stands for all: this case gets no answer of its own."""
    words = f"our post about “{row.title}” answers everybody: {pinned}"
    due = draft.due_at or case.due_at or now
    await advance(session, draft, Move.RELEASE, now, by=by, reason=words, due_at=due)
    await advance(session, draft, Move.NO_REPLY, now, by=by, reason=words, outcome="no_reply", reason_words=words)
    await close_case(session, case, now)
    listing.state, listing.why, listing.seen_version = InIncident.ANSWERED, words, draft.version
    tell_of_case(session, listing, now)


async def _go_on(session: AsyncSession, row: IncidentRow, payload: Mapping[str, Any], now: datetime) -> None:
    await enqueue(
        session,
        "incident_answer",
        lane=LANE,
        payload={**payload, "incident": row.id},
        now=now,
        brand=row.brand,
        priority=URGENT,
    )
