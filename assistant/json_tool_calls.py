"""Tool calls that a model wrote as JSON into its text instead of making them.

Small models do that whatever the wire form is. What can be read becomes a call; what only looks like one is reported,
so that it never reaches a customer.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import regex

_START = regex.compile(r"[\[{](?=\s*[\"{])")
_WRAPPING = regex.compile(r"</?tool_calls?>|^[ \t]*(?:```|~~~)[\w-]*[ \t]*$", regex.MULTILINE | regex.IGNORECASE)
_NAME_KEYS = ("name", "tool", "tool_name", "function_name", "action")
_ARGUMENT_KEYS = ("arguments", "parameters", "args", "input", "action_input")


@dataclass(frozen=True, slots=True)
class WrittenCall:
    """A call as the model wrote it."""

    name: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Prose:
    """A model's text told apart: the calls in it, the words around them, and whether an unreadable call is left."""

    words: str
    calls: tuple[WrittenCall, ...] = ()
    unreadable: bool = False


def read_prose(text: str, tools: Collection[str]) -> Prose:
    """Take tool calls out of a text; `tools` are the names that exist, others must look like a call in full."""
    calls: list[WrittenCall] = []
    words, end = "", 0
    for start, stop, value in _json_values(text):
        found = list(_calls(value, tools))
        if found:
            calls.extend(found)
            words += text[end:start]
            end = stop
    words += text[end:]
    if calls:
        words = _WRAPPING.sub("", words)
    return Prose(words.strip(), tuple(calls), _looks_like_call(words, tools))


def _json_values(text: str) -> Iterator[tuple[int, int, Any]]:
    decoder = json.JSONDecoder(strict=False)
    position = 0
    while (match := _START.search(text, position)) is not None:
        try:
            value, stop = decoder.raw_decode(text, match.start())
        except (ValueError, RecursionError):
            position = match.end()
            continue
        yield match.start(), stop, value
        position = stop


def _calls(value: Any, tools: Collection[str]) -> Iterator[WrittenCall]:  # noqa: ANN401 - JSON
    if isinstance(value, list):
        for item in value:
            yield from _calls(item, tools)
    if not isinstance(value, Mapping):
        return
    for wrapping in ("tool_calls", "function", "tool_call", "function_call"):
        if isinstance(value.get(wrapping), list | Mapping):
            yield from _calls(value[wrapping], tools)
            return
    name = next((value[key] for key in (*_NAME_KEYS, "function") if isinstance(value.get(key), str)), None)
    given = next((value[key] for key in _ARGUMENT_KEYS if key in value), None)
    if name is not None and (name in tools or given is not None):
        yield WrittenCall(name, _arguments(given))
    elif name is None and len(value) == 1 and next(iter(value)) in tools:
        yield WrittenCall(next(iter(value)), _arguments(next(iter(value.values()))))


def _arguments(given: Any) -> Mapping[str, Any]:  # noqa: ANN401 - JSON
    if isinstance(given, str):
        try:
            given = json.loads(given)
        except ValueError:
            return {}
    return given if isinstance(given, Mapping) else {}


def _looks_like_call(text: str, tools: Collection[str]) -> bool:
    names = "|".join(regex.escape(name) for name in tools)
    if names and regex.search(rf"\b(?:{names})\b\W{{0,3}}[({{:]", text):
        return True
    return bool(regex.search(r'\{\s*"[\w ]+"\s*:|<tool_call|"arguments"\s*:', text))
