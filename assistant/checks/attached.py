"""Whether a value that a source names is told of the same thing: the refund, not the price; this order, not that."""

from collections.abc import Iterable, Mapping, Sequence

from assistant.checks.alignment import covered
from assistant.checks.bounds import misbound
from assistant.checks.branches import is_settled, of_other_case, other_case
from assistant.checks.coordinated import has_own_entry
from assistant.checks.days import day_told, is_its_day
from assistant.checks.events import Event, State, events, is_perfect
from assistant.checks.findings import Sentence
from assistant.checks.labels import is_only_claimed
from assistant.checks.matching import comparable, has_cents, same
from assistant.checks.sources import Told
from assistant.checks.subjects import speaks_of, subject_at
from assistant.checks.tense import mistimed
from assistant.outcome import Finding, Severity
from assistant.reading.attachment import compatible, role, weigh
from assistant.reading.mentions import Kind, Mention
from assistant.reading.passage import Unit
from assistant.reading.tokens import stem

_SUBJECT, _WORD, _ALONE, _TOGETHER = 1.0, 0.8, 0.5, 0.8
_MARGIN, _MARGIN_SWAPPED, _MARGIN_APART, _RATIO = 0.2, 0.4, 1.0, 1.1
_ELLIPTIC, _OPENING = 1, 0.4
_RIVALS, _ANY_MONTH = 3, 12
_COVER, _LEAST = 0.5, 0.4
_TELLING = {":costs": 0.2, ":paid": 0.6}
_IS = frozenset(("is", "are", "be", "wird", "werden", "se", "es", "son", "est", "sont"))
_OF = frozenset(("of", "from", "dated", "vom", "von", "de", "del", "du", "("))
_STRICT = (Kind.DATE, Kind.WEEKDAY, Kind.MONEY)


def misattached(sentence: Sentence, mention: Mention, matching: Sequence[Told]) -> Finding | None:
    """What is wrong with where the value of `mention` is put; `matching` are the places that name it."""
    own = [item for item in matching if same_subject(sentence, mention, item)]
    if not own:
        named = ", ".join(sorted(sentence.ids))
        return _finding(sentence, f"{mention.text} is not told of {named} but of another ({matching[0].source.id})")
    if mention.kind in _STRICT and not _by_subject(sentence, mention, own):
        return _finding(
            sentence, f"{mention.text} is not told of {', '.join(sorted(sentence.ids))} ({own[0].source.id})"
        )
    if mention.kind is Kind.NUMBER and (
        not any(char.isdigit() for char in mention.text) or all(item.mention.kind is Kind.TIME for item in own)
    ):
        return None
    if mention.kind is Kind.NUMBER and any(_numbers_a_name(sentence, mention, item) for item in own):
        return None
    best = max(own, key=lambda item: likeness(sentence, mention, item))
    weights = weigh(sentence.unit, mention)
    mine = role(sentence.unit, mention, weights)
    if mention.kind in _STRICT and mine and _excluded(sentence, mention, weights, own):
        theirs = " or ".join(sorted(_role_of(best)))
        return _finding(
            sentence, f"{best.source.id} names {best.mention.text} as {theirs}, not as {' or '.join(sorted(mine))}"
        )
    other = day_told(sentence, mention, own)
    if other is not None:
        return _finding(sentence, f"{other.source.id} says {other.mention.text} here, not {mention.text}")
    other = other_case(sentence, own)
    if other is not None:
        return _finding(sentence, f"{other.source.id} says {other.mention.text} of this case, not {mention.text}")
    bound = misbound(sentence, mention, own, best, weights)
    if bound is not None:
        return bound
    if mistimed(sentence, mention, own):
        return _finding(sentence, f"{mention.text} and the tense do not go together")
    recorded = _recorded(sentence, mention, own, mine)
    if recorded is not None:
        return _finding(sentence, f"{recorded.source.id} records {recorded.mention.text} for this, not {mention.text}")
    stranger = _stranger(sentence, mention, own) or _other_thing(sentence, mention, own)
    if stranger is not None:
        return _finding(sentence, f"{best.source.id} names {best.mention.text} of something else than {stranger}")
    return _outdone(sentence, mention, best, mine)


def misnamed(sentence: Sentence, mention: Mention, matching: Sequence[Told]) -> Finding | None:
    """What is wrong with the thing for which a reference is told: a tracking number, a return."""
    stranger = _other_thing(sentence, mention, matching)
    if stranger is None:
        return None
    return _finding(sentence, f"{matching[0].source.id} names {mention.text} of something else than {stranger}")


def same_subject(sentence: Sentence, mention: Mention, item: Told) -> bool:
    """Whether the told value is of the order (or other thing) that the sentence names beside it, if it names one."""
    return speaks_of(sentence, mention.first, item.source, item.unit)


def _by_subject(sentence: Sentence, mention: Mention, own: Sequence[Told]) -> bool:
    """Whether a value told of nothing named may be of the thing named: not if that has its own of the kind."""
    subject = subject_at(sentence, mention.first) & sentence.sources.known_ids
    if not subject or any(item.source.subjects[item.unit] or not item.source.is_record for item in own):
        return True
    return not any(comparable(mention, i) and subject & i.source.subjects[i.unit] for i in sentence.sources.told)


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


