"""Reading and opening cases, with the posts and notes that belong to them."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, select, tuple_
from sqlmodel.ext.asyncio.session import AsyncSession

from assistant.case import Role
from server.models import AccountRow, AttachmentRow, CaseRow, LinkRow, NoteRow, PostRow, StaffRow, ThreadRow

Key = tuple[str, str]
"""What a case is known by beside its id: our thread, and the folded author."""


async def open_cases(session: AsyncSession, cases: Sequence[CaseRow]) -> set[Key]:
    """Add the cases whose author has none in the thread yet; which those are."""
    table: Table = CaseRow.__table__  # type: ignore[attr-defined]
    insert = (postgresql if session.get_bind().dialect.name == "postgresql" else sqlite).insert(table)
    # two posts of one author at the same moment open one case
    added = insert.on_conflict_do_nothing(index_elements=["thread", "folded_author"])
    rows = [case.model_dump() for case in sorted(cases, key=lambda case: (case.thread, case.folded_author))]
    opened = await session.exec(added.returning(table.c.thread, table.c.folded_author), params=rows)
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


async def posts_of(session: AsyncSession, thread: str) -> Sequence[PostRow]:
    """Every post of a thread as it stands now, oldest first; deleted ones are among them, without text."""
    query = select(PostRow).where(PostRow.thread == thread)
    return (await session.exec(query.order_by(col(PostRow.sent_at), col(PostRow.id)))).all()


async def newest_post_of(session: AsyncSession, case: CaseRow) -> PostRow | None:
    """The last post of the case's author that stands, if any does."""
    query = select(PostRow).where(
        PostRow.thread == case.thread,
        PostRow.folded_author == case.folded_author,
        PostRow.role == Role.CUSTOMER,
        col(PostRow.deleted_at).is_(None),
    )
    newest = query.order_by(col(PostRow.sent_at).desc(), col(PostRow.id).desc()).limit(1)
    return (await session.exec(newest)).first()


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


async def notes_of(session: AsyncSession, case: str) -> Sequence[NoteRow]:
    """What staff wrote about a case, oldest first."""
    return (await session.exec(select(NoteRow).where(NoteRow.case == case).order_by(col(NoteRow.id)))).all()


async def staff_of(session: AsyncSession, ids: Collection[str]) -> dict[str, StaffRow]:
    """The people of these ids."""
    rows = await session.exec(select(StaffRow).where(col(StaffRow.id).in_(ids)))
    return {row.id: row for row in rows}


def add(session: AsyncSession, row: Any) -> None:  # noqa: ANN401 - any table's row
    """Put a new row into this transaction."""
    session.add(row)
