"""What every request gets: an id, a line in the log, its place in the figures, and an answer whatever happens."""

import logging
import time

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.errors import Refused
from server.log_context import case_id, request_id
from server.models.ids import new_id
from server.staff.roles import Caller
from server.web.limits import OPERATING
from server.web.metrics import Metrics
from server.web.problems import TellAsPage, fault, refusal

_logger = logging.getLogger(__name__)


class Requests:
    """Middleware around everything that may refuse or fail."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics, as_page: TellAsPage) -> None:
        self._app = app
        self._metrics = metrics
        self._as_page = as_page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, and write down that it was answered."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        name = new_id("req")
        scope.setdefault("state", {})["request_id"] = name
        tokens = request_id.set(name), case_id.set(None)
        answer = _Answer(send, name)
        started = time.perf_counter()
        try:
            await self._answer(scope, receive, answer)
        finally:
            self._write_down(scope, answer.status, time.perf_counter() - started)
            request_id.reset(tokens[0])
            case_id.reset(tokens[1])

    async def _answer(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        name = scope["state"]["request_id"]
        try:
            await self._app(scope, receive, answer)
        except Refused as refused:
            told = refusal(refused, request_id=name)
            await (self._page(scope, refused.status, refused.code, str(refused)) or told)(scope, receive, answer)
        except Exception:
            _logger.exception("a request failed")
            if answer.status is not None:
                raise  # half an answer is out; the server closes the connection, so that nobody takes it for a whole
            told = fault(request_id=name)
            await (self._page(scope, told.status_code, "fault", "") or told)(scope, receive, answer)

    def _page(self, scope: Scope, status: int, code: str, words: str) -> Response | None:
        """The refusal as a page, if a person asked and pages can still be shown."""
        try:
            return self._as_page(Request(scope), status, code, words)
        except Exception:
            _logger.exception("a refusal cannot be shown as a page")
            return None

    def _write_down(self, scope: Scope, status: int | None, seconds: float) -> None:
        route = _pattern(scope)
        caller = scope["state"].get("caller")
        self._metrics.count_request(scope["method"], route, status or 499, seconds)
        _logger.log(
            logging.DEBUG if scope["path"] in OPERATING else logging.INFO,
            "request",
            extra={
                "method": scope["method"],
                "route": route,
                "ids": scope.get("path_params") or None,
                "status": status or 499,  # the caller hung up before there was an answer
                "ms": round(seconds * 1000, 1),
                "caller": caller.id if isinstance(caller, Caller) else None,
            },
        )


def _pattern(scope: Scope) -> str:
    """The address with its parameters' names for their values: few enough for figures, and nobody's words."""
    if "endpoint" not in scope:
        return "none"
    names = {str(value): name for name, value in scope.get("path_params", {}).items()}
    return "/".join(f"{{{names[part]}}}" if part in names else part for part in scope["path"].split("/"))


class _Answer:
    """Sends on, and remembers the status."""

    def __init__(self, send: Send, name: str) -> None:
        self._send = send
        self._name = name
        self.status: int | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            MutableHeaders(scope=message)["X-Request-Id"] = self._name
        await self._send(message)
