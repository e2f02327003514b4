"""What a process answers before it can work: that it lives, and that it will be ready in a moment."""

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from server.models.ids import new_id

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

PARTS = ("database", "migrations", "index", "events", "workers")
STARTING = "starting"


async def answer_starting(scope: "Scope", receive: "Receive", send: "Send") -> None:
    """An ASGI application that needs nothing."""
    del receive
    if scope["type"] != "http":
        return
    status, body = _answer(scope["path"])
    kind = b"application/json" if status == HTTPStatus.OK or "ready" in body else b"application/problem+json"
    headers = [
        (b"content-type", kind),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
        (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    ]
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers.append((b"retry-after", b"1"))
    await send({"type": "http.response.start", "status": int(status), "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(body).encode()})


def _answer(path: str) -> tuple[HTTPStatus, dict[str, Any]]:
    if path == "/healthz":
        return HTTPStatus.OK, {"status": "ok"}
    if path == "/readyz":
        return HTTPStatus.SERVICE_UNAVAILABLE, {"ready": False, "parts": dict.fromkeys(PARTS, STARTING), "without": []}
    return HTTPStatus.SERVICE_UNAVAILABLE, {
        "type": "urn:deskside:still_starting",
        "title": HTTPStatus.SERVICE_UNAVAILABLE.phrase,
        "status": 503,
        "code": "still_starting",
        "detail": "this process is still starting; ask again in a moment",
        "request_id": new_id("req"),
        "details": {"retry_after": 1},
        "errors": [],
    }
