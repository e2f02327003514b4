"""Where a promise stands. Whether it is overdue is no state of its own: the clock tells."""

from datetime import datetime
from enum import StrEnum

from server.errors import Conflict, NotFound, Unprocessable
from server.models import PromiseRow


class PromiseState(StrEnum):
    """Open until it was kept or withdrawn."""

    OPEN = "open"
    KEPT = "kept"
    WITHDRAWN = "withdrawn"


class PromiseNotFound(NotFound):
    """There is none of this id, or none of the caller's brands."""

    def __init__(self) -> None:
        super().__init__("there is no such promise")


class AlreadySettled(Conflict):
    """It is kept or withdrawn; the details tell since when."""


class KeepsNothing(Unprocessable):
    """What is said to keep it was not sent to this customer after it, or has not been sent."""


class DueInThePast(Unprocessable):
    """A promise is moved to a time that is still to come."""


class DueTooFar(Unprocessable):
    """A promise is moved so far away that nobody would see it again."""


def is_overdue(promise: PromiseRow, now: datetime) -> bool:
    """Whether it is open although it was due."""
    return promise.state == PromiseState.OPEN and promise.due is not None and promise.due <= now
