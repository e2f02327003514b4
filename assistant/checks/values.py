"""Numbers, amounts, days, spans of time and references: each must stand in a source, attached to the same thing."""

from collections.abc import Iterable
from decimal import Decimal
from itertools import pairwise

import regex

from assistant.checks.attached import misattached, misnamed
from assistant.checks.findings import Sentence
from assistant.checks.likeness import nearest
from assistant.checks.matching import same, same_day
from assistant.outcome import Finding, Severity
from assistant.reading.amounts import currencies_in
from assistant.reading.mentions import Day, Kind, Mention

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
_RATIO = regex.compile(
    r"\s?(?:times (?:the|as|more)|-?fach|mal so|veces (?:más|el|la)|fois (?:plus|le|la))\b", regex.IGNORECASE
)
_LATER = frozenset(("later", "earlier", "after", "später", "danach", "früher", "después", "tarde", "tard", "après"))
_LEFT = frozenset(("left", "leaves", "remaining", "remain", "übrig", "quedan", "queda", "restent", "reste"))
_USED = frozenset(("used", "redeemed", "taken", "genutzt", "verbraucht", "eingelöst", "usadas", "usados", "utilisés"))
_TO = frozenset(("to", "-", "–", "until", "till", "through", "bis", "a", "hasta", "à", "au"))
_BESIDE = 4
_RATES = frozenset(("monthly", "yearly"))
_APPOSED = frozenset((",", "the", "den", "dem", "el", "le", "(", ")"))


def check_values(sentence: Sentence) -> Iterable[Finding]:
    """A finding for every value that no cited source names, or that it names of something else."""
    yield from _contradicting_days(sentence)
    for mention in sentence.unit.mentions:
        if mention.kind not in _RULES or _is_counter(sentence, mention) or _is_now(sentence, mention):
            continue
        matching = sentence.told[mention]
        if not matching:
            if not _only_counts(sentence, mention):
                yield _missing(sentence, mention)
        elif mention.kind is not Kind.ID:
            yield from _currency(sentence, mention)
            finding = misattached(sentence, mention, matching)
            if finding is None and mention.kind in (Kind.MONEY, Kind.NUMBER) and _wrong_rate(sentence, mention):
                finding = sentence.finding(
                    "duration", Severity.BLOCK, f"{mention.text} is told by another span of time"
                )
            if finding is not None:
                yield finding
        elif (misnaming := misnamed(sentence, mention, matching)) is not None:
            yield misnaming


def _missing(sentence: Sentence, mention: Mention) -> Finding:
    elsewhere = next((item for item in sentence.sources.told_elsewhere if same(mention, item, sentence.today)), None)
    if elsewhere is not None:
        reason = f"{mention.text} stands in {elsewhere.source.id}, which this sentence does not name"
        return sentence.finding("citation", Severity.WARN, reason)
    near = nearest(sentence, mention, sentence.sources.told)
    reason = f"{mention.text} is not in the sources"
    if near is not None:
        reason += f"; {near.source.id} says {near.mention.text}"
    return sentence.finding(_RULES[mention.kind], Severity.BLOCK, reason)


def _wrong_rate(sentence: Sentence, mention: Mention) -> bool:
    """Whether an amount by the month is told as one by the year, or the other way round."""
    rates = {hit.name for hit in sentence.unit.topics} & _RATES
    told = [{hit.name for hit in item.unit.topics} & _RATES for item in sentence.told[mention]]
    return bool(rates) and all(told) and not any(rates & names for names in told)


def _contradicting_days(sentence: Sentence) -> Iterable[Finding]:
    """Two names of one day that name two: "tomorrow, 14 November", "Monday the 17th"."""
    days = [m for m in sentence.unit.mentions if m.kind in (Kind.DATE, Kind.WEEKDAY)]
    for one, other in pairwise(days):
        between = set(sentence.unit.words[one.last : other.first])
        if between <= _APPOSED and not same_day(one, other, sentence.today):
            yield sentence.finding("date", Severity.BLOCK, f"{one.text} is not {other.text}")
        elif one.span == "listed" and one.kind is other.kind and _ends_before(one, other):
            yield sentence.finding("date", Severity.BLOCK, f"{other.text} does not come after {one.text}")


def _ends_before(one: Mention, other: Mention) -> bool:
    """Whether of two days listed within one month the second comes no later."""
    days = [{day.day for day in mention.values if isinstance(day, Day) and day.day} for mention in (one, other)]
    return bool(days[0] and days[1]) and min(days[0]) >= max(days[1])


