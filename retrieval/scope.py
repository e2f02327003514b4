"""Which documents a search may look at."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from retrieval.documents import Document

Limit = Literal["brand", "region", "audience", "day"]
"""What may keep a document from being found."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Limits of a search; None sets no limit. Documents of no brand or no region belong to every one.

    An empty set is a limit too: without a brand only documents of no brand are found.
    """

    brands: frozenset[str] | None = None
    regions: frozenset[str] | None = None
    audiences: frozenset[str] | None = None
    day: date | None = None

    def admits(self, document: Document) -> bool:
        """Whether `document` may be found."""
        return next(self.against(document), None) is None

    def against(self, document: Document) -> Iterator[Limit]:
        """The limits that keep `document` from being found."""
        if not _overlaps(document.brands, self.brands):
            yield "brand"
        if not _overlaps(document.regions, self.regions):
            yield "region"
        if self.audiences is not None and document.audience not in self.audiences:
            yield "audience"
        if self.day is not None and not _in_effect(document, self.day):
            yield "day"


def _overlaps(own: tuple[str, ...], wanted: frozenset[str] | None) -> bool:
    return wanted is None or not own or not wanted.isdisjoint(own)


def _in_effect(document: Document, day: date) -> bool:
    begins, ends = document.effective_from, document.effective_to
    return (begins is None or begins <= day) and (ends is None or day <= ends)
