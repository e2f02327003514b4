"""What an incident is, and where a case stands in it."""

from enum import StrEnum

from server.errors import Conflict, NotFound


class Kind(StrEnum):
    """Something is wrong, or a theme of the company's conduct that is answered with an approved statement."""

    INCIDENT = "incident"
    STATEMENT = "statement"


class How(StrEnum):
    """A reply for everybody, or one post of ours for all."""

    REPLIES = "replies"
    PINNED = "pinned"


class Purpose(StrEnum):
    """What a text is for: the answer to everybody, or the word to those who were promised an update."""

    ANSWER = "answer"
    CLOSING = "closing"


class IncidentState(StrEnum):
    """Whether posts still come to it."""

    OPEN = "open"
    CLOSED = "closed"


class InIncident(StrEnum):
    """Where a case stands: what is kept or released is answered by itself, in the queue."""

    LISTED = "listed"
    CONFIRMED = "confirmed"
    KEPT = "kept"
    ANSWERED = "answered"
    RELEASED = "released"


class IncidentNotFound(NotFound):
    """There is no such incident, or not of the caller's brands."""

    def __init__(self) -> None:
        super().__init__("there is no such incident")


class IncidentClosed(Conflict):
    """Nothing more is put to it."""


class IncidentChanged(Conflict):
    """Somebody has changed it since the caller saw it; the details tell its version."""
