"""What is refused of a change of the places that customers may be sent to."""

from server.errors import Conflict, NotAllowed, NotFound, Unprocessable


class NoSuchDestination(NotFound):
    """There is none of this id, or none of the caller's brands."""

    def __init__(self) -> None:
        super().__init__("there is no such destination")


class DestinationExists(Conflict):
    """There is or was a place of this id."""


class DestinationChanged(Conflict):
    """Somebody changed it since it was read; the details hold the version that stands."""


class DestinationRetired(Conflict):
    """Nobody is sent there any more, and it is not changed either."""


class NotADestination(Unprocessable):
    """Nobody could be sent there; the details say which field is wrong, and why."""


class OfEveryBrand(NotAllowed):
    """It is a place of every brand, and the caller does not serve all of them."""
