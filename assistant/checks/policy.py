"""What a source allows, forbids or makes depend on something must be said so: denial, "can be", conditions, extent."""

from collections.abc import Iterable, Mapping, Sequence

from assistant.checks.alignment import (
    Clause,
    Match,
    best_matches,
    clauses,
    close,
    content_between,
    matches,
    says_something,
)
from assistant.checks.conditions import check_conditions
from assistant.checks.extent import check_extent
from assistant.checks.findings import Sentence
from assistant.checks.opposites import check_needs, check_opposites, opposed
from assistant.checks.universal import check_universal
from assistant.outcome import Finding, Severity
from assistant.reading.passage import Unit, small_words
from tools.evidence import EvidenceKind

_ENOUGH = 0.6
_LEAST_SHARED = 2
_AS_NEAR = 0.6
_STRANGE = 2
_STOPS = frozenset('.!?:;”"-*•')
_NEVER = frozenset(("never", "nie", "niemals", "nunca", "jamás", "jamais"))
# Between a noun and a denial these open a clause that says which of the things are meant.
_WHICH = {
    "en": frozenset(("you", "we", "they", "he", "she", "that", "which", "who")),
    "es": frozenset(("que",)),
    "fr": frozenset(("vous", "tu", "qui")),
}
_HELPERS = frozenset(("is", "are", "was", "were", "has", "have", "do", "does", "did", "can", "could", "will"))
# Denying the one says the other.
_ALIKE = (
    (
        frozenset(("pay", "cost", "zahlen", "bezahlen", "kosten", "pagar", "cuesta", "payer", "coûte")),
        frozenset(("free", "included", "prepaid", "kostenlos", "inklusive", "gratis", "incluido", "gratuit", "inclus")),
    ),
    (
        frozenset(("change", "changed", "ändert", "ändern", "cambia", "cambian", "change", "changent")),
        frozenset(("stays", "stay", "remains", "remain", "keeps", "valid", "bleibt", "bleiben", "sigue", "reste")),
    ),
)


def check_policy(sentence: Sentence) -> Iterable[Finding]:
    """Findings about statements that turn their source round or leave out what limits it."""
    if sentence.text.rstrip().endswith("?") or not sentence.sources.cited or _says_it_as_it_stands(sentence):
        return
    found = matches(sentence)
    yield from check_extent(sentence, found)
    yield from _denial(sentence, found)
    yield from check_universal(sentence, found)
    yield from check_opposites(sentence, found)
    yield from check_needs(sentence, found)
    aligned = [match for match in found if close(sentence, match)]
    if not aligned:
        return
    yield from _modality(sentence, best_matches(aligned))
    yield from check_conditions(sentence, [match for match in best_matches(aligned) if not match.source.is_record])


def _says_it_as_it_stands(sentence: Sentence) -> bool:
    """Whether a source says the whole sentence word for word, or the sources are only places to go to."""
    sources = [source.evidence for source in sentence.sources.cited]
    if all(item.kind is EvidenceKind.DESTINATION for item in sources):
        return True
    said = _plain(sentence.text)
    return any(_opens(_plain(item.text), said) for item in sources if item.kind is EvidenceKind.POLICY)


def _opens(text: str, said: str) -> bool:
    """Whether `said` stands in `text` at the beginning of a sentence, of a list entry or of what follows a colon."""
    at = text.find(said)
    while at >= 0:
        if not text[:at].strip() or text[:at].rstrip()[-1] in _STOPS:
            return True
        at = text.find(said, at + 1)
    return False


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


# Denial -----------------------------------------------------------------------------------------------------------


def _denial(sentence: Sentence, found: Sequence[Match]) -> Iterable[Finding]:
    """A clause that denies what its source affirms, or the other way round."""
    above = {heading for _, unit in sentence.sources.units for heading in unit.headings}
    theirs = [(m, clause) for m in found if m.unit not in above for clause in clauses(m.unit)]
    count = _denials(sentence.unit)
    for clause in clauses(sentence.unit):
        if len(clause.content) < _LEAST_SHARED or _subordinate(clause) or _not_yet(clause):
            continue
        scored = [(_cover(sentence.sources.rarity, clause, other), match, other) for match, other in theirs]
        best = max((score for score, _, _ in scored), default=0.0)
        if best < _ENOUGH:
            continue
        near = _of_its_subject(clause, [(m, other) for score, m, other in scored if score >= best * _AS_NEAR])
        if any(_denials(match.unit) == count for match, _ in near) and len(clauses(sentence.unit)) > 1:
            continue
        if near and all(_turned(sentence, clause, other) for _, other in near):
            match, other = near[0]
            said = " ".join(token.word for token in other.unit.tokens[other.start : other.end]).strip(" ,;:")
            yield sentence.finding("negation", Severity.BLOCK, f"{match.source.id} says the opposite: “{said}”")
            return


def _of_its_subject(clause: Clause, near: Sequence[tuple[Match, Clause]]) -> list[tuple[Match, Clause]]:
    """Those that hold most of what stands before the verb: what is told of cats says nothing of dogs."""
    unit = clause.unit
    verbs = [h.start for section in ("verbs", "negation") for h in unit.has(section) if clause.start <= h.start]
    subject = content_between(unit, clause.start, min((*verbs, clause.end)))
    shared = [len(subject & (other.content | _above(other.unit))) for _, other in near]
    near = [pair for pair, count in zip(near, shared, strict=True) if count == max(shared)]
    return [(m, other) for m, other in near if (clause.content - subject) & other.content] or near


