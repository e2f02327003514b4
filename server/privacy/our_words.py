"""Taking what tells who was erased out of what colleagues keep at hand: views of the queue, saved replies.

A saved reply is read by everybody and can be written anew, so a name in it, which another person may have too, is left
and told of. A view of somebody's own is seen by nobody else who could take a name out.
"""

from collections.abc import Callable
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from server.privacy import repository
from server.privacy.holdings import Holds
from server.privacy.repository import Key, Row
from server.privacy.subjects import Subject

_REPLIES, _VERSIONS, _VIEWS = "saved_replies", "saved_reply_versions", "saved_views"


async def mask_our_words(session: AsyncSession, subject: Subject, brands: frozenset[str]) -> dict[str, int]:
    """Take them out; how many rows of which table."""
    replies = await repository.rows_of(session, _REPLIES, brands)
    versions = await repository.rows_among(session, _VERSIONS, "saved_reply", {row["id"] for row in replies})
    views = await repository.rows_of(session, _VIEWS, brands)
    changes = {
        _REPLIES: _masked(_REPLIES, replies, subject.identifiers.without),
        _VERSIONS: _masked(_VERSIONS, versions, subject.identifiers.without),
        _VIEWS: _masked(_VIEWS, views, subject.everything.without),
    }
    for values in changes[_REPLIES].values():
        values["changed_here"] = True  # or its file would bring them back
    for name, rows in changes.items():
        await repository.change_rows(session, name, rows)
    return {name: len(rows) for name, rows in changes.items()}


def _masked(name: str, rows: list[Row], without: Callable[[str], str]) -> dict[Key, Row]:
    """What is to stand in those that change."""
    columns = [column.name for column in repository.columns_that_hold(name, Holds.OURS)]
    found = {}
    for row in rows:
        said = {column: row[column] for column in columns}
        values = {column: _without(value, without) for column, value in said.items()}
        if values != said:
            found[repository.key_of(name, row)] = values
    return found


def _without(value: Any, without: Callable[[str], str]) -> Any:  # noqa: ANN401 - a column's value
    match value:
        case str():
            return without(value)
        case list():
            return [_without(one, without) for one in value]
        case dict():
            return {name: _without(one, without) for name, one in value.items()}
    return value
