"""A knowledge folder as it was read, with the questions that checks ask of it."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from assistant.guidance import Guidance
from server.policies.front_matter import DocumentFile
from server.policies.yaml_files import YamlText, read_yaml_file
from tools.records import Destination

CATEGORIES = (
    "returns",
    "exchanges",
    "warranty",
    "repairs",
    "shipping",
    "delays",
    "lost",
    "orders",
    "price",
    "gift",
    "loyalty",
    "promo",
    "payment",
    "refunds",
    "invoices",
    "recall",
    "safety",
    "account",
    "scams",
    "privacy",
    "social",
    "tone",
    "escalation",
    "goodwill",
    "statements",
    "stores",
    "contact",
    "sustainability",
    "outage",
    "community",
    "care",
    "howto",
)
"""What a document may be about."""


@dataclass(frozen=True)
class Knowledge:
    """A knowledge folder on one day. What could not be read is missing here and reported elsewhere."""

    directory: Path
    today: date
    guidance: Guidance
    destinations: tuple[Destination, ...]
    documents: tuple[DocumentFile, ...]

    @cached_property
    def brands(self) -> frozenset[str]:
        """The ids of our brands; empty if the folder names none."""
        return frozenset(brand.id for brand in self.guidance.brands)

    @cached_property
    def regions(self) -> frozenset[str]:
        """The regions of all brands."""
        return frozenset(region for brand in self.guidance.brands for region in brand.regions)

    @cached_property
    def live_documents(self) -> tuple[DocumentFile, ...]:
        """The documents in effect."""
        return tuple(document for document in self.documents if document.in_effect(self.today))

    @cached_property
    def categories_in_use(self) -> frozenset[str]:
        """The categories that at least one document in effect has."""
        return frozenset(document.front.category for document in self.live_documents if document.front.category)

    @cached_property
    def addresses(self) -> frozenset[str]:
        """Every address that a text may name: destinations and the pages of documents in effect."""
        pages = {page for document in self.live_documents for page in document.front.pages}
        return frozenset(pages | {place.target for place in self.destinations})

    def line(self, file: Path, *field: str | int) -> int:
        """The line on which a field of a guidance file stands."""
        source = self._sources.get(file)
        if source is None:
            source = self._sources[file] = read_yaml_file(file)
        return source.line(field) if source is not None else 1

    @cached_property
    def _sources(self) -> dict[Path, YamlText | None]:
        return {}

    def avoided_words(self, brand: str, language: str) -> tuple[str, ...]:
        """The words that a brand avoids in a language, on any channel."""
        words = {
            word
            for voice in self.guidance.voices
            if (voice.brand, voice.language) == (brand, language)
            for word in voice.avoid
        }
        return tuple(sorted(words))
