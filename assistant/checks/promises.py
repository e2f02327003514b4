"""Work that somebody is said to have done or to be about to do, and what that needs behind it."""

from collections.abc import Iterable

from assistant.checks.acted import check_acted, stands_behind
from assistant.checks.events import State, events, implies
from assistant.checks.findings import Sentence
from assistant.checks.sources import Source
from assistant.outcome import Finding, Severity
from assistant.reading.lexicon import Hit, word_list
from assistant.reading.mentions import Day, Kind
from assistant.reading.passage import Unit
from tools.evidence import Visibility

_KEPT, _NEAR = 0.5, 7
_VERB_NEAR, _VERB_LAST, _SHORT = 3, 8, 3


def check_promises(sentence: Sentence) -> Iterable[Finding]:
    """A finding for work that neither an approved action nor a source bears out, and for admitted fault."""
    unit = sentence.unit
    for hit in _outermost(unit.has("work", words="claims")):
        if _in_condition(unit, hit) or _recorded(sentence, hit):
            continue
        if not stands_behind(sentence) and not any(_bears_out(sentence, hit, s, u) for s, u in sentence.sources.units):
            said = " ".join(unit.words[hit.start : hit.end])
            yield sentence.finding("promise", Severity.BLOCK, f"“{said}”: nobody has done or approved this")
            break
    else:
        told = [*_act(sentence), *_deed(sentence)]
        yield from told or check_acted(sentence)
        yield from _soon(sentence)
    fault = unit.has("fault", words="claims")
    if fault:
        said = " ".join(unit.words[fault[0].start : fault[0].end])
        yield sentence.finding("fault", Severity.WARN, f"“{said}” admits fault; only an approved statement may")


def _act(sentence: Sentence) -> Iterable[Finding]:
    """Like "we'll refund you": an act for this customer, promised as certain."""
    unit = sentence.unit
    wills = unit.has("we_will", words="claims")
    for will in wills:
        topic = next((t for t in unit.topics if t.name in _acts() and 0 <= t.start - will.end <= 4), None)
        if topic is None or _in_condition(unit, will) or stands_behind(sentence):
            continue
        if not any(_tells(u, topic.name) for _, u in sentence.sources.units):
            said = " ".join(unit.words[will.start : topic.end])
            yield sentence.finding("promise", Severity.BLOCK, f"“{said}”: nobody has approved this")
            return


def _deed(sentence: Sentence) -> Iterable[Finding]:
    """Like "we'll fast-track it" or "the fee was comped": a deed for this customer that nobody approved."""
    unit = sentence.unit
    if "?" in sentence.text or stands_behind(sentence):
        return
    done = [(hit.name, _doer(unit, hit), hit.end) for hit in unit.has("deeds", words="deeds")]
    done += [("own", hit.start, hit.end) for hit in unit.has("own", words="deeds")]
    for name, start, end in done:
        if start is None or _in_condition(unit, Hit(name, start, end)) or _possible_before(unit, end):
            continue
        if not any(_names_deed(told, name, start, end, sentence) for _, told in sentence.sources.units):
            said = " ".join(unit.words[start:end])
            yield sentence.finding("promise", Severity.BLOCK, f"“{said}”: nobody has done or approved this")
            return


def _doer(unit: Unit, deed: Hit) -> int | None:
    """The token at which somebody of us is named as doing it, in the same clause."""
    reach = _VERB_LAST if unit.language == "de" else _VERB_NEAR
    doers = [
        hit.start
        for hit in unit.has("doers", words="deeds")
        if hit.start <= deed.start and deed.start - hit.end <= reach and "," not in unit.words[hit.end : deed.start]
    ]
    return max(doers, default=None)


def _possible_before(unit: Unit, end: int) -> bool:
    marks = [*unit.has("possible"), *unit.has("negation")]
    return any(mark.end <= end and not {",", ";"} & set(unit.words[mark.end : end]) for mark in marks)


def _names_deed(unit: Unit, name: str, start: int, end: int, sentence: Sentence) -> bool:
    """Whether a source names a deed of the group, or the words of it."""
    if any(hit.name == name for hit in unit.has("deeds", words="deeds")):
        return True
    words = {word for word in sentence.unit.stems[start:end] if len(word) > _SHORT}
    return bool(words & set(unit.stems))


