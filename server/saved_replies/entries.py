"""A saved reply as people write it and as the knowledge folder's file holds it."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from assistant.guidance import Entry, Language
from assistant.outcome import Part
from server.models import SavedReplyRow
from tools.proposals import Team


class ReplyText(Entry):
    """What it says in one language: to everyone, to the customer alone, or both."""

    public: str | None = None
    private: str | None = None

    def of(self, part: Part) -> str | None:
        """The text of one part."""
        return self.public if part is Part.PUBLIC else self.private


class SavedReplyEntry(Entry):
    """An entry of saved_replies.yaml. `channels` are those it is for, all if none is named.

    `expires_on` is the last day on which it is offered, by the brand's clock.
    """

    id: str
    brand: str
    team: Team
    title: str
    texts: Mapping[Language, ReplyText]
    channels: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    shortcut: str | None = None
    expires_on: date | None = None

    def parts(self) -> Iterator[tuple[Language, Part, str]]:
        """Every text that it has: in which language, for whom, and what it says."""
        for language, text in self.texts.items():
            for part in Part:
                if said := text.of(part):
                    yield language, part, said


def as_row(entry: SavedReplyEntry, now: datetime) -> SavedReplyRow:
    """An entry as a row that is not in the database yet."""
    fields = entry.model_dump(mode="json", exclude={"expires_on"})
    return SavedReplyRow(**fields, expires_on=entry.expires_on, created_at=now, changed_at=now)


def write_into(row: SavedReplyRow, entry: SavedReplyEntry) -> None:
    """Let the row say what the entry says."""
    for name, value in entry.model_dump(mode="json", exclude={"id", "expires_on"}).items():
        setattr(row, name, value)
    row.expires_on = entry.expires_on


def as_entry(row: SavedReplyRow) -> SavedReplyEntry:
    """A row as the folder's file holds it."""
    return SavedReplyEntry.model_validate(row.model_dump(include=set(SavedReplyEntry.model_fields)))
