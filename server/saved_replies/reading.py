"""Saved replies as people are told of them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from server.models import SavedReplyRow
from server.policies.calendar import Calendar
from server.saved_replies import repository
from server.saved_replies.repository import Sent, Taken
from server.saved_replies.views import SavedReplyView
from server.service import Service
from server.staff.naming import names_of

SENT_LATELY = timedelta(days=30)
"""How far back it is counted what was sent."""


async def as_views(
    session: AsyncSession, service: Service, rows: Sequence[SavedReplyRow], now: datetime
) -> list[SavedReplyView]:
    """These with who changed them, whether they are over, and what was sent of them of late."""
    names = await names_of(session, [row.changed_by for row in rows])
    ids, since = [row.id for row in rows], now - SENT_LATELY
    sent = await repository.sent_since(session, ids, since)
    taken = await repository.taken_since(session, ids, since)
    calendar = Calendar.of(service.desk.guidance.brands)
    return [
        SavedReplyView.of(
            row, names, calendar.day(row.brand, now), sent.get(row.id, Sent()), taken.get(row.id, Taken())
        )
        for row in rows
    ]
