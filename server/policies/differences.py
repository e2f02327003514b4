"""What two versions of a document differ in, word by word."""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import regex

Kind = Literal["same", "added", "removed"]

_WORDS = regex.compile(r"\s+|\w+|[^\w\s]")
_MOST_WORDS = 4_000
"""Of a passage that was rewritten as a whole: above it, words are not held against one another."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that both have, or one of them alone."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field of the front matter that is not what it was; None: it is not there."""

    field: str
    before: Any
    after: Any


def differences(before: str, after: str) -> list[Piece]:
    """The later text as pieces of the earlier one: read without what was removed it is the later, and vice versa.

    Lines are matched first, then the words of those that differ.
    """
    return _joined(_lines(before.splitlines(keepends=True), after.splitlines(keepends=True)))


def field_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[FieldChange]:
    """What the front matter says otherwise, in its order."""
    names = dict.fromkeys((*after, *before))
    return [
        FieldChange(name, before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name)
    ]


def _lines(before: Sequence[str], after: Sequence[str]) -> Iterator[Piece]:
    matcher = difflib.SequenceMatcher(None, before, after)
    for what, a, b, c, d in matcher.get_opcodes():
        if what == "equal":
            yield Piece("same", "".join(before[a:b]))
        else:
            yield from _words("".join(before[a:b]), "".join(after[c:d]))


def _words(before: str, after: str) -> Iterator[Piece]:
    one, other = _WORDS.findall(before), _WORDS.findall(after)
    if not one or not other or max(len(one), len(other)) > _MOST_WORDS:
        yield from _pieces(before, after)
        return
    matcher = difflib.SequenceMatcher(None, one, other)
    for what, a, b, c, d in matcher.get_opcodes():
        if what == "equal":
            yield Piece("same", "".join(one[a:b]))
        else:
            yield from _pieces("".join(one[a:b]), "".join(other[c:d]))


def _pieces(removed: str, added: str) -> Iterator[Piece]:
    if removed:
        yield Piece("removed", removed)
    if added:
        yield Piece("added", added)


def _joined(pieces: Iterator[Piece]) -> list[Piece]:
    """Neighbours of one kind as one."""
    joined: list[Piece] = []
    for piece in pieces:
        if joined and joined[-1].kind == piece.kind:
            joined[-1] = Piece(piece.kind, joined[-1].text + piece.text)
        else:
            joined.append(piece)
    return joined
