"""What is wrong with a place that customers may be sent to, before anybody is sent there."""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import regex

from assistant.guidance import Brand
from assistant.reading.contacts import find_links
from assistant.sentences import split_sentences
from server.faults import Fault
from server.policies.files import DestinationEntry

PHONE = "phone"
_LABEL, _SAYS, _HOURS, _TARGET = 60, 200, 120, 300
_LEAST_DIGITS = 7
_NUMBER = regex.compile(r"\+?[\d\s()./-]+")
_TIME = regex.compile(
    r"(?<![\d:.])(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?(?:\s?(?P<half>am|pm)\b|\s?(?:h|Uhr|hrs)\b|(?<=[:.]\d\d))"
)


@dataclass(frozen=True, slots=True)
class Known:
    """What a place may name: brands, channels, and words that a brand does not use in a language."""

    brands: tuple[Brand, ...]
    channels: frozenset[str]
    avoided: dict[tuple[str | None, str], tuple[str, ...]] = field(default_factory=dict)


def faults_of(entry: DestinationEntry, known: Known) -> Iterator[Fault]:
    """Everything that would send customers nowhere, or nobody at all."""
    yield from _brand_faults(entry, known)
    yield from target_faults(entry.kind, entry.target)
    yield from _text_faults(entry)
    yield from _says_faults(entry, known)
    if entry.hours is not None:
        yield from _hours_faults(entry.hours)


def twin_of(entry: DestinationEntry, others: Iterable[DestinationEntry]) -> DestinationEntry | None:
    """Another place that would be taken as well in the same case, so that chance would choose between the two."""
    for other in others:
        same = (other.kind, other.brand, other.language) == (entry.kind, entry.brand, entry.language)
        if (
            same
            and other.id != entry.id
            and _meet(entry.channels, other.channels)
            and _meet(entry.regions, other.regions)
        ):
            return other
    return None


def twin_words(twin: DestinationEntry) -> str:
    """That there is one, in words."""
    whose = twin.brand or "every brand"
    return (
        f"{twin.id} is the {twin.kind} of {whose} in {twin.language} for the same channels and regions already; "
        "change that one, or name other channels or regions"
    )


def target_faults(kind: str, target: str) -> Iterator[Fault]:
    """Why nobody could be sent to this address or number."""
    if kind == PHONE:
        digits = sum(character.isdigit() for character in target)
        if not _NUMBER.fullmatch(target) or digits < _LEAST_DIGITS:
            words = f"“{target}” is no telephone number; write it as in a text, like +44 20 7946 0142"
            yield Fault("target", words)
            return
    elif not _is_address(target):
        yield Fault(
            "target", f"“{target}” is no https address of a site; write it whole, like https://www.example.com/help"
        )
        return
    if [(link.start, link.end) for link in find_links(target)] != [(0, len(target))]:
        yield Fault("target", f"“{target}” would not be recognised in a text; leave out what does not belong to it")


def _is_address(target: str) -> bool:
    if (
        not target.isascii()
        or not target.isprintable()
        or regex.search(r"[\s<>\"'\\]", target)
        or len(target) > _TARGET
    ):
        return False
    try:
        parts = urlsplit(target)
        port = parts.port
    except ValueError:
        return False
    host, top = parts.hostname or "", (parts.hostname or "").rpartition(".")
    named = bool(top[0]) and (top[2].isalpha() or top[2].startswith("xn--"))
    return parts.scheme == "https" and named and "@" not in parts.netloc and port is None and not host.startswith(".")


def _brand_faults(entry: DestinationEntry, known: Known) -> Iterator[Fault]:
    names = {brand.id for brand in known.brands}
    if entry.brand is not None and entry.brand not in names:
        yield Fault("brand", f"there is no brand {entry.brand}; use one of {', '.join(sorted(names))}")
        return
    theirs = [brand for brand in known.brands if entry.brand in (None, brand.id)]
    if entry.language not in {language for brand in theirs for language in brand.languages}:
        yield Fault("language", f"{entry.brand or 'no brand'} does not write in {entry.language}")
    regions = {region for brand in theirs for region in brand.regions}
    for region in entry.regions:
        if region not in regions:
            yield Fault("regions", f"“{region}” is no region of {entry.brand or 'any brand'}; {_one_of(regions)}")
    for channel in entry.channels:
        if channel not in known.channels:
            yield Fault("channels", f"“{channel}” is no channel that we write on; {_one_of(known.channels)}")


def _text_faults(entry: DestinationEntry) -> Iterator[Fault]:
    for name, text, most in (
        ("label", entry.label, _LABEL),
        ("says", entry.says, _SAYS),
        ("hours", entry.hours, _HOURS),
    ):
        if text is None:
            continue
        if not text.strip():
            yield Fault(name, "is empty")
        elif len(text) > most:
            yield Fault(name, f"is {len(text)} characters long; at most {most} fit into a reply")
        elif any(unicodedata.category(character).startswith("C") for character in text):
            yield Fault(name, "holds a sign that nobody sees; write it again without")
        elif find_links(text):
            yield Fault(name, "names an address or a number; that is what the target is for")


def _says_faults(entry: DestinationEntry, known: Known) -> Iterator[Fault]:
    sentences = split_sentences(entry.says.strip())
    if len(sentences) > 1 or not entry.says.rstrip().endswith((".", "!", ":")):
        yield Fault("says", "must be one whole sentence, which stands before the address")
    for word in known.avoided.get((entry.brand, entry.language), ()):
        if regex.search(rf"\b{regex.escape(word)}\b", entry.says, regex.IGNORECASE):
            yield Fault("says", f"“{word}” is a word that {entry.brand} does not use")


def _hours_faults(hours: str) -> Iterator[Fault]:
    if not regex.search(r"\p{L}{2}", hours):
        yield Fault("hours", "must be in words that a customer understands, like “Monday to Friday 9am to 6pm”")
    for time in _TIME.finditer(hours):
        hour, minute = int(time["hour"]), int(time["minute"] or 0)
        if hour > (12 if time["half"] else 24) or minute > 59 or (time["half"] and hour == 0):
            yield Fault("hours", f"“{time.group().strip()}” is no time of day")


def _meet(one: Iterable[str], other: Iterable[str]) -> bool:
    """Whether both are for everywhere, or both for the same; a place made for a channel goes before one for all."""
    these, those = set(one), set(other)
    return bool(these & those) if these and those else not these and not those


def _one_of(names: Iterable[str]) -> str:
    return f"use one of {', '.join(sorted(names))}" if names else "leave it out"
