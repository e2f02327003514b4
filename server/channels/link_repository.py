"""Queries about links between handles and customers, and the privacy incidents that follow from taking one back."""

from collections.abc import Collection, Sequence

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from server.models import LinkRow, PrivacyIncidentRow, PublicationRow, RestRow
from server.publications.states import PublicationState
from server.shop.folding import fold_channel, fold_handle

_MAY_BE_OUT = (PublicationState.SENDING, PublicationState.SENT, PublicationState.UNCERTAIN)


async def standing_link(session: AsyncSession, *, brand: str, channel: str, handle: str) -> LinkRow | None:
    """Staff's word on who this handle is, if it stands."""
    query = select(LinkRow).where(
        LinkRow.brand == brand,
        LinkRow.channel == fold_channel(channel),
        LinkRow.folded_handle == fold_handle(handle),
        col(LinkRow.unlinked_at).is_(None),
    )
    return (await session.exec(query)).first()


async def lock_link(session: AsyncSession, link: str, *, brands: Collection[str]) -> LinkRow | None:
    """The link of this id, if its brand is one of these; kept from other writers."""
    query = select(LinkRow).where(LinkRow.id == link, col(LinkRow.brand).in_(brands)).with_for_update()
    return (await session.exec(query)).first()


async def list_links(
    session: AsyncSession, *, brands: Collection[str], customer: str | None, before: str | None, limit: int
) -> Sequence[LinkRow]:
    """Links of these brands, newest first, before this id."""
    query = select(LinkRow).where(col(LinkRow.brand).in_(brands))
    if customer is not None:
        query = query.where(LinkRow.customer == customer)
    if before is not None:
        query = query.where(col(LinkRow.id) < before)
    return (await session.exec(query.order_by(col(LinkRow.id).desc()).limit(limit))).all()


async def drafts_resting_on(session: AsyncSession, link: str) -> Sequence[str]:
    """Every draft that was written with this link, whatever became of it."""
    query = select(RestRow.draft).where(RestRow.kind == "link", RestRow.ref == link).order_by(col(RestRow.draft))
    return (await session.exec(query)).all()


async def publications_out(session: AsyncSession, drafts: Collection[str]) -> Sequence[str]:
    """What of these drafts was sent or may have been."""
    query = select(PublicationRow.id).where(
        col(PublicationRow.draft).in_(drafts), col(PublicationRow.state).in_(_MAY_BE_OUT)
    )
    return (await session.exec(query.order_by(col(PublicationRow.id)))).all()


async def list_incidents(
    session: AsyncSession, *, brands: Collection[str], is_open: bool | None, before: str | None, limit: int
) -> Sequence[PrivacyIncidentRow]:
    """Incidents of these brands, newest first, before this id; `is_open` None: open and closed ones."""
    query = select(PrivacyIncidentRow).where(col(PrivacyIncidentRow.brand).in_(brands))
    if is_open is not None:
        closed = col(PrivacyIncidentRow.closed_at)
        query = query.where(closed.is_(None) if is_open else closed.is_not(None))
    if before is not None:
        query = query.where(col(PrivacyIncidentRow.id) < before)
    return (await session.exec(query.order_by(col(PrivacyIncidentRow.id).desc()).limit(limit))).all()


async def lock_incident(session: AsyncSession, incident: str, *, brands: Collection[str]) -> PrivacyIncidentRow | None:
    """The incident of this id, if its brand is one of these; kept from other writers."""
    query = select(PrivacyIncidentRow).where(
        PrivacyIncidentRow.id == incident, col(PrivacyIncidentRow.brand).in_(brands)
    )
    return (await session.exec(query.with_for_update())).first()
