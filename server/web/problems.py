"""How every refusal is told: problem details (RFC 9457), whoever refused."""

import logging
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response

from server.errors import Refused
from server.web.mistakes import say_mistake

MEDIA_TYPE = "application/problem+json"

_logger = logging.getLogger(__name__)


class WrongField(BaseModel):
    """A field of the request that cannot be taken."""

    where: str = Field(description="`body.text`, `query.limit`, …", examples=["body.text"])
    words: str = Field(description="What is wrong with it.", examples=["must not be empty"])


class Problem(BaseModel):
    """Why a request was refused (RFC 9457)."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)

    type: str = Field(description="A stable name of the kind of problem.", examples=["urn:deskside:not_found"])
    title: str = Field(description="The status in words.", examples=["Not Found"])
    status: int = Field(description="The HTTP status, again.", examples=[404])
    code: str = Field(description="The end of `type`, for programs.", examples=["not_found"])
    detail: str = Field(description="What was wrong and what to do.", examples=["there is no draft draft_01"])
    request_id: str = Field(description="This request in the log.", examples=["req_01kz3p5v7x0000000000000000"])
    details: dict[str, Any] = Field(
        default_factory=dict, description="What else the caller can use: how it stands now, when to ask again."
    )
    errors: list[WrongField] = Field(default_factory=list, description="The fields that cannot be taken.")


_WORDS: Mapping[int, str] = {
    400: "The request is not what it should be: not JSON, a broken cursor.",
    401: "Nobody is signed in, or with something that does not count any more.",
    403: "The caller may not do this.",
    404: "There is none, or none of the caller's brands.",
    405: "This address takes other methods; `Allow` names them.",
    408: "The body did not come in time.",
    409: "It stands otherwise than the caller saw it; `details` show how.",
    413: "More than is taken in one piece.",
    422: "A field cannot be taken, or a rule is against it.",
    429: "Too often; `Retry-After` says when to ask again.",
    500: "A fault in Deskside; `request_id` is in its log.",
    503: "Something it needs does not answer; trying again later may help.",
}


def problem_responses() -> dict[int | str, dict[str, Any]]:
    """The refusals that every endpoint may answer with, as OpenAPI describes them."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        status: {"description": words, "content": {MEDIA_TYPE: {"schema": schema}}} for status, words in _WORDS.items()
    }


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    request_id: str,
    details: Mapping[str, Any] | None = None,
    errors: Sequence[WrongField] = (),
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """The answer that tells a refusal."""
    body = Problem(
        type=f"urn:deskside:{code}",
        title=HTTPStatus(status).phrase,
        status=status,
        code=code,
        detail=detail,
        request_id=request_id,
        details=dict(details or {}),
        errors=list(errors),
    )
    return JSONResponse(body.model_dump(mode="json"), status, dict(headers or {}), MEDIA_TYPE)


def refusal(error: Refused, *, request_id: str) -> JSONResponse:
    """The answer that tells one of our refusals."""
    headers = {}
    if error.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Bearer realm="deskside"'
    if "retry_after" in error.details:
        headers["Retry-After"] = str(error.details["retry_after"])
    return problem(error.status, error.code, str(error), request_id=request_id, details=error.details, headers=headers)


def fault(*, request_id: str) -> JSONResponse:
    """The answer to a request on which Deskside failed. What failed stands in the log alone."""
    words = f"a fault in Deskside; whoever runs it finds {request_id} in the log"
    return problem(500, "fault", words, request_id=request_id)


TellAsPage = Callable[[Request, int, str, str], Response | None]
"""Makes a page of a refusal's status, code and words, if whoever asks is a person who opened an address."""


def tell_problems(app: FastAPI, as_page: TellAsPage) -> None:
    """Make the application answer every error in this one way, or to people as a page."""

    async def on_refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, Refused)
        page = as_page(request, error.status, error.code, str(error))
        return page or refusal(error, request_id=request_id_of(request))

    async def on_wrong_fields(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        told = _of_wrong_fields(request, error)
        if any(item["loc"][0] == "path" for item in error.errors()):  # to a person an address that leads nowhere
            return as_page(request, 404, "not_found", _HTTP_WORDS[404]) or told
        return as_page(request, told.status_code, "wrong_fields", _words(error)) or told

    async def on_http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        told = _of_http(request, error)
        return as_page(request, error.status_code, _code(error), _HTTP_WORDS.get(error.status_code, "")) or told

    app.add_exception_handler(Refused, on_refused)
    app.add_exception_handler(RequestValidationError, on_wrong_fields)
    app.add_exception_handler(HTTPException, on_http)


def request_id_of(request: Request) -> str:
    """This request's id, in its log lines and its problems."""
    request_id: str = getattr(request.state, "request_id", "")
    return request_id


def _of_wrong_fields(request: Request, error: RequestValidationError) -> JSONResponse:
    if any(item["type"] == "json_invalid" for item in error.errors()):
        return problem(400, "not_json", "the body is not JSON", request_id=request_id_of(request))
    return problem(422, "wrong_fields", _words(error), request_id=request_id_of(request), errors=_wrong(error))


def _wrong(error: RequestValidationError) -> list[WrongField]:
    # what was given is not repeated: it may be a customer's words
    return [WrongField(where=".".join(map(str, item["loc"])), words=say_mistake(item)) for item in error.errors()]


def _words(error: RequestValidationError) -> str:
    return "; ".join(f"{item.where}: {item.words}" for item in _wrong(error)[:5])


_HTTP_WORDS = {404: "there is nothing at this address"}


def _code(error: HTTPException) -> str:
    return HTTPStatus(error.status_code).phrase.casefold().replace(" ", "_").replace("-", "_")


def _of_http(request: Request, error: HTTPException) -> JSONResponse:
    words = _HTTP_WORDS | {405: f"{request.method} is not taken here"}
    return problem(
        error.status_code,
        _code(error),
        words.get(error.status_code, HTTPStatus(error.status_code).phrase),
        request_id=request_id_of(request),
        headers=error.headers,
    )
