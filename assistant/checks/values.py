"""Numbers, amounts, days, spans of time and references: each must stand in a source, attached to the same thing."""

from collections.abc import Iterable, Mapping, Sequence

from assistant.checks.findings import Sentence
from assistant.checks.subjects import speaks_of
from assistant.checks.matching import comparable, same
from assistant.checks.sources import Told
from assistant.outcome import Finding, Severity
from assistant.reading.attachment import compatible, role, roles, weigh
from assistant.reading.mentions import Kind, Mention

_RULES = {
    Kind.NUMBER: "number",
    Kind.MONEY: "money",
    Kind.PERCENT: "number",
    Kind.DURATION: "duration",
    Kind.DATE: "date",
    Kind.WEEKDAY: "date",
    Kind.TIME: "date",
    Kind.ID: "reference",
}
_SUBJECT = 1.0
_WORD, _SAME_LINE = 0.8, 0.5
_MARGIN, _RATIO = 0.2, 1.1
_STRICT = (Kind.DATE, Kind.MONEY)


def check_values(sentence: Sentence) -> Iterable[Finding]:
    """A finding for every value that no cited source names, or that it names of something else."""
    for mention in sentence.unit.mentions:
        if mention.kind in _RULES and not _is_counter(sentence, mention):
            finding = _check(sentence, mention)
            if finding is not None:
                yield finding


def _check(sentence: Sentence, mention: Mention) -> Finding | None:
    rule, today = _RULES[mention.kind], sentence.today
    told = sentence.sources.told
    matching = [item for item in told if same(mention, item, today)]
    if not matching:
        return _missing(sentence, mention, rule)
    if mention.kind is Kind.ID:
        return None
    own = [item for item in matching if _same_subject(sentence, mention, item)]
    if not own:
        named = ", ".join(sorted(sentence.ids))
        return sentence.finding(
            "attachment",
            Severity.BLOCK,
            f"{mention.text} is not told of {named} but of another one ({matching[0].source.id})",
        )
    return _misattached(sentence, mention, own, told)


def _missing(sentence: Sentence, mention: Mention, rule: str) -> Finding:
    elsewhere = next((item for item in sentence.sources.told_elsewhere if same(mention, item, sentence.today)), None)
    if elsewhere is not None:
        return sentence.finding(
            "citation",
            Severity.WARN,
            f"{mention.text} stands in {elsewhere.source.id}, which this sentence does not name",
        )
    near = _nearest(sentence, mention, sentence.sources.told)
    if near is not None:
        reason = f"{mention.text} is not in the sources; {near.source.id} says {near.mention.text}"
    else:
        reason = f"{mention.text} is not in the sources"
    return sentence.finding(rule, Severity.BLOCK, reason)


def _misattached(sentence: Sentence, mention: Mention, own: Sequence[Told], told: Sequence[Told]) -> Finding | None:
    """Whether the words around the value fit another value of the sources clearly better, or exclude this one."""
    weights = weigh(sentence.unit, mention)
    mine = role(sentence.unit, mention, weights)
    best = max(own, key=lambda item: _score(sentence, weights, item))
    if mention.kind in _STRICT and _excluded(mention.kind, mine, own):
        theirs = " / ".join(sorted(_role_of(best))) or "something else"
        return sentence.finding(
            "attachment",
            Severity.BLOCK,
            f"{best.source.id} names {best.mention.text} as {theirs}, not as {' / '.join(sorted(mine))}",
        )
    rival = _nearest(
        sentence,
        mention,
        [i for i in told if not same(mention, i, sentence.today) and _same_subject(sentence, mention, i)],
    )
    if rival is None or any(
        same(other, rival, sentence.today) and _fits_better(sentence, other, mention, rival)
        for other in sentence.unit.mentions
    ):
        return None
    stranger = _told_of_another(sentence, mention, own, told)
    if stranger is not None:
        return sentence.finding(
            "attachment",
            Severity.BLOCK,
            f"{best.source.id} names {best.mention.text} of something else than {stranger}",
        )
    if mine and _plays(mention.kind, mine, best) and not _plays(mention.kind, mine, rival):
        return None
    reached, wanted = _score(sentence, weights, best), _score(sentence, weights, rival)
    if wanted > reached + _MARGIN and wanted > reached * _RATIO:
        return sentence.finding(
            "attachment", Severity.BLOCK, f"{rival.source.id} says {rival.mention.text} here, not {mention.text}"
        )
    return None


