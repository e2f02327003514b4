"""Finds amounts of money, spans of time, percentages and counts."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache

from assistant.reading.lexicon import Hit, word_list
from assistant.reading.mentions import Bound, Kind, Mention
from assistant.reading.tokens import Token, stem, words_of

_RANGE = frozenset(("-", "–", "—", "to", "bis", "a", "à", "and", "und", "y", "et", "or", "oder", "o", "ou"))
_FILLERS = frozenset(
    ("full", "more", "whole", "consecutive", "further", "additional", "ganze", "volle", "weitere", "weiteren")
)
_RATE_ARTICLES = frozenset(("a", "an"))
_BOUND_REACH, _HOURS = 3, 12
_TIMES = frozenset(("x", "×", "or", "oder", "o", "ou"))
# What follows these in time may be an event, and the value a span of its own.
_AFTERWARDS = frozenset(("nach", "tras", "après", "después", "de", "after"))
_ARTICLES = frozenset(("der", "dem", "den", "the", "el", "la", "los", "las", "le", "les", "l", "l'"))
_HALF = frozenset(("half",))
# Right before a unit these are half of one: "halbe Stunde", "media hora".
_HALVES = frozenset(
    ("half", "halbe", "halben", "halber", "halbes", "media", "medias", "medio", "medios", "demi", "demie")
)
_AND = frozenset(("and", "und", "y", "et"))
_AND_PART = (
    (("and", "a", "half"), Decimal("0.5")),
    (("y", "media"), Decimal("0.5")),
    (("et", "demie"), Decimal("0.5")),
    (("et", "demi"), Decimal("0.5")),
    (("and", "a", "quarter"), Decimal("0.25")),
    (("y", "cuarto"), Decimal("0.25")),
    (("y", "tres", "cuartos"), Decimal("0.75")),
    (("and", "three", "quarters"), Decimal("0.75")),
)


@cache
def _spelled() -> dict[tuple[str, ...], int]:
    numbers = word_list("numerals")["numbers"].items()
    return {tuple(words_of(name)): int(number) for number, names in numbers for name in names}


@cache
def spelled_hours() -> dict[str, int]:
    """The hours of a clock in words."""
    return {name[0]: number for name, number in _spelled().items() if len(name) == 1 and number <= _HOURS}


@cache
def _ones() -> frozenset[str]:
    return frozenset(word_list("numerals")["one"])


@cache
def _doubtful() -> frozenset[str]:
    return frozenset(word_list("numerals")["doubtful"])


@cache
def _units() -> dict[tuple[str, ...], str]:
    return {tuple(name.split()): unit for unit, names in word_list("calendar")["units"].items() for name in names}


def time_unit(word: str) -> str | None:
    """The unit of time that a word names."""
    return _units().get((word,))


@cache
def _currencies() -> dict[str, str]:
    return {name: code for code, names in word_list("numerals")["currencies"].items() for name in names}


def currencies_in(text: str) -> frozenset[str]:
    """The codes of the currencies that a text names in any way."""
    return frozenset(code for word in words_of(text) if (code := _currencies().get(word)))


@cache
def _before_amount() -> frozenset[str]:
    """Signs and codes; "29 dollars 5" does not happen."""
    return frozenset(name for name in _currencies() if len(name) <= 3)


@cache
def _minor() -> dict[str, str]:
    """The currency of each word for a hundredth, none where several have one of that name."""
    found: dict[str, str] = {}
    for code, names in word_list("numerals")["minor"].items():
        found |= {name: "" if name in found else code for name in names}
    return found


def readings(text: str) -> frozenset[Decimal]:
    """What a number can mean: "1.200" is 1200 or 1.2, "1,234.50" only one thing."""
    text = "".join(text.split())
    separators = [char for char in text if char in ".,"]
    if not separators:
        return frozenset((Decimal(text),))
    last = separators[-1]
    if len(set(separators)) == 2:
        other = "," if last == "." else "."
        return frozenset((Decimal(text.replace(other, "").replace(last, ".")),))
    plain = Decimal(text.replace(last, ""))
    if len(separators) > 1:
        return frozenset((plain,))
    decimal = Decimal(text.replace(last, "."))
    return frozenset((plain, decimal)) if len(text.rpartition(last)[2]) == 3 else frozenset((decimal,))


def find_amounts(
    text: str, tokens: Sequence[Token], taken: Sequence[tuple[int, int]], bounds: Sequence[Hit]
) -> list[Mention]:
    """Every number of `tokens` outside the `taken` spans, as what its neighbours make of it."""
    words = [token.word for token in tokens]
    free = _free(tokens, taken)
    found: list[Mention] = []
    for index, token in enumerate(tokens):
        if not free[index]:
            continue
        if found and index < found[-1].last:
            continue
        number = _values(token, words, index)
        if number is not None:
            found.append(bounded(_mention(text, tokens, words, index, *number), bounds, tokens))
    for index in range(len(found) - 2, -1, -1):
        whole = _joined(found[index], found[index + 1])
        if whole is not None:
            found[index : index + 2] = [whole]
    return _ranges(found, words)


def _free(tokens: Sequence[Token], taken: Sequence[tuple[int, int]]) -> list[bool]:
    if not taken:
        return [True] * len(tokens)
    return [not any(start <= token.start < end for start, end in taken) for token in tokens]


def _values(token: Token, words: Sequence[str], index: int) -> tuple[frozenset[Decimal], int] | None:
    """The readings of the number at `index` and how many tokens it takes."""
    if token.kind == "number":
        return readings(token.word), 1
    if token.kind != "word":
        return None
    for length in (2, 1):
        name = tuple(words[index : index + length])
        if len(name) == length and name in _spelled():
            doubtful = token.word in _doubtful() and _unit_after(words, index + 1) is None
            return None if doubtful else (frozenset((Decimal(_spelled()[name]),)), length)
    if (
        token.word in _HALVES
        and words[index + 1 : index + 2] != ["an"]
        and _unit_after(words, index + 1) is not None
        and not _adds(words, index)
    ):
        return frozenset((Decimal("0.5"),)), 1
    if token.word in _ones() and _unit_after(words, index + 1) is not None and _spans(words, index):
        return frozenset((Decimal(1),)), 1
    return None


def _adds(words: Sequence[str], index: int) -> bool:
    """Whether a half is more of something named before: "two and a half hours"."""
    return bool(_AND & set(words[max(0, index - 2) : index]))


def _spans(words: Sequence[str], index: int) -> bool:
    """Whether "a month" is a span of time ("for a month") and not a rate ("5 GBP a month")."""
    if words[index] not in _RATE_ARTICLES:
        return True
    if words[index + 2 : index + 3] and words[index + 2] in ("where", "when", "that", "which"):
        return False
    if words[index + 2 : index + 5] == ["and", "a", "half"]:
        return True
    return index > 0 and words[index - 1] in word_list("calendar")["before_span"]


def _mention(
    text: str, tokens: Sequence[Token], words: Sequence[str], index: int, values: frozenset[Decimal], length: int
) -> Mention:
    """The number at `index` with the currency, unit or word that belongs to it."""
    first, last = index, index + length
    if last < len(words) and words[last] == "%":
        return _made(Kind.PERCENT, values, text, tokens, first, last + 1)
    if last < len(words) and words[last] in ("percent", "prozent"):
        return _made(Kind.PERCENT, values, text, tokens, first, last + 1)
    if words[last : last + 2] in (["por", "ciento"], ["per", "cent"], ["pour", "cent"]):
        return _made(Kind.PERCENT, values, text, tokens, first, last + 2)
    if index and tokens[index].kind == "number" and words[index - 1] in _before_amount():
        return _made(Kind.MONEY, values, text, tokens, index - 1, last, _currencies()[words[index - 1]])
    before_next = last + 1 < len(tokens) and tokens[last + 1].kind == "number"
    if last < len(words) and words[last] in _currencies() and not (before_next and words[last] in _before_amount()):
        return _made(Kind.MONEY, values, text, tokens, first, last + 1, _currencies()[words[last]])
    if last < len(words) and words[last] in _minor():
        cents = frozenset(value / 100 for value in values)
        return _made(Kind.MONEY, cents, text, tokens, first, last + 1, _minor()[words[last]])
    unit = _unit_after(words, last)
    if unit is None and last < len(words) and words[last] in ("-", "–"):
        unit = _unit_after(words, last + 1)
        last += unit is not None
    if unit is not None:
        name, length = unit
        values, first, more = _halved(values, words, first, last + length)
        length += more
        return _made(Kind.DURATION, values, text, tokens, first, last + length, name)
    counted = next((stem(t.word) for t in tokens[last : last + 2] if t.kind == "word"), "")
    return _made(Kind.NUMBER, values, text, tokens, first, last, counted)


def _halved(
    values: frozenset[Decimal], words: Sequence[str], first: int, last: int
) -> tuple[frozenset[Decimal], int, int]:
    """The values, where they begin and how many words more they take: "half an hour", "an hour and a half"."""
    if first and words[first - 1] in _HALF:
        return frozenset(v / 2 for v in values), first - 1, 0
    for phrase, part in _AND_PART:
        if tuple(words[last : last + len(phrase)]) == phrase:
            return frozenset(v + part for v in values), first, len(phrase)
    return values, first, 0


def _unit_after(words: Sequence[str], index: int) -> tuple[str, int] | None:
    """The unit of time that starts at `index`, skipping one word ("14 full days"), and how many tokens it takes."""
    units = _units()
    for length in (2, 1):
        name = tuple(words[index : index + length])
        if len(name) == length and name in units:
            return units[name], length
    if words[index : index + 1] and words[index] in _FILLERS:
        after = _unit_after(words, index + 1)
        return (after[0], after[1] + 1) if after else None
    return None


def _made(
    kind: Kind, values: frozenset[Decimal], text: str, tokens: Sequence[Token], first: int, last: int, unit: str = ""
) -> Mention:
    start, end = tokens[first].start, tokens[last - 1].end
    return Mention(kind, frozenset(values), start, end, text[start:end], unit, first=first, last=last)


def bounded(mention: Mention, bounds: Sequence[Hit], tokens: Sequence[Token]) -> Mention:
    """`mention` with the nearest bound that stands right before it (or "or more" right after, not "up to 5")."""
    before = [hit for hit in bounds if mention.first - _BOUND_REACH < hit.end <= mention.first]
    before = [hit for hit in before if not _passed_over(hit, mention, tokens)]
    numbers = {index for index, token in enumerate(tokens) if token.kind == "number"}
    after = [h for h in bounds if h.start == mention.last and h.end - h.start > 1 and not {h.end, h.end + 1} & numbers]
    hit = max(before, key=lambda hit: (hit.end, hit.end - hit.start), default=None) or next(iter(after), None)
    return _with(mention, bound=Bound(hit.name)) if hit else mention


def _passed_over(hit: Hit, mention: Mention, tokens: Sequence[Token]) -> bool:
    """Whether a bound is of what stands before the value: another number, an event ("nach der Fahrt 3 Monate")."""
    between = tokens[hit.end : mention.first]
    if any(token.kind == "number" for token in between):
        return not any(token.word in _RANGE or token.word in _TIMES for token in between)
    later = hit.name == Bound.LOWER.value and tokens[hit.end - 1].word in _AFTERWARDS
    return later and any(token.word in _ARTICLES for token in between[:-1])


def _joined(low: Mention, high: Mention) -> Mention | None:
    """One span for "3 hours 45 minutes"."""
    adjoining = high.first - low.last <= 1 and low.kind is Kind.DURATION and high.kind is Kind.DURATION
    if not adjoining or (low.unit, high.unit) != ("hour", "minute") or len(low.values) != 1 or len(high.values) != 1:
        return None
    minutes = frozenset(
        v * 60 + w for v in low.values for w in high.values if isinstance(v, Decimal) and isinstance(w, Decimal)
    )
    return replace(low, values=minutes, unit="minute", end=high.end, last=high.last, text=f"{low.text} {high.text}")


def _ranges(found: list[Mention], words: Sequence[str]) -> list[Mention]:
    """In "3 to 5 days" the first number takes the unit of the second, and both know that they bound a range."""
    result = list(found)
    for index in range(len(found) - 1):
        low, high = result[index], result[index + 1]
        joined = high.first - low.last == 1 and words[low.last] in _RANGE
        if joined and low.kind is Kind.NUMBER and high.kind in (Kind.DURATION, Kind.MONEY, Kind.PERCENT, Kind.NUMBER):
            result[index] = _with(low, kind=high.kind, unit=high.unit, span="low", bound=Bound.EXACT)
            result[index + 1] = _with(high, span="high", bound=Bound.EXACT)
        elif (
            joined
            and low.kind is high.kind
            and low.kind is Kind.MONEY
            and words[low.last] not in ("and", "und", "y", "et")
        ):
            result[index], result[index + 1] = _with(low, span="low"), _with(high, span="high", bound=Bound.EXACT)
    return result


def _with(mention: Mention, **changes: object) -> Mention:
    return replace(mention, **changes)  # type: ignore[arg-type]
