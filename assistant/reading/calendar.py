"""Finds days, months, weekdays, times and words like "tomorrow"."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cache

import regex

from assistant.reading.lexicon import word_list
from assistant.reading.mentions import Day, Kind, Mention
from assistant.reading.tokens import Token, fold, words_of

_ISO = r"(?P<iy>\d{4})-(?P<im>\d{2})-(?P<id>\d{2})"
_NUMERIC = r"(?P<a>\d{1,2})(?P<sep>[./-])(?P<b>\d{1,2})(?:(?P=sep)(?P<ny>\d{4}|\d{2})|(?<=\.\d{1,2})\.)(?!\d|[./]\d)"
_CLOCK = regex.compile(
    r"(?<![\d.,:/])(?<!(?<!:\d\d|h|Uhr|[ap]m)-)(?P<h>[01]?\d|2[0-4])(?::(?P<m>[0-5]\d)(?::\d\d)?\s*(?P<half>[ap]\.?m\b\.?)?|\s*(?P<half2>[ap]\.?m\b\.?)|\s?(?:h(?:\s?(?P<hm>[0-5]\d)(?!\d|\s?min|\s?[^\W\d]))?(?!\s?\d+\s?min)|Uhr)\b)",
    regex.IGNORECASE,
)
# "sábado 14": a day of the month by its weekday.
_NAMED_DAYS = "lunes|martes|miércoles|jueves|viernes|sábado|domingo|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
# "11 to 14 December", "24, 25 and 31 December", "12 to 16 Uhr": what stands before takes what stands after the last.
_ALSO = regex.compile(
    r"(?<![\w.,:/-]|\s(?-i:\p{Lu})\w+\s)(?P<n>\d{1,2})(?:\.|st|nd|rd|th|er)?\s?"
    r"(?P<join>,|-|–|—|&|/|\b(?:to|till|until|through|and|or|bis|und|oder|al|a|y|o|au|à|et|ou)\b)\s?"
    r"(?:(?:the|zum|el|le|las|den)\s)?$",
    regex.IGNORECASE,
)
# "December 11 to 14".
_AND_ON = regex.compile(
    r"\s?(?:-|–|—|to|through|and)\s?(?:the\s)?(?P<n>\d{1,2})(?:st|nd|rd|th)?\b(?![.,:]?\d|\s?[€£$%])"
)
_LISTED, _SHORT, _TWELVE = 32, 4, 12
_SPOKEN = regex.compile(
    r"\b(?:(?P<part>quarter|half|viertel)\s(?P<way>to|past|vor|nach)|(?P<part>halb|half)"
    r"|(?<=\b(?:at|by|um|gegen)\s)(?P<part>five|ten|twenty|fünf|zehn|zwanzig)\s(?P<way>to|past|vor|nach))"
    r"\s(?P<n>\d{1,2}|\p{L}+)\b"
    r"|\blas?\s(?P<n>\p{L}+)\s(?P<way>y|menos)\s(?P<part>cuarto|media|cinco|diez|veinte|veinticinco)\b"
    r"|\b(?P<n>\p{L}+)\sheures?\s(?P<way>et|moins)\s(?:le\s)?(?P<part>quart|demie|cinq|dix|vingt)\b",
    regex.IGNORECASE,
)
_SHIFTS = {
    **dict.fromkeys(("quarter", "viertel", "cuarto", "quart"), 15),
    **dict.fromkeys(("half", "media", "demie"), 30),
    **dict.fromkeys(("five", "fünf", "cinco", "cinq"), 5),
    **dict.fromkeys(("ten", "zehn", "diez", "dix"), 10),
    **dict.fromkeys(("twenty", "zwanzig", "veinte", "vingt"), 20),
    "veinticinco": 25,
    "halb": -30,
}
_BACK = frozenset(("to", "vor", "menos", "moins"))
_NOON, _MIDNIGHT = frozenset((720,)), frozenset((0, 1439, 1440))
_NAMED_HOURS = {
    **dict.fromkeys(("noon", "midday", "mittag", "mediodía", "midi"), _NOON),
    **dict.fromkeys(("midnight", "mitternacht", "medianoche", "minuit"), _MIDNIGHT),
}
_NAMED = regex.compile(rf"(?<!après[- ]|-)\b(?:{'|'.join(_NAMED_HOURS)})\b", regex.IGNORECASE)


@cache
def _month_numbers() -> dict[str, int]:
    return {name: int(number) for number, names in word_list("calendar")["months"].items() for name in names}


@cache
def _written() -> regex.Pattern[str]:
    names = "|".join(sorted(_month_numbers(), key=len, reverse=True))
    of = r"(?:of\s|de\s|del\s)?"
    return regex.compile(
        rf"""(?<![\w./]|(?<!mid|\d\d-\d\d\s?)-)(?:{_ISO}(?!\d) | {_NUMERIC}
        | (?<=\d{{4}}-\d\d-\d\d\s?(?:to|until|bis|/|–|-)\s?)(?P<mm>\d\d)-(?P<dd>\d\d)(?!\d)
        | (?P<d1>\d{{1,2}})(?:\.|st|nd|rd|th|er|º)?[\s-]*{of}(?P<m1>{names})\b\.?(?:,?[\s-]*{of}(?P<y1>\d{{4}}))?
        | \b(?P<m2>{names})\b\.?\s(?:the\s)?(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\b(?!:\d|\.\d|\s?[€£$%])
          (?:,?\s*(?P<y2>\d{{4}}))?
        | \b(?P<m3>{names})\b\.?(?:\s(?:of\s|de\s)?(?P<y3>\d{{4}}))?
        | (?:the|le|am|zum|vom|dem|den)\s(?P<d4>\d{{1,2}})(?:st|nd|rd|th|er|\.(?=\s|$))(?!\s(?:{names}))
        | (?<![\w.,:/-])(?P<d6>\d{{1,2}})(?:st|nd|rd|th)?\sof\s(?:each|every)\smonth\b
        | \b(?:el(?:\sdía)?|le|{_NAMED_DAYS})\s(?P<d5>\d{{1,2}})(?=[\s.,;!?]|$)
          (?!\s?[%€£$]|[.,]\d|\s(?:de\s)?(?:{names})) )""",
        regex.VERBOSE | regex.IGNORECASE,
    )


@cache
def _relative(language: str) -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """Phrases like "next week" by their first word."""
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for name, phrases in word_list("calendar")["relative"][language].items():
        for phrase in phrases:
            words = tuple(words_of(phrase))
            found.setdefault(words[0], []).append((words, name))
    return found


@cache
def _weekdays(language: str) -> dict[str, int]:
    days = word_list("calendar")["weekdays"][language]
    return {name: int(number) for number, names in days.items() for name in names}


def find_days(text: str) -> list[Mention]:
    """Days and months as they are written; a month's name alone counts where it cannot be another word."""
    found = []
    for match in _written().finditer(text):
        readings = _readings(match, text)
        if readings:
            written = match.group().rstrip(". ")
            others = _other_days(match, readings, text)
            span = "last" if others else ""
            found += [Mention(Kind.DATE, frozenset(readings), match.start(), match.end(), written, span=span), *others]
    listed = [m for m in found if m.span]
    return [m for m in found if m.span or not any(m.start < o.end and o.start < m.end for o in listed)]


def _other_days(match: "regex.Match[str]", readings: Sequence[Day], text: str) -> list[Mention]:
    """The days that share the month of the one written out."""
    if match["d2"]:
        after = _AND_ON.match(text, match.end())
        numbers = [(int(after["n"]), after.start("n"), after.end("n"))] if after else []
    else:
        numbers = _listed_before(text, match.start()) if match["d1"] else []
    return [
        Mention(
            Kind.DATE, frozenset(Day(r.month, n, r.year) for r in readings), start, end, text[start:end], span="listed"
        )
        for n, start, end in numbers
        if n in range(1, 32)
    ]


def _listed_before(text: str, end: int) -> list[tuple[int, int, int]]:
    """The numbers of a list or range that ends at `end`, from the last to the first, with where they stand."""
    numbers: list[tuple[int, int, int]] = []
    while before := _ALSO.search(text[:end], max(0, end - _LISTED)):
        end = before.start()
        numbers.append((int(before["n"]), before.start("n"), before.end("n")))
    return numbers


def find_times(text: str) -> list[Mention]:
    """Times of day, in minutes since midnight."""
    found = []
    for match in _CLOCK.finditer(text):
        half = (match["half"] or match["half2"] or "").lower()
        hour = int(match["h"]) % 12 + (12 if half[:1] == "p" else 0) if half else int(match["h"])
        minute = int(match["m"] or match["hm"] or 0)
        found.append(Mention(Kind.TIME, frozenset((hour * 60 + minute,)), match.start(), match.end(), match.group()))
        if match["m"] is None and match["hm"] is None:
            found += _other_hours(match, text, half)
    return found


def find_spoken_times(text: str, numbers: Mapping[str, int]) -> list[Mention]:
    """Times like "quarter to eight", of the morning or of the evening, noon and midnight."""
    found = [
        Mention(Kind.TIME, _NAMED_HOURS[fold(match.group())], match.start(), match.end(), match.group())
        for match in _NAMED.finditer(text)
    ]
    for match in _SPOKEN.finditer(text):
        word = fold(match["n"])
        hour = _TWELVE if word in _NAMED_HOURS else numbers.get(word, int(word) if word.isdigit() else 0)
        if 1 <= hour <= _TWELVE:
            shift = _SHIFTS[fold(match["part"])] * (-1 if fold(match["way"] or "") in _BACK else 1)
            minutes = frozenset(((hour * 60 + shift) % 720, (hour * 60 + shift) % 720 + 720))
            found = [m for m in found if not match.start() <= m.start < match.end()]
            found.append(Mention(Kind.TIME, minutes, match.start(), match.end(), match.group()))
    return found


def _other_hours(match: "regex.Match[str]", text: str, half: str) -> list[Mention]:
    """The hours that share the "Uhr" or "pm" of the one written out; those before "pm" may be of the morning."""
    halves = (0, 12) if half else (0,)
    return [
        Mention(
            Kind.TIME, frozenset((n % 12 if half else n) * 60 + h * 60 for h in halves), start, end, text[start:end]
        )
        for n, start, end in _listed_before(text, match.start())
    ]


def find_relative(text: str, tokens: Sequence[Token], today: date, language: str) -> list[Mention]:
    """Words that name a day by its distance from `today`, and weekdays."""
    found: list[Mention] = []
    words = [token.word for token in tokens]
    for index, word in enumerate(words):
        for phrase, name in sorted(_relative(language).get(word, ()), reverse=True, key=lambda item: len(item[0])):
            start, end = tokens[index].start, tokens[min(index + len(phrase), len(tokens)) - 1].end
            is_noun = language == "de" and text[start] == "M"
            inside = any(m.start <= start and end <= m.end for m in found) or words[max(0, index - 1)] == "la"
            if tuple(words[index : index + len(phrase)]) == phrase and not is_noun and not inside:
                span, distance = name.split(":")
                days = frozenset(_days(span, int(distance), today))
                found.append(Mention(Kind.DATE, days, start, end, text[start:end], unit=f"relative {span}"))
    return found + _find_weekdays(text, tokens, language)


def _find_weekdays(text: str, tokens: Sequence[Token], language: str) -> list[Mention]:
    known, found = _weekdays(language), []
    for index, token in enumerate(tokens):
        following = tokens[index + 1].kind if index + 1 < len(tokens) else "mark"
        if len(token.word) <= _SHORT and following == "word":
            continue
        day = known.get(token.word, known.get(token.word.removesuffix("s"), -1) if len(token.word) > 5 else -1)
        if day >= 0 and (len(token.word) > 4 or text[token.start].isupper()):
            written = text[token.start : token.end]
            found.append(Mention(Kind.WEEKDAY, frozenset((day,)), token.start, token.end, written))
    return found


def _days(span: str, distance: int, today: date) -> list[Day]:
    if span == "day":
        return [Day.of(today + timedelta(days=distance))]
    if span == "week":
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=distance)
        return [Day.of(monday + timedelta(days=day)) for day in range(7)]
    if span == "month":
        month = (today.month - 1 + distance) % 12 + 1
        return [Day(month, None, today.year + (today.month - 1 + distance) // 12)]
    return [Day(month, None, today.year + distance) for month in range(1, 13)]


def _readings(match: "regex.Match[str]", text: str) -> list[Day]:
    groups = match.groupdict()
    if groups["iy"]:
        return _valid(int(groups["im"]), int(groups["id"]), int(groups["iy"]))
    if groups["mm"]:
        return _valid(int(groups["mm"]), int(groups["dd"]), None)
    if groups["a"]:
        year = _year(groups["ny"])
        first, second = int(groups["a"]), int(groups["b"])
        readings = _valid(second, first, year)
        return readings if groups["sep"] == "." else [*readings, *_valid(first, second, year)]
    if groups["d4"] or groups["d5"] or groups["d6"]:
        day = int(groups["d4"] or groups["d5"] or groups["d6"])
        return [Day(month, day) for month in range(1, 13)] if 1 <= day <= 31 else []
    for number in "12":
        if groups[f"m{number}"]:
            return _valid(_month(groups[f"m{number}"]), int(groups[f"d{number}"]), _year(groups[f"y{number}"]))
    return _month_alone(match, text)


def _month_alone(match: "regex.Match[str]", text: str) -> list[Day]:
    name, year = match["m3"], _year(match["y3"])
    if year is None:
        before = regex.findall(r"[\p{L}']+", fold(text[max(0, match.start() - 12) : match.start()]))
        if len(name) < 3 or not before or before[-1] not in word_list("calendar")["before_month"]:
            return []
        if len(name.rstrip(".")) < 4 and fold(name) not in ("may", "mai"):
            return []
        if fold(name) in ("may", "march", "mars", "mai") and name[0].islower() and before[-1] not in ("en", "de", "in"):
            return []
    return [Day(_month(name), None, year)]


def _month(name: str) -> int:
    return _month_numbers()[fold(name)]


def _year(text: str | None) -> int | None:
    if not text:
        return None
    return int(text) if len(text) == 4 else 2000 + int(text)


def _valid(month: int, day: int, year: int | None) -> list[Day]:
    return [Day(month, day, year)] if 1 <= month <= 12 and 1 <= day <= 31 else []
