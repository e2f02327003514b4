"""The job "send": takes a publication one step further.

The intent is written and committed first, then the call is made, then its outcome is recorded. Between the second and
the third a process can die: whoever finds the intent afterwards looks on the network (looking.py) before anything else.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from server.channels.intake import as_stored
from server.channels.protocol import (
    Channel,
    Happened,
    NetworkUnreachable,
    NotOffered,
    Outgoing,
    SendDelayed,
    SendRefused,
    SendUnknown,
)
from server.db import reading, writing
from server.drafts.states import DraftState
from server.drafts.voiding import still_rests
from server.jobs.claims import TRIES, Claimed, again, finish, hold
from server.models import AccountRow, PublicationRow
from server.publications import repository
from server.publications.finding import lock_with_case
from server.publications.gates import Void, Wait, gate
from server.publications.looking import look, search
from server.publications.moving import advance
from server.publications.outcomes import (
    IN_DOUBT,
    Attempt,
    doubt,
    outgoing_of,
    record_arrival,
    record_delay,
    record_doubt,
    record_refusal,
    record_silence,
    record_void,
)
from server.publications.restoring import CANNOT_LOOK, may_be_out, out_since
from server.publications.returning import give_back
from server.publications.states import PublicationMove, PublicationState
from server.publications.timing import ASK_AGAIN, CALL_LIMIT, LOOK_SOON, READ_LIMIT, START_WITHIN, retry_after
from server.service import Service
from tools.ports import PortUnavailable

_BROKEN = "Deskside failed at it again and again; its log says why"
_TO_SEND = frozenset({PublicationState.HELD, PublicationState.QUEUED})


@dataclass(frozen=True, slots=True)
class Intent:
    """What was written down before the call, and the target as we know it.

    `out_since`: the text may have been sent since then, and has to be looked for first (restoring.py).
    """

    attempt: Attempt
    attempted_at: datetime
    channel: Channel
    outgoing: Outgoing
    target_text: str
    out_since: datetime | None


async def send(service: Service, job: Claimed) -> None:
    """Take the publication of the job one step further: send it, look for it, or leave it to whatever it waits for.

    Raises:
        LeaseLost: Somebody else holds the job.
    """
    publication_id = str(job.payload["publication"])
    async with reading(service.engine) as session:
        publication = await repository.find_publication(session, publication_id)
    if job.attempts >= TRIES:
        await _give_up(service, job, publication_id)
        return
    if publication is not None and publication.state in IN_DOUBT:
        await look(service, job, publication)
        return
    fallen = await _fallen(service, publication)
    intent = await _begin(service, job, publication_id, fallen)
    if intent is not None:
        await _deliver(service, job, intent)


async def _give_up(service: Service, job: Claimed, publication_id: str) -> None:
    """The last try of a job that has failed at each before: no call, but an end that people see."""
    async with writing(service.engine) as session:
        now = service.clock()
        await hold(session, job)
        publication = await lock_with_case(session, publication_id)
        if publication is not None and publication.state == PublicationState.SENDING:
            doubt(session, publication, _BROKEN, now)
        elif publication is not None and publication.state in _TO_SEND:
            await give_back(session, publication, _BROKEN, now)
        await finish(session, job, now)


async def _fallen(service: Service, publication: PublicationRow | None) -> Wait | Void | None:
    """What the draft rested on and does not any more. It asks other systems: never within a transaction.

    Where one of them does not answer, the text waits: what is not known to be right is not sent.
    """
    if publication is None or publication.state not in _TO_SEND or service.clock() < publication.send_after:
        return None
    async with reading(service.engine) as session:
        draft = await repository.find_draft(session, publication.draft)
    if draft is None or draft.state != DraftState.APPROVED:
        return None  # the gate says so, in its turn
    try:
        reason = await still_rests(draft, service)
    except PortUnavailable:
        return Wait(until=service.clock() + ASK_AGAIN)
    return None if reason is None else Void(reason)


async def _begin(service: Service, job: Claimed, publication_id: str, fallen: Wait | Void | None) -> Intent | None:
    """Write the intent, if nothing keeps the publication from being sent; else see to the job."""
    async with writing(service.engine) as session:
        now = service.clock()
        await hold(session, job)
        publication = await lock_with_case(session, publication_id)
        account = await repository.hold_account(session, publication.account) if publication else None
        if publication is None or account is None or publication.state not in _TO_SEND:
            await finish(session, job, now)
            return None
        shut = await _shut(service, session, publication, account, now, fallen)
        if publication.state == PublicationState.HELD and now >= publication.send_after:
            advance(session, publication, PublicationMove.QUEUE, now)
        if shut is None:
            channel = service.channel(account)  # what cannot be opened is no intent
            return await _write_intent(session, publication, channel, now)
        if isinstance(shut, Void):
            await give_back(session, publication, shut.reason, now, again=shut.again)
        if isinstance(shut, Wait) and shut.why is not None:
            publication.error = shut.why
            session.add(publication)
        if isinstance(shut, Wait) and shut.until is not None:
            await again(session, job, now, after=shut.until, words="it waits")
        else:
            await finish(session, job, now)
        return None


async def _shut(
    service: Service,
    session: AsyncSession,
    publication: PublicationRow,
    account: AccountRow,
    now: datetime,
    fallen: Wait | Void | None,
) -> Wait | Void | None:
    too_old = timedelta(minutes=service.settings.too_old_minutes)
    return await gate(session, publication, account, now, too_old=too_old) or fallen


async def _write_intent(session: AsyncSession, publication: PublicationRow, channel: Channel, now: datetime) -> Intent:
    since = await out_since(session, publication) if await may_be_out(session, publication) else None
    publication.attempt += 1
    publication.attempted_at = now
    advance(session, publication, PublicationMove.BEGIN, now)
    draft = await repository.find_draft(session, publication.draft)
    target = await repository.find_post(session, draft.target_post) if draft else None
    return Intent(
        attempt=Attempt(publication.id, publication.attempt),
        attempted_at=now,
        channel=channel,
        outgoing=outgoing_of(publication),
        target_text=target.text if target else "",
        out_since=since,
    )


async def _deliver(service: Service, job: Claimed, intent: Intent) -> None:
    """Read the target once more, make the call, and record what came of it.

    An error that is none of the channel's words leaves the intent as it is: the job is tried again, and looks first.
    """
    if intent.out_since is not None and not await _is_absent(service, job, intent, intent.out_since):
        return
    try:
        changed = await _changed(intent)
    except (NetworkUnreachable, TimeoutError) as error:
        wait = retry_after(intent.attempt.number)
        await record_delay(service, job, intent.attempt, str(error) or "the network did not answer", wait)
        return
    if changed is not None:
        await record_void(service, job, intent.attempt, changed)
    elif service.clock() > intent.attempted_at + START_WITHIN:
        # whoever finds the intent counts on no call beginning so late (timing.call_is_over)
        await record_delay(service, job, intent.attempt, "this machine was too slow to begin", timedelta())
    else:
        await _call(service, job, intent)


async def _is_absent(service: Service, job: Claimed, intent: Intent, since: datetime) -> bool:
    """Whether the network says that it does not have the text; if it says anything else, that is recorded."""
    seen = await search(intent.channel, intent.outgoing, since=since)
    if seen.network_id is not None:
        await record_arrival(service, job, intent.attempt, seen.network_id)
    elif not seen.searchable:
        await record_doubt(service, job, intent.attempt, CANNOT_LOOK, None)
    elif not seen.asked:
        # the intent stands, and whoever finds it looks again
        await record_silence(service, job, intent.attempt, seen.words, LOOK_SOON)
    return seen.asked and seen.network_id is None


async def _changed(intent: Intent) -> str | None:
    """Why the target is not what was answered any more, as the network tells it at this moment."""
    try:
        async with asyncio.timeout(READ_LIMIT.total_seconds()):
            target = await intent.channel.read(intent.outgoing.reply_to)
    except NotOffered:
        return None
    if target is None or target.happened is Happened.DELETED:
        return "the post it answers was deleted"
    if as_stored(target.text) != intent.target_text:
        return "the post it answers was edited"
    return None


async def _call(service: Service, job: Claimed, intent: Intent) -> None:
    try:
        async with asyncio.timeout(CALL_LIMIT.total_seconds()):
            network_id = await intent.channel.send(intent.outgoing)
    except SendRefused as refusal:
        await record_refusal(service, job, intent.attempt, str(refusal))
    except SendDelayed as delay:
        await record_delay(service, job, intent.attempt, str(delay), delay.retry_after, lane_too=True)
    except (SendUnknown, TimeoutError) as doubt:
        words = str(doubt) or "the network did not answer"
        await record_silence(service, job, intent.attempt, words, LOOK_SOON)
    else:
        await record_arrival(service, job, intent.attempt, network_id)
