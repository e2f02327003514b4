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
from server.publications.repository import lock_publications_of
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
    review after the private one was sent) is not sent again.

    Args:
        session: The transaction of the approval.
        draft: What was approved, with its texts as they are to be sent.
        approvals: Those that stand, of every part and step.
        account: Which the draft is sent as.
        target: The post it answers.
        now: This moment.
        undo: How long a person may take it back before it leaves.
        at: Not before this moment, where somebody scheduled it; the undo time counts as well.

    Returns:
        What is on its way now, the private part first.

    Raises:
        ApprovalDoesNotFit: A part's text is not the one that was approved.
        AlreadyOnItsWay: A part was sent in other words, or nobody knows whether it was sent.
        NothingToSend: There is no text, or nothing is sent `at` such a time.
    """
    refuse_moment(at, now)
    texts = {part: text for part, text in ((PRIVATE, draft.private_text), (PUBLIC, draft.public_text)) if text}
    if not texts:
        raise NothingToSend("this draft has no text that could be sent")
    there = await lock_publications_of(session, draft.id)
    made: list[PublicationRow] = []
    private: PublicationRow | None = None
    for part, text in texts.items():
        new = _held(draft, account, target, part, text, now)
        if new.digest not in {approval.digest for approval in approvals if approval.part == part}:
            raise ApprovalDoesNotFit(f"the {part} text is not the one that was approved; approve it as it is now")
        gone_out = await _make_room(session, new, there, now)
        if gone_out is None:
            new.send_after, new.scheduled = max(now + undo, at or now), at is not None
            await _hand_over(session, new, private, now)
            made.append(new)
        if part == PRIVATE:
            private = gone_out or new
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
        Whether nothing of the draft is out: False if a part is being sent, was sent, or may have been.
    """
    publications = await lock_publications_of(session, draft_id)
    for publication in publications:
        if publication.state in UNSENT:
            stop(session, publication, reason, now, by=by)
    return not any(
        publication.state != PublicationState.WITHDRAWN or publication.sent_at for publication in publications
    )


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


def _held(draft: DraftRow, account: AccountRow, target: PostRow, part: str, text: str, now: datetime) -> PublicationRow:
    return PublicationRow(
        id=new_id("publication"),
        brand=draft.brand,
        account=account.id,
        case=draft.case,
        draft=draft.id,
        part=part,
        text=text,
        digest=digest(
            brand=draft.brand,
            account=account.id,
            reply_to=target.network_id,
            recipient=target.author,
            part=part,
            text=text,
        ),
        key=new_id("key"),
        reply_to=target.network_id,
        recipient=target.author,
        state=PublicationState.HELD,
        corrects=draft.corrects,
        send_after=now,
        created_at=now,
        updated_at=now,
    )


async def _make_room(
    session: AsyncSession, new: PublicationRow, there: Sequence[PublicationRow], now: datetime
) -> PublicationRow | None:
    """What of this part has gone out already, in the same words; what has not is stopped for the new one.

    Raises:
        AlreadyOnItsWay: It went out in other words, or may have.
    """
    for old in there:
        if old.part != new.part or old.state == PublicationState.WITHDRAWN:
            continue
        if old.state in UNSENT:
            stop(session, old, "approved anew", now, by=None)
            await session.flush()  # before the new one is there: one of each part counts
        elif old.state == PublicationState.SENT and old.digest == new.digest:
            return old
        else:
            raise AlreadyOnItsWay(
                f"the {new.part} part is {old.state} already; correct it or settle it instead",
                publication=old.id,
                state=str(old.state),
            )
    return None


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
