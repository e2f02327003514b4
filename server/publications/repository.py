"""Reading publications, pauses and what they hang on. Rows that are about to change are locked until the commit."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlmodel import and_, col, or_, select, tuple_
from sqlmodel.ext.asyncio.session import AsyncSession

from assistant.incidents import REASON
from server.drafts.states import OPEN, DraftState
from server.models import (
    AccountRow,
    ApprovalRow,
    CaseRow,
    DraftRow,
    PauseRow,
    PostRow,
    PublicationRow,
    RestRow,
    ThreadRow,
)
from server.publications.states import UNSENT, PublicationState

_CHUNK = 500

DuePlace = tuple[datetime, str]
"""A publication's place among those that are due: when it is to be sent, and its id."""


async def find_publication(session: AsyncSession, publication: str) -> PublicationRow | None:
    """The publication of this id as it stands, to be read only."""
    return await session.get(PublicationRow, publication)


async def lock_publication(session: AsyncSession, publication: str) -> PublicationRow | None:
    """The publication of this id, which nobody else changes until this transaction ends."""
    return await session.get(PublicationRow, publication, with_for_update=True, populate_existing=True)


async def lock_publications_of(session: AsyncSession, draft: str) -> Sequence[PublicationRow]:
    """Every publication of a draft, oldest first, which nobody else changes until this transaction ends."""
    query = select(PublicationRow).where(PublicationRow.draft == draft).order_by(col(PublicationRow.id))
    return (await session.exec(query.with_for_update().execution_options(populate_existing=True))).all()


async def answers_to(
    session: AsyncSession, reply_to: str, *, case: str, draft: str, lock: bool = False
) -> Sequence[PublicationRow]:
    """What was handed over to be sent in answer to this post of the case, and of this draft, oldest first.

    With `lock` nobody else changes it until this transaction ends.
    """
    answering = and_(col(PublicationRow.case) == case, col(PublicationRow.reply_to) == reply_to)
    query = select(PublicationRow).where(or_(answering, col(PublicationRow.draft) == draft))
    query = query.order_by(col(PublicationRow.id)).execution_options(populate_existing=True)
    return (await session.exec(query.with_for_update() if lock else query)).all()


async def lock_waiting_for(session: AsyncSession, publication: str) -> Sequence[PublicationRow]:
    """What is sent only after this one, locked."""
    query = select(PublicationRow).where(
        PublicationRow.waits_for == publication, PublicationRow.state != PublicationState.WITHDRAWN
    )
    query = query.order_by(col(PublicationRow.id)).with_for_update()
    return (await session.exec(query.execution_options(populate_existing=True))).all()


async def list_publications(
    session: AsyncSession,
    *,
    brands: frozenset[str],
    states: Collection[str] = (),
    draft: str | None = None,
    case: str | None = None,
    before: str | None = None,
    limit: int,
) -> Sequence[PublicationRow]:
    """Publications of these brands, newest first, older than the one of the id `before`."""
    query = select(PublicationRow).where(col(PublicationRow.brand).in_(brands))
    if states:
        query = query.where(col(PublicationRow.state).in_(states))
    if draft is not None:
        query = query.where(PublicationRow.draft == draft)
    if case is not None:
        query = query.where(PublicationRow.case == case)
    if before is not None:
        query = query.where(PublicationRow.id < before)
    return (await session.exec(query.order_by(col(PublicationRow.id).desc()).limit(limit))).all()


async def standing_approvals(session: AsyncSession, draft: str) -> Sequence[ApprovalRow]:
    """The approvals of a draft that have not been voided."""
    query = select(ApprovalRow).where(ApprovalRow.draft == draft, col(ApprovalRow.voided_at).is_(None))
    return (await session.exec(query.order_by(col(ApprovalRow.part), col(ApprovalRow.step)))).all()


async def find_draft(session: AsyncSession, draft: str) -> DraftRow | None:
    """The draft as it stands."""
    return await session.get(DraftRow, draft, populate_existing=True)


async def lock_thread_of(session: AsyncSession, case: str) -> None:
    """Have nobody else take in posts of the case's thread until this transaction ends."""
    query = select(ThreadRow.id).join(CaseRow, col(CaseRow.thread) == ThreadRow.id).where(CaseRow.id == case)
    # other rows may point to the thread meanwhile
    await session.exec(query.with_for_update(of=ThreadRow, key_share=True))


async def lock_case(session: AsyncSession, case: str) -> CaseRow | None:
    """The case, which nobody else changes until this transaction ends: the first lock but for its thread's."""
    return await session.get(CaseRow, case, with_for_update=True, populate_existing=True)


async def find_account(session: AsyncSession, account: str) -> AccountRow | None:
    """The account of this id, whether removed or not."""
    return await session.get(AccountRow, account)


async def draft_correcting(session: AsyncSession, publication: str) -> DraftRow | None:
    """The draft that is to correct this publication and has not been put aside."""
    aside = [DraftState.REJECTED, DraftState.SUPERSEDED, DraftState.EXPIRED, DraftState.NO_REPLY]
    query = select(DraftRow).where(DraftRow.corrects == publication, col(DraftRow.state).not_in(aside))
    return (await session.exec(query)).first()


async def rests_of(session: AsyncSession, draft: str) -> Sequence[RestRow]:
    """What a draft rests on."""
    return (await session.exec(select(RestRow).where(RestRow.draft == draft))).all()


async def hold_account(session: AsyncSession, account: str) -> AccountRow | None:
    """The same; no pause over it is made until this transaction ends."""
    return await session.get(AccountRow, account, with_for_update={"read": True}, populate_existing=True)


