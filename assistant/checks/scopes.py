"""Whether what a sentence says of one tariff, level or order is told of another one beside it.

Where a source tells of several things in the same shape ("Bronze …: … Silver …: …", two orders, the rows of a table),
each of them is a scope. A sentence that names one scope and takes a word or a value that only another one has puts it
in the wrong place, even if no value is misquoted.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property, lru_cache
from itertools import combinations

import regex

from assistant.checks.findings import Sentence
from assistant.checks.sections import happenings
from assistant.checks.sources import Source, Told
from assistant.outcome import Finding, Severity
from assistant.reading.lexicon import word_list
from assistant.reading.mentions import Kind, Mention
from assistant.reading.passage import Unit, read, telling_nothing
from assistant.reading.tokens import stem, words_of
from assistant.sentences import split_sentences
from tools.evidence import EvidenceKind

_LABEL = regex.compile(
    r"(?:(?P<name>\p{Lu}[^:;,|()£€$\d]{1,38}?(?:\s\d{1,4})?)(?P<price>\s?\([^)]*\)|\s[£€$][\d.,]+(?:\s(?:a|an|per)\s\w+)?)?:\s"
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
# A level told of in addition to those before it has what they have.
_IN_ADDITION = frozenset(("also", "additionally", "zusätzlich", "außerdem", "además", "également"))
_ALIKE = 0.3
_DENIED = 2
_KINDS = (Kind.MONEY, Kind.DATE, Kind.DURATION, Kind.PERCENT, Kind.TIME, Kind.NUMBER)


@dataclass(frozen=True, eq=False)
class _Scope:
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


def check_scopes(sentence: Sentence) -> Iterable[Finding]:
    """At most one finding: a word or value of another scope than the one that is named."""
    if sentence.text.rstrip().endswith("?"):
        return
    under = _by_section(sentence)
    if under is not None:
        heading, word = under
        yield sentence.finding("attachment", Severity.BLOCK, f"“{word}” is not told under “{heading}”")
        return
    crossed = _across_rows(sentence)
    if crossed is not None:
        told, word = crossed
        yield sentence.finding(
            "attachment", Severity.BLOCK, f"“{word}” is told of another ({told.source.id}: “{told.unit.text}”)"
        )
        return
    labelled = [scope for source in sentence.sources.cited for scope in _labelled(source, sentence.today)]
    wrong = _by_label(sentence, labelled) or _by_words(sentence, _parallel(sentence))
    if wrong is not None:
        scope, word = wrong
        about = " ".join(scope.text.split()[:4])
        yield sentence.finding(
            "attachment", Severity.BLOCK, f"“{word}” is told of another ({scope.source.id}: “{about} …”)"
        )


# Scopes under headings --------------------------------------------------------------------------------------------


def _by_section(sentence: Sentence) -> tuple[str, str] | None:
    """A value or a word that only sections beside the one that is named have, with the heading of that one."""
    if sentence.section is None:
        return None
    section, siblings = sentence.section
    heading = section.headings[-1].text
    for mention in sentence.unit.mentions:
        places = [i for i in sentence.told[mention] if i.mention.kind is mention.kind] or sentence.told[mention]
        if places and all(item.unit in sentence.beside for item in places):
            return heading, mention.text
    counts = Counter(word for _, unit in sentence.sources.units for word in unit.content)
    own = section.content | section.label | section.said | _commonplace()
    for word in sorted(sentence.unit.content - own):
        if counts[word] == 1 and any(word in other.content for other in siblings):
            return heading, word.removeprefix(":")
    return None


# Rows of one shape ------------------------------------------------------------------------------------------------


def _across_rows(sentence: Sentence) -> tuple[Told, str] | None:
    """A value of another row than the value beside it, where both rows have values of both kinds."""
    values = [m for m in sentence.unit.mentions if m.kind in _KINDS and not m.unit.startswith("relative")]
    told = {m: [i for i in sentence.told[m] if i.mention.kind is m.kind and not i.source.is_record] for m in values}
    told = {m: items for m, items in told.items() if items and len(items) == len(sentence.told[m])}
    for one, other in combinations(told, 2):
        if sentence.parted(one.last, other.first) or {i.unit for i in told[one]} & {i.unit for i in told[other]}:
            continue
        if _all_have(told[one], other) and _all_have(told[other], one):
            return told[other][0], other.text
    return None


def _all_have(items: Sequence[Told], mention: Mention) -> bool:
    """Whether every one of the rows has another value of the mention's kind."""
    return all(any(m.kind is mention.kind and not m.values & mention.values for m in i.unit.mentions) for i in items)


