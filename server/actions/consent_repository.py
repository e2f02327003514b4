"""Where a customer's yes stands: their posts and cases, and what was proposed beside a draft."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlmodel import col, desc, or_, select, tuple_
from sqlmodel.ext.asyncio.session import AsyncSession

from server.actions.states import ActionState
from server.models import AccountRow, ActionRow, CaseRow, DraftRow, HandleRow, LinkRow, PostRow
from server.shop.folding import fold_channel
from tools.records import Known


async def lock_case_of_post(session: AsyncSession, post: PostRow) -> None:
    """Have nobody else change the case of a post's author until this transaction ends."""
    query = select(CaseRow.id).where(CaseRow.thread == post.thread, CaseRow.folded_author == post.folded_author)
    await session.exec(query.with_for_update())


async def newest_post_of(session: AsyncSession, post: PostRow) -> PostRow | None:
    """What the author of this post wrote last in its thread and has not deleted, as it stands now."""
    query = select(PostRow).where(
        PostRow.thread == post.thread,
        PostRow.folded_author == post.folded_author,
        PostRow.role == "customer",
        col(PostRow.deleted_at).is_(None),
    )
    newest = query.order_by(desc(PostRow.sent_at), desc(PostRow.id)).limit(1)
    return (await session.exec(newest.execution_options(populate_existing=True))).first()


async def orders_said_yes_to(session: AsyncSession, post: str, *, but: str) -> set[str]:
    """The orders of the other actions to which this post is a yes, as far as they are or were to be done."""
    query = select(ActionRow.order_id).where(
        ActionRow.consent_post == post,
        ActionRow.id != but,
        col(ActionRow.state).not_in([ActionState.REJECTED, ActionState.EXPIRED, ActionState.FAILED]),
    )
    return {order for order in await session.exec(query) if order is not None}


async def find_draft(session: AsyncSession, draft: str, brands: Collection[str]) -> DraftRow | None:
    """The draft of this id, of these brands."""
    return (await session.exec(select(DraftRow).where(DraftRow.id == draft, col(DraftRow.brand).in_(brands)))).first()


async def lock_said_by(
    session: AsyncSession, *, brand: str, channel: str, author: str, states: Collection[ActionState]
) -> Sequence[ActionRow]:
    """The actions in these states to which whoever has this handle said yes in a post, or about their case, locked.

    Args:
        session: The transaction.
        brand: Whose handle it is known as.
        channel: Folded.
        author: The handle, folded.
        states: Those in which nothing was asked of the shop yet.
    """
    accounts = [
        account.id
        for account in await session.exec(select(AccountRow).where(AccountRow.brand == brand))
        if fold_channel(account.channel) == channel
    ]
    cases = select(CaseRow.id).where(col(CaseRow.account).in_(accounts), CaseRow.folded_author == author)
    of_case = (await session.exec(cases.order_by(col(CaseRow.id)).with_for_update())).all()
    posts = select(PostRow.id).where(col(PostRow.account).in_(accounts), PostRow.folded_author == author)
    query = select(ActionRow).where(
        col(ActionRow.state).in_(states),
        or_(col(ActionRow.consent_post).in_(posts), col(ActionRow.case).in_(of_case)),
    )
    return (await session.exec(query.order_by(col(ActionRow.id)).with_for_update())).all()


async def lock_of_authors(
    session: AsyncSession, account: AccountRow, written: Collection[tuple[str, str]], states: Collection[ActionState]
) -> Sequence[ActionRow]:
    """The actions in these states, wherever they came up, to which whoever wrote this said yes, locked.

    The cases of what was written, as thread and folded author, are locked with those of the actions in one order: two
    batches of posts by the same people would else wait for one another.
    """
    authors = {author for _, author in written}
    channel = fold_channel(account.channel)
    handles = select(HandleRow.customer).where(
        HandleRow.folded_channel == channel,
        col(HandleRow.folded_handle).in_(authors),
        or_(col(HandleRow.brand).is_(None), HandleRow.brand == account.brand),
        HandleRow.known != Known.POSSIBLE,
    )
    links = select(LinkRow.customer).where(
        LinkRow.brand == account.brand,
        LinkRow.channel == channel,
        col(LinkRow.folded_handle).in_(authors),
        col(LinkRow.unlinked_at).is_(None),
    )
    theirs = (
        col(ActionRow.state).in_(states),
        col(ActionRow.consent_quote).is_not(None),
        or_(col(ActionRow.customer).in_(handles), col(ActionRow.customer).in_(links)),
    )
    cases = select(ActionRow.case).where(*theirs)
    theirs_too = tuple_(col(CaseRow.thread), col(CaseRow.folded_author)).in_(written)
    locking = select(CaseRow.id).where(or_(col(CaseRow.id).in_(cases), theirs_too))
    await session.exec(locking.order_by(col(CaseRow.id)).with_for_update())
    query = select(ActionRow).where(*theirs).order_by(col(ActionRow.id)).with_for_update()
    return (await session.exec(query.execution_options(populate_existing=True))).all()


async def wrote_since(session: AsyncSession, customer: str, said: PostRow) -> bool:
    """Whether this customer wrote again after that post, in whatever thread and under whichever of their handles."""
    handles = select(HandleRow.folded_channel, HandleRow.folded_handle).where(
        HandleRow.customer == customer, HandleRow.known != Known.POSSIBLE
    )
    links = select(LinkRow.channel, LinkRow.folded_handle).where(
        LinkRow.customer == customer, col(LinkRow.unlinked_at).is_(None)
    )
    known = {*(await session.exec(handles)).all(), *(await session.exec(links)).all()}
    accounts = {row.id: fold_channel(row.channel) for row in await session.exec(select(AccountRow))}
    authors = {author for _, author in known}
    cases = select(CaseRow).where(col(CaseRow.account).in_(accounts), col(CaseRow.folded_author).in_(authors))
    for case in (await session.exec(cases)).all():
        if (accounts[case.account], case.folded_author) not in known:
            continue
        later = select(PostRow.id).where(
            PostRow.thread == case.thread,
            PostRow.folded_author == case.folded_author,
            PostRow.role == "customer",
            col(PostRow.deleted_at).is_(None),
            PostRow.sent_at > said.sent_at,
        )
        if (await session.exec(later.limit(1))).first() is not None:
            return True
    return False


async def said_at(session: AsyncSession, action: ActionRow) -> datetime | None:
    """When the customer said yes to an action: when the post was sent, or else when it was written down."""
    post = await session.get(PostRow, action.consent_post) if action.consent_post else None
    return post.sent_at if post is not None else action.consent_at
