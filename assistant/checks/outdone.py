"""Whether the words around a value fit another value of the sources clearly better."""

from assistant.checks.alignment import covered
from assistant.checks.bounds import is_capped_only
from assistant.checks.branches import is_settled, of_other_case
from assistant.checks.coordinated import has_own_entry
from assistant.checks.days import is_day_of_event, is_end_of_move, is_its_day
from assistant.checks.events import State, events
from assistant.checks.findings import Sentence
from assistant.checks.labels import is_only_claimed
from assistant.checks.likeness import likeness, numbers_a_line, plays, role_of, same_subject
from assistant.checks.matching import comparable, same
from assistant.checks.sources import Told
from assistant.checks.strangers import only_best_is_named
from assistant.reading.mentions import Kind, Mention
from assistant.reading.passage import Unit

_TOGETHER = 0.8
_MARGIN, _MARGIN_SWAPPED, _MARGIN_APART, _RATIO = 0.2, 0.4, 1.0, 1.1
_ELLIPTIC, _RIVALS, _ANY_MONTH = 1, 3, 12
_COVER, _LEAST = 0.5, 0.4
_OF = frozenset(("of", "from", "dated", "vom", "von", "de", "del", "du", "("))
_UNTIL = frozenset(("-", "–", "—", "to", "until", "till", "through", "bis", "a", "al", "hasta", "à", "au", "jusqu'au"))


def outdone(sentence: Sentence, mention: Mention, best: Told, mine: frozenset[str]) -> Told | None:
    """The value of the sources that the words around the mention fit clearly better than `best`, if there is one."""
    mine_too = set(map(id, sentence.told[mention]))
    others = [
        item for item in sentence.sources.told if id(item) not in mine_too and same_subject(sentence, mention, item)
    ]
    if mention.unit.startswith("relative") or _ends_alike(sentence, mention):
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
        and not is_capped_only(mention, i.mention)
        and i.unit not in sentence.beside
        and not (_dates_a_reference(i) and not _follows_a_reference(sentence, mention))
    ]
    moved = is_end_of_move(sentence, mention)
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
        if is_its_day(sentence, mention, best, rival) or (moved and is_day_of_event(rival)):
            continue
        fits = not role_of(best) or plays(mention.kind, mine, best)
        if mine and fits and role_of(rival) and not plays(mention.kind, mine, rival):
            continue
        if not only_best_is_named(sentence, mention, best, rival) and _wins(sentence, mention, best, rival):
            return rival
    return None


def _ends_alike(sentence: Sentence, mention: Mention) -> bool:
    """Whether the sentence and a source both tell until which day something goes: "27 July–23 August"."""
    if mention.kind is not Kind.DATE or not _ends_a_range(sentence.unit, mention):
        return False
    return any(
        item.mention.kind is Kind.DATE and _ends_a_range(item.unit, item.mention) for item in sentence.told[mention]
    )


def _ends_a_range(unit: Unit, mention: Mention) -> bool:
    return mention.first > 0 and unit.words[mention.first - 1] in _UNTIL


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
