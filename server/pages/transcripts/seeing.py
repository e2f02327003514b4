"""What the assistant saw and did for one text, and what left for the model, as people read it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from server.transcripts.entry_views import DraftEntry, Seen, TurnEntry


@dataclass(frozen=True, slots=True)
class Call:
    """Something that was looked up. `ahead`: before anybody wrote; else the model asked for it."""

    name: str
    ahead: bool
    arguments: str
    result: str
    failed: str | None
    ms: float


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of the text with what the checks said of it, and what it rests on."""

    part: str
    text: str
    problems: Sequence[Mapping[str, Any]]
    sources: Sequence[str]


@dataclass(frozen=True, slots=True)
class Source:
    """Something that was read. `version` and the dates are those of a policy."""

    id: str
    title: str
    text: str
    document: str | None
    version: str | None
    effective_from: str | None
    effective_to: str | None
    used: bool


@dataclass(frozen=True, slots=True)
class SeenPart:
    """What was seen and done for the text of one entry. `raw` is its address at the API."""

    of: str
    entry: str
    seen: Seen
    calls: Sequence[Call]
    statements: Sequence[Statement]
    sources: Sequence[Source]
    others: Sequence[Source]


@dataclass(frozen=True, slots=True)
class Message:
    """One message to the model."""

    role: str
    text: str


@dataclass(frozen=True, slots=True)
class RequestPart:
    """A request as it left: its messages, and everything else of it."""

    messages: Sequence[Message]
    rest: str


def seen_of(of: str, entry: DraftEntry | TurnEntry, seen: Seen) -> SeenPart:
    """What was seen for this entry's text."""
    sources = _sources(seen)
    return SeenPart(
        of,
        entry.id,
        seen,
        [_call(one) for one in seen.tool_calls],
        [_statement(claim, seen.findings) for claim in seen.claims],
        [one for one in sources if one.used],
        [one for one in sources if not one.used],
    )


def request_of(body: bytes) -> RequestPart:
    """What left for the model."""
    told = json.loads(body)
    messages = told.pop("messages", ())
    return RequestPart([_message(one) for one in messages], _written(told))


def _call(call: Mapping[str, Any]) -> Call:
    return Call(
        call["name"],
        call["ahead"],
        _written(call["arguments"]) if call["arguments"] else "",
        _written(call["result"]) if call["result"] is not None else "",
        call["outage"] or call["error"],
        call["ms"],
    )


def _statement(claim: Mapping[str, Any], findings: Sequence[Mapping[str, Any]]) -> Statement:
    part, sentence = claim["part"], claim["sentence"]
    problems = [found for found in findings if found["part"] == part and found["sentence"] == sentence]
    return Statement(part, sentence, problems, claim["evidence"])


def _sources(seen: Seen) -> list[Source]:
    """Everything that was read, in the order of its numbers."""
    named = {number for claim in seen.claims for number in claim["evidence"]}
    passages = {passage["evidence"]: passage for passage in seen.passages}
    return [_source(one, passages.get(one["id"], {}), used=one["id"] in named) for one in seen.evidence]


def _source(one: Mapping[str, Any], passage: Mapping[str, Any], *, used: bool) -> Source:
    return Source(
        one["id"],
        one["source"],
        one["text"],
        passage.get("document"),
        passage["digest"][:8] if passage.get("digest") else None,
        passage.get("effective_from"),
        passage.get("effective_to"),
        used,
    )


def _message(message: Mapping[str, Any]) -> Message:
    """A message's words; where it has none, or more than words, as it left."""
    content = message.get("content")
    more = {name: value for name, value in message.items() if name not in ("role", "content")}
    words = content if isinstance(content, str) else _written(content) if content else ""
    return Message(
        str(message.get("role", "")), "\n".join(part for part in (words, _written(more) if more else "") if part)
    )


def _written(value: Any) -> str:  # noqa: ANN401 - JSON
    return json.dumps(value, indent=1, ensure_ascii=False)
