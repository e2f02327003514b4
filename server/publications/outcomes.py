"""Writing down what came of a call or of a look, in one transaction with the end of its job."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from server.channels.protocol import Outgoing
from server.db import writing
from server.jobs.claims import Claimed, LeaseLost, again, block, finish, hold
from server.models import PublicationRow
from server.publications import repository
from server.publications.arriving import arrive
from server.publications.finding import lock_with_case
from server.publications.moving import advance, decide
from server.publications.publishing import PRIVATE, PUBLIC
from server.publications.returning import give_back, review_again
from server.publications.states import PublicationMove, PublicationState
from server.service import Service

IN_DOUBT = frozenset({PublicationState.SENDING, PublicationState.UNCERTAIN})


@dataclass(frozen=True, slots=True)
class Attempt:
    """The intent that an outcome is of: an outcome of an earlier one must not be written over a later."""

    publication: str
    number: int


def outgoing_of(publication: PublicationRow) -> Outgoing:
    """The text as the channel takes it; the same in every attempt."""
    return Outgoing(
        key=publication.key,
        text=publication.text,
        reply_to=publication.reply_to,
        recipient=publication.recipient,
        private=publication.part == PRIVATE,
    )


async def record_arrival(service: Service, job: Claimed, attempt: Attempt, network_id: str) -> None:
    """The network has the text.

    That is true whoever holds the job: without the lease it is written down all the same, so that nobody has to look.
    """
    try:
        async with _ending(service, job, attempt) as (session, publication, now):
            if publication is not None:
                await _arrive_once(session, publication, network_id, now)
    except LeaseLost:
        async with writing(service.engine) as session:
            publication = await _of_attempt(session, attempt)
            if publication is not None:
                await _arrive_once(session, publication, network_id, service.clock())
        raise


async def record_refusal(service: Service, job: Claimed, attempt: Attempt, words: str) -> None:
    """The network will never take the text: it has failed, and its draft is looked at again."""
    async with _ending(service, job, attempt) as (session, publication, now):
        if publication is not None and publication.state == PublicationState.SENDING:
            await fail(session, publication, words, now)


async def record_void(service: Service, job: Claimed, attempt: Attempt, reason: str) -> None:
    """No call was made, and none will be: what was approved is not right any more."""
    async with _ending(service, job, attempt) as (session, publication, now):
        if publication is not None and publication.state == PublicationState.SENDING:
            await give_back(session, publication, reason, now)


async def record_delay(
    service: Service, job: Claimed, attempt: Attempt, words: str, wait: timedelta, *, lane_too: bool = False
) -> None:
    """The network has not taken the text: it is tried again after `wait`, and so are all others with `lane_too`."""
    async with _ending(service, job, attempt, wait, words) as (session, publication, now):
        if publication is None or publication.state != PublicationState.SENDING:
            return
        advance(session, publication, PublicationMove.DELAY, now)
        publication.error = words
        if lane_too:
            await block(session, job.lane, until=now + wait)


async def record_silence(service: Service, job: Claimed, attempt: Attempt, words: str, wait: timedelta | None) -> None:
    """Nothing more is known; look again after `wait`, or not any more."""
    async with _ending(service, job, attempt, wait, words) as (_, publication, __):
        if publication is not None:
            publication.error = words


async def record_doubt(service: Service, job: Claimed, attempt: Attempt, words: str, wait: timedelta | None) -> None:
    """Nothing is known, and waiting will not tell: a person can. With `wait` it is looked for besides."""
    async with _ending(service, job, attempt, wait, words) as (session, publication, now):
        if publication is not None and publication.state == PublicationState.SENDING:
            doubt(session, publication, words, now)


def doubt(session: AsyncSession, publication: PublicationRow, words: str, now: datetime) -> None:
    """From here it ends only by finding the text or by a person's word."""
    advance(session, publication, PublicationMove.DOUBT, now)
    publication.error = words
    decide(session, publication, "doubt", staff=None, reason=words, now=now)


async def fail(session: AsyncSession, publication: PublicationRow, words: str, now: datetime) -> None:
    """It will not be sent as it is. What waits for it is stopped, and the draft is looked at again."""
    advance(session, publication, PublicationMove.FAIL, now)
    publication.error = words
    which = {PRIVATE: "private", PUBLIC: "public"}[publication.part]
    await review_again(session, publication.draft, f"the {which} part could not be sent: {words}", now)


@asynccontextmanager
async def _ending(
    service: Service, job: Claimed, attempt: Attempt, wait: timedelta | None = None, words: str = ""
) -> AsyncIterator[tuple[AsyncSession, PublicationRow | None, datetime]]:
    """One transaction that ends the job, or puts it off by `wait`, and gives the publication if this attempt stands."""
    async with writing(service.engine) as session:
        now = service.clock()
        await hold(session, job)
        yield session, await _of_attempt(session, attempt), now
        # last, as a job put back waits for whoever puts in another of its key, and they may wait for the case
        if wait is None:
            await finish(session, job, now)
        else:
            await again(session, job, now, after=now + wait, words=words)


async def _of_attempt(session: AsyncSession, attempt: Attempt) -> PublicationRow | None:
    publication = await lock_with_case(session, attempt.publication)
    if publication is None or publication.attempt != attempt.number or publication.state not in IN_DOUBT:
        return None
    return publication


async def _arrive_once(session: AsyncSession, publication: PublicationRow, network_id: str, now: datetime) -> None:
    """One post on the network is one publication."""
    other = await repository.sent_as(session, publication.account, network_id)
    if other is None:
        await arrive(session, publication, network_id, now)
    elif publication.state == PublicationState.SENDING:
        doubt(session, publication, "the same text was sent before as another publication", now)
