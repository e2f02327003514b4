"""A knowledge folder's entries on their way into the database: which of the two decides, and what became of each.

As long as nobody has changed a row in the database, the folder's entry decides, its being gone included. Once somebody
has, the database decides, and what the folder says is told of and left; when both say the same again, the folder
decides again.
"""

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from server.models.filed import FiledRow

logger = logging.getLogger(__name__)

FILE_GONE = "the knowledge folder does not name it any more"


_Row = TypeVar("_Row", bound=FiledRow)


@dataclass(slots=True)
class Seeded:
    """By their ids. `left`: the database says something else, because somebody changed it there, and stays."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    @property
    def anything(self) -> bool:
        """Whether the database says something else than before."""
        return bool(self.added or self.changed or self.gone)

    def tell_left(self, where: str) -> None:
        """Warn whoever runs this of what the folder says in vain."""
        if self.left:
            words = "%s says something else than the database of %s, which were changed there and stay"
            logger.warning(words, where, ", ".join(self.left))


def folder_decides(row: FiledRow, seeded: Seeded, now: datetime, *, same: bool) -> bool:
    """Whether the row is to say what the folder does; it stands again then, in its next version.

    `same`: it does already.
    """
    if row.retired_at is None and same:
        row.changed_here = row.file_differs = False
        return False
    if row.changed_here:
        row.file_differs = True
        seeded.left.append(row.id)
        return False
    row.retired_at = row.retire_reason = row.changed_by = None
    row.version, row.changed_at = row.version + 1, now
    seeded.changed.append(row.id)
    return True


def take_out(rows: Mapping[str, _Row], named: Collection[str], seeded: Seeded, now: datetime) -> list[_Row]:
    """Retire the rows that the folder does not name any more, unless somebody changed them; those that were."""
    unnamed = [row for name, row in rows.items() if name not in named]
    gone = [row for row in unnamed if not row.changed_here and row.retired_at is None]
    for row in unnamed:
        row.file_differs = False
    for row in gone:
        row.retired_at, row.retire_reason, row.changed_by = now, FILE_GONE, None
        row.version, row.changed_at = row.version + 1, now
    seeded.gone += [row.id for row in gone]
    return gone
