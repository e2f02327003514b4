"""Taking in what networks tell: each post once, in its thread, as it stands now."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from server.channels import repository
from server.channels.protocol import Happened, Incoming, IncomingAttachment
from server.drafts.cases import post_changed
from server.events.log import record
from server.jobs.queue import enqueue
from server.models import AccountRow, AttachmentRow, PostRow
from server.models.ids import new_id
from server.shop.folding import fold_handle

LONGEST_TEXT = 10_000
MOST_ATTACHMENTS = 10
_LONGEST_NAME = 300
_LONGEST_ALT = 2_000
_LONGEST_URL = 2_000
_MOST_REACH = 2**31 - 1


async def take(
    session: AsyncSession, account: AccountRow, incoming: Sequence[Incoming], now: datetime, *, quiet: timedelta
) -> list[str]:
    """Store what has happened, and let the cases of its authors know, in the session's transaction.

    What was told before changes nothing, so that a network may tell everything twice and in any order.

    Args:
        session: The transaction; nothing is taken until it is committed.
        account: Whose network tells.
        incoming: What it tells, oldest first.
        now: This moment.
        quiet: How long an author has to be quiet before their posts are answered as one.

    Returns:
        Our ids of the posts that are new or have changed.
    """
    # each in the same order, or two that take in the same threads at once could wait for each other
    for thread in sorted({one.thread for one in incoming if one.thread} if len(incoming) > 1 else ()):
        await repository.lock_thread(session, account, thread, now)
    changed: list[str] = []
    for one in incoming:
        post = await _apply(session, account, one, now)
        if post is None:
            continue
        changed.append(post.id)
        happened = _happened(post)
        record(
            session, f"post.{_EVENT[happened]}", post.id, brand=post.brand, at=now, thread=post.thread, role=post.role
        )
        # a post without an author is the memory of one that was deleted before it was told
        if post.role == "customer" and post.author:
            await post_changed(session, post, account, happened, now, quiet)
    return changed


_EVENT = {Happened.POSTED: "received", Happened.EDITED: "edited", Happened.DELETED: "deleted"}


def _happened(post: PostRow) -> Happened:
    if post.deleted_at is not None:
        return Happened.DELETED
    return Happened.EDITED if post.version > 1 else Happened.POSTED


async def _apply(session: AsyncSession, account: AccountRow, one: Incoming, now: datetime) -> PostRow | None:
    """Bring our row in line with what is told; None if it was."""
    known = await repository.find_post(session, account.id, one.network_id)
    if known is None:
        thread = await repository.lock_thread(session, account, await _thread(session, account, one), now)
        # told twice at the same moment: whoever had the thread first has stored it
        known = await repository.find_post(session, account.id, one.network_id)
        if known is None:
            return await _store(session, account, thread, one, now)
    if known.deleted_at is not None:
        return None
    if one.happened is Happened.DELETED:
        return await _delete(session, known, now)
    return await _edit(session, known, one, now)


async def _thread(session: AsyncSession, account: AccountRow, one: Incoming) -> str:
    """The network's id of the thread, worked out from what is answered where it is not told."""
    if one.thread:
        return one.thread
    if one.in_reply_to:
        answered = await repository.find_post(session, account.id, one.in_reply_to)
        if answered is not None:
            return await repository.network_id_of_thread(session, answered.thread)
    return one.in_reply_to or one.network_id


async def _store(session: AsyncSession, account: AccountRow, thread: str, one: Incoming, now: datetime) -> PostRow:
    gone = one.happened is Happened.DELETED
    author = _clean(one.author, _LONGEST_NAME).removeprefix("@")
    ours = one.from_brand or fold_handle(author) == fold_handle(account.handle)
    post = PostRow(
        id=new_id("post"),
        brand=account.brand,
        account=account.id,
        thread=thread,
        network_id=one.network_id,
        in_reply_to=one.in_reply_to,
        author=author,
        folded_author=fold_handle(author),
        role="brand" if ours else "customer",
        text="" if gone else as_stored(one.text),
        reach=None if one.reach is None else max(0, min(one.reach, _MOST_REACH)),
        private_to=None if one.private_to is None else fold_handle(one.private_to),
        # a network whose clock is ahead must not have the last word for ever
        sent_at=min(one.sent_at, now),
        received_at=now,
        edited_at=one.edited_at,
        deleted_at=now if gone else None,
    )
    session.add(post)
    await session.flush()
    if not gone:
        await _attach(session, post, one.attachments, now)
    return post


async def _edit(session: AsyncSession, post: PostRow, one: Incoming, now: datetime) -> PostRow | None:
    """A post told again has been edited if it differs; unless what is told is older than what we know."""
    if post.edited_at is not None:
        late = one.happened is Happened.POSTED if one.edited_at is None else one.edited_at < post.edited_at
        if late:
            return None
    text = as_stored(one.text)
    added = await _attach(session, post, one.attachments, now)
    if text == post.text and not added:
        return None
    post.text = text
    post.version += 1
    post.edited_at = one.edited_at or now
    await session.flush()
    return post


async def _delete(session: AsyncSession, post: PostRow, now: datetime) -> PostRow:
    """The row stays, so that the post is not taken for a new one when it is told again; what it said goes."""
    post.text = ""
    post.deleted_at = now
    for attachment in await repository.attachments_of(session, [post.id]):
        attachment.alt = attachment.url = None
        attachment.state, attachment.reason = "refused", "the post was deleted"
        # the worker removes the bytes
        await _put_off_fetching(session, attachment, now)
    await session.flush()
    return post


async def _attach(
    session: AsyncSession, post: PostRow, attachments: Sequence[IncomingAttachment], now: datetime
) -> bool:
    """Add what is not known yet of what comes with the post; whether there was something."""
    if not attachments:
        return False
    known = {(row.type, row.url, row.alt) for row in await repository.attachments_of(session, [post.id])}
    new: list[AttachmentRow] = []
    for told in attachments[: MOST_ATTACHMENTS - len(known)]:
        alt = None if told.alt is None else _clean(told.alt, _LONGEST_ALT)
        url = _clean(told.url, _LONGEST_URL) if told.url and len(told.url) <= _LONGEST_URL else None
        type_ = _clean(told.type, _LONGEST_NAME)
        if (type_, url, alt) in known:
            continue
        row = AttachmentRow(id=new_id("attachment"), brand=post.brand, post=post.id, type=type_, alt=alt, url=url)
        if url is None:
            row.state, row.reason = "refused", "the network gave no address that can be fetched"
        new.append(row)
    session.add_all(new)
    await session.flush()
    for row in new:
        if row.state == "waiting":
            await _put_off_fetching(session, row, now)
    return bool(new)


async def _put_off_fetching(session: AsyncSession, attachment: AttachmentRow, now: datetime) -> None:
    await enqueue(
        session,
        "fetch_attachment",
        lane="fetch",
        payload={"attachment": attachment.id},
        now=now,
        key=f"fetch:{attachment.id}",
    )


def as_stored(text: str) -> str:
    """A post's text as it is kept: what the network tells later is compared with this."""
    return _clean(text, LONGEST_TEXT)


def _clean(text: str, most: int) -> str:
    """As it came, but for its end if it is far too long and for a sign that Postgres cannot store."""
    return text.replace("\0", "")[:most]
