"""Numbers in policy texts, written alike whatever the language, and the statements they belong to."""

from collections.abc import Iterator
from dataclasses import dataclass

import regex

from assistant.sentences import split_sentences

_THOUSANDS = r"\d{1,3}(?:[.,\u00a0\u202f ]\d{3})+"
_NUMBER = regex.compile(
    rf"(?<![\w.,])(?P<clock>\d{{1,2}}:\d{{2}})"
    rf"|(?<![\d.,])(?P<number>{_THOUSANDS}(?!\d)|\d+(?:[.,]\d+)?)(?P<half>\s?[ap]m\b)?"
)
_FIGURE = regex.compile(
    r"(?:(?P<currency>[£€$])\s?)?(?<![\w.,])(?P<number>\d[\d.,]*\d|\d)\s?"
    r"(?P<unit>%|(?:(?:working|business)\s)?\p{L}[\p{L}.]*)?"
)
_WORD = regex.compile(r"\p{L}[\p{L}'’]*")
_LITTLE_WORDS = """
    a an the of to in on at by for from with within without and or but is are was be been can may will it its this that
    these those you your we our us they their one as if when then than after before until up no not so do does have has
    every each all any more most only also there here which who what how
    der die das den dem ein eine und oder ist sind von zu mit für bei nach vor bis im in am
    la el los las un una y o de del en con por para le les des du et ou à au aux dans sur pour
"""
_STOP = frozenset(_LITTLE_WORDS.split())
_ENDINGS = ("ations", "ation", "ings", "ing", "ies", "ied", "ed", "es", "s", "e", "y")


def normal_number(written: str) -> str:
    """A number in one spelling: `1,500` and `1.500` become `1500`, `4,95` becomes `4.95`."""
    if regex.fullmatch(_THOUSANDS, written):
        return regex.sub(r"\D", "", written)
    number = written.replace(",", ".")
    return (number.rstrip("0").rstrip(".") if "." in number else number.lstrip("0")) or "0"


def numbers(text: str) -> set[str]:
    """Every number in `text`; times of day both as written and as hours, so that `14:00`, `14 Uhr` and `2pm` meet."""
    found: set[str] = set()
    for match in _NUMBER.finditer(text):
        if match["clock"]:
            hour, minute = match["clock"].split(":")
            found |= {match["clock"], normal_number(hour)} if minute == "00" else {match["clock"]}
            continue
        number = normal_number(match["number"])
        found.add(number)
        if match["half"] and match["half"].strip() == "pm" and number.isdigit():
            found.add(str(int(number) % 12 + 12))
    return found


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence or table row with numbers: `values` per unit, and the words that say what they are about."""

    line: int
    text: str
    values: dict[str, frozenset[str]]
    words: frozenset[str]


def statements(body: str, first_line: int) -> Iterator[Statement]:
    """The statements of a Markdown text that hold a number with a unit."""
    header: list[str] = []
    for offset, line in enumerate(body.splitlines()):
        stripped = line.strip()
        if stripped.startswith("|"):
            cells = [cell.strip() for cell in stripped.strip("|").split("|")]
            if header and not regex.fullmatch(r"[\s|:-]+", stripped):
                yield from _row(header, cells, first_line + offset)
            header = header or cells
            continue
        header = []
        if stripped.startswith("#"):
            continue
        for sentence in split_sentences(regex.sub(r"^(?:[-*+]|\d+\.)\s+", "", stripped)):
            statement = _statement(sentence, first_line + offset)
            if statement.values:
                yield statement


def _row(header: list[str], cells: list[str], line: int) -> Iterator[Statement]:
    for title, cell in zip(header[1:], cells[1:], strict=False):
        statement = _statement(f"{title} {cells[0]}: {cell}", line)
        if statement.values:
            yield statement


def _statement(text: str, line: int) -> Statement:
    values: dict[str, set[str]] = {}
    for match in _FIGURE.finditer(text):
        unit = match["currency"] or _unit(match["unit"] or "")
        if unit:
            values.setdefault(unit, set()).add(normal_number(match["number"]))
    units = {word for unit in values for word in unit.split()}
    words = frozenset(_stem(word) for word in _WORD.findall(text.lower()) if word not in _STOP) - units
    return Statement(line, text, {unit: frozenset(found) for unit, found in values.items()}, words)


def _unit(written: str) -> str:
    if written == "%":
        return written
    return " ".join(_stem(word) for word in written.lower().strip(".").split() if word not in _STOP)


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


def contradiction(one: Statement, other: Statement) -> str | None:
    """The unit in which two statements about the same thing differ, or None.

    They are about the same thing if nearly all the words of the shorter one stand in the other one and it is not much
    longer; they differ if neither's values are among the other's.
    """
    shorter, longer = sorted((one.words, other.words), key=len)
    shared = len(shorter & longer)
    if len(shorter) < 2 or shared < 0.8 * len(shorter) or len(longer) > 2 * len(shorter) + 1:
        return None
    for unit, values in one.values.items():
        others = other.values.get(unit)
        if others and not values <= others and not others <= values:
            return unit
    return None
