"""Reading and writing actions."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import and_, func, or_
from sqlmodel import col, desc, select
from sqlmodel.ext.asyncio.session import AsyncSession

from server.actions.states import UNDER_WAY, ActionState
from server.drafts.rests import ACTION
from server.drafts.states import DraftState
from server.models import (
    AccountRow,
    ActionApprovalRow,
    ActionDecisionRow,
    ActionRow,
    CaseRow,
    DraftRow,
    PostRow,
    RestRow,
)

_APPROVING = 0x0AC7  # a number of its own among the advisory locks
_BESIDE = 100
_COUNTS = (*UNDER_WAY, ActionState.DONE)


async def one_at_a_time(session: AsyncSession) -> None:
    """Wait until nobody else is approving: what was approved before is added up and then acted on."""
    if session.get_bind().dialect.name == "postgresql":
        await session.exec(select(func.pg_advisory_xact_lock(_APPROVING)))


async def find_action(session: AsyncSession, action: str, brands: Collection[str] | None = None) -> ActionRow | None:
    """The action of this id, of these brands."""
    query = select(ActionRow).where(ActionRow.id == action)
    if brands is not None:
        query = query.where(col(ActionRow.brand).in_(brands))
    return (await session.exec(query)).first()


async def find_actions(session: AsyncSession, actions: Collection[str]) -> Sequence[ActionRow]:
    """The actions of these ids as they stand, the first first."""
    query = select(ActionRow).where(col(ActionRow.id).in_(actions)).order_by(col(ActionRow.id))
    return (await session.exec(query.execution_options(populate_existing=True))).all()


async def lock_case_of(session: AsyncSession, action: str) -> None:
    """Have nobody else change the case of an action until this transaction ends: the first lock, before the action."""
    query = select(CaseRow.id).join(ActionRow, col(ActionRow.case) == CaseRow.id).where(ActionRow.id == action)
    await session.exec(query.with_for_update(of=CaseRow))


async def lock_action(session: AsyncSession, action: str, brands: Collection[str] | None = None) -> ActionRow | None:
    """The same with its case, as it stands now and nobody else changes it until this transaction ends."""
    await lock_case_of(session, action)
    query = select(ActionRow).where(ActionRow.id == action)
    if brands is not None:
        query = query.where(col(ActionRow.brand).in_(brands))
    return (await session.exec(query.with_for_update().execution_options(populate_existing=True))).first()


async def list_actions(
    session: AsyncSession,
    *,
    brands: Collection[str],
    states: Collection[ActionState],
    customer: str | None,
    case: str | None,
    draft: str | None,
    before: str | None,
    limit: int,
) -> Sequence[ActionRow]:
    """Actions of these brands, the newest first."""
    query = select(ActionRow).where(col(ActionRow.brand).in_(brands))
    if states:
        query = query.where(col(ActionRow.state).in_(states))
    for column, wanted in ((ActionRow.customer, customer), (ActionRow.case, case), (ActionRow.draft, draft)):
        if wanted is not None:
            query = query.where(column == wanted)
    if before is not None:
        query = query.where(ActionRow.id < before)
    return (await session.exec(query.order_by(desc(ActionRow.id)).limit(limit))).all()


async def that_count(session: AsyncSession, customer: str, *, but: str) -> Sequence[ActionRow]:
    """This customer's other actions that were carried out, or that somebody has approved."""
    query = select(ActionRow).where(
        ActionRow.customer == customer, col(ActionRow.state).in_(_COUNTS), ActionRow.id != but
    )
    return (await session.exec(query.order_by(col(ActionRow.approved_at), col(ActionRow.id)))).all()


async def given(
    session: AsyncSession, *, brand: str, currency: str, kinds: Collection[str], since: datetime, but: str
) -> int:
    """What the actions of these kinds that were approved since then come to for a brand, in minor units."""
    query = select(func.sum(ActionRow.amount)).where(
        ActionRow.brand == brand,
        ActionRow.currency == currency,
        col(ActionRow.kind).in_(kinds),
        col(ActionRow.state).in_(_COUNTS),
        col(ActionRow.approved_at) >= since,
        ActionRow.id != but,
    )
    return int((await session.exec(query)).one() or 0)


async def standing_approvals(session: AsyncSession, action: str) -> Sequence[ActionApprovalRow]:
    """The approvals of an action that stand, the first one first."""
    query = select(ActionApprovalRow).where(
        ActionApprovalRow.action == action, col(ActionApprovalRow.voided_at).is_(None)
    )
    return (await session.exec(query.order_by(col(ActionApprovalRow.step)))).all()


async def decisions_of(session: AsyncSession, action: str) -> Sequence[ActionDecisionRow]:
    """What was done to an action, in order."""
    query = select(ActionDecisionRow).where(ActionDecisionRow.action == action)
    return (await session.exec(query.order_by(col(ActionDecisionRow.at), col(ActionDecisionRow.id)))).all()


async def lock_consented_in(
    session: AsyncSession, case: CaseRow, states: Collection[ActionState]
) -> Sequence[ActionRow]:
    """The actions in these states to which a case's customer said yes there, or elsewhere about the case, locked."""
    posts = select(PostRow.id).where(PostRow.thread == case.thread, PostRow.folded_author == case.folded_author)
    query = select(ActionRow).where(
        col(ActionRow.state).in_(states),
        col(ActionRow.consent_quote).is_not(None),
        or_(col(ActionRow.consent_post).in_(posts), col(ActionRow.case) == case.id),
    )
    return (await session.exec(query.order_by(col(ActionRow.id)).with_for_update())).all()


