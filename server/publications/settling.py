"""A person's word on what nobody knows: whether an uncertain text was sent."""

import asyncio
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from server.channels.intake import as_stored
from server.channels.protocol import NetworkUnreachable, NotOffered
from server.db import reading
from server.errors import Conflict, Unprocessable
from server.models import PublicationRow
from server.publications import repository
from server.publications.arriving import arrive
from server.publications.finding import get_publication, lock_for
from server.publications.moving import advance, decide, stop
from server.publications.pointing import Speaker, did_in, network_id_in
from server.publications.publishing import PUBLIC, enqueue_send
from server.publications.returning import take_back
from server.publications.states import PublicationMove, PublicationState
from server.publications.timing import READ_LIMIT
from server.service import Service


class NotThatText(Unprocessable):
    """What stands on the network under this id is not the text in question."""


class NotUncertain(Conflict):
    """It is known whether this text was sent, or somebody was first to say so."""


class AlreadyAnotherPublication(Conflict):
    """This post of the network is another publication; the details name it."""


async def check_word(service: Service, publication_id: str, told: str, *, brands: frozenset[str]) -> str:
    """Hold what a person says against the network, where it can be read. Call it outside of any transaction.

    Args:
        service: The process's.
        publication_id: The text in question.
        told: The id of the post that they have seen, or its link.
        brands: The person's.

    Returns:
        The network's id of that post.

    Raises:
        PublicationNotFound: There is none of these brands.
        NoPostThere: The link points to no post that could be ours.
        NotThatText: Something else stands there, or for a public text nothing.
    """
    async with reading(service.engine) as session:
        publication = await get_publication(session, publication_id, brands)
        account = await repository.find_account(session, publication.account)
        spoken = await repository.newest_of_ours(session, publication.account)
    if account is None:
        return told.strip()
    did = account.settings.get("did") or (did_in(spoken) if spoken else None)
    network_id = network_id_in(told, Speaker(account.channel, account.handle, did))
    try:
        async with asyncio.timeout(READ_LIMIT.total_seconds()):
            there = await service.channel(account).read(network_id)
    except (NotOffered, NetworkUnreachable, TimeoutError):
        return network_id  # the person's word is all there is
    if there is None and publication.part == PUBLIC:
        raise NotThatText("the network has no post under this id; give the link of the reply itself")
    if there is not None and as_stored(there.text) != publication.text:
        raise NotThatText("another text stands there; give the link of the reply itself")
    return network_id


async def settle_sent(
    session: AsyncSession,
    publication_id: str,
    network_id: str,
    *,
    brands: frozenset[str],
    by: str,
    reason: str,
    now: datetime,
) -> PublicationRow:
    """It was sent: somebody has seen it.

    Raises:
        PublicationNotFound: There is none of these brands.
        NotUncertain: Its state says.
        AlreadyAnotherPublication: That post is another one of ours.
    """
    publication = await _uncertain(session, publication_id, brands)
    other = await repository.sent_as(session, publication.account, network_id)
    if other is not None:
        raise AlreadyAnotherPublication("this post is another text that was sent", publication=other.id)
    await arrive(session, publication, network_id, now, at=publication.attempted_at)
    decide(session, publication, "settle_sent", staff=by, reason=reason, now=now)
    return publication


async def settle_not_sent(
    session: AsyncSession,
    publication_id: str,
    *,
    send_again: bool,
    brands: frozenset[str],
    by: str,
    reason: str,
    now: datetime,
) -> PublicationRow:
    """It was not sent: it is sent now, if all still holds, or taken back with its draft to review.

    Raises:
        PublicationNotFound: There is none of these brands.
        NotUncertain: Its state says.
    """
    publication = await _uncertain(session, publication_id, brands)
    if send_again:
        advance(session, publication, PublicationMove.RETRY, now)
        publication.send_after = now  # a person has just looked at it
        await enqueue_send(session, publication, now, now)
    else:
        stop(session, publication, reason, now, by=by)
        await take_back(session, publication.draft, reason, now, by=by)
    decide(session, publication, "settle_not_sent", staff=by, reason=reason, now=now)
    return publication


async def _uncertain(session: AsyncSession, publication_id: str, brands: frozenset[str]) -> PublicationRow:
    publication = await lock_for(session, publication_id, brands)
    if publication.state != PublicationState.UNCERTAIN:
        raise NotUncertain(
            f"this text is {publication.state}; only what is uncertain is settled", state=publication.state
        )
    return publication
