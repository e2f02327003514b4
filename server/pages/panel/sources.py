"""A source of an answer, opened at the place: its words as they were read, and the document that they stand in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import Request

from server.conversations.showing import ShownTurn
from server.errors import NotFound
from server.pages.panel.answers import document_of, told_of
from server.policies.endpoints import get_policy
from server.policies.front_matter import body_after
from server.policies.local_endpoints import policies_of
from server.policies.views import PolicyDetail
from server.service import Service
from server.staff.roles import Caller, Permission
from tools.evidence import EvidenceKind, Visibility


class SourceNotFound(NotFound):
    """The answer has no source of this number."""

    def __init__(self) -> None:
        super().__init__("this answer has no such source")


@dataclass(frozen=True, slots=True)
class Document:
    """The document of a source. `before` and `after` is what stands around the source's words, which are `here`.

    `here` is empty where the document does not say them any more.
    """

    view: PolicyDetail
    before: str
    here: str
    after: str


@dataclass(frozen=True, slots=True)
class SourcePart:
    """What was read. `document` is None where it is no policy, or none that can be read now.

    `public_url` is where customers read it.
    """

    name: str
    texts: Sequence[str]
    as_of: datetime
    internal: bool
    is_policy: bool
    holds_for: str | None
    document: Document | None
    public_url: str | None


async def read_source(request: Request, service: Service, caller: Caller, shown: ShownTurn, number: str) -> SourcePart:
    """The source that an answer calls by this number.

    Raises:
        SourceNotFound: There is none.
    """
    rests_on = shown.result.get("evidence", ())
    found = next((one for one in rests_on if one["id"] == number), None)
    if found is None:
        raise SourceNotFound
    return SourcePart(
        found["source"],
        [one["text"] for one in told_of(found, rests_on)],
        datetime.fromisoformat(found["as_of"]),
        found["visibility"] == Visibility.INTERNAL,
        found["kind"] == EvidenceKind.POLICY,
        found.get("holds_for"),
        await _document(request, service, caller, found),
        _address(found.get("policy", {}).get("public_url")),
    )


def _address(url: str | None) -> str | None:
    return url if url is not None and url.startswith("https://") else None


async def _document(request: Request, service: Service, caller: Caller, found: Mapping[str, Any]) -> Document | None:
    name = document_of(found)
    if name is None or not caller.may(Permission.READ_POLICIES):
        return None
    try:
        view = await get_policy(name, caller, service, policies_of(request))
    except NotFound:
        return None
    body = body_after(view.fields, view.text)
    before, here, after = around(body, found["text"])
    return Document(view, before, here, after)


def around(body: str, passage: str) -> tuple[str, str, str]:
    """A document's text in three: before the passage's words, these, and behind them.

    What is read of a document begins with where it stands, `Title › Heading (since when): `, and ends with lines that
    are none of its text. So it is the longest run of the passage's lines that the document has, too.
    """
    for told in (passage.partition("): ")[2], passage.partition(": ")[2], passage):
        lines = told.splitlines()
        for end in range(len(lines), 0, -1):
            words = "\n".join(lines[:end]).strip()
            begin = body.find(words) if words else -1
            if begin >= 0:
                return body[:begin], words, body[begin + len(words) :]
    return body, "", ""
