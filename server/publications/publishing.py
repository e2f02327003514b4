"""Handing approved parts over to be sent, and stopping those that have not been."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from server.drafts.digests import digest
from server.errors import Conflict, Unprocessable
from server.jobs.queue import URGENT, enqueue
from server.models import AccountRow, ApprovalRow, DraftRow, PostRow, PublicationRow
from server.models.ids import new_id
from server.publications.moving import stop, tell
from server.publications.out import find_out, nothing_waits, says_the_same
from server.publications.repository import answers_to, lock_publications_of
from server.publications.states import UNSENT, PublicationState

PUBLIC, PRIVATE = "public", "private"
FURTHEST = timedelta(days=366)
"""How far ahead a text can be scheduled."""


class ApprovalDoesNotFit(Conflict):
    """No approval stands for exactly this text, account, target and visibility."""


class AlreadyOnItsWay(Conflict):
    """Another text of this part has been sent, or may have been."""


class NothingToSend(Unprocessable):
    """A draft without a text, or a time that has passed."""


async def publish(
    session: AsyncSession,
    draft: DraftRow,
    approvals: Sequence[ApprovalRow],
    account: AccountRow,
    target: PostRow,
    now: datetime,
    *,
    undo: timedelta,
    at: datetime | None = None,
) -> list[PublicationRow]:
    """Hold the approved parts of a draft until they are due; each is sent once. The private part goes first.

    Call it in the transaction of the approval. A part that went out in these words before (the public one came back to
    review after the private one was sent, or somebody had the answer written anew) is not sent again.

    Args:
        session: The transaction of the approval.
        draft: What was approved, with its texts as they are to be sent but for the initials, which approvals hold.
        approvals: Those that stand, of every part and step.
        account: Which the draft is sent as.
        target: The post it answers.
        now: This moment.
        undo: How long a person may take it back before it leaves.
        at: Not before this moment, where somebody scheduled it; the undo time counts as well.

    Raises:
        ApprovalDoesNotFit: A part's text is not the one that was approved.
        AlreadyOnItsWay: A part was sent in other words, or nobody knows whether it was sent.
        NothingToSend: There is no text that is not out already, or nothing is sent `at` such a time.
    """
    refuse_moment(at, now)
    there = await answers_to(session, target.network_id, case=draft.case, draft=draft.id, lock=True)
    made: list[PublicationRow] = []
    private: PublicationRow | None = None
    for new in _parts_of(draft, approvals, account, target, now):
        gone_out = _gone_out(new, there)
        if gone_out is None:
            _refuse_unapproved(new, approvals)
            new.send_after, new.scheduled = max(now + undo, at or now), at is not None
            await _make_room(session, new, there, now)
            await _hand_over(session, new, private, now)
            made.append(new)
        if new.part == PRIVATE:
            private = gone_out or new
    if not made:
        raise NothingToSend("this draft has no text that is not out already")
    return made


def refuse_moment(at: datetime | None, now: datetime) -> None:
    """Refuse a time at which nothing is sent.

    Raises:
        NothingToSend: It has passed, or is so far away that nobody can mean it.
    """
    if at is not None and at < now:
        raise NothingToSend("the time it is scheduled for has passed")
    if at is not None and at - now > FURTHEST:
        raise NothingToSend(f"a text is scheduled for at most {FURTHEST.days} days ahead")


async def stop_unsent(
    session: AsyncSession, draft_id: str, reason: str, now: datetime, *, by: str | None = None
) -> bool:
    """Stop every part of a draft that has not begun to be sent.

    Args:
        session: The transaction of the change that makes the texts void.
        draft_id: The draft.
        reason: Why, for people to read.
        now: This moment.
        by: The person who stops it; None where something has changed by itself.

    Returns:
        Whether there was anything left to stop, or nothing to be sent at all: False if all of the draft is out. Where a
        part is out and the other was stopped, what is out stays out, and the rest can be decided again.
    """
    publications = await lock_publications_of(session, draft_id)
    if nothing_waits(publications):
        return False
    for publication in publications:
        if publication.state in UNSENT:
            stop(session, publication, reason, now, by=by)
    return True


async def enqueue_send(session: AsyncSession, publication: PublicationRow, now: datetime, after: datetime) -> None:
    """Have the publication's next step done, not before `after`."""
    await enqueue(
        session,
        "send",
        lane=send_lane(publication.account),
        payload={"publication": publication.id},
        now=now,
        brand=publication.brand,
        key=f"send:{publication.id}",
        after=after,
        priority=URGENT,
    )


