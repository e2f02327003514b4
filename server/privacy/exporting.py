"""Giving out what is known of a customer: one document, and a row of the audit that it was given out."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from server.audit.seals import Seals
from server.db import writing
from server.events.log import record
from server.models.ids import new_id
from server.privacy.holdings import Holds
from server.privacy.subjects import Asked, find_subject
from server.privacy.tables import TABLES
from server.staff.roles import Caller

Document = dict[str, Any]


async def export(engine: AsyncEngine, seals: Seals, caller: Caller, asked: Asked, now: datetime) -> Document:
    """Every row of theirs by table, without who of the staff it was.

    Raises:
        NobodyToFind, CustomerOfAllBrands: There is nothing that the caller could give out.
    """
    async with writing(engine) as session:
        subject = await find_subject(session, caller, asked, seals)
        rows = {name: list(found.values()) for name, found in sorted(subject.found.rows.items()) if found}
        told = {"customer": asked.customer, "rows": sum(map(len, rows.values())), "by": caller.id}
        record(session, "customer.exported", new_id("export"), brand=subject.brand, at=now, **told)
    return {
        "customer": asked.customer,
        "handles": sorted(subject.found.handles),
        "possible_handles": subject.unsure,
        "made_at": _plain(now),
        "tables": {name: [_told(name, row) for row in found] for name, found in rows.items()},
    }


def _told(name: str, row: Mapping[str, Any]) -> Document:
    columns = TABLES[name].columns
    return {column: _plain(value) for column, value in row.items() if columns[column] is not Holds.STAFF}


def _plain(value: Any) -> Any:  # noqa: ANN401 - a column's value, and as JSON
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    return value
