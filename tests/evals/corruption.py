"""Makes wrong sentences of right ones, by rule. Knows nothing of the checks: patterns and words are its own."""

import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

WORDS = yaml.safe_load(Path(__file__).with_name("substitutions.yaml").read_text(encoding="utf-8"))
MONTHS, UNITS = WORDS["months"], WORDS["units"]
_UNIT = (
    r"(?:(?:business|working)[ -])?(?:minutes?|hours?|days?|weeks?|months?|years?)\b"
    r"|Minuten|Stunden?|(?:Werk)?[Tt]agen?|Wochen?|Monaten?|Jahren?"
    r"|minutos|horas?|días(?: laborables| hábiles| naturales)?|semanas?|meses|años?"
    r"|heures?|jours(?: ouvrés)?|semaines?|mois|ans"
)
_MONTH_NAMES = "|".join(sorted({name for names in MONTHS.values() for name in names}, key=len, reverse=True))
_SHORT = "Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
DATE = re.compile(
    rf"(?P<day>\d{{1,2}})(?P<mark>\.|st|nd|rd|th|er)? (?:of |de )?(?P<month>{_MONTH_NAMES}|{_SHORT})\b"
    rf"|(?P<month2>{_MONTH_NAMES}|{_SHORT}) (?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\b"
    r"|(?P<iso>\d{4}-\d{2}-(?P<day3>\d{2}))"
)
MONEY = re.compile(
    r"(?P<before>[£€$] ?)(?P<a>\d[\d,.]*\d|\d)|(?P<b>\d[\d,.]*\d|\d)(?P<after> ?(?:[£€$]|GBP|EUR|USD|bucks)(?!\w))"
)
BARE_MONEY = re.compile(r"(?<![\d£€$.,])(?P<b>\d+[.,]\d\d)(?!\.|[\d.,]*\d|\s?[£€$]| GBP| EUR| USD)")
DURATION = re.compile(rf"(?<![\d.,–-])(?P<n>\d+)(?P<gap>[ -])(?P<unit>{_UNIT})")
NUMBER = re.compile(r"(?<![\w.,:£€$#/+-])(?P<n>\d{1,4})(?= [a-zA-ZäöüéèñÄÖÜ]{3,})(?! ?(?:GBP|EUR|USD|%))")
TIME = re.compile(r"(?<![\d.,:-])(?P<h>\d{1,2}):(?P<m>\d\d)(?!\d)")
ID = re.compile(r"(?<![\w/])#?(?=[A-Z0-9-]*\d)(?=[A-Z0-9-]*[A-Z])[A-Z0-9]+(?:-[A-Z0-9]+)*(?![\w/])")
LINK = re.compile(r"https?://[^\s,]+[^\s,.]")
PHONE = re.compile(r"\+\d[\d ]{8,}\d")


@dataclass(frozen=True)
class Right:
    """A right sentence: its text, language, and the texts and names it rests on."""

    id: str
    text: str
    marked: str
    language: str
    part: str
    evidence: tuple[str, ...]
    is_record: bool
    names: tuple[str, ...]
    things: tuple[str, ...]
    other_names: tuple[str, ...]

    def pick(self, count: int, salt: str = "") -> int:
        """A number below `count`, always the same for this sentence."""
        return zlib.crc32(f"{self.id}/{salt}".encode()) % count


def corrupt(right: Right) -> Iterator[tuple[str, str]]:
    """Every wrong sentence that the rules make of `right`, with the rule's name."""
    made = {right.text}
    for kind, rule in _RULES:
        for text in rule(right):
            if text not in made and not _still_true(right, kind, text):
                made.add(text)
                yield kind, text


def _still_true(right: Right, kind: str, text: str) -> bool:
    """Whether the evidence cannot tell: it names no currency, so that another one contradicts nothing."""
    changed = {sign for sign in "£€$" if (sign in text) != (sign in right.text)}
    return kind == "unit" and bool(changed) and not re.search("[£€$]|GBP|EUR|USD", " ".join(right.evidence))


def _replace(text: str, start: int, end: int, new: str) -> str:
    return text[:start] + new + text[end:]


# Plain changes ----------------------------------------------------------------------------------------------------


def _dates(right: Right) -> Iterator[str]:
    for match in DATE.finditer(right.text):
        group = next(name for name in ("day", "day2", "day3") if match[name])
        if match.group(group) is not None:
            day = int(match[group])
            new = day + 3 if day < 25 else day - 4
            while re.search(rf"\b{new}\b", " ".join(right.evidence)):
                new = new % 27 + 1
            yield _replace(right.text, match.start(group), match.end(group), f"{new:02d}" if match["iso"] else str(new))
        if match["month"] in MONTHS[right.language]:
            names = MONTHS[right.language]
            other = names[(names.index(match["month"]) + 2 + right.pick(5)) % 12]
            yield _replace(right.text, match.start("month"), match.end("month"), other)