# Scopes with names -----------------------------------------------------------------------------------------------


@lru_cache(maxsize=256)
def _labelled(source: Source, today: date) -> Sequence[_Scope]:
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
    return [_Scope(source, text.replace("|", ","), _naming(label), shape, today) for label, shape, text in found]


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


def _by_label(sentence: Sentence, scopes: Sequence[_Scope]) -> tuple[_Scope, str] | None:
    shared = Counter(word for scope in scopes for word in scope.label)
    common = {word for _, unit in sentence.sources.units for heading in unit.headings for word in _of_all(heading)}
    own = {scope: frozenset(word for word in scope.label if shared[word] == 1) for scope in scopes}
    said = set(sentence.unit.stems)
    named = [scope for scope in scopes if own[scope] and own[scope] <= said]
    if len(named) != 1 or any((own[scope] - common) & said for scope in scopes if scope is not named[0]):
        return None
    at = scopes.index(named[0]) if _IN_ADDITION & set(words_of(named[0].text)) else 0
    others = [s for s in scopes[at:] if own[s] and s is not named[0] and _beside(named[0], s)]
    if not others:
        return None
    return _foreign_value(sentence, named[0], others) or _foreign_word(sentence, named[0], others)


def _of_all(heading: Unit) -> Sequence[str]:
    """The words of a heading of several things ("Refunding tickets"), which no label below has to itself."""
    return () if ":" in heading.words or heading.mentions else heading.stems


def _beside(one: _Scope, other: _Scope) -> bool:
    """Whether two scopes are of one sort: their names share a word, or they are written alike."""
    if one.label & other.label:
        return True
    apart = one.source is not other.source
    return one.shape == other.shape and (
        one.shape in ("priced", "row", "entry") or (apart and one.shape in ("first", "the"))
    )


def _foreign_value(sentence: Sentence, named: _Scope, others: Sequence[_Scope]) -> tuple[_Scope, str] | None:
    for mention in sentence.unit.mentions:
        places = [item for item in sentence.told[mention] if mention.kind in _KINDS]
        places = [item for item in places if item.mention.kind is mention.kind] or places
        within = [scope for scope in others if any(_tells(scope, item.mention.values) for item in places)]
        told = {value for item in places for value in item.mention.values}
        if within and len(places) <= len(within) and not _tells(named, frozenset(told)):
            return within[0], mention.text
    return None


def _foreign_word(sentence: Sentence, named: _Scope, others: Sequence[_Scope]) -> tuple[_Scope, str] | None:
    counts = Counter(word for _, unit in sentence.sources.units for word in unit.content)
    small = {h.start for section in ("negation", "possible", "must") for h in sentence.unit.has(section)}
    idle = {sentence.unit.stems[index] for index in small}
    for word in sorted(sentence.unit.content - idle):
        holders = [scope for scope in others if word in scope.content]
        if counts[word] == len(holders) == 1 and word not in named.content | named.stems and word not in _commonplace():
            return holders[0], word.removeprefix(":")
    return None


@cache
def _commonplace() -> frozenset[str]:
    """Topics that say what happens rather than to what, and small numbers in words."""
    numbers = {stem(name) for names in word_list("numerals")["numbers"].values() for name in names}
    return happenings() | numbers | {stem(name) for name in word_list("numerals")["one"]}


def _tells(scope: _Scope, values: frozenset[object]) -> bool:
    return any(mention.values & values for unit in scope.units for mention in unit.mentions)


