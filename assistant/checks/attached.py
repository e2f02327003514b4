"""Whether a value that a source names is told of the same thing: the refund, not the price; this order, not that."""

from collections.abc import Mapping, Sequence

from assistant.checks.bounds import misbound
from assistant.checks.branches import other_case
from assistant.checks.days import day_told
from assistant.checks.events import Event, State, events, is_perfect
from assistant.checks.findings import Sentence
from assistant.checks.likeness import likeness, plays, role_of, same_subject
from assistant.checks.matching import comparable
from assistant.checks.outdone import outdone
from assistant.checks.sources import Told
from assistant.checks.strangers import other_thing, stranger
from assistant.checks.subjects import subject_at
from assistant.checks.tense import mistimed
from assistant.outcome import Finding, Severity
from assistant.reading.attachment import role, weigh
from assistant.reading.mentions import Kind, Mention
from assistant.reading.passage import Unit

_IS = frozenset(("is", "are", "be", "wird", "werden", "se", "es", "son", "est", "sont"))
_STRICT = (Kind.DATE, Kind.WEEKDAY, Kind.MONEY)


def misattached(sentence: Sentence, mention: Mention, matching: Sequence[Told]) -> Finding | None:
    """What is wrong with where the value of `mention` is put; `matching` are the places that name it."""
    own = [item for item in matching if same_subject(sentence, mention, item)]
    if not own or _is_recorded_elsewhere(sentence, mention, own, matching):
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
    return _told_otherwise(sentence, mention, own)


def _told_otherwise(sentence: Sentence, mention: Mention, own: Sequence[Told]) -> Finding | None:
    """What is wrong with a value of the order that is meant: its event, case, bound, time or thing."""
    best = max(own, key=lambda item: likeness(sentence, mention, item))
    weights = weigh(sentence.unit, mention)
    mine = role(sentence.unit, mention, weights)
    if mention.kind in _STRICT and mine and _excluded(sentence, mention, weights, own):
        theirs = " or ".join(sorted(role_of(best)))
        return _finding(
            sentence, f"{best.source.id} names {best.mention.text} as {theirs}, not as {' or '.join(sorted(mine))}"
        )
    other = day_told(sentence, mention, own)
    if other is not None:
        return _finding(sentence, f"{other.source.id} says {other.mention.text} here, not {mention.text}")
    other = other_case(sentence, list(own))
    if other is not None:
        return _finding(sentence, f"{other.source.id} says {other.mention.text} of this case, not {mention.text}")
    bound = misbound(sentence, mention, own, best, weights)
    if bound is not None:
        return bound
    if mistimed(sentence, mention, own):
        return _finding(sentence, f"{mention.text} and the tense do not go together")
    return _named_otherwise(sentence, mention, own, best)


def _named_otherwise(sentence: Sentence, mention: Mention, own: Sequence[Told], best: Told) -> Finding | None:
    """What is wrong with it where the words around it fit another value or thing."""
    mine = role(sentence.unit, mention, weigh(sentence.unit, mention))
    recorded = _recorded(sentence, mention, own, mine)
    if recorded is not None:
        return _finding(sentence, f"{recorded.source.id} records {recorded.mention.text} for this, not {mention.text}")
    named = stranger(sentence, mention, own) or other_thing(sentence, mention, own)
    if named is not None:
        return _finding(sentence, f"{best.source.id} names {best.mention.text} of something else than {named}")
    rival = outdone(sentence, mention, best, mine)
    if rival is None:
        return None
    return _finding(sentence, f"{rival.source.id} says {rival.mention.text} here, not {mention.text}")


def _is_recorded_elsewhere(sentence: Sentence, mention: Mention, own: Sequence[Told], matching: Sequence[Told]) -> bool:
    """Whether a record tells the value of another order in the sentence's words, and only a document of this one."""
    others = [item for item in matching if item not in own]
    if mention.kind not in _STRICT or not others or any(item.source.is_record for item in own):
        return False
    theirs, mine = (max(likeness(sentence, mention, item) for item in items) for items in (others, own))
    return theirs > mine


def misnamed(sentence: Sentence, mention: Mention, matching: Sequence[Told]) -> Finding | None:
    """What is wrong with the thing for which a reference is told: a tracking number, a return."""
    named = other_thing(sentence, mention, matching)
    if named is None:
        return None
    return _finding(sentence, f"{matching[0].source.id} names {mention.text} of something else than {named}")


def _by_subject(sentence: Sentence, mention: Mention, own: Sequence[Told]) -> bool:
    """Whether a value told of nothing named may be of the thing named: not if that has its own of the kind."""
    subject = subject_at(sentence, mention.first) & sentence.sources.known_ids
    if not subject or any(item.source.subjects[item.unit] or not item.source.is_record for item in own):
        return True
    return not any(comparable(mention, i) and subject & i.source.subjects[i.unit] for i in sentence.sources.told)


def _finding(sentence: Sentence, reason: str) -> Finding:
    return sentence.finding("attachment", Severity.BLOCK, reason)


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
    return next((i for i in records if plays(mention.kind, happened, i) or not role_of(i)), None)


def _excluded(sentence: Sentence, mention: Mention, weights: Mapping[str, float], own: Sequence[Told]) -> bool:
    """Whether every source gives the value another role than the sentence does, and a source gives that to another."""
    mine = role(sentence.unit, mention, weights, wide=True)
    if not any(event.name == "paid" and event.state is State.DONE for event in events(sentence.unit)):
        mine -= {"paid"}
    if mention.span or not mine or not all(role_of(i) and not plays(mention.kind, mine, i) for i in own):
        return False
    rivals = (i for i in sentence.sources.told if (comparable(mention, i) or _is_day(mention, i)) and i not in own)
    return any(plays(mention.kind, mine, item) for item in rivals)


def _is_day(mention: Mention, item: Told) -> bool:
    return mention.kind is Kind.WEEKDAY and item.mention.kind is Kind.DATE


def _numbers_a_name(sentence: Sentence, mention: Mention, item: Told) -> bool:
    """Whether both numbers belong to one name: "Velmore 7"."""
    before = sentence.unit.words[max(0, mention.first - 1) : mention.first]
    return bool(before) and before == item.unit.words[max(0, item.mention.first - 1) : item.mention.first]
