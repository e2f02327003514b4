"""Queries of whom drafts were written to: as whom their records know the author."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from server.models import DraftRow
from tools.records import Known

_SURE = frozenset({Known.VERIFIED, Known.LINKED})


@dataclass(frozen=True, slots=True)
class TakenFor:
    """How sure we are who the author is, and which customer; none where that is a guess, or nobody."""

    known: Known
    id: str | None = None


async def customers_of(session: AsyncSession, drafts: Collection[str]) -> Mapping[str, TakenFor]:
    """Of these drafts, as each was written; what is not written yet, or was without looking who it is, is left out.

    Of the records, which are most of a row, nothing else is read.
    """
    told = select(DraftRow.id, col(DraftRow.record)["customer"]).where(col(DraftRow.id).in_(drafts))
    rows = (await session.exec(told)).all()
    return {draft: _taken_for(said) for draft, said in rows if isinstance(said, dict)}


def taken_for(draft: DraftRow) -> TakenFor | None:
    """The same of a draft that was read whole."""
    said = (draft.record or {}).get("customer")
    return _taken_for(said) if isinstance(said, dict) else None


def _taken_for(said: Mapping[str, str | None]) -> TakenFor:
    known = Known(said.get("known") or Known.UNKNOWN)
    return TakenFor(known, said.get("id") if known in _SURE else None)
