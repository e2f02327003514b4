"""docs/api.md, written from the application's own description: `python -m server.web.api_docs`."""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from server.settings import Settings
from server.web.app import make_app
from server.web.idempotency import HEADER
from server.web.problems import MEDIA_TYPE

FILE = Path(__file__).resolve().parents[2] / "docs" / "api.md"

_METHODS = ("get", "post", "put", "patch", "delete")
_OPENING = """# API

Written by `python -m server.web.api_docs` from the OpenAPI description, which a serving process gives at
`/api/v1/openapi.json`. A test holds this file to it.

Who has which permission stands in [staff.md](staff.md#who-may-do-what). Callers show a token in
`Authorization: Bearer dsk_…`, or the session cookie, with the CSRF value in `X-CSRF-Token` on everything that changes
something. A record of a brand that is not the caller's is not found.

- **Errors** are problem details (RFC 9457, `application/problem+json`): `status`, `code` for programs, `detail` for
  people, `details` with how it stands now, `errors` naming fields, `request_id` as in the log.
- **Idempotency**: a POST, PUT or PATCH with an `Idempotency-Key` (1 to 255 printable ASCII characters, of the caller's
  own) is carried out once. Within a day the same request gets the same answer, marked `Idempotency-Replayed: true`;
  another request under the key 422 `idempotency_key_taken`; a twin of one that is under way 409 `request_under_way`;
  one whose answer was a secret or was lost 409 `answer_not_kept`. A request that failed with 5xx and changed nothing
  may be sent again under its key.
- **Lists** take `limit` and `cursor` and answer `{"items": […], "next": "…" or null}`.
- **Limits**: bodies, and requests a second of each caller and address (docs/settings.md); `Retry-After` says when.
"""


def write_docs(description: Mapping[str, Any]) -> str:
    """The file's text."""
    return "\n".join([_OPENING, *_by_tag(description)]).rstrip() + "\n"


def describe() -> dict[str, Any]:
    """The application's OpenAPI description; nothing is opened for it."""
    return make_app(Settings()).openapi()


def _by_tag(description: Mapping[str, Any]) -> Iterator[str]:
    tagged: dict[str, list[tuple[str, str, Mapping[str, Any]]]] = {}
    for path, methods in description["paths"].items():
        for method in _METHODS:
            if method in methods:
                tag = (methods[method].get("tags") or ["other"])[0]
                tagged.setdefault(tag, []).append((method, path, methods[method]))
    for tag, operations in tagged.items():
        yield f"## {tag}\n"
        for method, path, operation in operations:
            yield from _operation(method, path, operation, description)


def _operation(method: str, path: str, told: Mapping[str, Any], description: Mapping[str, Any]) -> Iterator[str]:
    yield f"### {method.upper()} {path}\n"
    if told.get("description"):
        yield f"{told['description'].strip()}\n"
    rows = [_parameter(item) for item in told.get("parameters", []) if item["name"] != HEADER]
    body = told.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    if body is not None:
        rows.extend(_fields(body, description))
    if rows:
        yield "| where | name | type | what |\n| --- | --- | --- | --- |"
        yield "\n".join(rows) + "\n"
    yield f"{_needs(told)} {_answers(told)}\n"


def _parameter(item: Mapping[str, Any]) -> str:
    name = f"**{item['name']}**" if item.get("required") else item["name"]
    return f"| {item['in']} | {name} | {_type(item.get('schema', {}))} | {_line(item.get('description', ''))} |"


def _fields(schema: Mapping[str, Any], description: Mapping[str, Any]) -> Iterator[str]:
    known = _resolved(schema, description)
    required = known.get("required", [])
    for name, field in known.get("properties", {}).items():
        shown = f"**{name}**" if name in required else name
        yield f"| body | {shown} | {_type(field)} | {_line(field.get('description', ''))} |"


def _needs(told: Mapping[str, Any]) -> str:
    """Who may."""
    ways = [permission for way in told["security"][:1] for needed in way.values() for permission in needed]
    if not told["security"]:
        return "Needs nobody signed in."
    return f"Needs `{'` and `'.join(ways)}`." if ways else "Needs somebody who is signed in."


def _answers(told: Mapping[str, Any]) -> str:
    """What is answered besides problems, which are the same everywhere."""
    good = []
    for status, answer in told["responses"].items():
        content = answer.get("content", {})
        if MEDIA_TYPE not in content:
            kinds = ", ".join(_kind(name, kind.get("schema", {})) for name, kind in content.items())
            good.append(f"{status} {kinds or 'without a body'}".strip())
    return f"Answers {'; '.join(good)}."


def _kind(media_type: str, schema: Mapping[str, Any]) -> str:
    """What a body is: its model, or the kind of its bytes."""
    return (schema.get("format") != "binary" and _type(schema)) or media_type


def _type(schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        return f"`{schema['$ref'].rsplit('/', 1)[1]}`"
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return " or ".join(dict.fromkeys(_type(part) for part in schema[several]))
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    return str(schema.get("type", ""))


def _resolved(schema: Mapping[str, Any], description: Mapping[str, Any]) -> Mapping[str, Any]:
    if "anyOf" in schema:
        # a body that may be left out
        return next((_resolved(part, description) for part in schema["anyOf"] if "$ref" in part), schema)
    if "$ref" not in schema:
        return schema
    found: Mapping[str, Any] = description["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    return found


def _line(words: str) -> str:
    return " ".join(words.split()).replace("|", "\\|")


if __name__ == "__main__":
    FILE.write_text(write_docs(describe()), encoding="utf-8")
    sys.stdout.write(f"{FILE} written\n")
