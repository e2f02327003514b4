"""Queries about accounts, threads, posts and attachments."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from server.db import insert_into, insert_row
from server.models import AccountRow, AnsweredRow, AttachmentRow, PostRow, PostVersionRow, ThreadRow
from server.models.ids import new_id

LONGEST_THREAD = 200
"""Posts of a thread that are read: a thread of a thousand is no conversation any more."""


async def find_account(session: AsyncSession, account: str) -> AccountRow | None:
    """The account of this id, unless it was removed."""
    query = select(AccountRow).where(AccountRow.id == account, col(AccountRow.removed_at).is_(None))
    return (await session.exec(query)).first()


async def lock_account(session: AsyncSession, account: str) -> AccountRow | None:
    """The same, which nobody else changes until this transaction ends."""
    query = select(AccountRow).where(AccountRow.id == account, col(AccountRow.removed_at).is_(None))
    return (await session.exec(query.with_for_update().execution_options(populate_existing=True))).first()


async def find_accounts(session: AsyncSession, among: Collection[str]) -> dict[str, AccountRow]:
    """Those of these accounts that were not removed, by id."""
    query = select(AccountRow).where(col(AccountRow.id).in_(among), col(AccountRow.removed_at).is_(None))
    return {row.id: row for row in await session.exec(query)}


async def list_accounts(
    session: AsyncSession,
    *,
    brands: Collection[str] | None = None,
    after: str | None = None,
    limit: int | None = None,
) -> Sequence[AccountRow]:
    """Accounts that were not removed, of these brands or of all, by id: all of them, or a page from the one `after`."""
    query = select(AccountRow).where(col(AccountRow.removed_at).is_(None)).order_by(col(AccountRow.id))
    if brands is not None:
        query = query.where(col(AccountRow.brand).in_(brands))
    if after is not None:
        query = query.where(AccountRow.id > after)
    return (await session.exec(query.limit(limit))).all()


async def insert_account(session: AsyncSession, row: AccountRow) -> bool:
    """Add an account; False if its id is taken, by another process at this moment too."""
    return await insert_row(session, row)


async def move_cursor(session: AsyncSession, account: AccountRow, cursor: str | None) -> None:
    """The next look at the account's network begins here; unless another look has moved it meanwhile."""
    before = col(AccountRow.cursor)
    unmoved = before.is_(None) if account.cursor is None else before == account.cursor
    await session.exec(update(AccountRow).where(col(AccountRow.id) == account.id, unmoved).values(cursor=cursor))


async def lock_threads(
    session: AsyncSession, account: AccountRow, network_ids: Collection[str], now: datetime
) -> dict[str, str]:
    """Our ids of these threads by the network's, made if need be.

    Whoever has them is alone with the threads until the transaction ends. They are taken in one order, or two that take
    in the same threads at once could wait for each other.
    """
    values = [
        {"id": new_id("thread"), "brand": account.brand, "account": account.id, "network_id": name, "created_at": now}
        for name in sorted(network_ids)
    ]
    insert = insert_into(session, ThreadRow)
    locked = insert.on_conflict_do_update(
        index_elements=["account", "network_id"], set_={"network_id": insert.excluded.network_id}
    )
    rows = await session.exec(locked.returning(insert.table.c.id, insert.table.c.network_id), params=values)
    return {name: ours for ours, name in rows}


async def insert_posts(session: AsyncSession, posts: Sequence[PostRow]) -> set[str]:
    """Add posts; our ids of those that nobody has added before, or at this moment."""
    insert = insert_into(session, PostRow).on_conflict_do_nothing(index_elements=["account", "network_id"])
    # in one order, or two that add the same could wait for each other
    rows = [post.model_dump() for post in sorted(posts, key=lambda post: post.network_id)]
    return set((await session.exec(insert.returning(insert.table.c.id), params=rows)).scalars())


async def network_ids(session: AsyncSession, account: str, among: Collection[str]) -> set[str]:
    """Those of these network's ids that are a stored post's."""
    query = select(PostRow.network_id).where(PostRow.account == account, col(PostRow.network_id).in_(among))
    return set(await session.exec(query))


async def threads_of(session: AsyncSession, account: str, posts: Collection[str]) -> dict[str, str]:
    """The network's ids of the threads of these posts, by the network's ids of the posts."""
    query = select(PostRow.network_id, ThreadRow.network_id).join(ThreadRow, col(ThreadRow.id) == PostRow.thread)
    return dict((await session.exec(query.where(PostRow.account == account, col(PostRow.network_id).in_(posts)))).all())


async def lock_posts(session: AsyncSession, account: str, among: Collection[str]) -> dict[str, PostRow]:
    """The stored posts of these, by the network's ids, kept from other writers until the transaction ends."""
    query = select(PostRow).where(PostRow.account == account, col(PostRow.network_id).in_(among))
    rows = await session.exec(query.order_by(col(PostRow.id)).with_for_update())
    return {row.network_id: row for row in rows}


async def posts_of_thread(session: AsyncSession, thread: str) -> Sequence[PostRow]:
    """The newest posts of a thread that still stand, oldest first; of very long ones the last `LONGEST_THREAD`."""
    query = select(PostRow).where(PostRow.thread == thread, col(PostRow.deleted_at).is_(None))
    newest = query.order_by(col(PostRow.sent_at).desc(), col(PostRow.id).desc()).limit(LONGEST_THREAD)
    return (await session.exec(newest)).all()[::-1]


async def attachments_of(session: AsyncSession, posts: Collection[str]) -> Sequence[AttachmentRow]:
    """What came with these posts."""
    query = select(AttachmentRow).where(col(AttachmentRow.post).in_(posts)).order_by(col(AttachmentRow.id))
    return (await session.exec(query)).all()


async def find_attachment(
    session: AsyncSession, attachment: str, *, brands: Collection[str] | None = None
) -> AttachmentRow | None:
    """The attachment of this id, if its brand is one of these."""
    query = select(AttachmentRow).where(AttachmentRow.id == attachment)
    if brands is not None:
        query = query.where(col(AttachmentRow.brand).in_(brands))
    return (await session.exec(query)).first()


async def note_requests(session: AsyncSession, account: str, digests: Collection[str], now: datetime) -> set[str]:
    """Remember that these signed requests were taken; those of them that were not before."""
    insert = insert_into(session, AnsweredRow).on_conflict_do_nothing(index_elements=["caller", "key"])
    rows = [
        {"caller": f"webhook:{account}", "key": digest, "request": digest, "status": 202, "at": now}
        for digest in sorted(digests)
    ]
    return set((await session.exec(insert.returning(insert.table.c.key), params=rows)).scalars())


async def forget_versions(session: AsyncSession, post: str) -> None:
    """Forget what a post said before it was edited."""
    await session.exec(delete(PostVersionRow).where(col(PostVersionRow.post) == post))