def _told_of_another(sentence: Sentence, mention: Mention, own: Sequence[Told], told: Sequence[Told]) -> str | None:
    """The name in the sentence of which the sources tell other values of this sort, but not this one."""
    for name in sentence.names_beside(mention):
        if any(_line_names(item, name) for item in own):
            return None
    for name in sentence.names_beside(mention):
        if any(_line_names(item, name) for item in told if comparable(mention, item)):
            return name
    return None


def _line_names(item: Told, name: str) -> bool:
    return name in item.unit.words or any(name in heading.words for heading in item.unit.headings)


def _excluded(kind: Kind, mine: frozenset[str], own: Sequence[Told]) -> bool:
    """Whether the sentence gives the value a role and every source gives it a different one."""
    if not mine:
        return False
    return all(
        theirs and not any(compatible(kind, one, other) for one in mine for other in theirs)
        for theirs in map(_role_of, own)
    )


def _plays(kind: Kind, mine: frozenset[str], item: Told) -> bool:
    """Whether the source gives its value one of the roles that the sentence gives."""
    return any(compatible(kind, one, other) for one in mine for other in _role_of(item))


def _role_of(item: Told) -> frozenset[str]:
    kind = item.mention.kind if roles(item.mention.kind) else Kind.MONEY
    return role(item.unit, item.mention, weigh(item.unit, item.mention)) if kind is item.mention.kind else frozenset()


def _fits_better(sentence: Sentence, other: Mention, mention: Mention, rival: Told) -> bool:
    """Whether the rival value is spoken of by another mention of the sentence, at least as near to the same words."""
    return other is not mention and _score(sentence, weigh(sentence.unit, other), rival) >= _score(
        sentence, weigh(sentence.unit, mention), rival
    )


def _score(sentence: Sentence, weights: Mapping[str, float], item: Told) -> float:
    """How much of what stands around the mention stands around the told value too, or elsewhere in the same line."""
    theirs = weigh(item.unit, item.mention)
    shared = sum(
        min(weight, max(theirs[name], _SAME_LINE)) * (1.0 if name[0] == ":" else _WORD)
        for name, weight in weights.items()
        if name in theirs
    )
    return shared + _SUBJECT * bool(sentence.ids & item.source.subjects[item.unit])


def _nearest(sentence: Sentence, mention: Mention, told: Sequence[Told]) -> Told | None:
    """The value of the same sort whose surroundings are most alike."""
    weights = weigh(sentence.unit, mention)
    rivals = [item for item in told if comparable(mention, item) and not _numbers_a_line(item)]
    return max(rivals, key=lambda item: _score(sentence, weights, item), default=None)


def _same_subject(sentence: Sentence, mention: Mention, item: Told) -> bool:
    """Whether the told value is of the order (or other thing) that the sentence names beside it, if it names one."""
    return speaks_of(sentence, mention.first, item.source, item.unit)


def _numbers_a_line(item: Told) -> bool:
    """Whether the number only says which line of an order it is."""
    return item.unit.words[max(0, item.mention.first - 1) : item.mention.first] in (["line"], ["shipment"], ["step"])


def _is_counter(sentence: Sentence, mention: Mention) -> bool:
    """Whether a number only numbers the texts ("1/2", "2)") or stands in a figure of speech."""
    text = sentence.text
    around = text[max(0, mention.start - 1) : mention.end + 1]
    if mention.kind is Kind.NUMBER and ("/" in around and len(mention.text) == 1):
        return True
    return mention.kind is Kind.NUMBER and mention.start == 0 and text[mention.end : mention.end + 1] in (".", ")")
