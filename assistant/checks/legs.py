"""Whether what is told of a journey is told of the right part of it: the way there or back, this flight or that."""

from collections.abc import Iterable, Sequence

import regex

from assistant.checks.findings import Sentence
from assistant.checks.sources import Told
from assistant.outcome import Finding, Severity
from assistant.reading.mentions import Mention
from assistant.reading.passage import Unit
from assistant.reading.tokens import fold

_PLACE = r"\p{Lu}[\p{L}'’.]+(?:\s\p{Lu}[\p{L}'’.]+)*"
_ROUTE = regex.compile(rf"(?P<start>{_PLACE})\s?[–—→-]\s?(?P<end>{_PLACE})")
_TO = regex.compile(rf"\b(?:to|for|nach|a|hacia|para|à|vers|pour)\s(?P<place>{_PLACE})")
_FROM = regex.compile(rf"\b(?:from|von|ab|aus|de|desde|depuis)\s(?P<place>{_PLACE})")
_CODE = regex.compile(r"\b[A-Z]{2,3}\s\d{1,4}\b")


def check_legs(sentence: Sentence) -> Iterable[Finding]:
    """At most one finding: a value that the records tell of the other way or of another flight or train only."""
    if sentence.text.rstrip().endswith("?"):
        return
    for mention in sentence.unit.mentions:
        own = sentence.told[mention]
        if not own or not all(item.source.is_record for item in own):
            continue
        if _goes_elsewhere(sentence, own) or _has_other_code(sentence, mention, own):
            reason = f"{own[0].source.id} tells {mention.text} of another part of the journey"
            yield sentence.finding("attachment", Severity.BLOCK, reason)
            return


def _goes_elsewhere(sentence: Sentence, own: Sequence[Told]) -> bool:
    """Whether all that tells the value goes where the sentence comes from, or comes from where it goes."""
    meant = [(match["place"], "end") for match in _TO.finditer(sentence.text)]
    meant += [(match["place"], "start") for match in _FROM.finditer(sentence.text)]
    records = [unit for source, unit in sentence.sources.units if source.is_record]
    for place, side in meant:
        if all(_side(item.unit, place) not in (None, side) for item in own):
            return any(_side(unit, place) == side for unit in records)
    return False


def _side(unit: Unit, place: str) -> str | None:
    """Whether the one route of a line starts or ends there."""
    routes = list(_ROUTE.finditer(unit.text))
    if len(routes) != 1:
        return None
    return next((side for side in ("start", "end") if fold(routes[0][side]) == fold(place)), None)


def _has_other_code(sentence: Sentence, mention: Mention, own: Sequence[Told]) -> bool:
    """Whether the sentence names one flight or train by its code, and all that tells the value names others only."""
    said = list(_CODE.finditer(sentence.text))
    if len(said) != 1 or (said[0].start() < mention.end and mention.start < said[0].end()):
        return False
    code = said[0].group()
    if any(not _codes(item.unit) or code in _codes(item.unit) for item in own):
        return False
    return any(code in _codes(unit) for source, unit in sentence.sources.units if source.is_record)


def _codes(unit: Unit) -> frozenset[str]:
    return frozenset(_CODE.findall(unit.text))