def _above(unit: Unit) -> frozenset[str]:
    """What the lines say under which it stands."""
    return frozenset(name for heading in unit.headings for name in heading.content)


def _cover(rarity: Mapping[str, float], clause: Clause, other: Clause) -> float:
    if clause.unit.language == other.unit.language:
        wanted = clause.content
    else:
        wanted = frozenset(name for name in clause.content if name[0] == ":" or name in other.content)
    under = _above(other.unit)
    known = {name: rarity[name] for name in wanted if name in rarity}
    shared = known.keys() & (other.content | under)
    together = len(shared) + _same_value(clause, other)
    if together < _LEAST_SHARED and not any(known[name] == 1 and name[0] != ":" for name in shared):
        return 0.0
    return (sum(known[name] for name in shared) + _same_value(clause, other)) / sum(known.values())


def _same_value(clause: Clause, other: Clause) -> bool:
    """Whether both name one value."""
    mine = [m for m in clause.unit.mentions if clause.start <= m.first < clause.end]
    theirs = [m for m in other.unit.mentions if other.start <= m.first < other.end]
    return any(m.kind is o.kind and m.values & o.values for m in mine for o in theirs)


def _not_yet(clause: Clause) -> bool:
    """Whether it tells how far a case has come, which is checked against the record's status."""
    return any(clause.start <= hit.start < clause.end for hit in clause.unit.has("not_yet"))


def _denies(clause: Clause) -> bool:
    idle = [(h.start, h.end) for section in ("not_negation", "not_yet", "conditions") for h in clause.unit.has(section)]
    idle += [(h.start, h.end) for h in clause.unit.has("forms", words="events")]
    hits = {
        hit.start
        for hit in clause.unit.has("negation")
        if clause.start <= hit.start < clause.end
        and not any(start <= hit.start < end for start, end in idle)
        and not _restricts(clause.unit, hit.start)
        and not (hit.start == 0 and clause.unit.words[1:2] == [","])
        and "?" not in clause.unit.words[hit.end :]
    }
    return len(hits) % 2 == 1 if clause.unit.language != "fr" else bool(hits)


def _restricts(unit: Unit, at: int) -> bool:
    """Whether a denial only says which things are meant: "payments you don't recognise must be reported"."""
    at -= unit.words[at - 1] in _HELPERS
    if at < 2 or unit.words[at - 1] not in _WHICH.get(unit.language, ()):
        return False
    noun = unit.tokens[at - 2]
    verbs = [hit.start for hit in unit.has("verbs") if hit.start != at]
    return noun.kind == "word" and noun.word not in small_words(unit.language) and at - 2 not in verbs


def _denies_a_cost(clause: Clause) -> bool:
    """Whether it denies a charge, which says that something is free and also that it is not charged."""
    free = [hit for hit in clause.unit.has("scope") if hit.name == "free" and clause.start <= hit.start < clause.end]
    return any(hit.start <= denial.start < hit.end for hit in free for denial in clause.unit.has("negation"))


def _turned(sentence: Sentence, clause: Clause, other: Clause) -> bool:
    """Whether one denies and the other does not, and no other word could be what denies."""
    if _denies(clause) == _denies(other) or clause.unit.has("lacking") or other.unit.has("lacking"):
        return False
    if _denies_a_cost(clause) and _denies(other):
        return False
    if not says_something(other) or opposed(clause.unit, other.unit) or _alike(clause, other) or _alike(other, clause):
        return False
    if _denies(clause):
        return True
    rarity = sentence.sources.rarity
    strange = [n for n in clause.content if n not in rarity and n[0] != ":"]
    return clause.unit.language != other.unit.language or len(strange) <= _STRANGE


def _alike(denying: Clause, other: Clause) -> bool:
    """Whether one clause denies the contrary of what the other says: "nothing to pay", "included"."""
    mine, theirs = (set(c.unit.words[c.start : c.end]) for c in (denying, other))
    return _denies(denying) and not _NEVER & mine and any(denied & mine and said & theirs for denied, said in _ALIKE)


def _denials(unit: Unit) -> int:
    return sum(_denies(clause) for clause in clauses(unit))


def _subordinate(clause: Clause) -> bool:
    return any(clause.start <= hit.start <= clause.start + 1 for hit in clause.unit.has("subordinate"))


# Modality ---------------------------------------------------------------------------------------------------------


def _modality(sentence: Sentence, aligned: Sequence[Match]) -> Iterable[Finding]:
    """What "can be, on request" must not become "has been" or "will be"."""
    unit = sentence.unit
    if unit.has("possible") or not _asserts(unit):
        return
    if all(_possible(match.unit) and not _asserts(match.unit) and not _rules(unit, match.unit) for match in aligned):
        yield sentence.finding(
            "modality", Severity.BLOCK, f"{aligned[0].source.id} says that this is possible, not that it is so"
        )


def _possible(unit: Unit) -> bool:
    """Whether it says that something can be, other than in "if you can"."""
    conditions = {hit.end for hit in unit.has("condition")}
    return any(not conditions & {hit.start, hit.start - 1} for hit in unit.has("possible"))


def _rules(unit: Unit, other: Unit) -> bool:
    """Whether a source in another language tells a rule beside what it allows ("are kept and can be …")."""
    return unit.language != other.language and bool(
        {"is", "are", "ist", "sind", "es", "son", "est", "sont"} & set(other.words)
    )


def _asserts(unit: Unit) -> bool:
    return bool(unit.has("asserted", words="claims")) or bool(unit.has("certain"))
