"""What the process that holds the index answers to other commands on this machine. No part of the API."""

import secrets
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, Header, Request, Response
from pydantic import BaseModel, TypeAdapter

from retrieval.scope import Scope
from server.errors import Conflict, NotSignedIn
from server.policies.holder import Holder
from tools.records import Passage

if TYPE_CHECKING:
    from server.policies.held import HeldPolicies

PREFIX = "/local"
LOOPBACK = frozenset({"127.0.0.1", "::1"})

_PASSAGES = TypeAdapter(list[Passage])


class NotFromHere(NotSignedIn):
    """Only commands that can read this home's files may ask."""


class OtherKnowledge(Conflict):
    """The command means other documents than this process has indexed."""


class Asked(BaseModel):
    """What every question says: the knowledge folder that the command means."""

    knowledge: Path


class SearchAsked(Asked):
    """`tools.ports.Passages.search`, or with `answering` the port's other search."""

    query: str
    brand: str | None
    region: str | None
    audiences: frozenset[str] = frozenset()
    at: datetime
    limit: int = 0


class WholeAsked(Asked):
    """`tools.ports.Passages.whole`."""

    found: Passage


class HitsAsked(Asked):
    """A search by hand."""

    query: str
    scope: Scope
    limit: int
    language: str | None


def from_here(request: Request, authorization: Annotated[str, Header()] = "") -> None:
    """Let through only who has read the file in the home."""
    holder: Holder | None = getattr(request.app.state, "holder", None)
    wanted = f"Bearer {holder.token}" if holder else secrets.token_hex()
    here = request.client is not None and request.client.host in LOOPBACK
    if not here or not secrets.compare_digest(authorization.encode(), wanted.encode()):
        raise NotFromHere("this address is for commands on the same machine")


def policies_of(request: Request) -> "HeldPolicies":
    """The index that this process holds."""
    policies: HeldPolicies = request.app.state.policies
    return policies


Policies = Annotated[Any, Depends(policies_of)]

router = APIRouter(prefix=PREFIX, include_in_schema=False, dependencies=[Depends(from_here)])


@router.post("/passages/search")
async def search(asked: SearchAsked, policies: Policies) -> Response:
    """The relevant passages."""
    _check_knowledge(asked, policies)
    found = await policies.search(
        asked.query,
        brand=asked.brand,
        region=asked.region,
        audiences=asked.audiences,
        at=asked.at,
        limit=asked.limit,
    )
    return _json(_PASSAGES, found)


@router.post("/passages/answering")
async def answering(asked: SearchAsked, policies: Policies) -> Response:
    """The openings of documents with answers."""
    _check_knowledge(asked, policies)
    found = await policies.answering(asked.query, brand=asked.brand, region=asked.region, at=asked.at)
    return _json(_PASSAGES, found)


@router.post("/passages/whole")
async def whole(asked: WholeAsked, policies: Policies) -> Response:
    """All passages of a document."""
    _check_knowledge(asked, policies)
    return _json(_PASSAGES, await policies.whole(asked.found))


@router.post("/index/search")
async def hits(asked: HitsAsked, policies: Policies) -> Response:
    """What `deskside knowledge search` shows."""
    from retrieval.index import Hit

    _check_knowledge(asked, policies)
    found = await policies.hits(asked.query, scope=asked.scope, limit=asked.limit, language=asked.language)
    return _json(TypeAdapter(list[Hit]), found)


@router.post("/index/update")
async def update(asked: Asked, policies: Policies) -> Response:
    """What `deskside knowledge index` does."""
    from retrieval.index import Update

    _check_knowledge(asked, policies)
    return _json(TypeAdapter(Update), await policies.renew())


def _check_knowledge(asked: Asked, policies: "HeldPolicies") -> None:
    if asked.knowledge != policies.knowledge:
        raise OtherKnowledge(
            f"a serving process holds this home's index, with the documents of {policies.knowledge}; "
            "stop it, or give this command a home of its own (DESKSIDE_HOME)"
        )


def _json(kind: TypeAdapter[Any], value: object) -> Response:
    return Response(kind.dump_json(value), media_type="application/json")
