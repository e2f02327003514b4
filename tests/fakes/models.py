"""A chat endpoint that says what it was told to say, over the real wire format, and keeps what it was asked."""

import json
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from assistant.chat_models import Endpoint, ModelSettings

Body = Mapping[str, Any]


@dataclass(frozen=True)
class Says:
    """A streamed answer. `finish` None cuts the stream off; `calls` are (tool, arguments), raw JSON if a string."""

    text: str = ""
    calls: Sequence[tuple[str, Mapping[str, Any] | str]] = ()
    finish: str | None = ""
    refusal: str | None = None
    usage: tuple[int, int] | None = (100, 20)
    piece: int = 7


Answer = Says | str | httpx.Response | Exception
Script = Answer | Callable[[Body], Answer]


@dataclass
class ScriptedModel(httpx.AsyncBaseTransport):
    """Answers from a queue, then `always`; `history` holds the requests as they came.

    A script may be a text, `Says`, a response, an exception (the connection fails) or a function of the request.
    """

    queue: deque[Script] = field(default_factory=deque)
    always: Script | None = None
    history: list[dict[str, Any]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    @classmethod
    def of(cls, *scripts: Script, always: Script | None = None) -> "ScriptedModel":
        return cls(deque(scripts), always)

    def endpoint(self, **settings: Any) -> Endpoint:
        """An endpoint that asks this model; pauses between attempts take no time."""
        given = {"model": "scripted", "base_url": "http://model.invalid/v1", "first_pause_s": 0.0} | settings
        return Endpoint(ModelSettings(**given), transport=self)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        body = await request.aread()
        self.bodies.append(body)
        asked = json.loads(body)
        self.history.append(asked)
        script = self.queue.popleft() if self.queue else self.always
        if callable(script):
            script = script(asked)
        if script is None:
            return httpx.Response(500, json={"error": {"message": "the script is at its end"}})
        if isinstance(script, Exception):
            raise script
        return script if isinstance(script, httpx.Response) else stream(script)


def stream(says: Says | str) -> httpx.Response:
    """An answer as server-sent events."""
    said = Says(says) if isinstance(says, str) else says
    return httpx.Response(200, headers={"content-type": "text/event-stream"}, content=b"".join(events(said)))


def events(said: Says) -> Iterator[bytes]:
    """The events of a streamed answer."""
    yield _event({"role": "assistant", "content": ""})
    if said.refusal:
        yield _event({"refusal": said.refusal})
    for at in range(0, len(said.text), said.piece):
        yield _event({"content": said.text[at : at + said.piece]})
    for index, (name, arguments) in enumerate(said.calls):
        yield from _call(index, name, arguments if isinstance(arguments, str) else json.dumps(arguments))
    if said.finish is None:
        return
    yield _event({}, finish=said.finish or ("tool_calls" if said.calls else "stop"))
    if said.usage is not None:
        prompt, completion = said.usage
        counts = {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}
        yield _line(_chunk([], usage=counts))
    yield b"data: [DONE]\n\n"


def _call(index: int, name: str, arguments: str) -> Iterator[bytes]:
    head = {"index": index, "id": f"call_{index}", "type": "function", "function": {"name": name, "arguments": ""}}
    yield _event({"tool_calls": [head]})
    half = len(arguments) // 2
    for part in (arguments[:half], arguments[half:]):
        yield _event({"tool_calls": [{"index": index, "function": {"arguments": part}}]})


def _event(delta: Mapping[str, Any], finish: str | None = None) -> bytes:
    return _line(_chunk([{"index": 0, "delta": delta, "finish_reason": finish}]))


def _chunk(choices: Sequence[Mapping[str, Any]], **more: Any) -> dict[str, Any]:
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": "scripted",
        "choices": choices,
        **more,
    }


def _line(value: Mapping[str, Any]) -> bytes:
    return f"data: {json.dumps(value)}\n\n".encode()
