"""Scopes: several things that a source tells of in the same shape, each with the words that name it.

The entries of a list, the rows of a table, sentences that begin with a name ("Bronze: …", "The Alder jeans …"), and
without names of their own whole records and their parts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

import regex

from assistant.checks.findings import Sentence
from assistant.checks.sources import Source
from assistant.reading.mentions import Kind
from assistant.reading.passage import Unit, read, telling_nothing
from assistant.reading.tokens import stem, words_of
from assistant.sentences import split_sentences
from tools.evidence import EvidenceKind

_LABEL = regex.compile(
    r"(?:(?P<name>\p{Lu}[^:;,|()£€$\d]{1,38}?(?:\s\d{1,4})?)(?P<price>\s?\([^)]*\)|\s[£€$][\d.,]+(?:\s(?:a|an|per)\s\w+)?)?\s?:\s"
    r"|The\s(?P<the>(?:\p{Lu}[\p{L}-]+\s?){1,3}))"
)
# The mark of a list entry or the edge of a table before a line, and the signs around bold words.
_MARKUP = regex.compile(r"^\s*(?:[-*•+]\s+|\|\s*)|\*\*|\s*\|\s*$")
_BOLD = regex.compile(r"^\s*[-*•+]\s+\*\*")
_CELL = regex.compile(r"\s?\|\s?")
# "id LL-5520, shipments: id: S1, …": an element of a list, as a record in JSON is read.
_ELEMENT = regex.compile(r"(?:[^,:]+,\s)?(?P<list>[^,:]+):\s[^:,]+:\s")
_ITS_ID = regex.compile(r"\b(?:item )?id: (?P<id>[\w-]+)")
_ITS_LINES = regex.compile(r"\b(?:lines?|items?|(?:item|line) ids?): (?P<ids>[\w-]+(?:, [\w-]+)*)(?: \([^)]*\))?$")
_ALIKE = 0.3


@dataclass(frozen=True, eq=False)
class Scope:
    """One of several things told of in the same shape: the words that name it, and all it says."""

    source: Source
    text: str
    label: frozenset[str]
    shape: str
    today: date
    given: Sequence[Unit] = ()

    @cached_property
    def units(self) -> Sequence[Unit]:
        """What it says, read only when it is asked for."""
        return self.given or read(self.text, self.today, self.source.reading.language, whole=True).units

    @cached_property
    def content(self) -> frozenset[str]:
        """Its words and topics."""
        return frozenset().union(*(unit.content for unit in self.units))

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of all its words."""
        return frozenset(word for unit in self.units for word in unit.stems)

    @cached_property
    def kinds(self) -> frozenset[Kind]:
        """Which kinds of values it names."""
        return frozenset(mention.kind for unit in self.units for mention in unit.mentions)


@lru_cache(maxsize=256)
def labelled(source: Source, today: date) -> Sequence[Scope]:
    """The scopes of a policy that have names of their own."""
    if source.evidence.kind is not EvidenceKind.POLICY:
        return []
    found: list[tuple[str, str, str]] = []
    for written in _without_header(source.evidence.text.split("\n")):
        line = _MARKUP.sub("", written)
        cells = _CELL.split(line, maxsplit=1)
        if len(cells) > 1:
            found.append((cells[0], "row", line))
            continue
        for piece in split_sentences(line):
            match = _LABEL.match(piece)
            if match:
                shape = _shape(match, written, first=not found)
                found.append((match["name"] or match["the"], shape, piece))
            elif found and found[-1][1] not in ("row", "the"):
                found[-1] = (*found[-1][:2], f"{found[-1][2]} {piece}")
    return [Scope(source, text.replace("|", ","), _naming(label), shape, today) for label, shape, text in found]


def _shape(match: regex.Match[str], line: str, *, first: bool) -> str:
    """How a scope is written: entries of a list in bold are alike wherever they stand."""
    if match["the"]:
        return "the"
    if match["price"]:
        return "priced"
    return "entry" if _BOLD.match(line) else "first" if first else "named"


def _without_header(lines: Sequence[str]) -> Sequence[str]:
    """The lines but the first row of a table, which names its columns."""
    rows = [line for line in lines if "|" in line]
    return [line for line in lines if len(rows) < 3 or line is not rows[0]]


def _naming(label: str) -> frozenset[str]:
    return frozenset(stem(word) for word in words_of(label) if len(word) > 1 and word not in telling_nothing("en"))


def parallel(sentence: Sentence) -> list[Scope]:
    """Records of the same shape, each as a whole, and parts of one between semicolons."""
    records = [source for source in sentence.sources.cited if source.is_record]
    today = sentence.today
    wholes = [Scope(s, s.evidence.text, frozenset(), "record", today, s.reading.units) for s in records]
    alike = [s for s in wholes if any(same_shape(s, o) for o in wholes)]
    if alike:
        return alike
    units = [(s, unit) for s in records for unit in s.reading.units]
    parts = [Scope(s, unit.text, frozenset(), "part", today, (unit,)) for s, unit in units]
    return [s for s in parts if any(same_shape(s, o) or _points_past(s, o) for o in parts)]


def same_shape(one: Scope, other: Scope) -> bool:
    """Whether two scopes tell much the same, or values of the same kinds beside each other."""
    if one is other:
        return False
    alike = len(one.content & other.content) / max(1, len(one.content | other.content))
    listed = one.source is other.source and len(one.kinds) > 1 and one.kinds == other.kinds
    return alike >= _ALIKE or listed


@lru_cache(maxsize=1024)
def own_words(unit: Unit) -> frozenset[str]:
    """The stems of its words but those of the lines to which it points."""
    pointed = _ITS_LINES.search(unit.text)
    end = pointed.end("ids") if pointed else len(unit.text)
    return frozenset(stem for stem, token in zip(unit.stems, unit.tokens, strict=True) if token.start < end)


def apart(one: Scope, other: Scope) -> bool:
    """Whether two scopes are two things: not the lines and the shipments of one order, nor a text and its opening."""
    if one is other or one.source is not other.source or one.shape != "part":
        return one is not other
    lists = [_ELEMENT.match(scope.text) for scope in (one, other)]
    if all(lists) and len({match["list"] for match in lists if match}) > 1:
        return _points_past(one, other)
    return any(lists) or same_shape(one, other)


def _points_past(one: Scope, other: Scope) -> bool:
    """Whether one of two parts of a record belongs to other lines than the other."""
    return one.source is other.source and (_points_elsewhere(one, other) or _points_elsewhere(other, one))


def _points_elsewhere(one: Scope, other: Scope) -> bool:
    """Whether one, a shipment or a return, says to which lines it belongs, and the other is a line but none of them."""
    pointed = _ITS_LINES.search(one.text)
    line = _ITS_ID.search(other.text, other.text.find(":"))
    if pointed is None or line is None or _ITS_LINES.search(other.text):
        return False
    return line["id"] not in pointed["ids"].split(", ")
