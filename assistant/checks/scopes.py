"""Whether what a sentence says of one tariff, level or order is told of another one beside it.

Where a source tells of several things in the same shape ("Bronze …: … Silver …: …", two orders, the rows of a table),
each of them is a scope. A sentence that names one scope and takes a word or a value that only another one has puts it
in the wrong place, even if no value is misquoted.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import combinations

from assistant.checks.findings import Sentence
from assistant.checks.labelled import Scope, apart, labelled, own_words, parallel
from assistant.checks.sections import happenings
from assistant.checks.sources import Told
from assistant.outcome import Finding, Severity
from assistant.reading.lexicon import word_list
from assistant.reading.mentions import Kind, Mention
from assistant.reading.passage import Unit, telling_nothing
from assistant.reading.tokens import stem, words_of

# A level told of in addition to those before it has what they have.
_IN_ADDITION = frozenset(("also", "additionally", "zusätzlich", "außerdem", "además", "également"))
_DENIED = 2
_KINDS = (Kind.MONEY, Kind.DATE, Kind.DURATION, Kind.PERCENT, Kind.TIME, Kind.NUMBER)


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
    named = [scope for source in sentence.sources.cited for scope in labelled(source, sentence.today)]
    wrong = _by_label(sentence, named) or _by_words(sentence, parallel(sentence))
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
    if _is_recorded(sentence):
        return None
    counts = Counter(word for _, unit in sentence.sources.units for word in unit.content)
    own = section.content | section.label | section.said | _commonplace()
    for word in sorted(sentence.unit.content - own):
        if counts[word] == 1 and any(word in other.content for other in siblings):
            return heading, word.removeprefix(":")
    return None


def _is_recorded(sentence: Sentence) -> bool:
    """Whether every value of the sentence is told by records, so that it rests on those and on no section."""
    places = sentence.told.values()
    return bool(places) and all(any(item.source.is_record for item in items) for items in places)


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


def _by_label(sentence: Sentence, scopes: Sequence[Scope]) -> tuple[Scope, str] | None:
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


def _beside(one: Scope, other: Scope) -> bool:
    """Whether two scopes are of one sort: their names share a word, or they are written alike."""
    if one.label & other.label:
        return True
    apart = one.source is not other.source
    return one.shape == other.shape and (
        one.shape in ("priced", "row", "entry") or (apart and one.shape in ("first", "the"))
    )


def _foreign_value(sentence: Sentence, named: Scope, others: Sequence[Scope]) -> tuple[Scope, str] | None:
    for mention in sentence.unit.mentions:
        places = [item for item in sentence.told[mention] if mention.kind in _KINDS]
        places = [item for item in places if item.mention.kind is mention.kind] or places
        within = [scope for scope in others if any(_tells(scope, item.mention.values) for item in places)]
        told = {value for item in places for value in item.mention.values}
        if within and len(places) <= len(within) and not _tells(named, frozenset(told)):
            return within[0], mention.text
    return None


def _foreign_word(sentence: Sentence, named: Scope, others: Sequence[Scope]) -> tuple[Scope, str] | None:
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


def _tells(scope: Scope, values: frozenset[object]) -> bool:
    return any(mention.values & values for unit in scope.units for mention in unit.mentions)


# Scopes without names ---------------------------------------------------------------------------------------------


def _by_words(sentence: Sentence, scopes: Sequence[Scope]) -> tuple[Scope, str] | None:
    """Two words of one clause, each of which only one scope has, and not the same."""
    if len(scopes) < 2:
        return None
    counts = Counter(word for _, unit in sentence.sources.units for word in own_words(unit))
    small = telling_nothing(sentence.unit.language) | _commonplace()
    held: list[tuple[int, str, Scope]] = []
    for index, word in enumerate(sentence.unit.stems):
        holders = [s for s in scopes if any(word in own_words(unit) for unit in s.units)]
        plain = len(word) > 2 and word not in small and not _set_apart(sentence, index)
        if len(holders) == 1 and counts[word] == 1 and plain:
            held.append((index, word, holders[0]))
    for at, _, scope in held:
        for index, _, other in held:
            if index > at and apart(scope, other) and not sentence.parted(at, index):
                token = sentence.unit.tokens[index]
                return other, sentence.text[token.start : token.end]
    return None


def _set_apart(sentence: Sentence, index: int) -> bool:
    """Whether a word is named only to say that it does not hold: "not your Spokane place", "hasn't posted yet"."""
    denials = [hit for section in ("negation", "not_yet") for hit in sentence.unit.has(section)]
    return any(hit.start <= index <= hit.end + _DENIED and not sentence.parted(hit.start, index) for hit in denials)
