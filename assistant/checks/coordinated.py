"""Values side by side in one line, each with words of its own ("the bag drop closes 45 minutes, the gate 20")."""

from assistant.checks.alignment import content_between
from assistant.checks.findings import Sentence
from assistant.checks.sources import Told
from assistant.reading.mentions import Mention
from assistant.reading.passage import Unit

_MARKS = frozenset((",", ";", "(", ")", "|", ".", ":", "and", "und", "y", "et"))


def has_own_entry(sentence: Sentence, mention: Mention, best: Told, rival: Told) -> bool:
    """Whether of two values of one line only the first is told of what the sentence names, or beside its other values.

    A value that the sentence names too may have changed places with the first, whose words then say nothing.
    """
    if rival.unit is not best.unit:
        return False
    said = sentence.unit.content
    mine, theirs = _lead(best), _lead(rival)
    if theirs and (mine - theirs) & said and not theirs & said:
        return True
    if any(rival in places for places in sentence.told.values()):
        return False
    return _values(sentence, mention, best) > _values(sentence, mention, rival)


def _lead(item: Told) -> frozenset[str]:
    """The words of its entry before the value."""
    return content_between(item.unit, _edges(item.unit, item.mention)[0], item.mention.first)


def _values(sentence: Sentence, mention: Mention, item: Told) -> int:
    """How many other values of the sentence its entry names."""
    start, end = _edges(item.unit, item.mention)
    return sum(
        any(place.unit is item.unit and start <= place.mention.first < end for place in places)
        for value, places in sentence.told.items()
        if value is not mention and item not in places
    )


def _edges(unit: Unit, mention: Mention) -> tuple[int, int]:
    """Where the entry of a value begins and ends; marks within values do not count."""
    inside = {index for other in unit.mentions for index in range(other.first, other.last)}
    marks = [index for index, word in enumerate(unit.words) if word in _MARKS and index not in inside]
    before = max((index + 1 for index in marks if index < mention.first), default=0)
    return before, min((index for index in marks if index >= mention.last), default=len(unit.words))
