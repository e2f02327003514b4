"""Queries of what is said for an incident."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from assistant.incidents import REASON
from server.drafts.states import DraftState
from server.incidents.states import InIncident
from server.models import AccountRow, DraftRow, IncidentCaseRow, IncidentTextRow, PublicationRow
from server.publications.states import PublicationState


async def texts_of(session: AsyncSession, incident: str) -> Sequence[IncidentTextRow]:
    """The incident's texts that have not been replaced, by purpose and language."""
    query = select(IncidentTextRow).where(
        IncidentTextRow.incident == incident, col(IncidentTextRow.replaced_at).is_(None)
    )
    return (await session.exec(query.order_by(col(IncidentTextRow.purpose), col(IncidentTextRow.language)))).all()


async def find_text(session: AsyncSession, incident: str, text: str) -> IncidentTextRow | None:
    """The text of this id, if it is this incident's; also one that was replaced."""
    query = select(IncidentTextRow).where(IncidentTextRow.incident == incident, IncidentTextRow.id == text)
    return (await session.exec(query.execution_options(populate_existing=True))).first()


async def unsent_of(
    session: AsyncSession, brand: str, *, after: str, limit: int
) -> Sequence[tuple[str, Mapping[str, Any] | None]]:
    """The ids of a brand's texts that incidents would send and that have not begun to, with their drafts' records."""
    query = (
        select(PublicationRow.id, DraftRow.record)
        .join(DraftRow, col(DraftRow.id) == PublicationRow.draft)
        .where(
            PublicationRow.brand == brand,
            col(PublicationRow.state).in_([PublicationState.HELD, PublicationState.QUEUED]),
            DraftRow.reason_code == REASON,
            PublicationRow.id > after,
        )
    )
    rows = (await session.exec(query.order_by(col(PublicationRow.id)).limit(limit))).all()
    return [(publication, record) for publication, record in rows]


async def accounts_of(session: AsyncSession, brand: str, accounts: Collection[str]) -> Sequence[AccountRow]:
    """The brand's accounts that are used; these alone, if any are named."""
    query = select(AccountRow).where(AccountRow.brand == brand, col(AccountRow.removed_at).is_(None))
    if accounts:
        query = query.where(col(AccountRow.id).in_(accounts))
    return (await session.exec(query.order_by(col(AccountRow.id)))).all()


async def widest_reach(session: AsyncSession, incident: str) -> int:
    """How many people may read the answer to the most read of the incident's confirmed cases."""
    query = (
        select(func.max(DraftRow.reach))
        .join(IncidentCaseRow, col(IncidentCaseRow.draft) == DraftRow.id)
        .where(IncidentCaseRow.incident == incident, IncidentCaseRow.state == InIncident.CONFIRMED)
    )
    return (await session.exec(query)).one() or 0


async def held_by_account(
    session: AsyncSession, incident: str, languages: Collection[str], *, reach: int | None
) -> Mapping[str, int]:
    """How many confirmed cases wait for a text in one of these languages, by account; of no wider reach than this."""
    query = (
        select(DraftRow.account, func.count())
        .join(IncidentCaseRow, col(IncidentCaseRow.draft) == DraftRow.id)
        .where(
            IncidentCaseRow.incident == incident,
            IncidentCaseRow.state == InIncident.CONFIRMED,
            DraftRow.state == DraftState.HELD,
            col(DraftRow.language).in_(languages),
        )
    )
    if reach is not None:
        query = query.where(func.coalesce(DraftRow.reach, 0) <= reach)
    return dict((await session.exec(query.group_by(col(DraftRow.account)))).all())


async def held_by_language(session: AsyncSession, incident: str) -> Mapping[str, int]:
    """How many confirmed cases wait for a text, by language."""
    query = (
        select(DraftRow.language, func.count())
        .join(IncidentCaseRow, col(IncidentCaseRow.draft) == DraftRow.id)
        .where(
            IncidentCaseRow.incident == incident,
            IncidentCaseRow.state == InIncident.CONFIRMED,
            DraftRow.state == DraftState.HELD,
        )
    )
    return {language or "": count for language, count in await session.exec(query.group_by(col(DraftRow.language)))}
