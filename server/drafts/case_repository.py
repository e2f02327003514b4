"""Reading and opening cases, with the posts and notes that belong to them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlalchemy.orm import defer
from sqlmodel import col, or_, select, tuple_
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from assistant.case import Role
from server.db import insert_into
from server.models import AccountRow, AttachmentRow, CaseRow, LinkRow, NoteRow, PostRow, StaffRow, ThreadRow

Key = tuple[str, str]
"""What a case is known by beside its id: our thread, and the folded author."""

PostPlace = tuple[datetime, str]
"""A post's place in its thread: when it was sent, and its id."""

LONGEST_OPENING = 240
"""Characters of a post that a list shows."""


@dataclass(frozen=True, slots=True)
class Opening:
    """How a post begins. `attachments` are the kinds of what came with it."""

    id: str
    author: str
    text: str
    cut: bool
    private: bool
    sent_at: datetime
    edited_at: datetime | None
    deleted_at: datetime | None
    attachments: tuple[str, ...]


_WITHOUT_TEXT = tuple(defer(getattr(PostRow, name), raiseload=True) for name in ("text",))
_post_place = tuple_(col(PostRow.sent_at), col(PostRow.id))
_newest_first = (col(PostRow.sent_at).desc(), col(PostRow.id).desc())


async def open_cases(session: AsyncSession, cases: Sequence[CaseRow]) -> set[Key]:
    """Add the cases whose author has none in the thread yet; which those are."""
    insert = insert_into(session, CaseRow)
    # two posts of one author at the same moment open one case
    added = insert.on_conflict_do_nothing(index_elements=["thread", "folded_author"])
    rows = [case.model_dump() for case in sorted(cases, key=lambda case: (case.thread, case.folded_author))]
    opened = await session.exec(added.returning(insert.table.c.thread, insert.table.c.folded_author), params=rows)
    return {(thread, author) for thread, author in opened}


async def lock_cases(session: AsyncSession, keys: Collection[Key]) -> Sequence[CaseRow]:
    """The cases of these authors in these threads, locked until the commit in the order of their ids."""
    query = select(CaseRow).where(tuple_(col(CaseRow.thread), col(CaseRow.folded_author)).in_(keys))
    query = query.order_by(col(CaseRow.id)).with_for_update().execution_options(populate_existing=True)
    return (await session.exec(query)).all()


async def find_case(session: AsyncSession, case: str, brands: Collection[str] | None = None) -> CaseRow | None:
    """The case of this id; with `brands`, only if it is one of theirs."""
    query = select(CaseRow).where(CaseRow.id == case)
    if brands is not None:
        query = query.where(col(CaseRow.brand).in_(brands))
    return (await session.exec(query)).first()


async def lock_case(session: AsyncSession, case: str, brands: Collection[str] | None = None) -> CaseRow | None:
    """The same, locked and read anew."""
    query = select(CaseRow).where(CaseRow.id == case)
    if brands is not None:
        query = query.where(col(CaseRow.brand).in_(brands))
    return (await session.exec(query.with_for_update().execution_options(populate_existing=True))).first()


async def cases_of(session: AsyncSession, ids: Collection[str]) -> dict[str, CaseRow]:
    """The cases of these ids."""
    rows = await session.exec(select(CaseRow).where(col(CaseRow.id).in_(ids)))
    return {row.id: row for row in rows}


async def spoken_by_author(session: AsyncSession, case: CaseRow, *, limit: int) -> Sequence[PostRow]:
    """The newest posts of the case's author that stand, oldest first."""
    return (await session.exec(_spoken(case).order_by(*_newest_first).limit(limit))).all()[::-1]


async def newest_post_of(session: AsyncSession, case: CaseRow) -> PostRow | None:
    """The last post of the case's author that stands, if any does."""
    return next(iter(await spoken_by_author(session, case, limit=1)), None)


async def posts_seen(
    session: AsyncSession,
    case: CaseRow,
    *,
    until: PostRow | None = None,
    before: PostPlace | None = None,
    limit: int,
) -> Sequence[PostRow]:
    """The newest posts of the case's thread that its author can see, newest first.

    Deleted ones are among them, without text. A private message between us and somebody else is not the author's to
    see.

    Args:
        session: A transaction.
        case: Whose.
        until: Up to this post, and with it.
        before: Only what was sent before this place.
        limit: The most.
    """
    query = _seen(case)
    if until is not None:
        query = query.where(_post_place <= (until.sent_at, until.id))
    if before is not None:
        query = query.where(_post_place < before)
    return (await session.exec(query.order_by(*_newest_first).limit(limit))).all()


