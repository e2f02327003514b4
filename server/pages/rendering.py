"""Templates, rendered strictly: a page names nothing that its context does not hold, and everything is escaped."""

import gzip
from functools import cache
from http import HTTPStatus
from pathlib import Path

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from server.pages.assets import STYLE, address_of
from server.pages.codes import codes_in
from server.pages.formats import Formats, network, place, sentence
from server.pages.frame import Frame, frame_of
from server.pages.sources import naming
from server.pages.texts import texts_in
from server.web.dependencies import service_of

_TEMPLATES = Path(__file__).with_name("templates")
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors {framed_by}"
)
NOBODY = "'none'"
"""In `frame-ancestors`: no page shows it in a frame."""

# Below this a page fits into one packet anyway.
_WORTH_ZIPPING = 1_000


def show(
    request: Request,
    template: str,
    page: object,
    *,
    status: int = HTTPStatus.OK,
    framed_by: str = NOBODY,
) -> HTMLResponse:
    """A page, or a part of one, for whoever asks.

    Args:
        request: Who asks, in which language.
        template: A file of `templates/`, without its ending.
        page: What the template calls `page`: the typed context of this page.
        status: The answer's status.
        framed_by: The origins that may show the page in a frame, as `frame-ancestors` names them.
    """
    frame = frame_of(request, embedded=framed_by != NOBODY)
    told = _render(request, frame, template, page).encode()
    headers = {
        "Content-Security-Policy": _POLICY.format(framed_by=framed_by),
        "Vary": "Accept-Encoding, Accept-Language, Cookie",
        "Content-Language": frame.language,
    }
    if len(told) > _WORTH_ZIPPING and "gzip" in request.headers.get("accept-encoding", ""):
        told, headers["Content-Encoding"] = gzip.compress(told, 5, mtime=0), "gzip"
    return HTMLResponse(told, status, headers)


def render_part(request: Request, template: str, page: object) -> str:
    """A part of a page as text, for a stream in which it is sent beside others."""
    return _render(request, frame_of(request), template, page)


def _render(request: Request, frame: Frame, template: str, page: object) -> str:
    formats = Formats(frame.language, service_of(request).clock())
    names = {"frame": frame, "t": texts_in(frame.language), "codes": codes_in(frame.language), "f": formats}
    return _templates().get_template(f"{template}.html.j2").render(names, page=page)


@cache
def _templates() -> Environment:
    found = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    found.globals.update(asset=address_of, style=STYLE)
    found.filters.update(naming=naming, network=network, place=place, sentence=sentence)
    return found
