"""Whether the one value of a sentence is that of another entry of a list: "Adults EUR 16; students EUR 10".

In a list each entry names what its value is of, between two marks. A sentence with a word that only another entry has,
and none of the words of the value's own entry, has taken the value of the wrong one.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from assistant.checks.alignment import content_between
from assistant.checks.branches import is_settled, of_other_case
from assistant.checks.findings import Sentence
from assistant.checks.labels import is_only_claimed
from assistant.checks.likeness import numbers_a_line, same_subject
from assistant.checks.matching import comparable
from assistant.checks.opposites import opposite
from assistant.checks.sections import happenings
from assistant.checks.sources import Told
from assistant.outcome import Finding, Severity
from assistant.reading.mentions import Kind, Mention
from assistant.reading.passage import Unit

_KINDS = (Kind.MONEY, Kind.TIME, Kind.DURATION, Kind.PERCENT, Kind.NUMBER)
_MARKS = frozenset((",", ";", "(", ")", "·", "|", "/", ".", ":"))
_RARE, _ANY_MONTH = 0.5, 12


def check_entries(sentence: Sentence) -> Iterable[Finding]:
    """At most one finding, and only where the sentence denies nothing."""
    if sentence.text.rstrip().endswith("?") or sentence.unit.has("negation"):
        return
    for mention in sentence.unit.mentions:
        places = sentence.told[mention]
        if places and all(_is_of_other_side(sentence, mention, item) for item in places):
            reason = f"{places[0].source.id} tells {mention.text} of the opposite (“{places[0].unit.text[:60]} …”)"
            yield sentence.finding("attachment", Severity.BLOCK, reason)
            return
    yield from _of_another_entry(sentence)


def _is_of_other_side(sentence: Sentence, mention: Mention, item: Told) -> bool:
    """Whether its entry has the opposite of a word of the sentence: "outbound" for the way back."""
    start, end = _between_marks(item.unit, item.mention.first, item.mention.last)
    theirs = {h.name for h in item.unit.has("sides", words="opposites") if start <= h.start < end}
    sides = sentence.unit.has("sides", words="opposites")
    near = {h.name for h in sides if not sentence.parted(min(h.start, mention.first), max(h.start, mention.first))}
    return not theirs & {hit.name for hit in sides} and any(opposite()[name] in near for name in theirs)


def _of_another_entry(sentence: Sentence) -> Iterable[Finding]:
    """The one value of a sentence that has the words of another entry."""
    values = [mention for mention in sentence.unit.mentions if mention.kind is not Kind.ID]
    if len(values) != 1:
        return
    value = values[0]
    own = [i for i in sentence.told[value] if i.mention.kind is value.kind] or sentence.told[value]
    spelled = not any(char.isdigit() for char in value.text)
    if value.kind not in _KINDS or (spelled and value.kind is Kind.NUMBER) or not own:
        return
    if any(item.mention.kind is not value.kind or numbers_a_line(item) for item in own):
        return
    if any(not _label(item) - happenings() for item in own):
        return
    for item in sentence.sources.told:
        if item in own or is_settled(sentence, own[0], item) or of_other_case(sentence, item):
            continue
        if any(_is_named(sentence, mine, item) for mine in own) and not _is_special(sentence, own, item):
            continue
        if _is_beside(item, own[0]) and _may_be_meant(sentence, value, item):
            reason = f"{item.source.id} tells {value.text} of another entry, and {item.mention.text} of this one"
            yield sentence.finding("attachment", Severity.BLOCK, reason)
            return


def _is_named(sentence: Sentence, item: Told, other: Told) -> bool:
    """Whether the sentence has a word of the entry, or of the lines above it, that another does not have.

    It counts as named too, where the sentence has as many words of the one as of the other.
    """
    said = sentence.unit.content | set(sentence.unit.stems)
    mine, theirs = _label(item) | _above(item), _label(other) | _above(other)
    return bool((mine - theirs) & said) or len(mine & said) >= len(theirs & said)


def _is_special(sentence: Sentence, own: Sequence[Told], other: Told) -> bool:
    """Whether the sentence has all that sets another entry of the line apart: "refurbished ones" after "doorbells"."""
    apart = _label(other) - frozenset().union(*(_label(item) | _above(item) for item in own))
    if sentence.unit.has("exception") or sentence.unit.has("contrast"):
        return False
    if any(item.unit is other.unit and item.mention.first > other.mention.first for item in own):
        return False  # what is told of a part comes after what is told of all
    return bool(apart - happenings()) and _label(other) <= sentence.unit.content


def _above(item: Told) -> frozenset[str]:
    return frozenset(name for heading in item.unit.headings for name in heading.content)


def _may_be_meant(sentence: Sentence, value: Mention, item: Told) -> bool:
    """Whether an entry has a word that the sentence shares with hardly any other place."""
    if is_only_claimed(sentence, value, item):
        return False
    if item.unit in sentence.beside or not comparable(value, item) or not same_subject(sentence, value, item):
        return False
    if value.values & item.mention.values or len(item.mention.values) >= _ANY_MONTH:
        return False
    shared = (_label(item) - happenings()) & sentence.unit.content
    return any(sentence.sources.rarity.get(name, 0.0) >= _RARE for name in shared)


def _is_beside(item: Told, own: Told) -> bool:
    """Whether two values stand in one line or in two that follow each other."""
    if item.source is not own.source:
        return False
    units = item.source.reading.units
    return item.unit is own.unit or abs(units.index(item.unit) - units.index(own.unit)) <= 1


def _label(item: Told) -> frozenset[str]:
    return _words_of_entry(item.unit, item.mention)


@lru_cache(maxsize=4096)
def _words_of_entry(unit: Unit, mention: Mention) -> frozenset[str]:
    """What stands with a value between two marks; before its mark, where nothing else does ("Students: EUR 10")."""
    start, end = _between_marks(unit, mention.first, mention.last)
    words = content_between(unit, start, end)
    if words or not start:
        return words
    return content_between(unit, _between_marks(unit, start - 1, start - 1)[0], end)


def _between_marks(unit: Unit, start: int, end: int) -> tuple[int, int]:
    inside = {index for mention in unit.mentions for index in range(mention.first, mention.last)}
    marks = [i for i, word in enumerate(unit.words) if word in _MARKS and i not in inside]
    before = max((i + 1 for i in marks if i < start), default=0)
    after = min((i for i in marks if i >= end), default=len(unit.words))
    return before, after
