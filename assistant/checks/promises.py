"""Work that somebody is said to have done or to be about to do, and what that needs behind it."""

from collections.abc import Iterable

from assistant.checks.events import State, events, implies
from assistant.checks.findings import Sentence
from assistant.checks.sources import Source
from assistant.outcome import Finding, Severity
from assistant.reading.lexicon import Hit, word_list
from assistant.reading.passage import Unit, read
from assistant.reading.tokens import stem, words_of
from tools.evidence import Visibility

_KEPT = 0.5


def check_promises(sentence: Sentence) -> Iterable[Finding]:
    """A finding for work that neither an approved action nor a source bears out, and for admitted fault."""
    unit = sentence.unit
    for hit in _outermost(unit.has("work", words="claims")):
        if _in_condition(unit, hit) or _recorded(sentence, hit):
            continue
        if not _approved(sentence) and not any(_bears_out(sentence, hit, s, u) for s, u in sentence.sources.units):
            said = " ".join(unit.words[hit.start : hit.end])
            yield sentence.finding("promise", Severity.BLOCK, f"“{said}”: nobody has done or approved this")
            break
    else:
        yield from _act(sentence)
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
        if topic is None or _in_condition(unit, will) or _approved(sentence):
            continue
        if not any(_tells(u, topic.name) for _, u in sentence.sources.units):
            said = " ".join(unit.words[will.start : topic.end])
            yield sentence.finding("promise", Severity.BLOCK, f"“{said}”: nobody has approved this")
            return


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
    return any(event.name == "processing" and implies(name, event.name) for event in mine for name in done)


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


def _approved(sentence: Sentence) -> bool:
    """Whether an approved action is of the kind that the sentence speaks of."""
    stems = set(sentence.unit.stems)
    topics = {hit.name for hit in sentence.unit.topics}
    for proposal in sentence.facts.approved:
        kind = proposal.type.replace("_", " ")
        named = {hit.name for hit in read(kind, sentence.today, "en", whole=True).units[0].topics}
        if named & topics or {stem(word) for word in words_of(kind)} & stems:
            return True
    return False
