"""The simulated network as an HTTP application: what accounts do there, what people do, and how badly it behaves.

An account's side is `/{network}/{account}/…`; the rest is for whoever plays the world: `/people/…`, `/posts`,
`/behaviour`.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from assistant.counting import count, limit
from assistant.outcome import Part
from server.channels.simulated.behaviour import Behaviour, Fault
from server.channels.simulated.repository import NetworkPosts

_LONGEST_TEXT = 20_000
_PAGE = 100


class Reply(BaseModel):
    """What an account posts."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(min_length=1, max_length=_LONGEST_TEXT)
    in_reply_to: int
    recipient: str = Field(min_length=1, max_length=300)
    private: bool = False
    key: str | None = Field(default=None, max_length=200)


class Said(BaseModel):
    """What a person posts to an account."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(max_length=_LONGEST_TEXT)
    in_reply_to: int | None = None
    private: bool = False
    reach: int | None = Field(default=None, ge=0)
    created_at: float | None = None
    attachments: list[dict[str, Any]] = Field(default_factory=list, max_length=10)


class Changed(BaseModel):
    """What a person makes of a post of theirs."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(min_length=1, max_length=_LONGEST_TEXT)


def create_network(posts: NetworkPosts, *, clock: Callable[[], float] = time.time) -> Starlette:
    """The network over these posts.

    Args:
        posts: What it remembers.
        clock: Its time, in seconds; a network keeps its own.
    """
    network = _Network(posts, clock)
    account = "/{network}/{account}"
    return Starlette(
        routes=[
            Route("/behaviour", network.behave, methods=["GET", "PUT"]),
            Route("/posts", network.everything),
            Route("/people/{network}/{account}/{person}/posts", network.say, methods=["POST"]),
            Route("/people/posts/{post:int}", network.change, methods=["PATCH", "DELETE"]),
            Route(f"{account}/posts", network.up(network.reply), methods=["POST"]),
            Route(f"{account}/posts/{{post:int}}", network.up(network.read), methods=["GET"]),
            Route(f"{account}/posts/{{post:int}}", network.up(network.withdraw), methods=["DELETE"]),
            Route(f"{account}/sent", network.up(network.sent)),
            Route(f"{account}/updates", network.up(network.updates)),
        ]
    )


_Endpoint = Callable[[Request], Awaitable[Response]]


