"""Telling everybody who was promised an update how it ended, spread over time."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from server.db import writing
from server.drafts import case_repository
from server.drafts.case_repository import newest_post_of
from server.drafts.repository import lock_drafts_of
from server.drafts.states import OPEN, DraftState
from server.events.log import record
from server.incidents import promise_repository, repository, text_repository
from server.incidents.answering import Answering, NothingToAnswer
from server.incidents.approving import may_be_sent, texts_to_send
from server.incidents.finding import lock_incident
from server.incidents.in_time import refuse_late
from server.incidents.matching import LANE
from server.incidents.sending import closing_draft, send_to
from server.incidents.spreading import Spread
from server.incidents.states import Purpose
from server.jobs.claims import Claimed, finish
from server.jobs.queue import enqueue_all, job
from server.limits.holding import review_rules
from server.models import CaseRow, DraftRow, IncidentRow, JobRow, PromiseRow
from server.promises.repository import is_on_its_way
from server.service import Service
from server.staff.roles import Caller

_PAGE = 10
_LEFT = "not open, or in another language"
_WAITING = "somebody has to answer them first, or an answer is on its way"


async def tell_promised(
    service: Service,
    caller: Caller,
    incident: str,
    texts: Mapping[str, str],
    seen: Collection[str],
    spread: timedelta,
) -> Answering:
    """Send the closing text to those who were promised an update, spread over time; sent, it keeps the promise.

    Args:
        service: The service.
        caller: Who has it sent.
        incident: Its id; it may be closed.
        texts: The closing texts, by language and digest.
        seen: The promises that the caller has seen.
        spread: Over how long.

    Raises:
        NothingToAnswer: None of these is open, in the languages of the texts, with nothing else under way.
        EndsTooLate: The last would be sent after the update that the text promises.
        Refused: As `lock_incident` and `texts_to_send` say.
    """
    now = service.clock()
    async with writing(service.engine) as session:
        row = await lock_incident(session, caller, incident, closed_too=True)
        found = await texts_to_send(session, service, row, Purpose.CLOSING, texts)
        languages = {text.language: text.id for text in found}
        promises = await promise_repository.open_promises(session, incident, set(seen))
        meant = [(promise, draft) for promise, draft in promises if draft.language in languages]
        waiting = await promise_repository.cases_that_wait(session, [draft.case for _, draft in meant])
        told = [(promise, draft) for promise, draft in meant if draft.case not in waiting]
        reasons = {_LEFT: len(set(seen)) - len(meant), _WAITING: len(meant) - len(told)}
        left = {why: count for why, count in reasons.items() if count}
        if not told:
            raise NothingToAnswer("nobody of these waits for this", left=left)
        begins, pace = now + timedelta(seconds=service.settings.undo_seconds), service.settings.sends_per_minute
        spreads = _spreads([draft for _, draft in told], begins, spread, pace)
        refuse_late(found, spreads.values(), now, per_minute=pace)
        await enqueue_all(session, _jobs(row, told, languages, spreads, caller, now))
        record(session, "incident.telling", incident, brand=row.brand, at=now, cases=len(told), by=caller.id)
    service.wake()
    return Answering(len(told), max(one.ends for one in spreads.values()), left)


def _spreads(drafts: list[DraftRow], begins: datetime, span: timedelta, pace: int) -> dict[str, Spread]:
    counts: dict[str, int] = {}
    for draft in drafts:
        counts[draft.account] = counts.get(draft.account, 0) + 1
    return {account: Spread.over(begins, span, count, per_minute=pace) for account, count in counts.items()}


def _jobs(
    row: IncidentRow,
    told: list[tuple[PromiseRow, DraftRow]],
    languages: Mapping[str, str],
    spreads: Mapping[str, Spread],
    caller: Caller,
    now: datetime,
) -> list[JobRow]:
    """One job for each few: each promise with its text and its moment."""
    planned = [
        {
            "promise": promise.id,
            "text": languages[draft.language or ""],
            "at": spreads[draft.account].next().isoformat(),
        }
        for promise, draft in told
    ]
    return [
        job(
            "incident_tell",
            lane=LANE,
            payload={"incident": row.id, "by": caller.id, "planned": planned[start : start + _PAGE]},
            now=now,
            brand=row.brand,
        )
        for start in range(0, len(planned), _PAGE)
    ]


async def tell_page(service: Service, job: Claimed) -> None:
    """Send the closing text to those of one job.

    Raises:
        LeaseLost: Another worker has the job.
    """
    now = service.clock()
    async with writing(service.engine) as session:
        await finish(session, job, now)
        row = await repository.find_incident(session, str(job.payload["incident"]))
        for one in job.payload["planned"] if row is not None else ():
            assert row is not None
            await _tell(session, service, row, one, now, by=str(job.payload["by"]))
    service.wake()


async def _tell(
    session: AsyncSession, service: Service, row: IncidentRow, planned: Mapping[str, str], now: datetime, *, by: str
) -> None:
    """Send it to one, if nothing of theirs waits: a person answers who has written again, and the promise stays."""
    found = next(iter(await promise_repository.open_promises(session, row.id, [planned["promise"]])), None)
    text = await text_repository.find_text(session, row.id, planned["text"])
    rules = await review_rules(session, service.settings.knowledge, row.brand)
    if found is None or text is None or not may_be_sent(row, text, rules):
        return
    promise, answered = found
    case = await case_repository.lock_case(session, answered.case)
    target = await newest_post_of(session, case) if case is not None else None
    if case is None or target is None or await _is_waiting(session, case):
        return
    draft = closing_draft(row, case, target, text.language, now)
    case_repository.add(session, draft)
    await session.flush()
    record(session, "draft.drafted", draft.id, brand=draft.brand, at=now, case=case.id, incident=row.id)
    at = datetime.fromisoformat(planned["at"])
    await send_to(session, service, row, text, case, draft, now, by=by, at=at, keeps=promise.id)


async def _is_waiting(session: AsyncSession, case: CaseRow) -> bool:
    if await lock_drafts_of(session, case.id, OPEN - {DraftState.APPROVED}):
        return True
    return await is_on_its_way(session, case.id)
