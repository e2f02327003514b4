"""Taking in what networks tell: each post once, in its thread, as it stands now."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
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
    told = [replace(one, network_id=_clean(one.network_id, _LONGEST_NAME)) for one in incoming]
    rows = await _known(session, account, told, now)
    changed: dict[str, PostRow] = {}
    happened: list[tuple[PostRow, Happened]] = []
    for one in told:
        post = await _apply(session, account, rows, one, now)
        if post is not None:
            changed[post.id] = post
            happened.append((post, _happened(post)))
    await session.flush()
    for post, what in happened:
        record(session, f"post.{_EVENT[what]}", post.id, brand=post.brand, at=now, thread=post.thread, role=post.role)
    for post, what in _for_cases(happened):
        await post_changed(session, post, account, what, now, quiet)
    return list(changed)


@dataclass(frozen=True, slots=True)
class _Rows:
    """What is stored of what is told: posts by the network's id, and our ids of the threads that new ones belong to."""

    posts: dict[str, PostRow]
    threads: Mapping[str, str]


_EVENT = {Happened.POSTED: "received", Happened.EDITED: "edited", Happened.DELETED: "deleted"}


def _happened(post: PostRow) -> Happened:
    if post.deleted_at is not None:
        return Happened.DELETED
    return Happened.EDITED if post.version > 1 else Happened.POSTED


def _for_cases(happened: Sequence[tuple[PostRow, Happened]]) -> Iterator[tuple[PostRow, Happened]]:
    """What cases are told: of several posts of one person in one thread the first stands for all that came with it."""
    seen: set[tuple[str, str, Happened]] = set()
    for post, what in happened:
        one = (post.thread, post.folded_author, what)
        # a post without an author is the memory of one that was deleted before it was told
        if post.role == "customer" and post.author and one not in seen:
            seen.add(one)
            yield post, what


async def _known(session: AsyncSession, account: AccountRow, told: Sequence[Incoming], now: datetime) -> _Rows:
    """What is stored already, kept from other writers, with the threads of what is not."""
    names = {one.network_id for one in told}
    stored = await repository.network_ids(session, account.id, names)
    threads: dict[str, str] = {}
    if names - stored:
        new = [one for one in told if one.network_id not in stored]
        answered = {one.in_reply_to for one in new if one.in_reply_to and not one.thread}
        homes = await repository.threads_of(session, account.id, answered) if answered else {}
        for one in new:
            # told, or that of the post that is answered, or begun by the post itself
            home = one.thread or homes.get(one.in_reply_to or "") or one.in_reply_to or one.network_id
            threads.setdefault(one.network_id, home)
            homes.setdefault(one.network_id, threads[one.network_id])
    ours = await repository.lock_threads(session, account, set(threads.values()), now) if threads else {}
    # asked only now: told twice at the same moment, whoever had the thread first has stored it
    posts = await repository.lock_posts(session, account.id, names)
    return _Rows(posts, {name: ours[home] for name, home in threads.items()})


async def _apply(
    session: AsyncSession, account: AccountRow, rows: _Rows, one: Incoming, now: datetime
) -> PostRow | None:
    """Bring our row in line with what is told; None if it was."""
    known = rows.posts.get(one.network_id)
    if known is None:
        rows.posts[one.network_id] = post = await _store(session, account, rows.threads[one.network_id], one, now)
        return post
    if known.deleted_at is not None:
        return None
    if one.happened is Happened.DELETED:
        return await _delete(session, known, now)
    return await _edit(session, known, one, now)


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
    if not gone and one.attachments:
        await session.flush()
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
