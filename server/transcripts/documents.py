"""Transcripts as the index holds them: their words, entry by entry, and what they are filtered by."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

Facts = dict[str, set[str]]
"""What a transcript is filtered by: values by what they are of."""


@dataclass(frozen=True, slots=True)
class Text:
    """The words of one entry."""

    entry: str
    kind: str
    at: datetime
    staff: str | None
    words: str


@dataclass(slots=True)
class Document:
    """A transcript to be found. `beside` are words that belong to it as a whole."""

    id: str
    brand: str
    channel: str
    author: str | None
    opened_at: datetime
    last_at: datetime
    customer: str | None = None
    beside: str = ""
    facts: Facts = field(default_factory=lambda: defaultdict(set))
    texts: list[Text] = field(default_factory=list)
