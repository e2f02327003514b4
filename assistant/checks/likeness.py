"""How much of what stands around a value in a sentence stands around it in a source too, and in which role."""

from collections.abc import Iterable, Mapping

from assistant.checks.findings import Sentence
from assistant.checks.matching import comparable
from assistant.checks.sources import Told
from assistant.checks.subjects import speaks_of
from assistant.reading.attachment import compatible, role, weigh
from assistant.reading.mentions import Kind, Mention

_SUBJECT, _WORD, _ALONE, _OPENING, _LABEL = 1.0, 0.8, 0.5, 0.4, 2
_TELLING = {":costs": 0.2, ":paid": 0.6}


def same_subject(sentence: Sentence, mention: Mention, item: Told) -> bool:
    """Whether the told value is of the order (or other thing) that the sentence names beside it, if it names one."""
    return speaks_of(sentence, mention.first, item.source, item.unit)


def nearest(sentence: Sentence, mention: Mention, told: Iterable[Told]) -> Told | None:
    """The value of the same sort whose surroundings are most alike."""
    rivals = [item for item in told if comparable(mention, item) and not numbers_a_line(item)]
    return max(rivals, key=lambda item: likeness(sentence, mention, item), default=None)


def likeness(sentence: Sentence, mention: Mention, item: Told) -> float:
    """How much of what stands around the mention stands around the told value too, or in a line that names no other."""
    mine: Mapping[str, float] = weigh(sentence.unit, mention)
    theirs = weigh(item.unit, item.mention)
    floor = _ALONE if item.unit.counts[item.mention.kind] == 1 else 0.0
    shared = sum(
        min(weight, max(theirs[name], floor)) * _TELLING.get(name, 1.0 if name[0] == ":" else _WORD)
        for name, weight in mine.items()
        if name in theirs
    )
    opening = item.unit.opening
    if opening is not None and not opening.counts[item.mention.kind]:
        shared += sum(_OPENING * weight for name, weight in mine.items() if name in opening.content - theirs.keys())
    return shared + _SUBJECT * bool(sentence.ids & item.source.subjects[item.unit])


def plays(kind: Kind, mine: frozenset[str], item: Told) -> bool:
    """Whether the source gives its value one of the roles that the sentence gives."""
    theirs = role(item.unit, item.mention, weigh(item.unit, item.mention), wide=True)
    return any(compatible(kind, one, other) for one in mine for other in theirs)


def role_of(item: Told) -> frozenset[str]:
    """What a source calls its value."""
    return role(item.unit, item.mention, weigh(item.unit, item.mention))


def numbers_a_line(item: Told) -> bool:
    """Whether the number only says which line it is or how many of what follows ("1 x 23 kg"), or names a kind."""
    if item.mention.kind is Kind.NUMBER and (_opens_a_line(item) or _names_a_kind(item)):
        return True
    if item.unit.words[item.mention.last : item.mention.last + 1] in (["x"], ["×"]):
        return True
    return item.unit.words[max(0, item.mention.first - 1) : item.mention.first] in (["line"], ["shipment"], ["step"])


def _opens_a_line(item: Told) -> bool:
    """Whether it stands in the label of its line: "skier 2: …"."""
    return item.mention.last <= _LABEL and item.unit.words[item.mention.last : item.mention.last + 1] == [":"]


def _names_a_kind(item: Told) -> bool:
    """Whether a number in a word is part of a longer one: the "Ten-visit card", "two-factor login"."""
    written = item.unit.text[item.mention.start : item.mention.end + 1]
    return written.endswith("-") and not any(char.isdigit() for char in written)
