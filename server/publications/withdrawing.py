"""Taking back what was sent, where the network allows it; and correcting it, which sends the new text first."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from server.channels.protocol import NetworkUnreachable, NotOffered
from server.db import reading, writing
from server.drafts.case_repository import newest_post_of, posts_by_id
from server.drafts.rests import POST, digest_of_post
from server.drafts.states import DraftState
from server.errors import Conflict, Unavailable
from server.events.log import record
from server.jobs.claims import Claimed, finish
from server.models import DraftRow, PostRow, PublicationRow, RestRow
from server.models.ids import new_id
from server.promises.settling import withdraw_with_publication
from server.publications import repository
from server.publications.finding import PublicationNotFound, get_publication, lock_for, lock_with_case
from server.publications.moving import advance, decide
from server.publications.publishing import PRIVATE, PUBLIC
from server.publications.states import PublicationMove, PublicationState, move
from server.publications.timing import READ_LIMIT
from server.service import Service


class NetworkSilent(Unavailable):
    """The network did not answer; nothing has changed here, and it can be asked again."""


class NoNetworkId(Conflict):
    """Nobody has said what the network calls this text, so that it cannot be pointed at."""


class NothingToAnswer(Conflict):
    """The customer has deleted what a correction could answer."""


class BeingCorrected(Conflict):
    """A correction of this text is open already."""


async def withdraw(
    service: Service, publication_id: str, *, brands: frozenset[str], by: str, reason: str
) -> PublicationRow:
    """Delete a sent text from its network, and say so in the history.

    The network is asked first: dying in between leaves a text that is gone and said to stand; asking again mends it.

    Raises:
        PublicationNotFound: There is none of these brands.
        IllegalPublicationMove: It has not been sent, or was withdrawn.
        NotOffered: The network keeps what was sent.
        NetworkSilent: Nobody knows; ask again.
    """
    async with reading(service.engine) as session:
        publication = await get_publication(session, publication_id, brands)
    move(PublicationState(publication.state), PublicationMove.WITHDRAW)
    try:
        await _delete(service, publication)
    except (NetworkUnreachable, TimeoutError) as error:
        raise NetworkSilent(
            "the network did not answer; it is not known whether the text is gone: ask again"
        ) from error
    async with writing(service.engine) as session:
        gone = await lock_for(session, publication_id, brands)
        await _write_down(session, gone, service.clock(), by=by, reason=reason)
        return gone


async def withdraw_corrected(service: Service, job: Claimed) -> None:
    """The job "withdraw": the correction stands on the network, so the text that it corrects goes.

    Raises:
        LeaseLost: Somebody else holds the job.
        NetworkUnreachable: Tried again later.
    """
    publication_id = str(job.payload["publication"])
    async with reading(service.engine) as session:
        publication = await repository.find_publication(session, publication_id)
    kept: str | None = None
    if publication is not None and publication.state == PublicationState.SENT:
        try:
            await _delete(service, publication)
        except (NotOffered, NoNetworkId) as refusal:
            kept = str(refusal)
    async with writing(service.engine) as session:
        now = service.clock()
        await finish(session, job, now)
        corrected = await lock_with_case(session, publication_id)
        if corrected is None or corrected.state != PublicationState.SENT:
            return
        if kept is None:
            await _write_down(session, corrected, now, by=None, reason="a correction was sent")
        else:
            decide(session, corrected, "not_withdrawn", staff=None, reason=kept, now=now)


async def correct(
    session: AsyncSession, publication_id: str, *, brands: frozenset[str], by: str, reason: str, now: datetime
) -> DraftRow:
    """Open a draft that corrects a sent text: reviewed and approved as any other. Once it is sent, the old text goes.

    Args:
        session: The transaction.
        publication_id: What was sent.
        brands: The caller's.
        by: The caller.
        reason: What was wrong with it.
        now: This moment.

    Raises:
        PublicationNotFound: There is none of these brands.
        IllegalPublicationMove: It has not been sent, or was withdrawn.
        BeingCorrected: The details name the draft.
    """
    publication = await lock_for(session, publication_id, brands)
    move(PublicationState(publication.state), PublicationMove.WITHDRAW)
    before = await repository.draft_correcting(session, publication_id)
    if before is not None:
        raise BeingCorrected("somebody is correcting this already", draft=before.id)
    old = await repository.find_draft(session, publication.draft)
    case = await repository.lock_case(session, publication.case)
    if old is None or case is None:
        raise PublicationNotFound
    newest = await newest_post_of(session, case)
    if newest is None:
        raise NothingToAnswer("nothing that this customer wrote is left to answer; withdraw the text instead")
    new = _correction(old, publication, newest, now)
    new.assigned_to, new.case_team = case.assigned_to, case.team
    session.add(new)
    await session.flush()
    rests = await repository.rests_of(session, old.id)
    posts = await posts_by_id(session, [rest.ref for rest in rests if rest.kind == POST])
    session.add_all(_rests(new, posts, rests))
    case.open, case.updated_at = True, now
    decide(session, publication, "correct", staff=by, reason=reason, now=now)
    record(session, "draft.drafted", new.id, brand=new.brand, at=now, case=new.case, corrects=publication.id)
    return new


async def _delete(service: Service, publication: PublicationRow) -> None:
    async with reading(service.engine) as session:
        account = await repository.find_account(session, publication.account)
    if account is None or publication.network_id is None:
        raise NoNetworkId("nobody has said what the network calls this text; withdraw it on the network itself")
    async with asyncio.timeout(READ_LIMIT.total_seconds()):
        await service.channel(account).withdraw(publication.network_id)


async def _write_down(
    session: AsyncSession, publication: PublicationRow, now: datetime, *, by: str | None, reason: str
) -> None:
    if publication.state == PublicationState.WITHDRAWN:
        return  # somebody else was as quick
    advance(session, publication, PublicationMove.WITHDRAW, now)
    publication.withdrawn_by = by
    publication.withdraw_reason = reason
    post = await repository.post_on_network(session, publication.account, publication.network_id or "")
    if post is not None:
        post.text, post.deleted_at = "", now
    await withdraw_with_publication(session, publication, now, by=by, reason=reason)
    decide(session, publication, "withdraw", staff=by, reason=reason, now=now)


def _rests(draft: DraftRow, posts: Sequence[PostRow], before: Sequence[RestRow]) -> list[RestRow]:
    """What it rested on before, and the posts as they are now: the correction answers them."""
    now_said = {post.id: digest_of_post(post) for post in posts}
    return [
        RestRow(
            draft=draft.id,
            kind=rest.kind,
            ref=rest.ref,
            digest=now_said.get(rest.ref, rest.digest) if rest.kind == POST else rest.digest,
        )
        for rest in before
    ]


def _correction(old: DraftRow, publication: PublicationRow, target: PostRow, now: datetime) -> DraftRow:
    return DraftRow(
        id=new_id("draft"),
        brand=old.brand,
        case=old.case,
        account=old.account,
        state=DraftState.PENDING,
        rank=old.rank,
        due_at=old.due_at,
        target_post=target.id,
        target_version=target.version,
        outcome=old.outcome,
        danger=old.danger,
        language=old.language,
        reach=old.reach,
        public_text=publication.words if publication.part == PUBLIC else None,
        private_text=publication.words if publication.part == PRIVATE else None,
        claims=[claim for claim in old.claims if claim.get("part", publication.part) == publication.part],
        findings=[finding for finding in old.findings if finding.get("part", publication.part) == publication.part],
        written_by=old.written_by,
        record=old.record,
        corrects=publication.id,
        created_at=now,
        updated_at=now,
    )
