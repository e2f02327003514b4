"""Who calls: found out once for each request, before anything else is done for it."""

from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from server import log_context
from server.errors import Refused
from server.service import Service
from server.staff.roles import Caller
from server.web.addresses import PREFIX

SESSION_COOKIE = "deskside_session"
_UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
# A page that nobody sits at goes on watching, and begins again by itself when a stream has ended.
_WATCHING = f"{PREFIX}/events"


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a request shows for itself."""

    authorization: str | None
    cookie: str | None
    csrf: str | None
    unsafe: bool

    async def identify(self, service: Service, *, in_use: bool = True) -> Caller:
        """Whose they are. `in_use`: the caller does something now, which keeps them signed in.

        Raises:
            NotSignedIn: Nobody's, or not any more.
            CsrfValueMissing: A browser's, and another site may have made it send this.
        """
        from server.staff.signing_in import identify

        return await identify(
            service.engine,
            authorization=self.authorization,
            cookie=self.cookie,
            csrf=self.csrf,
            unsafe=self.unsafe,
            now=service.clock(),
            in_use=in_use,
        )


class FindCaller:
    """Middleware: `request.state.caller` is the caller, or the refusal that an endpoint which needs one then raises.

    So a request to an endpoint that is open to everybody (signing in, webhooks) is not refused for an old cookie.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Find out, and pass on."""
        told = None
        if scope["type"] == "http":
            state = scope.setdefault("state", {})
            state["credentials"] = credentials = _credentials(scope)
            try:
                in_use = scope["path"] != _WATCHING
                state["caller"] = found = await credentials.identify(scope["app"].state.service, in_use=in_use)
                told = (found.id, found.token)
            except Refused as refused:
                state["caller"] = refused
        context = log_context.caller.set(told)
        try:
            await self._app(scope, receive, send)
        finally:
            log_context.caller.reset(context)


def _credentials(scope: Scope) -> Credentials:
    headers = Headers(scope=scope)
    return Credentials(
        authorization=headers.get("authorization"),
        cookie=_session_cookie(headers.get("cookie", "")),
        csrf=headers.get("x-csrf-token"),
        unsafe=scope["method"] in _UNSAFE,
    )


def _session_cookie(header: str) -> str | None:
    try:
        cookie = SimpleCookie(header).get(SESSION_COOKIE)
    except CookieError:
        return None
    return cookie.value if cookie else None