# Scopes without names ---------------------------------------------------------------------------------------------


def _parallel(sentence: Sentence) -> list[_Scope]:
    """Records of the same shape, each as a whole, and parts of one between semicolons."""
    records = [source for source in sentence.sources.cited if source.is_record]
    today = sentence.today
    wholes = [_Scope(s, s.evidence.text, frozenset(), "record", today, s.reading.units) for s in records]
    alike = [s for s in wholes if any(_same_shape(s, o) for o in wholes)]
    if alike:
        return alike
    units = [(s, unit) for s in records for unit in s.reading.units]
    parts = [_Scope(s, unit.text, frozenset(), "part", today, (unit,)) for s, unit in units]
    return [s for s in parts if any(_same_shape(s, o) or _points_past(s, o) for o in parts)]


def _same_shape(one: _Scope, other: _Scope) -> bool:
    if one is other:
        return False
    alike = len(one.content & other.content) / max(1, len(one.content | other.content))
    listed = one.source is other.source and len(one.kinds) > 1 and one.kinds == other.kinds
    return alike >= _ALIKE or listed


def _by_words(sentence: Sentence, scopes: Sequence[_Scope]) -> tuple[_Scope, str] | None:
    """Two words of one clause, each of which only one scope has, and not the same."""
    if len(scopes) < 2:
        return None
    counts = Counter(word for _, unit in sentence.sources.units for word in _own_words(unit))
    small = telling_nothing(sentence.unit.language) | _commonplace()
    held: list[tuple[int, str, _Scope]] = []
    for index, word in enumerate(sentence.unit.stems):
        holders = [s for s in scopes if any(word in _own_words(unit) for unit in s.units)]
        plain = len(word) > 2 and word not in small and not _set_apart(sentence, index)
        if len(holders) == 1 and counts[word] == 1 and plain:
            held.append((index, word, holders[0]))
    for at, _, scope in held:
        for index, _, other in held:
            if index > at and _apart(scope, other) and not sentence.parted(at, index):
                token = sentence.unit.tokens[index]
                return other, sentence.text[token.start : token.end]
    return None


@lru_cache(maxsize=1024)
def _own_words(unit: Unit) -> frozenset[str]:
    """The stems of its words but those of the lines to which it points."""
    pointed = _ITS_LINES.search(unit.text)
    end = pointed.end("ids") if pointed else len(unit.text)
    return frozenset(stem for stem, token in zip(unit.stems, unit.tokens, strict=True) if token.start < end)


def _set_apart(sentence: Sentence, index: int) -> bool:
    """Whether a word is named only to say that it does not hold: "not your Spokane place", "hasn't posted yet"."""
    denials = [hit for section in ("negation", "not_yet") for hit in sentence.unit.has(section)]
    return any(hit.start <= index <= hit.end + _DENIED and not sentence.parted(hit.start, index) for hit in denials)


def _apart(one: _Scope, other: _Scope) -> bool:
    """Whether two scopes are two things: not the lines and the shipments of one order, nor a text and its opening."""
    if one is other or one.source is not other.source or one.shape != "part":
        return one is not other
    lists = [_ELEMENT.match(scope.text) for scope in (one, other)]
    if all(lists) and len({match["list"] for match in lists if match}) > 1:
        return _points_past(one, other)
    return any(lists) or _same_shape(one, other)


def _points_past(one: _Scope, other: _Scope) -> bool:
    """Whether one of two parts of a record belongs to other lines than the other."""
    return one.source is other.source and (_points_elsewhere(one, other) or _points_elsewhere(other, one))


def _points_elsewhere(one: _Scope, other: _Scope) -> bool:
    """Whether one, a shipment or a return, says to which lines it belongs, and the other is a line but none of them."""
    pointed = _ITS_LINES.search(one.text)
    line = _ITS_ID.search(other.text, other.text.find(":"))
    if pointed is None or line is None or _ITS_LINES.search(other.text):
        return False
    return line["id"] not in pointed["ids"].split(", ")