def _soon(sentence: Sentence) -> Iterable[Finding]:
    """Like "it will be with you soon": a time that no source names, and that no wish only hopes for."""
    unit = sentence.unit
    if "?" in sentence.text or unit.has("wished", words="claims") or unit.has("possible") or stands_behind(sentence):
        return
    idle = unit.has("not_soon", words="claims")
    for hit in unit.has("soon", words="claims"):
        if any(i.start < hit.end and hit.start < i.end for i in idle) or not _is_told(sentence, hit):
            continue
        if not any(_is_near(sentence, source, told) for source, told in sentence.sources.units):
            said = " ".join(unit.words[hit.start : hit.end])
            yield sentence.finding(
                "promise", Severity.BLOCK, f"“{said}”: no source says so, and nobody has approved this"
            )
            return


def _is_told(sentence: Sentence, hit: Hit) -> bool:
    """Whether the clause tells of something to come or under way, and asks nobody to do it."""
    unit = sentence.unit
    marks = [*unit.has("coming", words="events"), *unit.has("will", words="events"), *unit.has("verbs")]
    marks += [event.at for event in events(unit)]
    beside = [m for m in marks if not sentence.parted(min(m.start, hit.start), max(m.end, hit.end) - 1)]
    supposed = any(
        mark.start < hit.start and not sentence.parted(mark.end, hit.start) for mark in unit.has("subordinate")
    )
    return bool(beside) and not supposed


def _is_near(sentence: Sentence, source: Source, unit: Unit) -> bool:
    """Whether a source says soon as well, has it out for delivery, or names a day of the coming week for it."""
    if source.evidence.visibility is Visibility.INTERNAL:
        return False
    if unit.has("soon", words="claims"):
        return True
    if not source.is_record:
        return False
    if any(event.name == "out_for_delivery" for event in events(unit, record=True)):
        return True
    days = (d.as_date() for m in unit.mentions if m.kind is Kind.DATE for d in m.values if isinstance(d, Day))
    return any(day is not None and 0 <= (day - sentence.today).days <= _NEAR for day in days)


def _acts() -> frozenset[str]:
    return frozenset(word_list("claims")["acts"])


def _tells(unit: Unit, topic: str) -> bool:
    return any(hit.name == topic for hit in unit.topics) or any(
        hit.name == topic for h in unit.headings for hit in h.topics
    )


def _recorded(sentence: Sentence, hit: Hit) -> bool:
    """Whether the work is an event ("is being reviewed") that a record tells as having come to that."""
    mine = [e for e in events(sentence.unit) if e.at.start < hit.end and hit.start < e.at.end]
    told = (e for s, unit in sentence.sources.units if s.is_record for e in events(unit, record=True))
    done = {e.name for e in told if e.state is State.DONE}
    return any(
        event.name in ("processing", "approved") and implies(name, event.name) for event in mine for name in done
    )


def _outermost(hits: list[Hit]) -> list[Hit]:
    return sorted(hits, key=lambda hit: (hit.start, -hit.end))


def _in_condition(unit: Unit, hit: Hit) -> bool:
    """Whether it stands in a clause like "if we can't fix it" that claims nothing."""
    return any(
        0 <= hit.start - mark.end <= 3 and not {",", ";"} & set(unit.words[mark.end : hit.start])
        for mark in unit.has("subordinate")
    )


def _bears_out(sentence: Sentence, hit: Hit, source: Source, unit: Unit) -> bool:
    """Whether a source tells of the same work in much the same words."""
    if source.evidence.visibility is Visibility.INTERNAL:
        return False
    if _same_topic_and_values(sentence, hit, unit):
        return True
    wanted = sentence.unit.content
    if unit.language != sentence.unit.language:
        topics = {name for name in wanted if name[0] == ":"}
        if source.is_record and topics & unit.content and any(e.state is State.DONE for e in events(unit, record=True)):
            return True
        return len(topics) >= 2 and topics <= unit.content and bool(unit.has("work", words="claims"))
    verbs = {sentence.unit.stems[i] for i in range(hit.start, hit.end) if len(sentence.unit.words[i]) > 3}
    shared = wanted & unit.content
    if not wanted or len(shared) / len(wanted) < _KEPT:
        return False
    return not verbs or bool(verbs & set(unit.stems)) or bool(unit.has("work", words="claims"))


def _same_topic_and_values(sentence: Sentence, hit: Hit, unit: Unit) -> bool:
    """Whether a source tells all values of the sentence of the very work: "We reply within 2 days"."""
    named = {topic.name for topic in sentence.unit.topics if topic.start < hit.end and hit.start < topic.end}
    told = sentence.told.values()
    return (
        bool(named and told)
        and all(_tells(unit, name) for name in named)
        and all(any(item.unit is unit for item in places) for places in told)
    )
