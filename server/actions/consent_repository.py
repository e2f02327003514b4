"""Where a customer's yes stands: their posts and cases, and what was proposed beside a draft."""

from collections.abc import Collection, Sequence

from sqlmodel import col, desc, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from server.actions.states import ActionState
from server.models import AccountRow, ActionRow, CaseRow, DraftRow, PostRow
from server.shop.folding import fold_channel


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