def _money(right: Right) -> Iterator[str]:
    for pattern in (MONEY, BARE_MONEY):
        for match in pattern.finditer(right.text):
            group = next(name for name in pattern.groupindex if name in "ab" and match[name])
            yield _replace(right.text, match.start(group), match.end(group), _other_number(match[group], right))


def _numbers(right: Right) -> Iterator[str]:
    for match in NUMBER.finditer(right.text):
        if not DATE.match(right.text, match.start()) and not DURATION.match(right.text, match.start()):
            yield _replace(right.text, match.start(), match.end(), _other_number(match["n"], right))


def _durations(right: Right) -> Iterator[str]:
    for match in DURATION.finditer(right.text):
        yield _replace(right.text, match.start("n"), match.end("n"), _other_number(match["n"], right))


def _times(right: Right) -> Iterator[str]:
    for match in TIME.finditer(right.text):
        yield _replace(right.text, match.start("h"), match.end("h"), f"{(int(match['h']) + 3) % 24:02d}")


def _ids(right: Right) -> Iterator[str]:
    for match in ID.finditer(right.text):
        if sum(char.isdigit() for char in match.group()) >= 3:
            at = match.end() - 2 if right.text[match.end() - 2].isdigit() else match.end() - 1
            if right.text[at].isdigit():
                yield _replace(right.text, at, at + 1, str((int(right.text[at]) + 3) % 10))


def _links(right: Right) -> Iterator[str]:
    for match in LINK.finditer(right.text):
        yield _replace(right.text, match.start(), match.end(), match.group() + "-2")
        yield _replace(right.text, match.start(), match.end(), "https://brightwire-help.example/login")
    for match in PHONE.finditer(right.text):
        yield _replace(right.text, match.end() - 2, match.end(), "13")


def _names(right: Right) -> Iterator[str]:
    for name in right.names:
        if name in right.text:
            yield right.text.replace(name, right.other_names[right.pick(len(right.other_names), name)])


def _other_number(written: str, right: Right) -> str:
    """A number of the same form that stands nowhere in the evidence."""
    digits = [i for i, char in enumerate(written) if char.isdigit()]
    said = set(re.findall(r"\d+(?:[.,]\d+)*", " ".join((*right.evidence, right.text))))
    for step in range(1, 10):
        at = digits[0] if len(digits) < 3 else digits[right.pick(len(digits) - 1, written)]
        new = (int(written[at]) + step) % 10
        if new == 0 and at == digits[0]:
            continue
        changed = _replace(written, at, at + 1, str(new))
        if changed not in said and changed.replace(",", ".") not in said and changed != "1":
            return changed
    return written + "1"


# Right values in the wrong place ----------------------------------------------------------------------------------


def _other_date(right: Right) -> Iterator[str]:
    told = [
        (int(m["day"]), m["month"])
        for text in right.evidence
        for m in DATE.finditer(text)
        if m["day"] and m["month"] in MONTHS["en"]
    ]
    told += [
        (int(d), MONTHS["en"][int(m) - 1])
        for text in right.evidence
        for m, d in re.findall(r"\d{4}-(\d\d)-(\d\d)", text)
    ]
    for match in DATE.finditer(right.text):
        if not match["day"] or match["month"] not in MONTHS[right.language]:
            continue
        own = MONTHS[right.language].index(match["month"])
        others = sorted({(d, m) for d, m in told if (d, MONTHS["en"].index(m)) != (int(match["day"]), own)})
        mentioned = right.text
        for day, month in others[:3]:
            said = MONTHS[right.language][MONTHS["en"].index(month)]
            if re.search(rf"\b{day}\b[^\d]{{0,8}}{said}", mentioned):
                continue
            text = _replace(right.text, match.start("month"), match.end("month"), said)
            yield _replace(text, match.start("day"), match.end("day"), str(day))


def _other_amount(right: Right) -> Iterator[str]:
    told = {m["a"] or m["b"] for text in right.evidence for m in MONEY.finditer(text)}
    told |= {m["b"] for text in right.evidence for m in BARE_MONEY.finditer(text)}
    for pattern in (MONEY, BARE_MONEY):
        for match in pattern.finditer(right.text):
            group = next(name for name in pattern.groupindex if name in "ab" and match[name])
            own = _value(match[group])
            mentioned = {_value(m["a"] or m["b"]) for m in MONEY.finditer(right.text)} | {
                _value(m["b"]) for m in BARE_MONEY.finditer(right.text)
            }
            for other in sorted(told, key=lambda number: (_value(number), number))[:6]:
                if _value(other) != own and _value(other) not in mentioned:
                    yield _replace(right.text, match.start(group), match.end(group), _in_form(other, match[group]))


