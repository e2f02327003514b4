"""Signing in and out, and who one is."""

from datetime import datetime
from ipaddress import ip_address
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Request, Response

from server.db import reading, writing
from server.errors import NotAllowed
from server.secret import Secret
from server.service import Service
from server.staff import people, signing_in
from server.staff.roles import Caller
from server.staff.sessions import COOKIE
from server.staff.throttle import BROWSER_COOKIE, BROWSER_LASTS
from server.staff.tokens import NeedsABrowser
from server.staff.views import LinkBody, Me, OwnChange, PasswordBody, PersonView, SignInBody
from server.web.dependencies import NowDep, ServiceDep, caller_of
from server.web.idempotency import shown_once

# Proxies say by these for whom they ask; what comes through one does not come from this machine.
_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
_BROWSER_PATH = "/api/v1"


class FromAnotherSite(NotAllowed):
    """A page of another site signs its visitor in as somebody else."""


def not_from_another_site(request: Request) -> None:
    """Refuse what a browser says another site's page sent; who is not signed in has no CSRF value to show.

    Raises:
        FromAnotherSite: if it is so.
    """
    if request.headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
        raise FromAnotherSite("sign in on our own page")


router = APIRouter(tags=["signing in"])
_OPEN = [Depends(not_from_another_site), Depends(shown_once)]
CallerDep = Annotated[Caller, Depends(caller_of)]


@router.post("/sign-in", dependencies=_OPEN)
async def sign_in(body: SignInBody, request: Request, response: Response, service: ServiceDep, now: NowDep) -> Me:
    """Sign in by password. The browser is given a cookie; changes need the answer's `csrf` as header X-CSRF-Token."""
    signed_in = await signing_in.sign_in(
        service.engine,
        Secret.of(service.settings),
        email=body.email,
        password=body.password,
        browser=_browser(request),
        now=now,
    )
    return _welcome(signed_in, response, _over_https(request, service), now)


@router.post("/sign-in/link", dependencies=_OPEN)
async def sign_in_with_link(
    body: LinkBody, request: Request, response: Response, service: ServiceDep, now: NowDep
) -> Me:
    """Sign in by a link, which works once. Those of the demo work only on the machine that Deskside runs on."""
    signed_in = await signing_in.sign_in_with_link(
        service.engine,
        Secret.of(service.settings),
        link=body.link,
        local=_is_this_machine(request),
        browser=_browser(request),
        now=now,
    )
    return _welcome(signed_in, response, _over_https(request, service), now)


@router.post("/sign-out", status_code=204)
async def sign_out(caller: CallerDep, request: Request, response: Response, service: ServiceDep) -> None:
    """End this browser's session. A token is ended with DELETE /api/v1/tokens/{id}."""
    cookie = request.cookies.get(COOKIE)
    if cookie and caller.token is None:
        async with writing(service.engine) as session:
            await signing_in.sign_out(session, cookie)
    response.delete_cookie(COOKIE, path="/", secure=_over_https(request, service), httponly=True, samesite="lax")


@router.get("/me")
async def me(caller: CallerDep, request: Request, service: ServiceDep, now: NowDep) -> Me:
    """Who calls, and what they may do."""
    cookie = request.cookies.get(COOKIE)
    if caller.token is not None or cookie is None:
        return Me.of(caller, None)
    async with reading(service.engine) as session:
        row = await signing_in.session_of(session, cookie, now)
    return Me.of(caller, row.csrf)


@router.patch("/me")
async def change_me(body: OwnChange, caller: CallerDep, service: ServiceDep, now: NowDep) -> PersonView:
    """Change one's own name, initials and time zone; it holds from the next request on. Not by means of a token."""
    if caller.token is not None:
        raise NeedsABrowser
    async with writing(service.engine) as session:
        return PersonView.of(await people.change_own(session, caller, body.particulars(), now), caller)


@router.post("/me/password", status_code=204, dependencies=[Depends(shown_once)])
async def change_password(
    body: PasswordBody, caller: CallerDep, request: Request, service: ServiceDep, now: NowDep
) -> None:
    """Set one's own password. Every other browser is signed out; tokens stay."""
    if caller.token is not None:
        raise NeedsABrowser
    await signing_in.change_password(
        service.engine,
        Secret.of(service.settings),
        caller,
        current=body.current,
        new=body.new,
        browser=_browser(request),
        now=now,
    )


def _browser(request: Request) -> signing_in.Browser:
    return signing_in.Browser(
        address=request.client.host if request.client else None,
        known=request.cookies.get(BROWSER_COOKIE),
        cookie=request.cookies.get(COOKIE),
    )


def _welcome(signed_in: signing_in.SignedIn, response: Response, https: bool, now: datetime) -> Me:
    opened = signed_in.session
    lasts = int((opened.expires_at - now).total_seconds())
    response.set_cookie(COOKIE, opened.cookie, max_age=lasts, secure=https, httponly=True, samesite="lax")
    response.set_cookie(
        BROWSER_COOKIE,
        signed_in.browser,
        max_age=int(BROWSER_LASTS.total_seconds()),
        path=_BROWSER_PATH,
        secure=https,
        httponly=True,
        samesite="strict",
    )
    return Me.of(signed_in.person.as_caller(), opened.csrf)


def _over_https(request: Request, service: Service) -> bool:
    """Whether people reach us over https, be it through a proxy that does not say so."""
    return request.url.scheme == "https" or urlsplit(service.settings.public_url).scheme == "https"


def _is_this_machine(request: Request) -> bool:
    """Whether a browser on this machine asks: by its address, through no proxy, and by this machine's own name.

    The name is looked at because another site's may have been made to lead here (DNS rebinding).
    """
    if request.client is None or any(name in request.headers for name in _FORWARDED):
        return False
    return _is_loopback(request.client.host) and _is_loopback(request.url.hostname or "")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