def send_lane(account: str) -> str:
    """The lane of everything that is sent as this account."""
    return f"send:{account}"


def _parts_of(
    draft: DraftRow, approvals: Sequence[ApprovalRow], account: AccountRow, target: PostRow, now: datetime
) -> list[PublicationRow]:
    """What the draft says as publications, with the initials that were approved, the private part first."""
    texts = {PRIVATE: draft.private_text, PUBLIC: draft.public_text}
    signed = {approval.part: approval.signature for approval in approvals}
    return [
        _held(draft, account, target, part, text, signed.get(part, ""), now) for part, text in texts.items() if text
    ]


def _held(
    draft: DraftRow, account: AccountRow, target: PostRow, part: str, words: str, signature: str, now: datetime
) -> PublicationRow:
    return PublicationRow(
        id=new_id("publication"),
        brand=draft.brand,
        account=account.id,
        case=draft.case,
        draft=draft.id,
        part=part,
        text=words + signature,
        signature=signature,
        digest=_digest(draft, account, target, part, words + signature),
        key=new_id("key"),
        reply_to=target.network_id,
        recipient=target.author,
        state=PublicationState.HELD,
        corrects=draft.corrects,
        send_after=now,
        created_at=now,
        updated_at=now,
    )


def _digest(draft: DraftRow, account: AccountRow, target: PostRow, part: str, text: str) -> str:
    return digest(
        brand=draft.brand,
        account=account.id,
        reply_to=target.network_id,
        recipient=target.author,
        part=part,
        text=text,
    )


def _gone_out(new: PublicationRow, there: Sequence[PublicationRow]) -> PublicationRow | None:
    """What has gone out of this part already, in the same words, whoever signed them.

    Raises:
        AlreadyOnItsWay: It went out in other words, or may have.
    """

    def digested(end: str) -> str:
        return digest(
            brand=new.brand,
            account=new.account,
            reply_to=new.reply_to,
            recipient=new.recipient,
            part=new.part,
            text=new.words + end,
        )

    old = find_out(there, draft=new.draft, part=new.part, digest=digested)
    if old is not None and (old.state != PublicationState.SENT or not says_the_same(old, digested)):
        raise AlreadyOnItsWay(
            f"the {new.part} part is {old.state} already; correct it or settle it instead",
            publication=old.id,
            state=str(old.state),
        )
    return old


def _refuse_unapproved(new: PublicationRow, approvals: Sequence[ApprovalRow]) -> None:
    if new.digest not in {approval.digest for approval in approvals if approval.part == new.part}:
        raise ApprovalDoesNotFit(f"the {new.part} text is not the one that was approved; approve it as it is now")


async def _make_room(
    session: AsyncSession, new: PublicationRow, there: Sequence[PublicationRow], now: datetime
) -> None:
    """Stop what waits of this part of the draft: one of each part counts."""
    for old in there:
        if old.draft == new.draft and old.part == new.part and old.state in UNSENT:
            stop(session, old, "approved anew", now, by=None)
    await session.flush()  # before the new one is there


async def _hand_over(
    session: AsyncSession, publication: PublicationRow, private: PublicationRow | None, now: datetime
) -> None:
    """Hold it until it is due; what waits for the private part is put in once that has arrived."""
    publication.waits_for = private.id if private else None
    session.add(publication)
    await session.flush()  # the second part points to the first
    tell(session, publication, now)
    if private is None or private.state == PublicationState.SENT:
        await enqueue_send(session, publication, now, publication.send_after)