async def stop_accounts(session: AsyncSession, accounts: Sequence[str]) -> None:
    """Let every transaction that is about to send as one of these end first, and none begin before this one ends."""
    query = select(AccountRow).where(col(AccountRow.id).in_(accounts)).order_by(col(AccountRow.id))
    await session.exec(query.with_for_update(key_share=True))


async def find_post(session: AsyncSession, post: str) -> PostRow | None:
    """The post of our id."""
    return await session.get(PostRow, post)


async def post_on_network(session: AsyncSession, account: str, network_id: str) -> PostRow | None:
    """The post that this account's network knows by this id."""
    query = select(PostRow).where(PostRow.account == account, PostRow.network_id == network_id)
    return (await session.exec(query)).first()


async def sent_as(session: AsyncSession, account: str, network_id: str) -> PublicationRow | None:
    """The publication that is this post on the account's network."""
    query = select(PublicationRow).where(PublicationRow.account == account, PublicationRow.network_id == network_id)
    return (await session.exec(query)).first()


async def newest_of_ours(session: AsyncSession, account: str) -> str | None:
    """The network's id of the last post that this account has written, as far as we know."""
    ours = select(PostRow.network_id).where(PostRow.account == account, PostRow.role == "brand")
    return (await session.exec(ours.order_by(col(PostRow.sent_at).desc()).limit(1))).first()


async def standing_pauses(
    session: AsyncSession,
    *,
    brands: Iterable[str] | None = None,
    scopes: Collection[str] = (),
    after: str | None = None,
    limit: int | None = None,
) -> Sequence[PauseRow]:
    """Pauses that have not been lifted, oldest first: of these brands or of every brand, of these scopes or of any."""
    query = select(PauseRow).where(col(PauseRow.lifted_at).is_(None))
    if brands is not None:
        query = query.where(or_(col(PauseRow.brand).is_(None), col(PauseRow.brand).in_(tuple(brands))))
    if scopes:
        query = query.where(col(PauseRow.scope).in_(scopes))
    if after is not None:
        query = query.where(PauseRow.id > after)
    return (await session.exec(query.order_by(col(PauseRow.id)).limit(limit))).all()


async def find_pause(session: AsyncSession, pause: str, *, lock: bool) -> PauseRow | None:
    """The pause of this id; locked, if wanted, until this transaction ends."""
    return await session.get(PauseRow, pause, with_for_update=lock or None, populate_existing=True)


async def accounts_meant(
    session: AsyncSession, *, brands: Collection[str] | None, channel: str | None, account: str | None
) -> Sequence[AccountRow]:
    """The accounts that are used: of these brands or all, of one channel, or one alone."""
    query = select(AccountRow).where(col(AccountRow.removed_at).is_(None))
    if brands is not None:
        query = query.where(col(AccountRow.brand).in_(brands))
    if channel is not None:
        query = query.where(AccountRow.channel == channel)
    if account is not None:
        query = query.where(AccountRow.id == account)
    return (await session.exec(query.order_by(col(AccountRow.id)))).all()


async def unsent_publications(
    session: AsyncSession,
    *,
    brands: Collection[str] | None,
    channel: str | None,
    account: str | None,
    due: datetime | None,
    after: DuePlace | None = None,
    limit: int | None = None,
) -> Sequence[PublicationRow]:
    """What is unsent and due by then, or ever, in that order; of these brands or all, of one channel or account."""
    unsent = [PublicationState.HELD, PublicationState.QUEUED]
    query = select(PublicationRow).where(col(PublicationRow.state).in_(unsent))
    if due is not None:
        query = query.where(PublicationRow.send_after <= due)
    if brands is not None:
        query = query.where(col(PublicationRow.brand).in_(brands))
    if account is not None:
        query = query.where(PublicationRow.account == account)
    if channel is not None:
        query = query.join(
            AccountRow, and_(col(AccountRow.id) == PublicationRow.account, col(AccountRow.channel) == channel)
        )
    order = (col(PublicationRow.send_after), col(PublicationRow.id))
    if after is not None:
        query = query.where(tuple_(*order) > after)
    return (await session.exec(query.order_by(*order).limit(limit))).all()


async def sent_for_incidents(session: AsyncSession, publications: Sequence[str]) -> set[str]:
    """Those of these that say an incident's text."""
    found: set[str] = set()
    for start in range(0, len(publications), _CHUNK):
        query = (
            select(PublicationRow.id)
            .join(DraftRow, col(DraftRow.id) == PublicationRow.draft)
            .where(col(PublicationRow.id).in_(publications[start : start + _CHUNK]), DraftRow.reason_code == REASON)
        )
        found.update(await session.exec(query))
    return found


async def answer_is_complete(session: AsyncSession, publication: PublicationRow) -> bool:
    """Whether nothing else of the publication's draft is on its way, nor any other draft of its case."""
    on_the_way = [*UNSENT, PublicationState.SENDING, PublicationState.UNCERTAIN]
    part = select(PublicationRow.id).where(
        PublicationRow.draft == publication.draft,
        PublicationRow.id != publication.id,
        col(PublicationRow.state).in_(on_the_way),
    )
    draft = select(DraftRow.id).where(
        DraftRow.case == publication.case,
        DraftRow.id != publication.draft,
        col(DraftRow.state).in_(OPEN - {DraftState.APPROVED}),
    )
    return (await session.exec(part.limit(1))).first() is None and (await session.exec(draft.limit(1))).first() is None
