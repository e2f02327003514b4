"""What something costs is an amount, for this much of something: no span of time, and not by another unit.

"Daher kostet es 3 bis 4 Werktage" misquotes no value, yet says nothing that a source can have said.
"""

from collections.abc import Iterable

from assistant.checks.findings import Sentence
from assistant.checks.matching import measure
from assistant.checks.sources import Told
from assistant.outcome import Finding, Severity
from assistant.reading.amounts import time_unit
from assistant.reading.lexicon import Hit
from assistant.reading.mentions import Kind, Mention
from assistant.reading.passage import Unit

_PRICED = (Kind.MONEY, Kind.PERCENT)
_STOPS = frozenset((",", ";", ":", ".", "!", "(", ")", "–", "—"))
# What may stand between the verb and what it costs; a preposition would make the span a time ("kostet in 3 Tagen").
_BETWEEN = frozenset(
    (
        *("between", "zwischen", "entre", "de", "-", "–", "to", "bis", "a", "à", "and", "or", "oder", "up", "jusqu'à"),
        *("it", "you", "us", "me", "about", "around", "roughly", "only", "just", "another", "at", "least"),
        *("es", "sie", "dich", "dir", "ihnen", "uns", "das", "dies", "etwa", "ungefähr", "rund", "ca", ".", "nur"),
        *("noch", "circa", "zu", "mindestens", "unos", "unas", "solo", "te", "le", "os", "nos", "hasta", "environ"),
        *("vous", "seulement", "encore"),
    )
)
# "Vale 14 días" is said of what stays valid, "it comes to 5 days" of a sum of days.
_OTHERWISE_TOO = frozenset(("vale", "vaut", "came", "comes"))
_PER = frozenset(
    ("per", "a", "an", "each", "every", "pro", "je", "im", "am", "die", "por", "al", "cada", "par", "l'", "la", "/")
)
_REACH = 3


def check_costs(sentence: Sentence) -> Iterable[Finding]:
    """At most one finding: a span of time told as a price, or an amount for another unit than the sources'."""
    if sentence.text.rstrip().endswith("?"):
        return
    span = _span_as_price(sentence.unit)
    if span is not None:
        reason = f"{span.text} is told as what something costs, without an amount"
        yield sentence.finding("duration", Severity.BLOCK, reason)
        return
    for mention in sentence.unit.mentions:
        wrong = _for_another_unit(sentence, mention)
        if wrong is not None:
            reason = f"{wrong.source.id} says {wrong.mention.text} by another unit"
            yield sentence.finding("unit", Severity.BLOCK, reason)
            return


def _span_as_price(unit: Unit) -> Mention | None:
    """The span of time that stands as the object of a verb of cost, where its clause names no amount."""
    for verb in unit.has("topics", words="topics"):
        noun = unit.language == "de" and unit.text[unit.tokens[verb.start].start].isupper()
        if verb.name != "costs" or noun or unit.words[verb.start] in _OTHERWISE_TOO:
            continue
        start, end = _clause(unit, verb)
        within = [m for m in unit.mentions if start <= m.first < end]
        if any(m.kind in _PRICED for m in within) or any(start <= h.start < end for h in unit.has("scope")):
            continue
        for mention in within:
            if mention.kind is Kind.DURATION and _is_object(unit, verb, mention, end):
                return mention
    return None


def _clause(unit: Unit, verb: Hit) -> tuple[int, int]:
    """Where the clause of a verb begins and ends; marks within values end none."""
    inside = {index for mention in unit.mentions for index in range(mention.first, mention.last)}
    marks = [i for i, word in enumerate(unit.words) if word in _STOPS and i not in inside]
    before = max((i + 1 for i in marks if i < verb.start), default=0)
    return before, min((i for i in marks if i >= verb.end), default=len(unit.words))


def _is_object(unit: Unit, verb: Hit, mention: Mention, end: int) -> bool:
    """Whether it follows the verb or, where German puts the verb last, stands right before it."""
    if mention.first >= verb.end:
        earlier = {i for m in unit.mentions if m.last <= mention.last for i in range(m.first, m.last)}
        between = {unit.words[i] for i in range(verb.end, mention.first) if i not in earlier}
        return between <= _BETWEEN
    return unit.language == "de" and mention.last == verb.start and verb.end == end


def _for_another_unit(sentence: Sentence, mention: Mention) -> Told | None:
    """The place of an amount, where all that tell it as a rate do so by another measure or span than the sentence."""
    mine = _per(sentence.unit, mention) if mention.kind is Kind.MONEY else None
    if mine is None:
        return None
    told = sentence.told[mention]
    theirs = [(item, _per(item.unit, item.mention)) for item in told]
    rates = [(item, other) for item, other in theirs if other]
    return rates[0][0] if rates and all(other != mine for _, other in rates) else None


def _per(unit: Unit, mention: Mention) -> str | None:
    """The measure or span of time by which an amount is told: "per kg", "je angefangene halbe Stunde"."""
    after = unit.words[mention.last : mention.last + 1 + _REACH]
    if not after or after[0] not in _PER:
        return None
    return next((name for word in after[1:] for name in [time_unit(word) or measure(word)] if name), None)