def _values_together(sentence: Sentence, mention: Mention, item: Told, other: Told) -> float:
    """What speaks for `item`: values of the sentence, neither it nor `other`, that its line names too."""
    return _TOGETHER * sum(
        any(place.unit is item.unit for place in places)
        for value, places in sentence.told.items()
        if value is not mention
        and value.kind is not Kind.ID
        and item not in places
        and other not in places
        and not sentence.parted(min(value.first, mention.first), max(value.first, mention.first))
    )


def _finding(sentence: Sentence, reason: str) -> Finding:
    return sentence.finding("attachment", Severity.BLOCK, reason)


def _outdone(sentence: Sentence, mention: Mention, best: Told, mine: frozenset[str]) -> Finding | None:
    """Whether the words around the value fit another value of the sources clearly better."""
    mine_too = set(map(id, sentence.told[mention]))
    others = [
        item for item in sentence.sources.told if id(item) not in mine_too and same_subject(sentence, mention, item)
    ]
    if mention.unit.startswith("relative"):
        return None
    kinds = {item.mention.kind for item in sentence.told[mention]}
    if mention.kind is Kind.TIME and kinds == {Kind.NUMBER}:
        return None
    if mention.kind is Kind.NUMBER and Kind.NUMBER not in kinds:
        return None
    rivals = [
        i
        for i in others
        if comparable(mention, i)
        and not numbers_a_line(i)
        and (len(i.mention.values) < _ANY_MONTH or len(mention.values) == _ANY_MONTH)
        and i.mention.span != "low"
        and i.unit not in sentence.beside
        and not (_dates_a_reference(i) and not _follows_a_reference(sentence, mention))
    ]
    if best.source.is_record and any(event.state is State.DONE for event in events(sentence.unit)):
        rivals = [rival for rival in rivals if rival.source.is_record]
    rivals.sort(key=lambda item: -likeness(sentence, mention, item))
    if _names_all(sentence, best):
        rivals = [rival for rival in rivals if rival.unit is best.unit]
    for rival in rivals[:_RIVALS]:
        if of_other_case(sentence, rival) or has_own_entry(sentence, mention, best, rival):
            continue
        if is_settled(sentence, best, rival) or is_only_claimed(sentence, mention, rival):
            continue
        if is_its_day(sentence, mention, best, rival):
            continue
        fits = not _role_of(best) or _plays(mention.kind, mine, best)
        if mine and fits and _role_of(rival) and not _plays(mention.kind, mine, rival):
            continue
        if not _only_best_is_named(sentence, mention, best, rival) and _wins(sentence, mention, best, rival):
            return _finding(sentence, f"{rival.source.id} says {rival.mention.text} here, not {mention.text}")
    return None


def _dates_a_reference(item: Told) -> bool:
    """Whether it is the day of the order or invoice itself: "Order GR-20 of 3 March"."""
    return item.source.is_record and _stands_after_id(item.unit, item.mention)


def _follows_a_reference(sentence: Sentence, mention: Mention) -> bool:
    """Whether the sentence may speak of that day: it says so in the same way, or tells of ordering."""
    ordered = any(hit.name in ("ordered", "booked", "paid") for hit in sentence.unit.topics)
    return ordered or not sentence.ids or _stands_after_id(sentence.unit, mention)


def _stands_after_id(unit: Unit, mention: Mention) -> bool:
    ids = (m for m in unit.mentions if m.kind is Kind.ID)
    return mention.kind is Kind.DATE and any(0 < mention.first - m.last <= 1 and unit.words[m.last] in _OF for m in ids)


def _names_all(sentence: Sentence, item: Told) -> bool:
    """Whether a document's elliptic line ("from 2 hours, 50 %") names every value of the sentence, of several."""
    if item.source.is_record or len(item.unit.content) > _ELLIPTIC:
        return False
    places = sentence.told.values()
    return len(places) > 1 and all(any(place.unit is item.unit for place in told) for told in places)


def _wins(sentence: Sentence, mention: Mention, best: Told, rival: Told) -> bool:
    """Whether the rival fits clearly better, even if the sentence names it elsewhere and both change places."""
    reached = likeness(sentence, mention, best) + _values_together(sentence, mention, best, rival)
    wanted = likeness(sentence, mention, rival) + _values_together(sentence, mention, rival, best)
    gain = wanted - reached
    twin = next((m for m in sentence.unit.mentions if m is not mention and same(m, rival, sentence.today)), None)
    if twin is not None:
        gain += likeness(sentence, twin, best) + _values_together(sentence, twin, best, rival)
        gain -= likeness(sentence, twin, rival) + _values_together(sentence, twin, rival, best)
    else:
        gain += _COVER * (covered(sentence, rival.unit) - covered(sentence, best.unit))
    margin = _MARGIN if rival.source.is_record or not best.source.is_record else _MARGIN_APART
    if twin is not None:
        margin = max(margin, _MARGIN_SWAPPED)
    return gain > margin and wanted > _LEAST and wanted > reached * _RATIO