async def lock_approved_in(
    session: AsyncSession, case: CaseRow, states: Collection[ActionState]
) -> Sequence[ActionRow]:
    """The actions in these states that came up in a case and need no yes of its customer, locked."""
    query = select(ActionRow).where(
        col(ActionRow.state).in_(states), col(ActionRow.consent_quote).is_(None), col(ActionRow.case) == case.id
    )
    return (await session.exec(query.order_by(col(ActionRow.id)).with_for_update())).all()


async def lock_of_draft(session: AsyncSession, draft: str, states: Collection[ActionState]) -> Sequence[ActionRow]:
    """The actions in these states that were proposed with a draft, locked."""
    query = select(ActionRow).where(ActionRow.draft == draft, col(ActionRow.state).in_(states))
    return (await session.exec(query.order_by(col(ActionRow.id)).with_for_update())).all()


async def lock_resting_under(
    session: AsyncSession, draft: str, states: Collection[ActionState], *, need: str | None = None
) -> Sequence[ActionRow]:
    """The actions in these states that a draft's words rest on, locked; those that must have come as far as `need`."""
    resting = select(RestRow.ref).where(RestRow.draft == draft, RestRow.kind == ACTION)
    if need is not None:
        resting = resting.where(RestRow.digest == need)
    query = select(ActionRow).where(col(ActionRow.id).in_(resting), col(ActionRow.state).in_(states))
    query = query.order_by(col(ActionRow.id)).with_for_update()
    return (await session.exec(query.execution_options(populate_existing=True))).all()


async def drafts_counting_on(session: AsyncSession, action: str, states: Collection[DraftState]) -> Sequence[DraftRow]:
    """The drafts in these states whose words count on an action."""
    resting = select(RestRow.draft).where(RestRow.kind == ACTION, RestRow.ref == action)
    query = select(DraftRow).where(col(DraftRow.id).in_(resting), col(DraftRow.state).in_(states))
    return (await session.exec(query.order_by(col(DraftRow.id)))).all()


async def orders_being_changed(session: AsyncSession, draft: str) -> set[str]:
    """The orders that the shop was asked to change by actions that a draft's words count on, and may be changing."""
    resting = select(RestRow.ref).where(RestRow.draft == draft, RestRow.kind == ACTION)
    under_way = col(ActionRow.state).in_([ActionState.RUNNING, ActionState.UNCERTAIN])
    query = select(ActionRow.order_id).where(col(ActionRow.id).in_(resting), under_way)
    return {order for order in await session.exec(query) if order is not None}


async def that_may_be_told(
    session: AsyncSession, customer: str, brand: str, but_for: Collection[str]
) -> Sequence[ActionRow]:
    """A customer's actions that were approved or done, and those of these ids, the newest first."""
    told = or_(col(ActionRow.state).in_(_COUNTS), col(ActionRow.id).in_(but_for))
    query = select(ActionRow).where(ActionRow.customer == customer, ActionRow.brand == brand, told)
    return (await session.exec(query.order_by(desc(ActionRow.id)).limit(_BESIDE))).all()


async def actions_beside(session: AsyncSession, draft: str) -> Sequence[ActionRow]:
    """The actions that were proposed with a draft and those that its words rest on, the first first."""
    resting = select(RestRow.ref).where(RestRow.draft == draft, RestRow.kind == ACTION)
    query = select(ActionRow).where(or_(col(ActionRow.draft) == draft, col(ActionRow.id).in_(resting)))
    return (await session.exec(query.order_by(col(ActionRow.id)).limit(_BESIDE))).all()


async def find_case(session: AsyncSession, case: str, brands: Collection[str]) -> CaseRow | None:
    """The case of this id, of these brands."""
    query = select(CaseRow).where(CaseRow.id == case, col(CaseRow.brand).in_(brands))
    return (await session.exec(query)).first()


async def find_post(session: AsyncSession, name: str, brands: Collection[str]) -> PostRow | None:
    """The post of this id, ours or its network's, of these brands; the newest if networks share it."""
    # by way of the accounts, as the index on the networks' ids begins with them
    accounts = select(AccountRow.id).where(col(AccountRow.brand).in_(brands))
    on_network = and_(col(PostRow.account).in_(accounts), col(PostRow.network_id) == name)
    ours = and_(col(PostRow.id) == name, col(PostRow.brand).in_(brands))
    query = select(PostRow).where(or_(ours, on_network)).order_by(desc(PostRow.received_at)).limit(1)
    return (await session.exec(query)).first()


async def find_account(session: AsyncSession, account: str) -> AccountRow | None:
    """The account of this id."""
    return await session.get(AccountRow, account)


async def case_of_post(session: AsyncSession, post: PostRow) -> CaseRow | None:
    """The case that a customer's post belongs to."""
    query = select(CaseRow).where(CaseRow.thread == post.thread, CaseRow.folded_author == post.folded_author)
    return (await session.exec(query)).first()
