"""Words like "full", "free" or "all": each must stand in what the statement rests on."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from assistant.checks.alignment import Match, close
from assistant.checks.events import State, events, is_grave
from assistant.checks.findings import Sentence
from assistant.checks.universal import leaves_nothing_out, narrowed_after
from assistant.outcome import Finding, Severity
from assistant.reading.amounts import time_unit
from assistant.reading.lexicon import Hit
from assistant.reading.mentions import Kind
from assistant.reading.passage import Unit

_RELATED = 0.4
_VALUES = {"full": frozenset((Decimal(100),)), "free": frozenset((Decimal(0),))}
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


def check_extent(sentence: Sentence, found: Sequence[Match]) -> Iterable[Finding]:
    """Words like "full", "free" or "all" that no passage behind the statement has."""
    near = [match.unit for match in found if match.cover >= found[0].cover * _RELATED and _of_its_kind(sentence, match)]
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
    if any(_ALL & set(unit.words) & set(sentence.unit.words) for unit in units) or any(
        leaves_nothing_out(unit) for unit in near[:1]
    ):
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
        and not any(item.unit is best for items in sentence.told.values() for item in items)
        and close(sentence, found[0])
    ):
        yield sentence.finding("extent", Severity.WARN, f"{found[0].source.id} speaks of a part only")


def _of_its_kind(sentence: Sentence, match: Match) -> bool:
    """Whether a match can widen the statement: how far a case has come only its record tells, no rule."""
    happened = any(event.state is State.DONE and is_grave(event.name) for event in events(sentence.unit))
    recorded = any(source.is_record for source in sentence.sources.cited)
    return match.source.is_record or not (happened and recorded and sentence.says("perfect", words="claims"))


def _certain(unit: Unit) -> list[Hit]:
    """Words like "always", but those of a longer phrase: "siempre que" sets a condition, "de siempre" an idiom."""
    longer = [h for section in ("condition", "subordinate", "not_universal") for h in unit.has(section)]
    return [
        hit
        for hit in unit.has("certain")
        if not any(h.start <= hit.start and hit.end <= h.end and h.end - h.start > hit.end - hit.start for h in longer)
    ]


def _with_parts(sentence: Sentence, near: Sequence[Unit]) -> Sequence[Unit]:
    """The units with the other parts of their sentences, between semicolons, of which one tells a value of it."""
    openings = {unit.opening or unit for unit in near}
    told = {item.unit for items in sentence.told.values() for item in items}
    opened = (unit.opening for unit in near if unit in told and unit.opening)
    return [*near, *opened, *(unit for unit in told if (unit.opening or unit) in openings)]


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
    promised = bool(unit.has("will", words="events"))  # "the full £30" of what was paid may be told, not promised
    if hit.name == "full" and any(map(time_unit, unit.words[max(0, hit.start - 1) : hit.end + 1])):
        return True  # a full day is a span of time
    if hit.name == "full" and (
        any(m.first == hit.end and not (m.kind is Kind.MONEY and promised) for m in unit.mentions)
        or _TEXTS & set(unit.words[hit.start - 1 : hit.end + 1])
    ):
        return True
    limits = {h.start for h in unit.has("bounds", words="numerals")} | {h.start for h in unit.has("relative")}
    return hit.name == "every" and (hit.end in limits or narrowed_after(unit, hit))


def _with_headings(unit: Unit, section: str) -> list[Hit]:
    return [hit for part in (unit, *unit.headings) for hit in part.has(section)]


def _said(sentence: Sentence, name: str) -> str:
    hits = _certain(sentence.unit) if name == "certain" else sentence.unit.has("scope")
    hit = next(h for h in hits if name in ("certain", h.name))
    return " ".join(sentence.unit.words[hit.start : hit.end])
