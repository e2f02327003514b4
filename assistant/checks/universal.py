"""Whether a statement says "any", "always" or "whenever" of what its source limits or tells of a few only.

The words that leave nothing out are a small closed class in every language. A source that means the same has one of
them too, be it another one ("at any time" for "whenever"); where none stands beside what the statement tells, the
statement is wider than its source.
"""

from collections.abc import Iterable, Sequence

from assistant.checks.alignment import Match
from assistant.checks.findings import Sentence
from assistant.outcome import Finding, Severity
from assistant.reading.amounts import time_unit
from assistant.reading.lexicon import Hit
from assistant.reading.mentions import Bound
from assistant.reading.passage import Unit, small_words
from tools.evidence import EvidenceKind

_RELATED, _LEAST, _NOUNS = 0.6, 0.3, 3
# What somebody is free to do at their leisure needs a limit in the source to be wrong.
_FREE = frozenset(("whenever", "anytime", "wherever", "as", "cuando", "quand"))
# In a source these leave nothing out either ("in each level").
_EACH = frozenset(("each", "jeweils", "je", "cada", "chaque"))
_DENIED_BEFORE = frozenset(("any", "anything", "anyone", "anybody", "anywhere"))
_UNTIL = frozenset(("before", "until", "till", "up", "bis", "vor", "antes", "hasta", "avant", "jusqu"))
_FROM = frozenset(("from", "between", "ab", "von", "zwischen", "desde", "entre", "dès"))
_ONLY = frozenset(("only", "nur", "solo", "sólo", "únicamente", "seulement", "uniquement"))
_LIMITS = ("condition", "exception", "conditions")


def check_universal(sentence: Sentence, found: Sequence[Match]) -> Iterable[Finding]:
    """At most one finding: a word that leaves nothing out, where no passage behind the statement has one."""
    found = [match for match in found if match.source.evidence.kind is not EvidenceKind.POST]
    hits = [hit for hit in sentence.unit.has("universal") if not _idle(sentence.unit, hit)]
    if not hits or not found or found[0].cover < _LEAST:
        return
    near = [match for match in found if match.cover >= found[0].cover * _RELATED]
    if any(leaves_nothing_out(match.unit) for match in near):
        return
    limited = any(_is_limited(match.unit) for match in near)
    for hit in hits:
        if not limited and (
            near[0].unit.language != sentence.unit.language or _is_told_of_all(sentence.unit, hit, near)
        ):
            continue
        if limited or sentence.unit.words[hit.start] not in _FREE:
            said = " ".join(sentence.unit.words[hit.start : hit.end])
            yield sentence.finding("extent", Severity.WARN, f"“{said}” is more than {near[0].source.id} says")
            return


def _idle(unit: Unit, hit: Hit) -> bool:
    """Whether the word is part of a phrase that limits, is counted, or stands under a denial or an "if"."""
    if any(other.start <= hit.start < other.end for other in unit.has("not_universal")):
        return True
    if any(mention.first in (hit.end, hit.end + 1) for mention in unit.mentions):
        return True
    if (_UNTIL | _FROM) & set(unit.words[hit.end : hit.end + 2]) or narrowed_after(unit, hit):
        return True
    if unit.words[hit.start] not in _DENIED_BEFORE:
        return False
    under = [other.start for section in ("negation", "lacking", "subordinate") for other in unit.has(section)]
    return any(start < hit.start for start in under)


def narrowed_after(unit: Unit, hit: Hit) -> bool:
    """Whether a condition or an exception follows: "any time except at night", "any damage, as long as"."""
    conditions = [other for other in unit.has("condition") if unit.words[other.start] not in _ONLY]
    return any(other.start > hit.end for other in conditions) or any(
        other.start >= hit.end for other in unit.has("exception")
    )


def _is_told_of_all(unit: Unit, hit: Hit, near: Sequence[Match]) -> bool:
    """Whether a passage tells the same of the same plainly: "badge holders park free" is said of all of them."""
    named: list[str] = []
    for index in range(hit.end, min(hit.end + _NOUNS, len(unit.tokens))):
        if unit.tokens[index].kind != "word" or any(verb.start == index for verb in unit.has("verbs")):
            break
        if unit.words[index] not in small_words(unit.language):
            named.append(unit.stems[index])
    if not named or hit.end - hit.start > 1 or unit.words[hit.end] == "of" or time_unit(unit.words[hit.end]):
        return False
    return any(match.unit.language == unit.language and _tells_plainly(match.unit, named) for match in near)


def _tells_plainly(unit: Unit, named: Sequence[str]) -> bool:
    """Whether all the words stand there, and none before them that says which are meant ("Premier clients")."""
    if not set(named) <= set(unit.stems):
        return False
    at = unit.stems.index(named[0])
    before = unit.tokens[at - 1] if at else None
    return before is None or before.kind != "word" or before.word in small_words(unit.language)


def leaves_nothing_out(unit: Unit) -> bool:
    """Whether a passage, or a line above it, has such a word itself."""
    parts = [part for part in (unit, unit.opening, *unit.headings) if part is not None]
    said = any(not _counts(part, hit) for part in parts for hit in part.has("universal"))
    return said or any(part.has("certain") or _of_each(part) for part in parts)


def _of_each(unit: Unit) -> bool:
    """Whether it says "in each level", other than in a price "each"."""
    prices = {mention.last for mention in unit.mentions}
    return any(word in _EACH and index not in prices for index, word in enumerate(unit.words))


def _counts(unit: Unit, hit: Hit) -> bool:
    """Whether it only counts on: "every 12 months"."""
    return any(mention.first == hit.end for mention in unit.mentions)


def _is_limited(unit: Unit) -> bool:
    bounded = any(mention.bound is not Bound.EXACT for mention in unit.mentions)
    return bounded or any(unit.has(section) for section in _LIMITS)