def _only_counts(sentence: Sentence, mention: Mention) -> bool:
    """Whether a number is counted ("two payments" of lines that name one amount), or a span in words only rough."""
    if mention.kind is Kind.DURATION and _LATER & set(sentence.unit.words[mention.last : mention.last + 2]):
        return _apart(sentence, mention)
    if mention.kind is Kind.WEEKDAY:
        return sentence.says("negation") and _outside_all(sentence, mention)
    if mention.kind is Kind.NUMBER and _LEFT & set(sentence.unit.words) and _is_rest(sentence, mention):
        return True
    if mention.kind is Kind.NUMBER:
        places = ([i for i in told if i.source.is_record] for told in sentence.told.values())
        return any({Decimal(len({item.unit for item in items}))} == mention.values for items in places)
    if mention.kind is not Kind.DURATION or any(char.isdigit() for char in mention.text):
        return False
    return mention.values <= {Decimal(1)} or any(v != int(v) for v in mention.values if isinstance(v, Decimal))


def _outside_all(sentence: Sentence, mention: Mention) -> bool:
    """Whether the sources' only days of the week are a range that leaves this one out: "Tuesday to Saturday"."""
    told = [item for item in sentence.sources.told if item.mention.kind is Kind.WEEKDAY]
    if len(told) != 2 or told[0].unit is not told[1].unit:
        return False
    first, last = (item.mention for item in told)
    days = [min(value for value in item.values if isinstance(value, int)) for item in (first, last)]
    joined = set(told[0].unit.words[first.last : last.first]) <= _TO
    return joined and days[0] <= days[1] and not set(range(days[0], days[1] + 1)) & mention.values


def _is_rest(sentence: Sentence, mention: Mention) -> bool:
    """Whether a record tells how many there were and how many are used, and this many are left."""
    told = [i for i in sentence.sources.told if i.source.is_record and i.mention.kind in (Kind.NUMBER, Kind.DURATION)]
    used = [
        item
        for item in told
        if _USED & set(item.unit.words[max(0, item.mention.first - _BESIDE) : item.mention.last + _BESIDE])
    ]
    return any(
        value - gone in mention.values
        for item in told
        for other in used
        if other.source is item.source and other is not item
        for value in item.mention.values
        for gone in other.mention.values
        if isinstance(value, Decimal) and isinstance(gone, Decimal)
    )


def _apart(sentence: Sentence, mention: Mention) -> bool:
    """Whether two days of the records lie so far apart."""
    days = [day for item in sentence.sources.told if item.source.is_record for day in item.mention.values]
    dates = {d.as_date() for d in days if isinstance(d, Day)} - {None}
    scale = {"day": 1, "week": 7}.get(mention.unit)
    spans = {v * scale for v in mention.values if scale and isinstance(v, Decimal)}
    return any(one and other and (other - one).days in spans for one in dates for other in dates)


def _currency(sentence: Sentence, mention: Mention) -> Iterable[Finding]:
    """A currency that no source names: wrong where the sources name others, a guess where they name none."""
    if mention.kind is not Kind.MONEY or any(item.mention.unit == mention.unit for item in sentence.told[mention]):
        return
    named = currencies_in(" ".join(source.evidence.text for source in sentence.sources.cited))
    if mention.unit and mention.unit not in named:
        severity = Severity.BLOCK if named else Severity.INFO
        yield sentence.finding("money", severity, f"no source names the currency of {mention.text}")


def _is_now(sentence: Sentence, mention: Mention) -> bool:
    """Whether "today" only says that the reader may act now ("if you cancel today")."""
    before = [hit for hit in sentence.unit.has("subordinate") if hit.start < mention.first]
    return mention.unit == "relative day" and mention.values == {Day.of(sentence.today)} and bool(before)


def _is_counter(sentence: Sentence, mention: Mention) -> bool:
    """Whether a number only numbers the texts ("1/2", "2)")."""
    if mention.kind is not Kind.NUMBER:
        return False
    text = sentence.text
    if _RATIO.match(text, mention.end):
        return True
    of_two = "/" in text[max(0, mention.start - 1) : mention.end + 1] and len(mention.text) == 1
    return of_two or (mention.start == 0 and text[mention.end : mention.end + 1] in (".", ")"))
