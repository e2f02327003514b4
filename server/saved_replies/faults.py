"""What is wrong with a saved reply, before anybody can send it: everything that its own words show."""

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

import regex

from assistant.counting import count, limit
from assistant.guidance import Brand
from assistant.outcome import Part
from assistant.reading.blanks import fill_blanks, find_blanks
from assistant.reading.contacts import find_links
from server.faults import Fault
from server.saved_replies.entries import SavedReplyEntry
from server.saved_replies.variables import LINK, SAMPLES, VARIABLES
from tools.records import Destination

_TITLE, _TAG, _TAGS = 80, 40, 10
_SHORTCUT = regex.compile(r"[a-z0-9][a-z0-9-]{0,29}")
_BRACES = regex.compile(r"\{\{|\}\}")


@dataclass(frozen=True, slots=True)
class Known:
    """What a saved reply may name: brands with the channels they write on, places, words that a brand does not use."""

    brands: tuple[Brand, ...]
    today: date
    channels: Mapping[str, Collection[str]]
    places: tuple[Destination, ...] = ()
    avoided: Mapping[tuple[str | None, str], tuple[str, ...]] = field(default_factory=dict)

    def brand(self, name: str) -> Brand | None:
        """The brand of this id."""
        return next((brand for brand in self.brands if brand.id == name), None)

    def places_of(self, brand: str) -> list[Destination]:
        """Where this brand may send customers."""
        return [place for place in self.places if place.brand in (None, brand)]


def faults_of(entry: SavedReplyEntry, known: Known) -> Iterator[Fault]:
    """Everything that would leave a text unfilled, unread or unsent, or send customers nowhere."""
    brand = known.brand(entry.brand)
    if brand is None:
        names = ", ".join(sorted(each.id for each in known.brands))
        yield Fault("brand", f"there is no brand {entry.brand}; use one of {names}")
        return
    yield from _naming_faults(entry, known)
    if entry.expires_on is not None and entry.expires_on < known.today:
        yield Fault("expires_on", f"{entry.expires_on} is over; name a day to come, or leave it out")
    if not list(entry.parts()):
        yield Fault("texts", "says nothing; write a public or a private text in at least one language")
    for language, part, text in entry.parts():
        name = text_field(language, part)
        if language not in brand.languages:
            yield Fault(name, f"{brand.name} does not write in {language}")
        for words in _text_faults(entry, known, brand, language, part, text):
            yield Fault(name, words)


def text_field(language: str, part: Part) -> str:
    """What the field of a text is called."""
    return f"texts.{language}.{part.value}"


def _naming_faults(entry: SavedReplyEntry, known: Known) -> Iterator[Fault]:
    if not entry.title.strip():
        yield Fault("title", "is empty")
    elif len(entry.title) > _TITLE:
        yield Fault("title", f"is {len(entry.title)} characters long; at most {_TITLE} fit into a list")
    if _unseen(entry.title):
        yield Fault("title", "holds a sign that nobody sees; write it again without")
    written_on = known.channels.get(entry.brand, ())
    for channel in entry.channels:
        if channel not in written_on:
            yield Fault(
                "channels", f"“{channel}” is no channel of {entry.brand}; use one of {', '.join(sorted(written_on))}"
            )
    if len(entry.tags) > _TAGS or any(len(tag) > _TAG for tag in entry.tags):
        yield Fault("tags", f"are too many or too long; at most {_TAGS} of {_TAG} characters each")
    if entry.shortcut is not None and not _SHORTCUT.fullmatch(entry.shortcut):
        yield Fault("shortcut", "is made of small letters, digits and hyphens, at most 30")


def _text_faults(
    entry: SavedReplyEntry, known: Known, brand: Brand, language: str, part: Part, text: str
) -> Iterator[str]:
    if _unseen(text):
        yield "holds a sign that nobody sees; write it again without"
    yield from _blank_faults(known, brand, language, part, text)
    yield from _link_faults(known.places_of(brand.id), text)
    for word in known.avoided.get((brand.id, language), ()):
        if regex.search(rf"\b{regex.escape(word)}\b", text, regex.IGNORECASE):
            yield f"“{word}” is a word that {brand.name} does not use"
    said = fill_blanks(text, samples_for(known, brand, language))
    for channel in entry.channels or sorted(known.channels.get(brand.id, ())):
        length, most = count(said, channel, part), limit(channel, part)
        if length > most:
            words = f"is about {length} characters long as {channel} counts; {most} fit"
            yield f"{words}: shorten it, or name other channels"


def _blank_faults(known: Known, brand: Brand, language: str, part: Part, text: str) -> Iterator[str]:
    blanks = find_blanks(text)
    if _BRACES.search(fill_blanks(text, dict.fromkeys(blanks, ""))):
        yield "holds braces that are no variable; write one like {{customer_first_name}}"
    kinds = {place.kind for place in known.places_of(brand.id) if place.language in (language, "en")}
    for name in blanks:
        variable = VARIABLES.get(name)
        if variable is None:
            others = ", ".join(other for other in VARIABLES if not other.startswith(LINK))
            yield f"there is no variable {{{{{name}}}}}; use {others}, or {LINK} and a kind of destination"
        elif variable.of_record and part is Part.PUBLIC:
            yield f"{{{{{name}}}}} is the customer's own and stands in the private text alone"
        elif name.startswith(LINK) and name.removeprefix(LINK) not in kinds:
            yield f"{brand.name} has no {name.removeprefix(LINK)} to send customers to; add it to the destinations"


def _link_faults(places: Iterable[Destination], text: str) -> Iterator[str]:
    known = frozenset(value for place in places for link in find_links(place.target) for value in link.values)
    for link in find_links(text):
        if known.isdisjoint(link.values):
            yield f"{link.text} is no known destination; add it there, or leave it out"


def samples_for(known: Known, brand: Brand, language: str) -> dict[str, str]:
    """What may come to stand in each variable, as far as that is known before there is a case."""
    links = {
        LINK + place.kind: place.target
        for place in sorted(known.places_of(brand.id), key=lambda place: place.language == language)
    }
    return SAMPLES | {"brand_name": brand.name} | links


def _unseen(text: str) -> bool:
    return any(unicodedata.category(character).startswith("C") and character not in "\n\u200d" for character in text)
