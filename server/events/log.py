"""Writing down what happened, in the transaction in which it happened."""

from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from server.models import EventRow


def record(session: AsyncSession, kind: str, subject: str, *, brand: str, at: datetime, **data: Any) -> None:  # noqa: ANN401 - JSON
    """Add an event; it counts when the session's transaction is committed.

    Args:
        session: The transaction of the change itself.
        kind: What happened, "draft.approved": a noun of the business and a past participle.
        subject: The id of the record it happened to.
        brand: Whose record it is; only staff of this brand is told.
        at: When.
        **data: Ids, states and numbers. Never a customer's words or a draft's text.
    """
    session.add(EventRow(kind=kind, subject=subject, brand=brand, at=at, data=data))
