"""A chat endpoint on this machine that takes 400 ms to its first token, writes 60 tokens a second and needs facts.

It reads what it is sent, whoever sends it: it asks for a tool only if something that the customer's question needs is
missing from the messages, makes independent calls in parallel, and then writes from the facts that stand there.
`python -m tests.benchmarks.endpoint` serves on a free port and prints its address.
"""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import regex
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.routing import Route

FIRST_TOKEN_S = 0.4
TOKENS_PER_S = 60
CHARACTERS_PER_TOKEN = 4

_ABOUT_ORDERS = regex.compile(
    r"\b(?:orders?|parcels?|refund\w*|payments?|charged|delivery|due|shipped|bestell\w*|paket|lieferung|geld|konto\w*"
    r"|pedido|paquete|dinero|devuelto|commande\w*|colis|argent|débité\w*|boots|tent|pack|arrived|came)\b",
    regex.IGNORECASE,
)
_QUESTION = regex.compile(r"^customer \(answer this\): (?P<text>.+)$", regex.MULTILINE)
_FACT = regex.compile(
    r"^\[(?P<number>E\d+)\] (?P<text>.+?)(?=\n\[E\d+\] |\n--- |\n\n|\Z)", regex.MULTILINE | regex.DOTALL
)
_ORDER = regex.compile(r"\b[A-Z]{2}-\d{4,}\b")
_IN_FULL = regex.compile(r"\b[A-Z]{2}-\d{4,}, (?:line|shipment|payment|refund|return)\b")
_NOBODY = regex.compile(r"not known to us|[Nn]o records can be read|not certain who")
_APPROVED = regex.compile(r"(?:APPROVED WORDS|Approved answer): (?P<text>.+?)(?= – |$)", regex.MULTILINE)
_ROOM = regex.compile(r"at most (\d+) characters")
_PLACE = regex.compile(r"(?P<address>https://\S+) – (?P<says>.+?)(?: Open: .+)?$")

Message = Mapping[str, Any]


@dataclass(frozen=True)
class Step:
    """What the model does next: calls tools, or writes."""

    text: str = ""
    calls: tuple[tuple[str, dict[str, Any]], ...] = ()

    @property
    def tokens(self) -> list[str]:
        said = self.text or json.dumps(self.calls)
        return [said[at : at + CHARACTERS_PER_TOKEN] for at in range(0, len(said), CHARACTERS_PER_TOKEN)]


def next_step(messages: Sequence[Message], tools: Sequence[str]) -> Step:
    """The calls for what is missing, or the reply if nothing is, or if it was asked for in vain."""
    last = max(number for number, message in enumerate(messages) if message["role"] == "user")
    messages = messages[last:]  # what stands before are examples
    said = [str(message.get("content") or "") for message in messages if message["role"] in ("user", "tool")]
    known = "\n".join(said)
    question = match["text"] if (match := _QUESTION.search(known)) else said[0]
    asked = {call["function"]["name"] for message in messages for call in message.get("tool_calls") or ()}
    wanted = [call for call in _missing(question, known) if call[0] in tools and call[0] not in asked]
    return Step(calls=tuple(wanted)) if wanted else Step(text=write(known))


def _missing(question: str, known: str) -> list[tuple[str, dict[str, Any]]]:
    calls: list[tuple[str, dict[str, Any]]] = []
    facts = [match["text"] for match in _FACT.finditer(known)]
    nobody = bool(_NOBODY.search(known))
    if _ABOUT_ORDERS.search(question) and not nobody and not any(_IN_FULL.search(fact) for fact in facts):
        order = next((match[0] for fact in facts if (match := _ORDER.search(fact))), None)
        calls.append(("get_order_status", {"order_id": order}) if order else ("get_purchase_history", {}))
    if not any("›" in fact or _APPROVED.search(fact) for fact in facts):
        calls.append(("search_policies", {"query": question[:80]}))
    if calls:
        return calls  # which place helps follows from what the policy says and from who it is
    if (nobody or not _ABOUT_ORDERS.search(question)) and not any(_PLACE.search(fact) for fact in facts):
        calls.append(("find_destination", {"kind": "direct_message" if nobody else "help_centre"}))
    return calls


def write(known: str) -> str:
    """A reply in the owner's words, with a place to go if there is room for it."""
    facts = [
        (match["number"], match["text"]) for match in _FACT.finditer(known) if "internal" not in match["text"][:10]
    ]
    words = next((f"{m['text']} [{number}]" for number, text in facts if (m := _APPROVED.search(text))), "")
    place = next(
        (f"{m['says'].rstrip('.')}: {m['address']} [{number}]" for number, text in facts if (m := _PLACE.search(text))),
        "",
    )
    room = int(match[1]) if (match := _ROOM.search(known)) else 280
    public = f"{words} {place}" if words and len(words) + len(place) < room else words or place
    return f"→ {public or 'Thanks for getting in touch. What happened, and with what?'}"


async def complete(request: Request) -> StreamingResponse:
    """POST /v1/chat/completions, always streamed."""
    body = await request.json()
    tools = [tool["function"]["name"] for tool in body.get("tools", ())]
    step = next_step(body["messages"], tools)
    return StreamingResponse(stream(step), media_type="text/event-stream")


async def stream(step: Step) -> AsyncIterator[str]:
    """The step as it is sent, at the model's pace."""
    await asyncio.sleep(FIRST_TOKEN_S)
    if step.text:
        for token in step.tokens:
            yield _event({"content": token})
            await asyncio.sleep(1 / TOKENS_PER_S)
    else:
        await asyncio.sleep(len(step.tokens) / TOKENS_PER_S)
        for index, (name, arguments) in enumerate(step.calls):
            call = {"name": name, "arguments": json.dumps(arguments)}
            yield _event({"tool_calls": [{"index": index, "id": f"c{index}", "type": "function", "function": call}]})
    yield _event({}, finish="stop" if step.text else "tool_calls")
    yield "data: [DONE]\n\n"


def _event(delta: Mapping[str, Any], finish: str | None = None) -> str:
    choice = {"index": 0, "delta": {"role": "assistant", **delta}, "finish_reason": finish}
    chunk = {"id": "c", "object": "chat.completion.chunk", "created": 0, "model": "scripted", "choices": [choice]}
    return f"data: {json.dumps(chunk)}\n\n"


app = Starlette(routes=[Route("/v1/chat/completions", complete, methods=["POST"])])


def serve() -> None:
    """Serve until the process is stopped; prints the address first."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        print(f"http://127.0.0.1:{listening.getsockname()[1]}/v1", flush=True)  # noqa: T201 - the caller reads it
        uvicorn.Server(uvicorn.Config(app, log_level="error")).run(sockets=[listening])


if __name__ == "__main__":
    serve()
