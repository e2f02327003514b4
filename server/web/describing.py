"""The OpenAPI description: what every operation shares is written here once."""

from collections.abc import Callable, Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts

from server.web.callers import SESSION_COOKIE
from server.web.dependencies import Allowed, caller_of
from server.web.idempotency import HEADER, LONGEST
from server.web.problems import Problem

_KEYED = ("post", "put", "patch")
_KEY = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": "Names this request among the caller's own: sent again, it is carried out once.",
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST, "pattern": "^[!-~]+$"},
    "example": "0b7d0c2e-approve-draft-1",
}
_SCHEMES = {
    "token": {"type": "http", "scheme": "bearer", "description": "A person's or a machine's token, `dsk_…`."},
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": SESSION_COOKIE,
        "description": "A browser that is signed in; what changes something needs `X-CSRF-Token` as well.",
    },
}


def describe_fully(app: FastAPI, prefix: str) -> None:
    """Add problems, ways to sign in and idempotency keys to what the application says of itself."""
    plain: Callable[[], dict[str, Any]] = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _completed(plain(), prefix, _needs(app))
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def permissions_of(needed: Dependant | None) -> Iterator[str]:
    """The permissions that a route's dependencies ask for."""
    for part in needed.dependencies if needed else ():
        if isinstance(part.call, Allowed):
            yield str(part.call.permission)
        yield from permissions_of(part)


def _needs(app: FastAPI) -> dict[tuple[str, str], list[str] | None]:
    """By method and path, the permissions a caller needs; None: nobody has to be signed in."""
    found: dict[tuple[str, str], list[str] | None] = {}
    for route in iter_route_contexts(app.routes):
        asked = getattr(route, "dependant", None)
        needed = list(permissions_of(asked)) if asked and _asks(asked) else None
        found |= {(method.lower(), str(route.path_format)): needed for method in route.methods or ()}
    return found


def _asks(needed: Dependant) -> bool:
    """Whether a route asks who calls."""
    return any(part.call is caller_of or _asks(part) for part in needed.dependencies)


def _completed(
    description: dict[str, Any], prefix: str, needs: dict[tuple[str, str], list[str] | None]
) -> dict[str, Any]:
    components = description.setdefault("components", {})
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}", mode="serialization")
    components.setdefault("schemas", {}).update({**schema.pop("$defs", {}), "Problem": schema})
    components["securitySchemes"] = _SCHEMES
    description["security"] = [{name: []} for name in _SCHEMES]
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            needed = needs[method, path]
            operation["security"] = [] if needed is None else [{name: needed} for name in _SCHEMES]
            if method in _KEYED and path.startswith(prefix):
                operation.setdefault("parameters", []).append(_KEY)
    return description
