"""Lists in pages. A cursor says where the next page begins; it is signed, so that only ours are read."""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Query, Request
from pydantic import BaseModel, Field

from server.errors import Refused
from server.secret import Secret
from server.web.dependencies import service_of

LARGEST_PAGE = 200
_SIGNED = 12

Item = TypeVar("Item")


class BrokenCursor(Refused):
    """The cursor is not one of ours, or of another list."""

    status = 400


class Page(BaseModel, Generic[Item]):
    """Some of a list, in its order."""

    items: list[Item]
    next: str | None = Field(
        default=None, description="Give this as `cursor` for the next page; null: this is the last one."
    )


Limit = Annotated[int, Query(ge=1, le=LARGEST_PAGE, description="How many at most.", examples=[50])]
Cursor = Annotated[
    str | None, Query(max_length=1000, description="`next` of the page before; leave it out for the first page.")
]


class Cursors:
    """The cursors of one list: `Cursors(key, "drafts?brand=fernhollow")`.

    A list is named with what it is filtered by, because a place in one list is none in another.
    """

    def __init__(self, key: bytes, name: str) -> None:
        self._key = hashlib.sha256(b"cursor\0" + name.encode() + b"\0" + key).digest()

    def write(self, place: Sequence[Any]) -> str:
        """The cursor of a place: JSON values, such as the sort key and id of the last item of a page."""
        said = json.dumps(place, separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(self._sign(said) + said).decode().rstrip("=")

    def read(self, cursor: str | None) -> list[Any] | None:
        """The place, or None for the beginning.

        Raises:
            BrokenCursor: It was not written here.
        """
        if cursor is None:
            return None
        try:
            raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        except (ValueError, binascii.Error):
            raise _broken() from None
        signature, said = raw[:_SIGNED], raw[_SIGNED:]
        if not hmac.compare_digest(signature, self._sign(said)):
            raise _broken()
        place: list[Any] = json.loads(said)
        return place

    def page(
        self, found: Sequence[Item], limit: int, place: Callable[[Item], Sequence[Any]]
    ) -> tuple[list[Item], str | None]:
        """The page and its `next`, of `limit + 1` rows that were asked for."""
        items = list(found[:limit])
        return items, self.write(place(items[-1])) if len(found) > limit else None

    def _sign(self, said: bytes) -> bytes:
        return hmac.digest(self._key, said, "sha256")[:_SIGNED]


def cursors_of(request: Request, name: str) -> Cursors:
    """The cursors of the list of this name."""
    state = request.app.state
    if not hasattr(state, "cursor_key"):
        state.cursor_key = Secret.of(service_of(request).settings).derive("cursors")
    return Cursors(state.cursor_key, name)


def _broken() -> BrokenCursor:
    return BrokenCursor("this cursor is none of this list's; begin without one")
