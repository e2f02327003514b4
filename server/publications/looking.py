"""Finding out what became of a call that nobody knows the outcome of: by looking on the network, never by guessing.

A look that finds the text is an answer at any time. One that finds nothing is an answer only where the network can be
searched, once no call can be under way any more and what was taken would be visible: then the text is sent again. For
all else there is the state `uncertain`, which ends by finding the text or by a person's word (settling.py).
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

from server.channels.protocol import Channel, NetworkUnreachable, NotOffered, Outgoing
from server.db import reading
from server.jobs.claims import Claimed
from server.models import PublicationRow
from server.publications import repository
from server.publications.outcomes import (
    Attempt,
    outgoing_of,
    record_arrival,
    record_delay,
    record_doubt,
    record_refusal,
    record_silence,
)
from server.publications.restoring import out_since
from server.publications.states import PublicationState
from server.publications.timing import (
    DOUBT_AFTER,
    LOOK_FOR,
    MOST_UNANSWERED,
    READ_LIMIT,
    call_is_over,
    next_look,
    retry_after,
)
from server.service import Service


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look told: the text's id, or that it is not there (`asked`), or nothing, and why."""

    network_id: str | None = None
    asked: bool = False
    searchable: bool = True
    words: str = "the network does not have it yet"


async def look(service: Service, job: Claimed, publication: PublicationRow) -> None:
    """Look for the text of a publication in doubt, and act on what the look tells.

    Raises:
        LeaseLost: Somebody else holds the job.
    """
    async with reading(service.engine) as session:
        account = await repository.find_account(session, publication.account)
        since = await out_since(session, publication)
    if account is None:
        raise RuntimeError(f"the account {publication.account} of publication {publication.id} is gone")
    channel = service.channel(account)
    attempt = Attempt(publication.id, publication.attempt)
    began = service.clock()
    seen = await search(channel, outgoing_of(publication), since=since)
    if seen.network_id is not None:
        await record_arrival(service, job, attempt, seen.network_id)
    elif publication.state == PublicationState.UNCERTAIN:
        await _look_on(service, job, publication, seen, began)
    elif not seen.searchable or channel.settles_after is None:
        await _leave_to_people(service, job, publication, seen, began)
    elif not seen.asked:
        await _ask_later(service, job, publication, seen, began)
    else:
        await _act_on_absence(service, job, publication, call_is_over(publication) + channel.settles_after, began)


async def search(channel: Channel, outgoing: Outgoing, *, since: datetime) -> Seen:
    """Look for a text that may have been posted since then."""
    if channel.settles_after is None:
        return Seen(searchable=False, words="this network cannot be searched: look there, and say whether it was sent")
    try:
        async with asyncio.timeout(READ_LIMIT.total_seconds()):
            found = await channel.find(outgoing, since=since)
    except NotOffered as refusal:
        return Seen(searchable=False, words=str(refusal))
    except (NetworkUnreachable, TimeoutError) as error:
        return Seen(words=str(error) or "the network did not answer")
    return Seen(network_id=found, asked=True)


async def _act_on_absence(
    service: Service, job: Claimed, publication: PublicationRow, settled: datetime, began: datetime
) -> None:
    """The network was asked and does not have the text: final if it was asked late enough."""
    attempt = Attempt(publication.id, publication.attempt)
    if began < settled:
        wait = min(next_look(publication, began), settled - began)
        await record_silence(service, job, attempt, "the network does not have it yet", wait)
    elif publication.attempt >= MOST_UNANSWERED:
        words = f"the network has not taken it in {publication.attempt} attempts"
        await record_refusal(service, job, attempt, words)
    else:
        await record_delay(service, job, attempt, "the network had not taken it", retry_after(publication.attempt))


async def _ask_later(service: Service, job: Claimed, publication: PublicationRow, seen: Seen, began: datetime) -> None:
    """The network did not answer: wait, and after a while let people know."""
    attempt = Attempt(publication.id, publication.attempt)
    wait = next_look(publication, began)
    if began > call_is_over(publication) + DOUBT_AFTER:
        await record_doubt(service, job, attempt, seen.words, wait)
    else:
        await record_silence(service, job, attempt, seen.words, wait)


async def _leave_to_people(
    service: Service, job: Claimed, publication: PublicationRow, seen: Seen, began: datetime
) -> None:
    """There is no looking; but as long as the call can be under way, whoever makes it may still tell."""
    attempt = Attempt(publication.id, publication.attempt)
    left = call_is_over(publication) - began
    if left > timedelta():
        await record_silence(service, job, attempt, seen.words, left)
    else:
        await record_doubt(service, job, attempt, seen.words, None)


async def _look_on(service: Service, job: Claimed, publication: PublicationRow, seen: Seen, began: datetime) -> None:
    """Nothing found of an uncertain text: it stays uncertain, and is looked for now and then for some days."""
    since = publication.attempted_at or publication.created_at
    wait = next_look(publication, began) if seen.searchable and began - since < LOOK_FOR else None
    await record_silence(service, job, Attempt(publication.id, publication.attempt), seen.words, wait)
