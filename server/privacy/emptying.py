"""What becomes of the rows that were found: deleted; or, where something has to stay, without words and names."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from server.audit.seals import Seals
from server.models import metadata
from server.privacy import repository
from server.privacy.finding import Found
from server.privacy.holdings import Fate, Holds
from server.privacy.repository import Row
from server.privacy.tables import TABLES
from server.shop.folding import fold_handle


async def empty(session: AsyncSession, found: Found, seals: Seals, now: datetime, *, erasing: bool) -> Counter[str]:
    """Delete or empty every row that was found, in an erasure or because its time is over; how many of each table."""
    counts: Counter[str] = Counter()
    await repository.forget_words(session, {int(place) for place in found.ids["places"]})
    # what points to others goes before them
    for name in (table.name for table in reversed(metadata.sorted_tables)):
        rows = found.rows.get(name, {})
        if not rows:
            continue
        counts[name] += len(rows)
        if TABLES[name].fate is Fate.DELETED:
            await repository.delete_rows(session, name, rows)
        else:
            changes = {key: emptied(name, row, found, seals, now, erasing=erasing) for key, row in rows.items()}
            await repository.change_rows(session, name, changes)
    return counts


def emptied(name: str, row: Row, found: Found, seals: Seals, now: datetime, *, erasing: bool) -> Row:
    """The values that a row has to be given so that nothing of the customer stands in it."""
    table = TABLES[name]
    values: Row = {}
    for column, holds in table.columns.items():
        if column in table.until_erased and not erasing:
            continue
        value = row[column]
        match holds:
            case Holds.WORDS:
                values[column] = _nothing(name, column, value)
            case Holds.CUSTOMER | Holds.ORDER:
                values[column] = None if value is None else seals.pseudonym(holds.value, value)
            case Holds.HANDLE:
                values[column] = _pseudonym_of_handle(value, found, seals)
            case Holds.NETWORK:
                values[column] = _pseudonym_of_post(value, row, found, seals)
    if "version" in table.columns:
        values["version"] = row["version"] + 1  # whoever works on what they have read comes too late
    for end in table.ends:
        if end.among is None or row[end.column] in end.among:
            values[end.column] = now if end.then == "now" else end.then
    return values


def post_pseudonym(seals: Seals, account: str, network_id: str) -> str:
    """What stands for the network's id of a post that was erased."""
    return seals.pseudonym("post", f"{account}:{network_id}")


def post_pseudonyms(seals: Seals, account: str, network_id: str) -> set[str]:
    """The same, and what stood for it under older secrets."""
    return seals.pseudonyms("post", f"{account}:{network_id}")


def _pseudonym_of_handle(value: str | None, found: Found, seals: Seals) -> str | None:
    """Ours, and other people's in the thread, stay."""
    if value is None or fold_handle(value) not in found.handles:
        return value
    return seals.pseudonym("handle", fold_handle(value))


def _pseudonym_of_post(value: str | None, row: Mapping[str, Any], found: Found, seals: Seals) -> str | None:
    if value is None or value not in found.networks.get(row["account"], ()):
        return value
    return post_pseudonym(seals, row["account"], value)


def _nothing(name: str, column: str, value: Any) -> Any:  # noqa: ANN401 - a column's value
    if value is None or metadata.tables[name].c[column].nullable:
        return None
    return type(value)()
