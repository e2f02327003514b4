"""Signing in: by a link, which is used only when the button is pressed, or by password."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from server.pages.frame import first_page
from server.pages.rendering import show
from server.staff.roles import Caller

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class SignInPage:
    """Where whoever has signed in goes on."""

    to: str


@router.get("/")
async def begin(request: Request) -> RedirectResponse:
    """Where a browser begins that was told no page."""
    caller = request.state.caller
    return RedirectResponse(first_page(caller) if isinstance(caller, Caller) else "/sign-in", status_code=303)


@router.get("/sign-in")
async def sign_in_page(request: Request, to: str = "/") -> HTMLResponse:
    """Sign in by link, which stands behind # and is sent only when the button is pressed, or by password.

    A button, because programs that look at links before people do would use them up.
    """
    return show(request, "sign_in", SignInPage(to if _is_ours(to) else "/"))


def _is_ours(to: str) -> bool:
    r"""Whether an address is a path of ours: `//elsewhere` and `/\\elsewhere` lead to other sites."""
    return to.startswith("/") and not to.startswith(("//", "/\\")) and to.isprintable()
