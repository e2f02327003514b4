"""Whether a value is told of something else than the name or the bought thing of which the sentence speaks."""

from collections.abc import Iterable, Sequence

from assistant.checks.findings import Sentence
from assistant.checks.matching import comparable, has_cents
from assistant.checks.sources import Told
from assistant.reading.mentions import Kind, Mention
from assistant.reading.passage import Unit
from assistant.reading.tokens import stem

_MARKS = frozenset((".", ";", "!", "?"))
_TIMES = (Kind.DATE, Kind.WEEKDAY, Kind.TIME)
_NAMED = (Kind.DATE, Kind.WEEKDAY, Kind.MONEY, Kind.ID)


def stranger(sentence: Sentence, mention: Mention, own: Sequence[Told]) -> str | None:
    """The name in the sentence of which the sources tell other values of this sort, but not this one."""
    others = [m.first for m in sentence.unit.mentions if m.kind is mention.kind and m is not mention]
    carried = any(item.source.is_record for item in own)
    names = sentence.names_beside(mention.first, others, carried=carried)
    here = [{name for name in names if item.unit.names(name) or _opens_with(item, name)} for item in own]
    if (mention.kind is Kind.NUMBER and not has_cents(mention)) or not names or set(names) in here:
        return None
    if mention.kind in _TIMES and any(_is_nobodys(sentence, item) for item in own):
        return None
    records = {item.source.is_record for item in own}
    for item in sentence.sources.told:
        if comparable(mention, item) and item.source.is_record in records:
            there = {name for name in names if line_names(item, name)}
            if all(there > known for known in here):
                return next(name for name in names if name in there and not all(name in known for known in here))
    return None


def _is_nobodys(sentence: Sentence, item: Told) -> bool:
    """Whether a record's line names nothing else: what is told there is said of all that the record is about."""
    parts = [part for part in (item.unit, item.unit.opening, *item.unit.headings) if part is not None]
    named = frozenset(name for part in parts for name in _named_within(part))
    return item.source.is_record and item.unit.language != "de" and named <= set(sentence.unit.stems)


def _named_within(unit: Unit) -> Iterable[str]:
    """The stems of its words with a capital that neither open it nor stand in a value."""
    told = {i for mention in unit.mentions for i in range(mention.first, mention.last)}
    for i, token in enumerate(unit.tokens):
        if i and i not in told and unit.text[token.start].isupper() and unit.words[i - 1] not in _MARKS:
            yield unit.stems[i]


def _opens_with(item: Told, name: str) -> bool:
    """Whether a record opens with the name as what it is a record of ("Pet: Biscuit"): all of it tells of that."""
    opening = item.source.reading.units[0]
    return item.source.is_record and opening.words[1:2] == [":"] and opening.stems[2:3] == [name]


def other_thing(sentence: Sentence, mention: Mention, own: Sequence[Told]) -> str | None:
    """The bought thing that the sentence speaks of, where all lines that tell the value name others."""
    things, said = sentence.sources.things, set(sentence.unit.stems)
    mine = [thing for thing in things if thing <= said] or [thing for thing in things if _alone(thing, things) & said]
    if mention.kind not in _NAMED or len(mine) != 1 or not all(item.source.is_record for item in own):
        return None
    named = [[thing for thing in things if _is_told_of(sentence, thing, item)] for item in own]
    if not all(named) or any(mine[0] in here for here in named):
        return None
    return " ".join(word for word in sentence.unit.words if stem(word) in mine[0])


def _alone(thing: frozenset[str], things: Iterable[frozenset[str]]) -> frozenset[str]:
    """The words that tell a thing from all others: "helmet" of the "Commuter Helmet"."""
    return thing - frozenset().union(*(other for other in things if other != thing))


def _is_told_of(sentence: Sentence, thing: frozenset[str], item: Told) -> bool:
    """Whether the line of the value names the thing, or else the order of which it tells holds it."""
    if all(item.unit.names(word) for word in thing):
        return True
    ids = item.source.subjects[item.unit]
    orders = [s.subjects[unit] for s, unit in sentence.sources.units if s.is_record and thing <= set(unit.stems)]
    alone = not any(thing_ <= set(item.unit.stems) for thing_ in sentence.sources.things)
    return alone and bool(ids) and any(ids & order for order in orders)


def only_best_is_named(sentence: Sentence, mention: Mention, best: Told, rival: Told) -> bool:
    """Whether the name beside the value stands in the line that tells it, and not in the rival's."""
    names = sentence.names_beside(mention.first)
    return any(line_names(best, name) and not line_names(rival, name) for name in names)


def line_names(item: Told, name: str) -> bool:
    """Whether the line of a value has the name, or stands below or behind one that has."""
    return item.unit.names(name, item.mention.kind)
