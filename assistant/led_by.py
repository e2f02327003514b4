"""What leads a day or a time in a sentence: "by" and "before", "at", or the order that it is the date of."""

from collections.abc import Iterable, Sequence

from assistant.reading.lexicon import word_list
from assistant.reading.mentions import Kind, Mention
from assistant.reading.passage import Unit

_NEAR, _OF_A_THING = 4, 4
_ARTICLES = frozenset(("the", "el", "la", "los", "las", "le", "les", "l", "dem", "der", "den", "del", "de", "du", ","))
_OF = frozenset(("of", "from", "dated", "vom", "von", "del", "de", "du"))


def is_led(unit: Unit, first: int) -> bool:
    """Whether a word such as "by" or "within" stands right before the token `first`."""
    return bool(_listed("by_then", unit.language) & set(unit.words[max(0, first - _NEAR) : first]))


def is_led_by_at(unit: Unit, first: int) -> bool:
    """Whether a word such as "at" stands right before a time of day, or one such as "by"."""
    return is_led(unit, first) or bool(_listed("at_then", unit.language) & set(unit.words[max(0, first - 2) : first]))


def comes_before(unit: Unit, first: int) -> bool:
    """Whether it is done before what begins at the token `first`: "before Monday", "antes del 4 de diciembre"."""
    days = [mention for mention in unit.mentions if mention.kind is Kind.WEEKDAY]
    weekdays = {index for mention in days for index in range(mention.first, mention.last)}
    index = first - 1
    while index >= 0 and (unit.words[index] in _ARTICLES or index in weekdays):
        index -= 1
    return index >= 0 and unit.words[index] in _listed("before", unit.language)


def is_long_past(unit: Unit, first: int) -> bool:
    """Whether a span of time is one that has passed: "the last few days"."""
    return bool(_listed("passed", unit.language) & set(unit.words[max(0, first - 2) : first]))


def is_of_a_thing(unit: Unit, mention: Mention) -> bool:
    """Whether a date only tells which order, parcel or payment is meant: "your order of 30 November"."""
    before = unit.words[max(0, mention.first - _OF_A_THING - 1) : mention.first]
    if before[-1:] and before[-1] in _OF and _names_a_thing(before[:-1], unit.language):
        return True
    return _names_a_thing(unit.words[mention.last : mention.last + 1], unit.language)


def _names_a_thing(words: Iterable[str], language: str) -> bool:
    things = _listed("dated_things", language)
    return any(word.startswith(tuple(things)) for word in words)


def _listed(section: str, language: str) -> frozenset[str]:
    words: Sequence[str] = word_list("promises")[section][language]
    return frozenset(words)
