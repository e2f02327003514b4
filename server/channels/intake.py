"""Taking in what networks tell: each post once, in its thread, as it stands now."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from server.channels import repository
from server.channels.protocol import Happened, Incoming, IncomingAttachment
from server.drafts.cases import Changed, posts_changed
from server.events.log import record
from server.jobs.queue import enqueue_all, job
from server.models import AccountRow, AttachmentRow, JobRow, PostRow, PostVersionRow
from server.models.ids import new_id
from server.privacy.deleted_posts import forget_quotes
from server.shop.folding import fold_handle

LONGEST_TEXT = 20_000
MOST_ATTACHMENTS = 10
_LONGEST_NAME = 300
_LONGEST_ALT = 2_000
_LONGEST_URL = 2_000
_MOST_REACH = 2**31 - 1


Erased = Callable[[str, Collection[str]], Mapping[str, Collection[str]]]
"""What could stand for posts of an account if they were erased, by the network's ids."""


async def take(
    session: AsyncSession,
    account: AccountRow,
    incoming: Sequence[Incoming],
    now: datetime,
    *,
    quiet: timedelta,
    erased: Erased | None = None,
) -> list[str]:
    """Store what has happened, and let the cases of its authors know, in the session's transaction.

    What was told before changes nothing, so that a network may tell everything twice and in any order.

    Args:
        session: The transaction; nothing is taken until it is committed.
        account: Whose network tells.
        incoming: What it tells, oldest first.
        now: This moment.
        quiet: How long an author has to be quiet before their posts are answered as one.
        erased: Tells posts that were erased, which are not taken in again.

    Returns:
        Our ids of the posts that are new or have changed.
    """
    taken = await take_each(session, account, incoming, now, quiet=quiet, erased=erased)
    return list(dict.fromkeys(post for post in taken if post is not None))


async def take_each(
    session: AsyncSession,
    account: AccountRow,
    incoming: Sequence[Incoming],
    now: datetime,
    *,
    quiet: timedelta,
    erased: Erased | None = None,
) -> list[str | None]:
    """The same; for each of what is told our id of the post, None if it was known.

    However much is told, it costs a fixed number of statements, but for what changes posts or cases that there were
    before.
    """
    told = [replace(one, network_id=_clean(one.network_id, _LONGEST_NAME)) for one in incoming]
    gone = await _erased_among(session, account, told, erased)
    new = await _store_new(session, account, [one for one in told if one.network_id not in gone], now)
    again = [one for one in told if new.get(one.network_id, (None,))[0] is not one and one.network_id not in gone]
    # asked only now: told twice at the same moment, whoever had the thread first has stored it
    known = await repository.lock_posts(session, account.id, {one.network_id for one in again}) if again else {}
    happened: list[Changed] = []
    taken: list[str | None] = []
    for one in told:
        first, post = new.get(one.network_id, (None, None))
        if one.network_id not in gone and (post is None or first is not one):
            post = await _change(session, known[one.network_id], one, now)
        taken.append(post.id if post else None)
        if post is not None:
            happened.append(Changed(post, _happened(post)))
    await session.flush()
    for change in happened:
        post, kind = change.post, f"post.{_EVENT[change.happened]}"
        record(session, kind, post.id, brand=post.brand, at=now, thread=post.thread, role=post.role)
    standing = [Changed(known.get(change.post.network_id, change.post), change.happened) for change in happened]
    await posts_changed(session, account, standing, now, quiet)
    return taken


async def _erased_among(
    session: AsyncSession, account: AccountRow, told: Sequence[Incoming], erased: Erased | None
) -> set[str]:
    """Those of the network's ids whose posts were erased."""
    if erased is None or not told:
        return set()
    instead = erased(account.id, {one.network_id for one in told})
    there = await repository.network_ids(session, account.id, set().union(*instead.values()))
    return {name for name, digests in instead.items() if not there.isdisjoint(digests)}


_EVENT = {Happened.POSTED: "received", Happened.EDITED: "edited", Happened.DELETED: "deleted"}


def _happened(post: PostRow) -> Happened:
    if post.deleted_at is not None:
        return Happened.DELETED
    return Happened.EDITED if post.version > 1 else Happened.POSTED


async def _store_new(
    session: AsyncSession, account: AccountRow, told: Sequence[Incoming], now: datetime
) -> dict[str, tuple[Incoming, PostRow]]:
    """Store the posts that nobody has told before, with their threads; by the network's ids, with what was told first.

    Whoever tells the same at this moment has to wait for the thread, and finds them stored.
    """
    stored = await repository.network_ids(session, account.id, {one.network_id for one in told})
    first: dict[str, Incoming] = {}
    for one in told:
        if one.network_id not in stored:
            first.setdefault(one.network_id, one)
    if not first:
        return {}
    homes = await _homes(session, account, first.values())
    threads = await repository.lock_threads(session, account, set(homes.values()), now)
    posts = [_new_post(account, threads[homes[name]], one, now) for name, one in first.items()]
    added = await repository.insert_posts(session, posts)
    new = {post.network_id: (first[post.network_id], post) for post in posts if post.id in added}
    await _attach_to_new(session, new.values(), now)
    return new


