"""Finds links, email addresses, phone numbers, handles and reference numbers."""

import regex

from assistant.reading.mentions import Kind, Mention
from assistant.reading.personal import SPELT_AT, SPELT_EMAIL, SPELT_NUMBER

_LINK = regex.compile(
    r"(?:https?://|www\.)[^\s<>\"'`]+|(?<![@\w.-])(?:[a-z0-9-]+\.)+(?:[a-z]{2,}(?=/)|com|org|net|example|co\.uk|uk|de|es|fr|eu|nl|ru|cn|cc|io|co|help|shop|store|me|ly|tv|be"
    r"|app|info|biz|dev|gg|xyz|top|site|online|click|link|live|club|support|page|vip|win|zip)(?![\w.@-]*@)(?:/[^\s<>\"'`]*)?(?![\w])",
    regex.IGNORECASE,
)
_EMAIL = regex.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_HANDLE = regex.compile(r"(?<![\w@/.])@[\w.-]*\w")
_PHONE = regex.compile(
    r"(?<![\w/.-])(?:\+|00)\d[\d\s().-]{6,}\d|(?<![\w/.,-])\(?0\d{2,5}\)?[\s./-]\d[\d\s./-]{4,}\d|(?<![\w-])\(?\d{3}\)?[\s.-]\d{3}[\s.-]\d{4}(?![\w-])"
)
_ID = regex.compile(
    r"""
    \#\s?(?P<hash>[A-Za-z]{0,6}-?\d[\w-]*)                                  # "#W2378156", "#123"
    | (?<![\w/])(?P<mixed>(?=[\w-]{0,60}\d)(?=[\w-]{0,60}[A-Za-z])[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*)(?![\w/])
    | (?<![\w.,/-])(?P<digits>\d{7,})(?![\w.,]\d)
    | (?<![\w.,])(?P<version>v?\d+(?:\.\d+){2,})(?![\w])
    """,
    regex.VERBOSE,
)
_MEASURE = regex.compile(
    r"\d+(?:[.,]\d+)?[a-z]{1,12}|\d+(?:st|nd|rd|th|er|º|ª)|\d+-[a-z]+(?:-[a-z]+)*|[a-z]+-[a-z-]*|E\d{1,2}|(?:under|over)-\d+s?|\d+er(?:-[^\W\d]+)+",
    regex.IGNORECASE,
)
_LAST_FOUR = regex.compile(r"(?:\*{2,}|x{4,}|•{2,}|…)\s?(\d{4})\b", regex.IGNORECASE)
_ANY_DIGIT = regex.compile(r"\d")
# What to look for, and a sign without which there is none.
_FINDERS = (
    (Kind.LINK, _LINK, "."),
    (Kind.EMAIL, _EMAIL, "@"),
    (Kind.HANDLE, _HANDLE, "@"),
    (Kind.PHONE, _PHONE, "+"),
)
_SPELT = ((Kind.EMAIL, regex.compile(SPELT_EMAIL)), (Kind.PHONE, regex.compile(SPELT_NUMBER)))
_SPELT_AT = regex.compile(SPELT_AT, regex.IGNORECASE)
_TRAILING = ".,;:!?)]}'\"»”’…"


def find_links(text: str) -> list[Mention]:
    """Links, email addresses, handles and phone numbers, none overlapping another; also those spelt out in words."""
    found = [
        Mention(kind, frozenset((match.group().casefold(),)), match.start(), match.end(), match.group())
        for kind, pattern in _SPELT
        if kind is not Kind.EMAIL or _SPELT_AT.search(text)
        for match in pattern.finditer(text)
    ]
    for kind, pattern, needs in _FINDERS:
        if needs not in text and not (kind is Kind.PHONE and _ANY_DIGIT.search(text)):
            continue
        for match in pattern.finditer(text):
            raw = match.group().rstrip(_TRAILING) if kind is not Kind.PHONE else match.group()
            if raw and not any(m.start < match.end() and match.start() < m.end for m in found):
                value = _normal(kind, raw)
                found.append(Mention(kind, frozenset((value,)), match.start(), match.start() + len(raw), raw))
    return found


def find_ids(text: str) -> list[Mention]:
    """Order, tracking, article, version and account numbers."""
    found = []
    for match in _ID.finditer(text):
        raw = next(group for group in match.groups() if group)
        if match.lastgroup == "mixed" and (not _is_reference(raw)):
            continue
        found.append(Mention(Kind.ID, frozenset((raw.upper().strip("-_"),)), match.start(), match.end(), match.group()))
    return found


def card_endings(text: str) -> list[str]:
    """The last four digits of cards shown as **** 1234."""
    return _LAST_FOUR.findall(text)


def _is_reference(raw: str) -> bool:
    if _MEASURE.fullmatch(raw):
        return False
    digits = sum(char.isdigit() for char in raw)
    return digits >= 2 and len(raw) >= 4


def _normal(kind: Kind, raw: str) -> str:
    if kind is Kind.PHONE:
        digits = "".join(char for char in raw if char.isdigit())
        return digits.lstrip("0")[-9:]
    if kind is Kind.LINK:
        plain = regex.sub(r"^https?://", "", raw, flags=regex.IGNORECASE)
        return plain.removeprefix("www.").rstrip("/").casefold()
    return raw.casefold().lstrip("@") if kind is Kind.HANDLE else raw.casefold()
