"""Writing down what was done in a case: by whom, when, why, and what changed by it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from sqlmodel.ext.asyncio.session import AsyncSession

from server.models import DecisionRow
from server.models.ids import new_id


class Decided(Protocol):
    """What a decision can be about: it belongs to a case of a brand."""

    brand: str
    case: str


def write_down(
    session: AsyncSession,
    about: Decided,
    kind: str,
    now: datetime,
    *,
    draft: str | None,
    by: str | None,
    reason: str | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Add a decision to the case's history; `by` is the person, None the system."""
    session.add(
        DecisionRow(
            id=new_id("decision"),
            brand=about.brand,
            case=about.case,
            draft=draft,
            kind=kind,
            staff=by,
            at=now,
            reason=reason,
            before=dict(before) if before is not None else None,
            after=dict(after) if after is not None else None,
        )
    )