async def _homes(session: AsyncSession, account: AccountRow, new: Collection[Incoming]) -> dict[str, str]:
    """The network's ids of the threads that these posts belong to, by those of the posts."""
    answered = {one.in_reply_to for one in new if one.in_reply_to and not one.thread}
    homes = await repository.threads_of(session, account.id, answered) if answered else {}
    for one in new:
        # told, or that of the post that is answered, or begun by the post itself
        homes[one.network_id] = one.thread or homes.get(one.in_reply_to or "") or one.in_reply_to or one.network_id
    return homes


async def _change(session: AsyncSession, known: PostRow, one: Incoming, now: datetime) -> PostRow | None:
    """Bring the row of a post that was told before in line with what is told; None if it was."""
    if known.deleted_at is not None:
        return None
    if one.happened is Happened.DELETED:
        return await _delete(session, known, now)
    return await _edit(session, known, one, now)


def _new_post(account: AccountRow, thread: str, one: Incoming, now: datetime) -> PostRow:
    gone = one.happened is Happened.DELETED
    author = _clean(one.author, _LONGEST_NAME).removeprefix("@")
    ours = one.from_brand or fold_handle(author) == fold_handle(account.handle)
    return PostRow(
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
    if text != post.text:
        before = PostVersionRow(post=post.id, version=post.version, brand=post.brand, text=post.text, until=now)
        session.add(before)
    post.text = text
    post.version += 1
    post.edited_at = one.edited_at or now
    return post


async def _delete(session: AsyncSession, post: PostRow, now: datetime) -> PostRow:
    """The row stays, so that the post is not taken for a new one when it is told again; what it said goes."""
    await forget_quotes(session, post)
    post.text = ""
    post.deleted_at = now
    await repository.forget_versions(session, post.id)
    for attachment in await repository.attachments_of(session, [post.id]):
        attachment.alt = attachment.url = None
        attachment.state, attachment.reason = "refused", "the post was deleted"
        # the worker removes the bytes
        await enqueue_all(session, [_fetching(attachment, now)])
    return post


async def _attach(
    session: AsyncSession, post: PostRow, attachments: Sequence[IncomingAttachment], now: datetime
) -> bool:
    """Add what is not known yet of what comes with the post; whether there was something."""
    if not attachments:
        return False
    known = {(row.type, row.url, row.alt) for row in await repository.attachments_of(session, [post.id])}
    new = [row for row in _attachments(post, attachments, room=MOST_ATTACHMENTS - len(known))]
    return await _add_attachments(session, [row for row in new if (row.type, row.url, row.alt) not in known], now)


async def _attach_to_new(session: AsyncSession, posts: Iterable[tuple[Incoming, PostRow]], now: datetime) -> None:
    standing = [(one, post) for one, post in posts if post.deleted_at is None]
    rows = [row for one, post in standing for row in _attachments(post, one.attachments, room=MOST_ATTACHMENTS)]
    await _add_attachments(session, rows, now)


def _attachments(post: PostRow, told: Sequence[IncomingAttachment], *, room: int) -> Iterator[AttachmentRow]:
    for one in told[:room]:
        alt = None if one.alt is None else _clean(one.alt, _LONGEST_ALT)
        url = _clean(one.url, _LONGEST_URL) if one.url and len(one.url) <= _LONGEST_URL else None
        type_ = _clean(one.type, _LONGEST_NAME)
        row = AttachmentRow(id=new_id("attachment"), brand=post.brand, post=post.id, type=type_, alt=alt, url=url)
        if url is None:
            row.state, row.reason = "refused", "the network gave no address that can be fetched"
        yield row


async def _add_attachments(session: AsyncSession, rows: Sequence[AttachmentRow], now: datetime) -> bool:
    """Add these, and have those fetched that can be; whether there were any."""
    if not rows:
        return False
    session.add_all(rows)
    await session.flush()
    await enqueue_all(session, [_fetching(row, now) for row in rows if row.state == "waiting"])
    return True


def _fetching(attachment: AttachmentRow, now: datetime) -> JobRow:
    return job(
        "fetch_attachment",
        lane="fetch",
        payload={"attachment": attachment.id},
        now=now,
        brand=attachment.brand,
        key=f"fetch:{attachment.id}",
    )


def as_stored(text: str) -> str:
    """A post's text as it is kept: what the network tells later is compared with this."""
    return _clean(text, LONGEST_TEXT)


def _clean(text: str, most: int) -> str:
    """As it came, but for its end if it is far too long and for a sign that Postgres cannot store."""
    return text.replace("\0", "")[:most]
