"""Refusals as pages, for people who opened an address: what was wrong and what to do next."""

from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from server.pages.rendering import show
from server.web.addresses import PREFIX
from server.web.problems import request_id_of


@dataclass(frozen=True, slots=True)
class RefusalPage:
    """Why there is no page here. `code` names the kind, `detail` says what was wrong."""

    status: int
    code: str
    detail: str
    request_id: str


def as_page(request: Request, status: int, code: str, detail: str) -> Response | None:
    """The page of a refusal; None if a program asks, or a page's own module.

    Who is not signed in is asked to, and comes back to where they wanted to go.
    """
    if not _opened_by_a_person(request):
        return None
    if status == HTTPStatus.UNAUTHORIZED:
        return RedirectResponse(f"/sign-in?to={quote(_address(request), safe='')}", status_code=303)
    page = RefusalPage(status, code, detail, request_id_of(request))
    return show(request, "refusal", page, status=status)


def _opened_by_a_person(request: Request) -> bool:
    accepted = request.headers.get("accept", "")
    return (
        request.method in ("GET", "HEAD")
        and not request.url.path.startswith(PREFIX)
        and "text/html" in accepted
        and "application/problem+json" not in accepted
    )


def _address(request: Request) -> str:
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")
