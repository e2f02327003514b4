"""What is refused, and how the web tells it. Each error of a part is named for its fact and is one of these kinds."""

from collections.abc import Mapping
from typing import Any, ClassVar


class Refused(Exception):
    """Something may not or cannot be done. The message says what was wrong and what to do, for a person to read.

    `status` is the HTTP status, `code` a stable name for programs (the class's unless set), `details` what else the
    caller can use, as JSON.
    """

    status: ClassVar[int] = 400

    def __init__(self, words: str, **details: Any) -> None:  # noqa: ANN401 - JSON values have no narrower type
        super().__init__(words)
        self.details: Mapping[str, Any] = details

    @property
    def code(self) -> str:
        """`DraftAlreadyDecided` is `draft_already_decided`."""
        name = type(self).__name__
        return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")


class NotSignedIn(Refused):
    """Nobody is named, or by something that does not count any more."""

    status = 401


class NotAllowed(Refused):
    """The caller may not do this; the words say who can."""

    status = 403


class NotFound(Refused):
    """There is none, or none of the caller's brands: the two are told in the same words."""

    status = 404


class Conflict(Refused):
    """It stands otherwise than the caller saw it; `details` show how it stands now."""

    status = 409


class TooLarge(Refused):
    """More than is taken in one piece."""

    status = 413


class Unprocessable(Refused):
    """Understood, and against a rule."""

    status = 422


class TooMany(Refused):
    """Too often; `details["retry_after"]` is in seconds."""

    status = 429


class Unavailable(Refused):
    """Something it needs does not answer; trying again later may help."""

    status = 503