async def posts_seen_after(
    session: AsyncSession, case: CaseRow, post: PostRow, *, role: Role | None = None, limit: int
) -> Sequence[PostRow]:
    """The posts that came next after this one, oldest first; of everybody whom the author can see, or of one side."""
    query = _seen(case).where(_post_place > (post.sent_at, post.id))
    if role is not None:
        query = query.where(PostRow.role == role)
    return (await session.exec(query.order_by(col(PostRow.sent_at), col(PostRow.id)).limit(limit))).all()


async def posts_by_id(session: AsyncSession, ids: Collection[str]) -> Sequence[PostRow]:
    """These posts as they stand now, oldest first."""
    query = select(PostRow).where(col(PostRow.id).in_(ids)).order_by(col(PostRow.sent_at), col(PostRow.id))
    return (await session.exec(query)).all()


async def openings_of(session: AsyncSession, ids: Collection[str]) -> dict[str, Opening]:
    """How these posts begin: long texts stay in the database."""
    kinds: dict[str, list[str]] = defaultdict(list)
    came = select(AttachmentRow.post, AttachmentRow.type).where(col(AttachmentRow.post).in_(ids))
    for post, kind in await session.exec(came.order_by(col(AttachmentRow.id))):
        kinds[post].append(kind)
    some = func.substr(col(PostRow.text), 1, LONGEST_OPENING + 1)
    query = select(PostRow, some).where(col(PostRow.id).in_(ids)).options(*_WITHOUT_TEXT)
    return {post.id: opening_of(post, said, kinds[post.id]) for post, said in await session.exec(query)}


def opening_of(post: PostRow, said: str, kinds: Iterable[str]) -> Opening:
    """How a post begins: of what it `said` more than that, or all; `kinds` are of what came with it."""
    return Opening(
        id=post.id,
        author=post.author,
        text=said[:LONGEST_OPENING],
        cut=len(said) > LONGEST_OPENING,
        private=post.private_to is not None,
        sent_at=post.sent_at,
        edited_at=post.edited_at,
        deleted_at=post.deleted_at,
        attachments=tuple(kinds),
    )


async def post_of(session: AsyncSession, post: str) -> PostRow | None:
    """The post of this id, read anew."""
    return await session.get(PostRow, post, populate_existing=True)


async def attachments_of(session: AsyncSession, posts: Collection[str]) -> Sequence[AttachmentRow]:
    """What came with these posts."""
    query = select(AttachmentRow).where(col(AttachmentRow.post).in_(posts)).order_by(col(AttachmentRow.id))
    return (await session.exec(query)).all()


async def thread_of(session: AsyncSession, thread: str) -> ThreadRow | None:
    """The thread of this id."""
    return await session.get(ThreadRow, thread)


async def account_of(session: AsyncSession, account: str) -> AccountRow | None:
    """The account of this id."""
    return await session.get(AccountRow, account)


async def standing_link(session: AsyncSession, *, brand: str, channel: str, folded_handle: str) -> LinkRow | None:
    """Staff's word on who this handle is, if it has not been taken back."""
    query = select(LinkRow).where(
        LinkRow.brand == brand,
        LinkRow.channel == channel,
        LinkRow.folded_handle == folded_handle,
        col(LinkRow.unlinked_at).is_(None),
    )
    return (await session.exec(query.order_by(col(LinkRow.linked_at).desc()))).first()


async def notes_of(session: AsyncSession, case: str, *, before: str | None = None, limit: int) -> Sequence[NoteRow]:
    """What staff wrote about a case, newest first."""
    query = select(NoteRow).where(NoteRow.case == case)
    if before is not None:
        query = query.where(NoteRow.id < before)
    return (await session.exec(query.order_by(col(NoteRow.id).desc()).limit(limit))).all()


async def staff_of(session: AsyncSession, ids: Collection[str]) -> dict[str, StaffRow]:
    """The people of these ids."""
    rows = await session.exec(select(StaffRow).where(col(StaffRow.id).in_(ids)))
    return {row.id: row for row in rows}


def _spoken(case: CaseRow) -> SelectOfScalar[PostRow]:
    return select(PostRow).where(
        PostRow.thread == case.thread,
        PostRow.folded_author == case.folded_author,
        PostRow.role == Role.CUSTOMER,
        col(PostRow.deleted_at).is_(None),
    )


def _seen(case: CaseRow) -> SelectOfScalar[PostRow]:
    theirs = or_(
        col(PostRow.private_to).is_(None),
        PostRow.private_to == case.folded_author,
        PostRow.folded_author == case.folded_author,
    )
    return select(PostRow).where(PostRow.thread == case.thread, theirs)


def add(session: AsyncSession, row: Any) -> None:  # noqa: ANN401 - any table's row
    """Put a new row into this transaction."""
    session.add(row)
