"""What a source allows, forbids or makes depend on something must be said so: denial, "can be", conditions, extent."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from assistant.checks.alignment import (
    Clause,
    Match,
    best_matches,
    clauses,
    content_between,
    matches,
    says_something,
)
from assistant.checks.conditions import check_conditions
from assistant.checks.findings import Sentence
from assistant.checks.opposites import check_opposites
from assistant.checks.universal import check_universal
from assistant.outcome import Finding, Severity
from assistant.reading.lexicon import Hit
from assistant.reading.mentions import Kind
from assistant.reading.passage import Unit
from tools.evidence import EvidenceKind

_ENOUGH, _ENOUGH_ABROAD = 0.6, 0.75
_LEAST_SHARED = 2
_RELATED, _AS_NEAR = 0.4, 0.6
_STRANGE = 2
_VALUES = {"full": frozenset((Decimal(100),)), "free": frozenset((Decimal(0),))}
_STOPS = frozenset('.!?:;”"-*•')
_HALF = frozenset((Decimal(50),))
_ALL = frozenset(("all", "alle", "todos", "todas", "tous", "toutes"))
_UNTIL = frozenset(("before", "until", "till", "bis", "vor", "antes", "hasta", "avant", "jusqu"))
# "the second half of your order" is a part of the case, not how far a rule goes.
_PARTS = frozenset(
    ("first", "second", "other", "erste", "zweite", "andere", "primera", "segunda", "première", "seconde")
)
_PART = frozenset(("part", "parts", "teil", "teile", "parte", "partie"))
# "The full list" is no more than the list.
_TEXTS = frozenset(
    (
        *("list", "details", "overview", "terms", "story", "address", "name", "conditions", "range", "guide", "policy"),
        *("liste", "übersicht", "bedingungen", "adresse", "lista", "condiciones", "detalles", "détails"),
    )
)
_NOTHING = frozenset(("none", "no", "keine", "keiner", "kein", "ninguna", "ninguno", "aucun", "aucune", "nil"))
_NEVER = frozenset(("never", "nie", "niemals", "nunca", "jamás", "jamais"))
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
    yield from _extent(sentence, found)
    yield from _denial(sentence, found)
    yield from check_universal(sentence, found)
    yield from check_opposites(sentence, found)
    aligned = [match for match in found if _close(sentence, match)]
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


def _close(sentence: Sentence, match: Match) -> bool:
    enough = _ENOUGH if match.unit.language == sentence.unit.language else _ENOUGH_ABROAD
    return match.shared >= _LEAST_SHARED and match.cover >= enough


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
    return [pair for pair, count in zip(near, shared, strict=True) if count == max(shared)]


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
        and not (hit.start == 0 and clause.unit.words[1:2] == [","])
        and "?" not in clause.unit.words[hit.end :]
    }
    return len(hits) % 2 == 1 if clause.unit.language != "fr" else bool(hits)


def _turned(sentence: Sentence, clause: Clause, other: Clause) -> bool:
    """Whether one denies and the other does not, and no other word could be what denies."""
    if _denies(clause) == _denies(other) or clause.unit.has("lacking") or other.unit.has("lacking"):
        return False
    if not says_something(other) or _alike(clause, other) or _alike(other, clause):
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


# Extent -----------------------------------------------------------------------------------------------------------


def _extent(sentence: Sentence, found: Sequence[Match]) -> Iterable[Finding]:
    """Words like "full", "free" or "all" that no passage behind the statement has."""
    near = [match.unit for match in found if match.cover >= found[0].cover * _RELATED]
    hits = [hit for hit in sentence.unit.has("scope") if not _narrowed(sentence.unit, hit)]
    mine = {hit.name for hit in hits if not any(_ends_alike(sentence.unit, hit, unit) for unit in near)}
    if _certain(sentence.unit):
        mine.add("certain")
    units = _with_parts(sentence, near) if near else [unit for _, unit in sentence.sources.units]
    theirs = {hit.name for unit in units for hit in _with_headings(unit, "scope")}
    if any(m.kind is Kind.PERCENT and m.values == _HALF for _, unit in sentence.sources.units for m in unit.mentions):
        theirs.add("partial")
    theirs |= {
        name
        for name, value in _VALUES.items()
        for unit in units
        for m in unit.mentions
        if (m.kind, value) == (Kind.PERCENT if name == "full" else Kind.MONEY, m.values)
    }
    if any(_with_headings(unit, "certain") for unit in units):
        theirs.add("certain")
    if any(_NOTHING & set(unit.words) for unit in near):
        theirs.add("free")
    if any(_ALL & set(unit.words) & set(sentence.unit.words) for unit in units):
        theirs.add("every")
    for name in sorted(mine - theirs - {"some", "double"}):
        yield sentence.finding(
            "extent",
            Severity.BLOCK if found else Severity.WARN,
            f"“{_said(sentence, name)}” is more than the source says",
        )
    best = found[0].unit if found else None
    if (
        best is not None
        and "partial" in {h.name for h in best.has("scope")}
        and "partial" not in mine
        and not _PART & set(sentence.unit.words)
        and _close(sentence, found[0])
    ):
        yield sentence.finding("extent", Severity.WARN, f"{found[0].source.id} speaks of a part only")


def _certain(unit: Unit) -> list[Hit]:
    """Words like "always", but those of a longer phrase: "siempre que" sets a condition, "de siempre" an idiom."""
    longer = [h for section in ("condition", "subordinate", "not_universal") for h in unit.has(section)]
    return [
        hit
        for hit in unit.has("certain")
        if not any(h.start <= hit.start and hit.end <= h.end and h.end - h.start > hit.end - hit.start for h in longer)
    ]


def _with_parts(sentence: Sentence, near: Sequence[Unit]) -> Sequence[Unit]:
    """The units with the other parts of their sentences, between semicolons, that tell a value of the statement."""
    openings = {unit.opening or unit for unit in near}
    told = {item.unit for items in sentence.told.values() for item in items}
    return [*near, *(unit for unit in told if (unit.opening or unit) in openings)]


def _ends_alike(unit: Unit, hit: Hit, other: Unit) -> bool:
    """Whether "any time before noon" ends where the source does, "until noon" rather than "24 hours before"."""
    end = unit.words[hit.end + 1 : hit.end + 2]
    if hit.name != "every" or not end or not _UNTIL & set(unit.words[hit.end : hit.end + 1]):
        return False
    early = {mention.last for mention in other.mentions if mention.kind is Kind.DURATION}
    limits = (i for i, word in enumerate(other.words) if word in _UNTIL and i not in early)
    return any(other.words[i + 1 : i + 2] == end for i in limits)


def _narrowed(unit: Unit, hit: Hit) -> bool:
    """Whether what follows says who or what alone is meant: "anyone under 19", "all items that …"."""
    if hit.name == "partial":
        return bool(_PARTS & set(unit.words[max(0, hit.start - 1) : hit.start])) or any(
            m.first <= hit.end and hit.start <= m.last and m.kind in (Kind.DURATION, Kind.TIME) for m in unit.mentions
        )
    if hit.name == "free" and any(m.last == hit.start for m in unit.mentions if m.kind is Kind.NUMBER):
        return True
    if hit.name == "free":
        return bool({"until", "bis", "hasta", "jusqu"} & set(unit.words[hit.end :]))
    if hit.name == "full" and (
        any(m.first == hit.end for m in unit.mentions) or _TEXTS & set(unit.words[hit.start - 1 : hit.end + 1])
    ):
        return True
    limits = {h.start for h in unit.has("bounds", words="numerals")} | {h.start for h in unit.has("relative")}
    return hit.name == "every" and hit.end in limits


def _with_headings(unit: Unit, section: str) -> list[Hit]:
    return [hit for part in (unit, *unit.headings) for hit in part.has(section)]


def _said(sentence: Sentence, name: str) -> str:
    hits = _certain(sentence.unit) if name == "certain" else sentence.unit.has("scope")
    hit = next(h for h in hits if name in ("certain", h.name))
    return " ".join(sentence.unit.words[hit.start : hit.end])
