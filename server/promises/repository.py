"""Reading and locking promises, and what they hang on."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import and_, col, or_, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from server.actions.states import ActionState
from server.models import ActionRow, CaseRow, DraftRow, PromiseRow, PublicationRow
from server.promises.states import PromiseState
from server.publications.states import PublicationState

Place = tuple[datetime | None, str]
"""A promise's place in the list: when it is due, and its id."""

_IS_OPEN = PromiseRow.state == PromiseState.OPEN
ON_ITS_WAY = (
    PublicationState.HELD,
    PublicationState.QUEUED,
    PublicationState.SENDING,
    PublicationState.UNCERTAIN,
)
"""The states of what may still be sent, or may be out by now."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which promises. Of what is None or empty every promise will do; `overdue_at`: open, and due by then.

    Whoever asks on the machine itself sees every brand's: `brands` is None.
    """

    brands: Collection[str] | None
    states: Collection[str] = ()
    overdue_at: datetime | None = None
    customer: str | None = None
    case: str | None = None


async def find_promise(session: AsyncSession, promise: str, brands: Collection[str] | None = None) -> PromiseRow | None:
    """The promise of this id; with `brands`, only if it is one of theirs."""
    query = select(PromiseRow).where(PromiseRow.id == promise)
    if brands is not None:
        query = query.where(col(PromiseRow.brand).in_(brands))
    return (await session.exec(query)).first()


async def lock_promise(session: AsyncSession, promise: str, brands: Collection[str] | None = None) -> PromiseRow | None:
    """The promise of this id as it stands, which nobody else changes until this transaction ends."""
    query = select(PromiseRow).where(PromiseRow.id == promise)
    if brands is not None:
        query = query.where(col(PromiseRow.brand).in_(brands))
    return (await session.exec(query.with_for_update().execution_options(populate_existing=True))).first()


async def list_promises(
    session: AsyncSession, wanted: Wanted, *, after: Place | None, limit: int
) -> Sequence[PromiseRow]:
    """Promises in the order in which they are due, those without a time last."""
    due, id_ = col(PromiseRow.due), col(PromiseRow.id)
    query = select(PromiseRow)
    if wanted.brands is not None:
        query = query.where(col(PromiseRow.brand).in_(wanted.brands))
    if wanted.states:
        query = query.where(col(PromiseRow.state).in_(wanted.states))
    if wanted.overdue_at is not None:
        query = query.where(_IS_OPEN, due <= wanted.overdue_at)
    for column, value in ((PromiseRow.customer, wanted.customer), (PromiseRow.case, wanted.case)):
        if value is not None:
            query = query.where(column == value)
    if after is not None:
        moment, last = after
        without = and_(due.is_(None), id_ > last)
        query = query.where(
            without if moment is None else or_(due > moment, and_(due == moment, id_ > last), due.is_(None))
        )
    return (await session.exec(query.order_by(due.is_(None), due, id_).limit(limit))).all()


async def open_for(session: AsyncSession, customer: str) -> Sequence[PromiseRow]:
    """What this customer was promised and has not been given, oldest first."""
    query = select(PromiseRow).where(PromiseRow.customer == customer, _IS_OPEN)
    return (await session.exec(query.order_by(col(PromiseRow.made_at), col(PromiseRow.id)))).all()


async def open_in_case(session: AsyncSession, case: str) -> Sequence[PromiseRow]:
    """What was promised in this case and has not been kept, oldest first."""
    query = select(PromiseRow).where(PromiseRow.case == case, _IS_OPEN)
    return (await session.exec(query.order_by(col(PromiseRow.made_at), col(PromiseRow.id)))).all()


async def overdue_for(
    session: AsyncSession, brands: Collection[str], cases: Collection[str], customers: Collection[str]
) -> Sequence[PromiseRow]:
    """What has a time and was not kept yet: in one of these cases, or to one of these customers; the longest due first.

    What an incident's text promises is left out: whoever closes that tells everybody.
    """
    query = select(PromiseRow).where(
        _IS_OPEN,
        col(PromiseRow.due).is_not(None),
        col(PromiseRow.incident).is_(None),
        col(PromiseRow.brand).in_(brands),
        or_(col(PromiseRow.case).in_(cases), col(PromiseRow.customer).in_(customers)),
    )
    return (await session.exec(query.order_by(col(PromiseRow.due), col(PromiseRow.id)))).all()


