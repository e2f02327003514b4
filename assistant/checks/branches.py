"""Of "30 days before if you bought a seat, otherwise 24 hours before" each value is told of one case only."""

from assistant.checks.alignment import content_between
from assistant.checks.findings import Sentence
from assistant.checks.matching import comparable
from assistant.checks.sources import Told
from assistant.reading.passage import Unit

_OTHERWISE = frozenset(("otherwise", "else", "sonst", "ansonsten", "contrario", "sinon", "autrement"))
_IF = frozenset(("if", "when", "wenn", "falls", "sofern", "si", "cuando", "lorsque", "quand"))
_UNLESS = frozenset(("without", "unless", "ohne", "sin", "sans"))
_BESIDE = 1
_CLAUSE = frozenset((",", ";", ".", ":"))


def of_other_case(sentence: Sentence, item: Told) -> bool:
    """Whether the sentence names the condition of a value and means the other case than the one told of it."""
    meant = _case_meant(sentence, item.unit)
    return meant is not None and meant is not _is_otherwise(item)


def is_settled(sentence: Sentence, item: Told, other: Told) -> bool:
    """Whether a value stands right after "otherwise" and that is the case meant, so that none after it can be."""
    if other.unit is not item.unit or not _case_meant(sentence, item.unit):
        return False
    turn = next(i for i, word in enumerate(item.unit.words) if word in _OTHERWISE)
    return 0 <= item.mention.first - turn - 1 <= _BESIDE and other.mention.first > item.mention.first


def other_case(sentence: Sentence, items: list[Told]) -> Told | None:
    """The value of the case that the sentence means, where all places that name its own tell it of the other."""
    if not items or not all(of_other_case(sentence, item) for item in items):
        return None
    first = items[0]
    beside = (i for i in sentence.sources.told if i.unit is first.unit and _is_otherwise(i) is not _is_otherwise(first))
    return next((item for item in beside if comparable(first.mention, item)), None)


def _is_otherwise(item: Told) -> bool:
    return bool(_OTHERWISE & set(item.unit.words[: item.mention.first]))


def _case_meant(sentence: Sentence, unit: Unit) -> bool | None:
    """Whether the sentence means the case after "otherwise"; nothing where it does not name the condition."""
    turn = next((i for i, word in enumerate(unit.words) if word in _OTHERWISE), None)
    start = next((i for i, word in enumerate(unit.words[:turn]) if word in _IF), None)
    if turn is None or start is None:
        return None
    if _OTHERWISE & set(sentence.unit.words):
        return True
    end = next((i for i in range(start, turn) if unit.words[i] in _CLAUSE), turn)
    elsewhere = content_between(unit, 0, start) | content_between(unit, end, len(unit.words))
    if not (content_between(unit, start, end) - elsewhere) & sentence.unit.content:
        return None
    denied = any(start <= hit.start < end for hit in unit.has("negation"))
    return _denies(sentence.unit) is not denied


def _denies(unit: Unit) -> bool:
    return bool(_UNLESS & set(unit.words) or unit.has("negation"))
