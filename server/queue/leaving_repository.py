"""Finds what Deskside has left unanswered and nobody has looked at."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, func
from sqlalchemy.orm import aliased
from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from assistant.case import Role
from server.drafts.queue_repository import NOT_LISTED
from server.drafts.ranks import ORDINARY
from server.drafts.states import DraftState
from server.models import ActionRow, CaseRow, DraftRow, PostRow, PromiseRow, RestRow
from server.promises.states import PromiseState

_OF_CASE = col(CaseRow.id) == DraftRow.case
_FIRST_DUE = (col(DraftRow.due_at), col(DraftRow.id))


async def find_left(
    session: AsyncSession,
    brands: Collection[str],
    reasons: Collection[str],
    *,
    since: datetime,
    limit: int,
    draft: str | None = None,
) -> Sequence[DraftRow]:
    """Drafts that were left unanswered for one of these reasons, the first due first; or that one alone, if it is one.

    Nothing is among them that a person has decided, that is dangerous, that rests on an order, or in whose case
    something was promised or proposed.

    Args:
        session: A transaction.
        brands: Whose.
        reasons: By code.
        since: An answer was due since then.
        limit: The most.
        draft: Only this one.
    """
    query = select(DraftRow).join(CaseRow, _OF_CASE).where(*_left(brands, reasons, since)).options(*NOT_LISTED)
    if draft is not None:
        query = query.where(DraftRow.id == draft)
    return (await session.exec(query.order_by(*_FIRST_DUE).limit(limit))).all()


async def reasons_left(
    session: AsyncSession, brands: Collection[str], reasons: Collection[str], *, since: datetime, limit: int
) -> Mapping[str, str]:
    """For which reason each of these was left unanswered, and nothing else of them."""
    query = select(DraftRow.id, DraftRow.reason_code).join(CaseRow, _OF_CASE).where(*_left(brands, reasons, since))
    rows = await session.exec(query.order_by(*_FIRST_DUE).limit(limit))
    return {draft: reason for draft, reason in rows if reason is not None}


def _left(brands: Collection[str], reasons: Collection[str], since: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        col(DraftRow.brand).in_(brands),
        col(DraftRow.state) == DraftState.NO_REPLY,
        col(DraftRow.rank) == ORDINARY,
        col(DraftRow.due_at) >= since,
        col(DraftRow.reason_code).in_(reasons),
        col(DraftRow.danger).is_(None),
        col(CaseRow.danger).is_(None),
        col(CaseRow.open).is_(True),
        ~exists().where(col(RestRow.draft) == DraftRow.id, col(RestRow.kind) == "order"),
        ~exists().where(col(PromiseRow.case) == CaseRow.id, col(PromiseRow.state) == PromiseState.OPEN),
        ~exists().where(col(ActionRow.case) == CaseRow.id),
    )


async def said_in(session: AsyncSession, drafts: Collection[str]) -> Mapping[str, Sequence[PostRow]]:
    """By draft, what its customer had written since we last spoke when it was left unanswered, the oldest first."""
    found: dict[str, list[PostRow]] = defaultdict(list)
    for draft, post in await session.exec(_said(drafts, PostRow)):
        found[draft].append(post)
    return found


async def words_in(session: AsyncSession, drafts: Collection[str]) -> Mapping[str, Sequence[str]]:
    """The same, the words alone."""
    found: dict[str, list[str]] = defaultdict(list)
    for draft, words in await session.exec(_said(drafts, PostRow.text)):
        found[draft].append(words)
    return found


def _said(drafts: Collection[str], what: Any) -> Any:  # noqa: ANN401 - a query of what is asked for
    ours, target = aliased(PostRow), aliased(PostRow)
    spoke = (
        select(func.max(col(ours.sent_at)))
        .where(col(ours.thread) == target.thread, col(ours.role) == Role.BRAND, col(ours.sent_at) < target.sent_at)
        .correlate(target)
        .scalar_subquery()
    )
    return (
        select(DraftRow.id, what)
        .join(target, col(target.id) == DraftRow.target_post)
        .join(PostRow, col(PostRow.thread) == target.thread)
        .where(
            col(DraftRow.id).in_(drafts),
            PostRow.folded_author == target.folded_author,
            PostRow.role == Role.CUSTOMER,
            col(PostRow.deleted_at).is_(None),
            or_(spoke.is_(None), col(PostRow.sent_at) > spoke),
        )
        .order_by(col(PostRow.sent_at), col(PostRow.id))
    )