async def of_publication(session: AsyncSession, publication: str) -> Sequence[PromiseRow]:
    """What was promised with a publication."""
    query = select(PromiseRow).where(PromiseRow.publication == publication)
    return (await session.exec(query.order_by(col(PromiseRow.id)))).all()


async def lock_open_of(session: AsyncSession, publication: str) -> Sequence[PromiseRow]:
    """What was promised with a publication and is open, locked."""
    query = select(PromiseRow).where(PromiseRow.publication == publication, _IS_OPEN)
    query = query.order_by(col(PromiseRow.id)).with_for_update()
    return (await session.exec(query.execution_options(populate_existing=True))).all()


async def lock_open_for_action(session: AsyncSession, action: ActionRow) -> Sequence[PromiseRow]:
    """The open promises that this action may keep, locked: its own, and those to its customer or in its case."""
    theirs = and_(
        PromiseRow.brand == action.brand,
        or_(PromiseRow.customer == action.customer, and_(PromiseRow.case == action.case, action.case is not None)),
    )
    query = select(PromiseRow).where(_IS_OPEN, or_(PromiseRow.action == action.id, theirs))
    query = query.order_by(col(PromiseRow.id)).with_for_update()
    return (await session.exec(query.execution_options(populate_existing=True))).all()


async def nobody_we_know(session: AsyncSession, drafts: Collection[str]) -> None:
    """Let what was promised with these drafts be owed to the handle alone: it is not whom it was taken for."""
    query = update(PromiseRow).where(col(PromiseRow.draft).in_(drafts)).values(customer=None)
    await session.exec(query.execution_options(synchronize_session=False))


async def actions_of_draft(session: AsyncSession, draft: str) -> Sequence[ActionRow]:
    """The actions that were proposed with a draft and are still meant to be done, or were."""
    aside = [ActionState.REJECTED, ActionState.EXPIRED]
    query = select(ActionRow).where(ActionRow.draft == draft, col(ActionRow.state).not_in(aside))
    return (await session.exec(query.order_by(col(ActionRow.id)))).all()


async def actions_about(session: AsyncSession, promise: PromiseRow) -> Sequence[ActionRow]:
    """The actions that may have kept a promise: of its draft, and those done since for its customer or in its case."""
    aside = [ActionState.REJECTED, ActionState.EXPIRED]
    since = and_(
        ActionRow.brand == promise.brand,
        col(ActionRow.done_at) >= promise.made_at,
        or_(
            and_(ActionRow.customer == promise.customer, promise.customer is not None),
            and_(ActionRow.case == promise.case, promise.case is not None),
        ),
    )
    own = and_(ActionRow.draft == promise.draft, promise.draft is not None)
    query = select(ActionRow).where(or_(own, since), col(ActionRow.state).not_in(aside))
    return (await session.exec(query.order_by(col(ActionRow.id)))).all()


async def actions_in_case(session: AsyncSession, case: str, *, limit: int) -> Sequence[ActionRow]:
    """The newest actions that belong to a case, or to one of its drafts; newest first."""
    drafts = select(DraftRow.id).where(DraftRow.case == case)
    query = select(ActionRow).where(or_(col(ActionRow.case) == case, col(ActionRow.draft).in_(drafts)))
    return (await session.exec(query.order_by(col(ActionRow.id).desc()).limit(limit))).all()


async def actions_by_id(session: AsyncSession, ids: Collection[str]) -> dict[str, ActionRow]:
    """The actions of these ids."""
    if not ids:
        return {}
    return {row.id: row for row in await session.exec(select(ActionRow).where(col(ActionRow.id).in_(ids)))}


async def find_publication(
    session: AsyncSession, publication: str, brands: Collection[str]
) -> tuple[PublicationRow, DraftRow, CaseRow] | None:
    """The publication of this id, of these brands, with its draft and its case."""
    query = (
        select(PublicationRow, DraftRow, CaseRow)
        .join(DraftRow, col(DraftRow.id) == PublicationRow.draft)
        .join(CaseRow, col(CaseRow.id) == PublicationRow.case)
        .where(PublicationRow.id == publication, col(PublicationRow.brand).in_(brands))
    )
    return (await session.exec(query)).first()


async def is_on_its_way(session: AsyncSession, case: str) -> bool:
    """Whether an answer to this case is on its way out, or may be."""
    query = select(PublicationRow.id).where(PublicationRow.case == case, col(PublicationRow.state).in_(ON_ITS_WAY))
    return (await session.exec(query.limit(1))).first() is not None
