"""What a route of the application needs, and a request of it that is carried out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from server.staff.roles import Permission as P
from tests.integration.api.records import seen

WHY = {"reason": "because"}
CASE = "case=case_{}_pending"
CREDIT = {"action": "credit", "arguments": {"amount": 100, "currency": "GBP"}}
LINK = {"brand": "{}", "channel": "x", "handle": "new-{}", "customer": "C-{}"}


class Open(StrEnum):
    """A route that needs no permission, and why not."""

    TO_EVERYBODY = "it tells nothing of anybody"
    TO_A_SECRET = "the request proves itself: by a password, a link, a signature, the home's own file, the machine"
    TO_WHO_IS_SIGNED_IN = "it is about the caller, and about nobody else but for who has the permission"


@dataclass(frozen=True)
class Request:
    """A request about one brand's records; `ids` stand in the path."""

    ids: Mapping[str, str] = field(default_factory=dict)
    query: str = ""
    body: Any = None


@dataclass(frozen=True)
class Route:
    """What a route needs, what it answers when all is well, and such a request for a brand's records."""

    needs: P | Open
    answers: int
    request: Callable[[str], Request]


def about(needs: P | Open, ids: str = "", query: str = "", answers: int = 200, **body: Any) -> Route:
    """A route whose ids and body's words hold the brand as `{}`; "draft=draft_{}_held" sets the id in the path."""

    def request(brand: str) -> Request:
        named = dict(pair.split("=") for pair in ids.format(brand).split())
        return Request(named, query.format(brand), filled(body, brand) if body else None)

    return Route(needs, answers, request)


def decides(needs: P, name: str, answers: int = 200, **body: Any) -> Route:
    """A decision on the draft of this name, as it stands."""

    def request(brand: str) -> Request:
        return Request({"draft": f"draft_{brand}_{name}"}, body={**seen(brand, name), **filled(body, brand)})

    return Route(needs, answers, request)


def filled(value: Any, brand: str) -> Any:
    if isinstance(value, str):
        return value.format(brand)
    if isinstance(value, dict):
        return {key: filled(item, brand) for key, item in value.items()}
    return [filled(item, brand) for item in value] if isinstance(value, list) else value


def address(name: str, request: Request) -> tuple[str, str]:
    """The method and the address of a request of this route."""
    method, path, *_ = name.split(" ")
    return method, path.format_map(request.ids) + (f"?{request.query}" if request.query else "")