def _is_ruled(unit: Unit, event: Event) -> bool:
    """Whether it is told as what a rule does: "a ticket is refunded"."""
    return bool(_IS & set(unit.words[max(0, event.at.start - 1) : event.at.start])) and not is_perfect(unit, event)


def _recorded(sentence: Sentence, mention: Mention, own: Sequence[Told], mine: frozenset[str]) -> Told | None:
    """What a record tells of an event that the sentence tells as past, if only a policy names the sentence's value."""
    unit = sentence.unit
    happened = mine & {e.name for e in events(unit) if e.state is State.DONE and not _is_ruled(unit, e)}
    if not happened or any(item.source.is_record for item in own):
        return None
    records = [item for item in sentence.sources.told if item.source.is_record and comparable(mention, item)]
    return next((i for i in records if _plays(mention.kind, happened, i) or not _role_of(i)), None)


def _stranger(sentence: Sentence, mention: Mention, own: Sequence[Told]) -> str | None:
    """The name in the sentence of which the sources tell other values of this sort, but not this one."""
    others = [m.first for m in sentence.unit.mentions if m.kind is mention.kind and m is not mention]
    carried = any(item.source.is_record for item in own)
    names = sentence.names_beside(mention.first, others, carried=carried)
    here = [{name for name in names if item.unit.names(name) or _opens_with(item, name)} for item in own]
    if (mention.kind is Kind.NUMBER and not has_cents(mention)) or not names or set(names) in here:
        return None
    records = {item.source.is_record for item in own}
    for item in sentence.sources.told:
        if comparable(mention, item) and item.source.is_record in records:
            there = {name for name in names if _line_names(item, name)}
            if all(there > known for known in here):
                return next(name for name in names if name in there and not all(name in known for known in here))
    return None


def _opens_with(item: Told, name: str) -> bool:
    """Whether a record opens with the name as what it is a record of ("Pet: Biscuit"): all of it tells of that."""
    opening = item.source.reading.units[0]
    return item.source.is_record and opening.words[1:2] == [":"] and opening.stems[2:3] == [name]


def _other_thing(sentence: Sentence, mention: Mention, own: Sequence[Told]) -> str | None:
    """The bought thing that the sentence speaks of, where all lines that tell the value name others."""
    things, said = sentence.sources.things, set(sentence.unit.stems)
    mine = [thing for thing in things if thing <= said] or [thing for thing in things if _alone(thing, things) & said]
    if mention.kind not in (*_STRICT, Kind.ID) or len(mine) != 1 or not all(item.source.is_record for item in own):
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


def _only_best_is_named(sentence: Sentence, mention: Mention, best: Told, rival: Told) -> bool:
    """Whether the name beside the value stands in the line that tells it, and not in the rival's."""
    names = sentence.names_beside(mention.first)
    return any(_line_names(best, name) and not _line_names(rival, name) for name in names)


def _line_names(item: Told, name: str) -> bool:
    return item.unit.names(name, item.mention.kind)


def _excluded(sentence: Sentence, mention: Mention, weights: Mapping[str, float], own: Sequence[Told]) -> bool:
    """Whether every source gives the value another role than the sentence does, and a source gives that to another."""
    mine = role(sentence.unit, mention, weights, wide=True)
    if not any(event.name == "paid" and event.state is State.DONE for event in events(sentence.unit)):
        mine -= {"paid"}
    if mention.span or not mine or not all(_role_of(i) and not _plays(mention.kind, mine, i) for i in own):
        return False
    rivals = (i for i in sentence.sources.told if (comparable(mention, i) or _is_day(mention, i)) and i not in own)
    return any(_plays(mention.kind, mine, item) for item in rivals)


def _is_day(mention: Mention, item: Told) -> bool:
    return mention.kind is Kind.WEEKDAY and item.mention.kind is Kind.DATE


def _plays(kind: Kind, mine: frozenset[str], item: Told) -> bool:
    """Whether the source gives its value one of the roles that the sentence gives."""
    theirs = role(item.unit, item.mention, weigh(item.unit, item.mention), wide=True)
    return any(compatible(kind, one, other) for one in mine for other in theirs)


def _role_of(item: Told) -> frozenset[str]:
    return role(item.unit, item.mention, weigh(item.unit, item.mention))


def _numbers_a_name(sentence: Sentence, mention: Mention, item: Told) -> bool:
    """Whether both numbers belong to one name: "Velmore 7"."""
    before = sentence.unit.words[max(0, mention.first - 1) : mention.first]
    return bool(before) and before == item.unit.words[max(0, item.mention.first - 1) : item.mention.first]


def numbers_a_line(item: Told) -> bool:
    """Whether the number only says which line of an order it is, or how many of what follows: "1 x 23 kg"."""
    if item.unit.words[item.mention.last : item.mention.last + 1] in (["x"], ["×"]):
        return True
    return item.unit.words[max(0, item.mention.first - 1) : item.mention.first] in (["line"], ["shipment"], ["step"])