def _other_duration(right: Right) -> Iterator[str]:
    told = {(m["n"], m["unit"]) for text in right.evidence for m in DURATION.finditer(text)}
    kinds = {"hour": "hours", "day": "days", "week": "weeks", "month": "months", "year": "years"}
    for match in DURATION.finditer(right.text):
        for number, unit in sorted(told):
            name = next((plural for key, plural in kinds.items() if key in unit), None)
            if name is None or "business" in unit or number in re.findall(r"\d+", right.text):
                continue
            yield _replace(right.text, match.start("n"), match.end("unit"), f"{number} {UNITS[right.language][name]}")


def _swapped(right: Right) -> Iterator[str]:
    for pattern in (DATE, MONEY, BARE_MONEY, DURATION):
        found = list(pattern.finditer(right.text))
        if len(found) == 2 and found[0].group() != found[1].group():
            first, second = found
            text = _replace(right.text, second.start(), second.end(), first.group())
            yield _replace(text, first.start(), first.end(), second.group())


def _other_subject(right: Right) -> Iterator[str]:
    ids = sorted(
        {i for text in right.evidence for i in ID.findall(text) if sum(c.isdigit() for c in i) >= 4 and "-" in i}
    )
    for match in ID.finditer(right.text):
        for other in ids:
            if (
                other != match.group()
                and match.group() in ids
                and other[:2] == match.group()[:2]
                and other not in right.text
            ):
                yield _replace(right.text, match.start(), match.end(), other)


def _other_product(right: Right) -> Iterator[str]:
    if not (MONEY.search(right.text) or BARE_MONEY.search(right.text) or DATE.search(right.text)):
        return
    for name in right.things:
        for other in right.things:
            if name in right.text and other != name and other not in right.text:
                yield right.text.replace(name, other)


def _value(written: str) -> float:
    plain = written.rstrip(".,")
    if re.search(r"[.,]\d\d$", plain):
        return float(re.sub(r"[.,]", "", plain[:-3]) + "." + plain[-2:])
    return float(re.sub(r"[.,]", "", plain))


def _in_form(number: str, like: str) -> str:
    return number.replace(".", ",") if re.search(r",\d\d$", like) else number


# What is said of it -----------------------------------------------------------------------------------------------


def _substituted(section: str) -> Callable[[Right], Iterator[str]]:
    def rule(right: Right) -> Iterator[str]:
        for old, new in ((old, new) for pair in WORDS[section][right.language] for old, new in pair.items()):
            if re.search(old, right.text):
                yield re.sub(old, new, right.text, count=1)
                return

    return rule


def _promise(right: Right) -> Iterator[str]:
    if right.pick(3, "promise") == 0 and right.text[-1] in ".!":
        options = WORDS["promise"][right.language]
        yield right.text[:-1] + options[right.pick(len(options))] + right.text[-1]


def _condition(right: Right) -> Iterator[str]:
    pieces = re.split(r"(\[\[.*?\]\])", right.marked)
    marked = [i for i, piece in enumerate(pieces) if piece.startswith("[[")]
    for dropped in marked:
        kept = [
            piece.strip("[]") if piece.startswith("[[") else piece for i, piece in enumerate(pieces) if i != dropped
        ]
        text = re.sub(r"\s+([.,!])", r"\1", re.sub(r"\s{2,}", " ", "".join(kept))).strip()
        yield text[:1].upper() + text[1:]


_RULES: Iterable[tuple[str, Callable[[Right], Iterator[str]]]] = (
    ("condition", _condition),
    ("plain_date", _dates),
    ("plain_money", _money),
    ("plain_duration", _durations),
    ("plain_number", _numbers),
    ("plain_time", _times),
    ("plain_id", _ids),
    ("plain_link", _links),
    ("plain_name", _names),
    ("attachment_date", _other_date),
    ("attachment_money", _other_amount),
    ("attachment_duration", _other_duration),
    ("attachment_swapped", _swapped),
    ("attachment_order", _other_subject),
    ("attachment_product", _other_product),
    ("unit", _substituted("unit")),
    ("negation", _substituted("negation")),
    ("modality", _substituted("modality")),
    ("status", _substituted("status")),
    ("bound", _substituted("bound")),
    ("extent", _substituted("extent")),
    ("promise", _promise),
)
