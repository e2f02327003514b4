"""Conditions that a source sets, which a statement that rests on it must keep."""

from collections.abc import Iterable, Sequence

from assistant.checks.alignment import Match, clauses, content_between
from assistant.checks.findings import Sentence
from assistant.outcome import Finding, Severity
from assistant.reading.lexicon import Hit
from assistant.reading.mentions import Kind, Mention
from assistant.reading.passage import Unit

_LEAST_SHARED, _BESIDE = 2, 1
# A case that is told with its reason may meet the condition.
_REASONS = frozenset(
    (
        *("as", "since", "because", "so", "therefore", "da", "weil", "daher", "deshalb"),
        *("porque", "puesto", "así", "comme", "puisque", "car", "donc"),
    )
)
_OR = frozenset(("or", "oder", "o", "ou"))
_PLACES = (Kind.LINK, Kind.HANDLE, Kind.EMAIL, Kind.PHONE)


def check_conditions(sentence: Sentence, aligned: Sequence[Match]) -> Iterable[Finding]:
    """Conditions that every passage behind the statement sets and the statement leaves out."""
    values = [mention for mention in sentence.unit.mentions if mention.kind is not Kind.ID]
    if values and all(mention.kind in _PLACES or _from_record(sentence, mention) for mention in values):
        return
    kept = {hit.name for hit in sentence.unit.has("conditions")}
    missing = [_left_out(sentence, match.unit, kept) for match in aligned]
    if missing and all(missing):
        yield sentence.finding(
            "condition",
            Severity.WARN,
            f"{aligned[0].source.id} says this only under a condition that is left out: {missing[0]}",
        )


def _from_record(sentence: Sentence, mention: Mention) -> bool:
    """Whether only what happened names the value, to which no condition applies any more."""
    return bool(sentence.told[mention]) and all(item.source.is_record for item in sentence.told[mention])


def _left_out(sentence: Sentence, unit: Unit, kept: set[str]) -> str:
    """The first condition of `unit` that the statement does not keep, in words, or nothing.

    A condition of the statement's own that answers to none of the source's may be one of them in other words.
    """
    spare = _conditions_of(sentence.unit) - len({h.name for h in unit.has("conditions")} & kept)
    spare -= sum(_is_kept(sentence, unit, hit) for hit in unit.has("condition") + unit.has("exception"))
    for hit in unit.has("conditions"):
        if hit.name not in kept and not _in_other_clause(sentence, unit, hit.start) and not _idle(sentence, unit, hit):
            return " ".join(unit.words[hit.start : hit.end]) if spare <= 0 else ""
    for hit in unit.has("condition") + unit.has("exception"):
        if _ends_another_clause(sentence, unit, hit.start):
            continue
        enough = 1 if unit.language == sentence.unit.language else _LEAST_SHARED
        said = len(_comparable(sentence, unit, hit)) >= enough
        if said and spare <= 0 and not _is_kept(sentence, unit, hit):
            end = _clause_end(unit, hit.start)
            return " ".join(unit.words[hit.start : end])
    return ""


def _comparable(sentence: Sentence, unit: Unit, hit: Hit) -> frozenset[str]:
    """What the condition at `hit` speaks of, beyond the words before it."""
    content = content_between(unit, hit.end, _clause_end(unit, hit.start)) - content_between(unit, 0, hit.start)
    if unit.language == sentence.unit.language:
        return content
    return frozenset(name for name in content if name[0] == ":")


def _is_kept(sentence: Sentence, unit: Unit, hit: Hit) -> bool:
    end = _last_branch(unit, _clause_end(unit, hit.start))
    branches = content_between(unit, hit.end, end) - content_between(unit, 0, hit.start)
    kept = (_comparable(sentence, unit, hit) | branches) & sentence.unit.content
    return bool(kept) or _values_kept(sentence, unit, hit.start, end)


def _last_branch(unit: Unit, end: int) -> int:
    """Where a list of cases ends whose first ends at `end`: "if you fall ill, lose your job or are called"."""
    following = _clause_end(unit, end)
    listed = unit.words[end : end + 1] == [","] and _OR & set(unit.words[end:following])
    return following if listed else end


def _conditions_of(unit: Unit) -> int:
    """How many conditions a statement sets."""
    marks = {hit.start for section in ("condition", "exception", "subordinate") for hit in unit.has(section)}
    return len(marks) + bool(_REASONS & set(unit.words))


def _idle(sentence: Sentence, unit: Unit, hit: Hit) -> bool:
    """Whether it limits nothing: said of all that stands under its heading, or wished for only ("if you can")."""
    word = unit.stems[hit.start]
    headed = word in sentence.unit.stems or any(word in heading.stems for heading in unit.headings)
    told = [i.mention for items in sentence.told.values() for i in items if i.unit is unit]
    valued = any(0 <= mention.first - hit.end <= _BESIDE for mention in told)
    wished = any(0 <= wish.start - hit.end <= 1 for wish in unit.has("if_possible"))
    return headed or valued or wished or _explains(sentence, unit, hit)


def _explains(sentence: Sentence, unit: Unit, hit: Hit) -> bool:
    """Whether it stands in brackets after a name that the statement has: "Zone A (EU, Norway)"."""
    opens = max((i for i in range(hit.start) if unit.words[i] == "("), default=-1)
    if opens < 1 or ")" in unit.words[opens : hit.start]:
        return False
    named = [unit.stems[i] for i in (opens - 2, opens - 1) if i >= 0 and unit.text[unit.tokens[i].start].isupper()]
    return bool(named) and all(word in sentence.unit.stems for word in named)


def _in_other_clause(sentence: Sentence, unit: Unit, at: int) -> bool:
    """Whether the words at `at` belong to a clause of which the statement takes nothing."""
    clause = next((c for c in clauses(unit) if c.start <= at < c.end), None)
    if clause is None or len(clauses(unit)) == 1:
        return False
    rest = {name for name in clause.content if name not in content_between(unit, at, at + 3)}
    return len(rest) >= _LEAST_SHARED and not rest & sentence.unit.content


def _ends_another_clause(sentence: Sentence, unit: Unit, at: int) -> bool:
    """Whether a condition closes a clause that tells none of the statement's values, while another clause does."""
    valued = {
        next((c for c in clauses(unit) if c.start <= item.mention.first < c.end), None)
        for items in sentence.told.values()
        for item in items
        if item.unit is unit
    } - {None}
    clause = next((c for c in clauses(unit) if c.start <= at < c.end), None)
    return bool(valued) and clause is not None and clause not in valued and at > clause.start + 1


def _clause_end(unit: Unit, start: int) -> int:
    return next(
        (i for i in range(start + 1, len(unit.tokens)) if unit.tokens[i].word in (",", ";", ".", ")", ":")),
        len(unit.tokens),
    )


def _values_kept(sentence: Sentence, unit: Unit, start: int, end: int) -> bool:
    inside = [m for m in unit.mentions if start <= m.first < end]
    told = {item.mention for items in sentence.told.values() for item in items if item.unit is unit}
    return any(m in told or m.values & other.values for m in inside for other in sentence.unit.mentions)
