"""Idempotency keys: a write that is sent twice is done once, and both get the answer.

A caller names a write by a key of its own in the header `Idempotency-Key`. The answer is kept for a day. The same key
with another request is refused; so is a twin of a request that is still under way. That the change was made is written
down in its own transaction (`server.db.writing`), so that after a crash it is known whether the request may be tried
again.
"""

import hashlib
import json
from datetime import timedelta
from typing import Any

from fastapi import Request
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.db import also, writing
from server.errors import Conflict, Refused, Unprocessable
from server.models import AnsweredRow
from server.service import Service
from server.staff.roles import Caller
from server.web import answered_repository
from server.web.answered_repository import CHANGED, Key, UnderWay

HEADER = "Idempotency-Key"
KEPT_FOR = timedelta(days=1)

_METHODS = frozenset({"POST", "PUT", "PATCH"})
LONGEST = 255
_ABANDONED_AFTER = timedelta(minutes=2)
_KEPT_HEADERS = ("content-type", "location")
_LARGEST = 512 * 1024
# May come out otherwise next time, and nothing was changed: 401 and 429 are not about the request itself.
_NOT_KEPT = frozenset({401, 408, 429})


class BrokenIdempotencyKey(Refused):
    """The key is empty, too long or holds what no header may."""


class IdempotencyKeyTaken(Unprocessable):
    """This key named another request."""


class RequestUnderWay(Conflict):
    """The same request is being answered at this moment."""


class AnswerNotKept(Conflict):
    """The request was carried out, and its answer cannot be given again."""


def shown_once(request: Request) -> None:
    """A dependency of endpoints whose answer holds a secret: it is not kept, and a repeat is told so."""
    request.state.shown_once = True


class Idempotency:
    """Middleware around the endpoints, behind the one that finds the caller."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or answer again."""
        key = _key_of(scope) if scope["type"] == "http" and scope["method"] in _METHODS else None
        if key is None:
            await self._app(scope, receive, send)
            return
        service: Service = scope["app"].state.service
        begun = await _begin(service, key, _digest(scope))
        if isinstance(begun, Response):
            await begun(scope, receive, send)
            return
        answer = _Kept(send)
        try:
            with also(lambda session: answered_repository.mark_changed(session, begun)):
                await self._app(scope, receive, answer)
        finally:
            await _finish(service, begun, answer, secret=scope["state"].get("shown_once", False))
        await answer.send_on()


async def _begin(service: Service, key: Key, request: str) -> UnderWay | Response:
    """The request to be carried out, or the answer that was given."""
    now = service.clock()
    async with writing(service.engine) as session:
        if await answered_repository.begin(session, key, request=request, now=now):
            return UnderWay(key, now)
        row = await answered_repository.find(session, key)
        if row is None or row.request != request:
            raise IdempotencyKeyTaken("this idempotency key named another request; take a new one for each request")
        if row.status is None:
            abandoned = now - row.at > _ABANDONED_AFTER
            if abandoned and await answered_repository.take_over(session, key, since=row.at, now=now):
                return UnderWay(key, now)
            raise RequestUnderWay("the same request is under way; ask again in a moment", retry_after=1)
    return _given_again(row)


def _given_again(row: AnsweredRow) -> Response:
    if not row.status or row.body is None:
        raise AnswerNotKept("this request was carried out, and its answer was not kept; look at what it changed")
    return Response(row.body["content"], row.status, {**row.body["headers"], "Idempotency-Replayed": "true"})


async def _finish(service: Service, request: UnderWay, answer: "_Kept", *, secret: bool) -> None:
    status = answer.status
    async with writing(service.engine) as session:
        if status is None or status >= 500 or status in _NOT_KEPT:
            await answered_repository.forget(session, request)
        elif secret or answer.zipped or answer.size > _LARGEST:
            await answered_repository.keep(session, request, status=CHANGED, body={})
        else:
            await answered_repository.keep(session, request, status=status, body=answer.as_json())


class _Kept:
    """Holds an answer back until it has been written down."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._messages: list[Message] = []
        self.status: int | None = None
        self.size = 0

    async def __call__(self, message: Message) -> None:
        self._messages.append(message)
        if message["type"] == "http.response.start":
            self.status = message["status"]
        self.size += len(message.get("body", b""))

    @property
    def zipped(self) -> bool:
        """Whether it is packed for one caller's browser, as pages are: nothing that could be kept as text."""
        return "content-encoding" in self._headers

    @property
    def _headers(self) -> Headers:
        return Headers(raw=self._messages[0]["headers"])

    def as_json(self) -> dict[str, Any]:
        headers = self._headers
        content = b"".join(message.get("body", b"") for message in self._messages)
        return {
            "content": content.decode(),
            "headers": {name: headers[name] for name in _KEPT_HEADERS if name in headers},
        }

    async def send_on(self) -> None:
        for message in self._messages:
            await self._send(message)


def _key_of(scope: Scope) -> Key | None:
    caller = scope["state"].get("caller")
    given = Headers(scope=scope).get(HEADER)
    if given is None or not isinstance(caller, Caller):
        return None
    if not 1 <= len(given) <= LONGEST or not (given.isascii() and given.isprintable()):
        raise BrokenIdempotencyKey(f"an idempotency key is 1 to {LONGEST} printable ASCII characters")
    return Key(caller.id, given)


def _digest(scope: Scope) -> str:
    """Names the request: where it went and what it said."""
    where = json.dumps([scope["method"], scope["path"], scope["query_string"].decode("latin-1")])
    return hashlib.sha256(where.encode() + b"\0" + scope["state"]["body"]).hexdigest()