class _Network:
    def __init__(self, posts: NetworkPosts, clock: Callable[[], float]) -> None:
        self._posts = posts
        self._clock = clock
        self._chance = random.Random(posts.behaviour().seed)

    def up(self, endpoint: _Endpoint) -> _Endpoint:
        """The endpoint, while the network is up."""

        async def answer(request: Request) -> Response:
            if self._posts.behaviour().down:
                return JSONResponse({"error": "down"}, 503)
            return await endpoint(request)

        return answer

    async def behave(self, request: Request) -> Response:
        """Tell how it behaves, or be told."""
        if request.method == "PUT":
            try:
                behaviour = Behaviour.model_validate_json(await request.body())
            except ValidationError as error:
                return _wrong(error)
            self._posts.behave(behaviour)
            self._chance = random.Random(behaviour.seed)
        return JSONResponse(self._posts.behaviour().model_dump(mode="json"))

    async def everything(self, _: Request) -> Response:
        """Every post, for who plays the world."""
        return JSONResponse({"posts": [{**_shown(post), "key": post["key"]} for post in self._posts.everything()]})

    async def say(self, request: Request) -> Response:
        """A person posts to an account."""
        try:
            said = Said.model_validate_json(await request.body())
        except ValidationError as error:
            return _wrong(error)
        person = request.path_params["person"]
        now = self._clock()
        post = {
            **_addressed(request),
            **said.model_dump(exclude={"private", "created_at"}),
            "author": person,
            "by_account": False,
            "private_to": person if said.private else None,
            "created_at": said.created_at or now,
        }
        return JSONResponse(_shown(self._posts.add(post, now=now, visible_at=now)), 201)

    async def change(self, request: Request) -> Response:
        """A person edits or deletes a post."""
        text = None
        if request.method == "PATCH":
            try:
                text = Changed.model_validate_json(await request.body()).text
            except ValidationError as error:
                return _wrong(error)
        changed = self._posts.change(request.path_params["post"], now=self._clock(), text=text)
        return _gone() if changed is None else JSONResponse(_shown(changed))

    async def reply(self, request: Request) -> Response:
        """An account posts; here everything goes wrong that is to go wrong."""
        try:
            reply = Reply.model_validate_json(await request.body())
        except ValidationError as error:
            return _wrong(error)
        behaviour = self._posts.behaviour()
        fault = self._fault(behaviour)
        before = await self._before(fault, behaviour) or self._refused(request, reply)
        if before is not None:
            return before
        post = self._kept(request, reply, behaviour)
        if fault is Fault.ANSWER_500_AFTER:
            return JSONResponse({"error": "internal"}, 500)
        if fault is Fault.SILENT_AFTER:
            await asyncio.sleep(behaviour.silence_s)
        return JSONResponse(_shown(post), 201)

    async def read(self, request: Request) -> Response:
        """A post as it stands; now and then it changes at this very moment."""
        post = self._there(request)
        if post is not None and not post["by_account"]:
            behaviour = self._posts.behaviour()
            if self._chance.random() < behaviour.deletes_before_read:
                self._posts.change(post["id"], now=self._clock(), text=None)
            elif self._chance.random() < behaviour.edits_before_read:
                self._posts.change(post["id"], now=self._clock(), text=f"{post['text']} (edited)")
            post = self._there(request)
        return _gone() if post is None else JSONResponse(_shown(post))

    async def withdraw(self, request: Request) -> Response:
        """An account deletes what it has posted; a private message stays."""
        post = self._there(request)
        if post is None or not post["by_account"]:
            return _gone()
        if post["private_to"] is not None:
            return JSONResponse({"error": "a private message cannot be deleted"}, 405)
        self._posts.change(post["id"], now=self._clock(), text=None)
        return Response(status_code=204)

    async def sent(self, request: Request) -> Response:
        """What the account has answered to a post."""
        try:
            since, answered = float(request.query_params["since"]), int(request.query_params["in_reply_to"])
        except (KeyError, ValueError):
            return JSONResponse({"error": "since and in_reply_to are needed"}, 400)
        now = self._clock()
        found = self._posts.sent(**_addressed(request), in_reply_to=answered, since=since, now=now)
        keeps = self._posts.behaviour().keeps_keys
        return JSONResponse({"posts": [{**_shown(post), "key": post["key"] if keeps else None} for post in found]})

    async def updates(self, request: Request) -> Response:
        """What has happened since, oldest first."""
        try:
            after = int(request.query_params.get("after", "0"))
        except ValueError:
            return JSONResponse({"error": "after must be a number"}, 400)
        found = self._posts.updates(**_addressed(request), after=after, limit=_PAGE)
        told = [{**_shown(post), "type": post["happened"], "text": post["told"]} for post in found]
        return JSONResponse({"updates": told, "after": found[-1]["number"] if found else after})

    def _fault(self, behaviour: Behaviour) -> Fault | None:
        laid_down, fault = self._posts.next_fault()
        if laid_down:
            return fault
        return next((fault for fault, often in behaviour.chances.items() if self._chance.random() < often), None)

    async def _before(self, fault: Fault | None, behaviour: Behaviour) -> Response | None:
        """What happens instead of posting."""
        match fault:
            case Fault.ANSWER_500_BEFORE:
                return JSONResponse({"error": "internal"}, 500)
            case Fault.SILENT_BEFORE:
                await asyncio.sleep(behaviour.silence_s)
                return JSONResponse({"error": "internal"}, 500)
            case Fault.TOO_MANY:
                headers = {"Retry-After": str(behaviour.retry_after_s)}
                return JSONResponse({"error": "too many"}, 429, headers=headers)
            case Fault.REFUSE:
                return JSONResponse({"error": "against the rules"}, 422)
        return None

    def _refused(self, request: Request, reply: Reply) -> Response | None:
        network, part = request.path_params["network"], Part.PRIVATE if reply.private else Part.PUBLIC
        if count(reply.text, network, part) > limit(network, part):
            return JSONResponse({"error": "too long"}, 422)
        answered = self._posts.find(reply.in_reply_to)
        return _gone() if answered is None or answered["deleted_at"] is not None else None

    def _kept(self, request: Request, reply: Reply, behaviour: Behaviour) -> dict[str, Any]:
        if behaviour.keeps_keys and reply.key is not None:
            known = self._posts.by_key(**_addressed(request), key=reply.key)
            if known is not None:
                return known
        now = self._clock()
        post = {
            **_addressed(request),
            **reply.model_dump(exclude={"recipient", "private"}),
            "author": request.path_params["account"],
            "by_account": True,
            "private_to": reply.recipient if reply.private else None,
        }
        return self._posts.add(post, now=now, visible_at=now + behaviour.visible_after_s)

    def _there(self, request: Request) -> dict[str, Any] | None:
        post = self._posts.find(request.path_params["post"])
        if post is None or post["deleted_at"] is not None or post["visible_at"] > self._clock():
            return None
        return post if {**post, **_addressed(request)} == post else None


def _addressed(request: Request) -> dict[str, str]:
    return {"network": request.path_params["network"], "account": request.path_params["account"]}


def _gone() -> Response:
    return JSONResponse({"error": "no such post"}, 404)


def _wrong(error: ValidationError) -> Response:
    return JSONResponse({"error": [str(one["msg"]) for one in error.errors(include_url=False)]}, 422)


def _shown(post: dict[str, Any]) -> dict[str, Any]:
    """A post as the network shows it, in the words of server/channels/wire.py."""
    return {
        "id": str(post["id"]),
        "thread": str(post["thread"]),
        "network": post["network"],
        "account": post["account"],
        "author": post["author"],
        "from_brand": bool(post["by_account"]),
        "text": post["text"],
        "in_reply_to": None if post["in_reply_to"] is None else str(post["in_reply_to"]),
        "private_to": post["private_to"],
        "reach": post["reach"],
        "attachments": post["attachments"],
        "created_at": _moment(post["created_at"]),
        "edited_at": _moment(post["edited_at"]),
        "deleted_at": _moment(post["deleted_at"]),
    }


def _moment(seconds: float | None) -> str | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).isoformat()
