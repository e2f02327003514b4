"""What is refused of saved replies."""

from server.errors import Conflict, NotFound, Unavailable, Unprocessable


class NoSuchSavedReply(NotFound):
    """There is none of this id, or none of the caller's brands."""

    def __init__(self) -> None:
        super().__init__("there is no such saved reply")


class SavedReplyExists(Conflict):
    """There is or was one of this id."""


class SavedReplyChanged(Conflict):
    """Somebody changed it since it was read; the details hold the version that stands."""


class SavedReplyRetired(Conflict):
    """It is offered no more, and not changed either."""


class SavedReplyOver(Conflict):
    """Its last day is over."""


class NotASavedReply(Unprocessable):
    """It could not be sent as it is; the details say which field is wrong, and why."""


class NotHere(Unprocessable):
    """It has no text that could stand in this part of this draft."""


class CannotBeChecked(Unavailable):
    """What its words would rest on cannot be read at the moment."""
