"""Reading drafts and what hangs on them, and the one guarded way to change a draft."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import exists
from sqlmodel import col, select, tuple_, update
from sqlmodel.ext.asyncio.session import AsyncSession

from server.drafts.queue_repository import NOT_LISTED
from server.drafts.states import DraftState
from server.models import ApprovalRow, DecisionRow, DraftRow, RestRow

Place = tuple[datetime, str]
"""A place in a list by time: the moment, and the id."""

_MOST_OF_IT = ("record", "claims", "findings")
_COLUMNS = tuple(DraftRow.model_fields)

_newest_draft_first = (col(DraftRow.created_at).desc(), col(DraftRow.id).desc())


async def find_draft(session: AsyncSession, draft: str, brands: Collection[str] | None = None) -> DraftRow | None:
    """The draft of this id as it stands; with `brands`, only if it is one of theirs."""
    query = select(DraftRow).where(DraftRow.id == draft)
    if brands is not None:
        query = query.where(col(DraftRow.brand).in_(brands))
    return (await session.exec(query.execution_options(populate_existing=True))).first()


async def case_of_draft(session: AsyncSession, draft: str, brands: Collection[str]) -> str | None:
    """The id of a draft's case, if the draft is one of these brands'; nothing else of it is read."""
    query = select(DraftRow.case).where(DraftRow.id == draft, col(DraftRow.brand).in_(brands))
    return (await session.exec(query)).first()


async def change_draft(session: AsyncSession, draft: DraftRow, now: datetime, **values: Any) -> bool:  # noqa: ANN401
    """Change a draft that still is of the version that was read; False if somebody else was first.

    The version rises, and `draft` is brought up to date.
    """
    query = (
        update(DraftRow)
        .where(col(DraftRow.id) == draft.id, col(DraftRow.version) == draft.version)
        .values(version=draft.version + 1, updated_at=now, **values)
        .execution_options(synchronize_session=False)
    )
    done = (await session.exec(query)).rowcount == 1
    if done:
        # all but what is most of the row, and is as it was read unless it was changed just now
        await session.refresh(draft, [name for name in _COLUMNS if name not in _MOST_OF_IT or name in values])
    return done


async def lock_drafts_of(session: AsyncSession, case: str, states: Collection[DraftState]) -> Sequence[DraftRow]:
    """The case's drafts in one of these states, oldest first, locked and read anew."""
    query = select(DraftRow).where(DraftRow.case == case, col(DraftRow.state).in_(states))
    query = query.order_by(col(DraftRow.created_at), col(DraftRow.id)).with_for_update()
    return (await session.exec(query.execution_options(populate_existing=True))).all()


async def draft_being_written(session: AsyncSession, case: str) -> DraftRow | None:
    """The newest draft of a case that is being written."""
    query = select(DraftRow).where(DraftRow.case == case, DraftRow.state == DraftState.DRAFTING)
    return (await session.exec(query.order_by(*_newest_draft_first).limit(1))).first()


async def drafts_of(session: AsyncSession, case: str, *, before: Place | None = None, limit: int) -> Sequence[DraftRow]:
    """The newest drafts of a case, newest first, as lists show them."""
    query = select(DraftRow).where(DraftRow.case == case)
    if before is not None:
        query = query.where(tuple_(col(DraftRow.created_at), col(DraftRow.id)) < before)
    return (await session.exec(query.order_by(*_newest_draft_first).limit(limit).options(*NOT_LISTED))).all()


async def cases_resting_on(session: AsyncSession, kind: str, ref: str, states: Collection[DraftState]) -> set[str]:
    """The cases of the drafts in one of these states that rest on this."""
    resting = select(RestRow.draft).where(RestRow.kind == kind, RestRow.ref == ref)
    query = select(DraftRow.case).where(col(DraftRow.id).in_(resting), col(DraftRow.state).in_(states))
    return set(await session.exec(query))


async def drafts_resting_on_kinds(
    session: AsyncSession, kinds: Collection[str], states: Collection[DraftState], *, after: str, limit: int
) -> Sequence[DraftRow]:
    """The drafts in one of these states that rest on anything of these kinds, by their ids, from the one `after`."""
    resting = exists().where(col(RestRow.draft) == DraftRow.id, col(RestRow.kind).in_(kinds))
    query = select(DraftRow).where(col(DraftRow.state).in_(states), DraftRow.id > after, resting)
    return (await session.exec(query.order_by(col(DraftRow.id)).limit(limit))).all()


async def lock_drafts_resting_on(
    session: AsyncSession, kind: str, ref: str, states: Collection[DraftState]
) -> Sequence[DraftRow]:
    """The drafts in one of these states that rest on this, oldest first, locked and read anew."""
    resting = select(RestRow.draft).where(RestRow.kind == kind, RestRow.ref == ref)
    query = select(DraftRow).where(col(DraftRow.id).in_(resting), col(DraftRow.state).in_(states))
    query = query.order_by(col(DraftRow.id)).with_for_update()
    return (await session.exec(query.execution_options(populate_existing=True))).all()


async def rests_of(session: AsyncSession, draft: str) -> Sequence[RestRow]:
    """What a draft rests on."""
    query = select(RestRow).where(RestRow.draft == draft).order_by(col(RestRow.kind), col(RestRow.ref))
    return (await session.exec(query)).all()


async def replace_rests(session: AsyncSession, draft: str, rests: Sequence[RestRow]) -> None:
    """Let the draft rest on these and on nothing else."""
    for old in await rests_of(session, draft):
        await session.delete(old)
    await session.flush()
    session.add_all(rests)


async def standing_approvals(session: AsyncSession, draft: str) -> Sequence[ApprovalRow]:
    """The approvals of a draft that nothing has voided, part by part, the first step first."""
    query = select(ApprovalRow).where(ApprovalRow.draft == draft, col(ApprovalRow.voided_at).is_(None))
    return (await session.exec(query.order_by(col(ApprovalRow.part), col(ApprovalRow.step)))).all()


async def approvals_of(session: AsyncSession, draft: str, *, limit: int) -> Sequence[ApprovalRow]:
    """The newest approvals of a draft, whether they still stand or not, the first first."""
    query = select(ApprovalRow).where(ApprovalRow.draft == draft)
    newest = query.order_by(col(ApprovalRow.at).desc(), col(ApprovalRow.id).desc()).limit(limit)
    return (await session.exec(newest)).all()[::-1]


async def decisions_of(session: AsyncSession, draft: str) -> Sequence[DecisionRow]:
    """What was done to a draft, the first first."""
    query = select(DecisionRow).where(DecisionRow.draft == draft)
    return (await session.exec(query.order_by(col(DecisionRow.at), col(DecisionRow.id)))).all()


async def decisions_about(
    session: AsyncSession, case: str, *, before: Place | None = None, limit: int
) -> Sequence[DecisionRow]:
    """What was done in a case, the last first."""
    query = select(DecisionRow).where(DecisionRow.case == case)
    if before is not None:
        query = query.where(tuple_(col(DecisionRow.at), col(DecisionRow.id)) < before)
    newest = query.order_by(col(DecisionRow.at).desc(), col(DecisionRow.id).desc())
    return (await session.exec(newest.limit(limit))).all()
