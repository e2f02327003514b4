"""Which documents a search may look at."""

from dataclasses import dataclass
from datetime import date

from retrieval.documents import Document


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
        return (
            _overlaps(document.brands, self.brands)
            and _overlaps(document.regions, self.regions)
            and (self.audiences is None or document.audience in self.audiences)
            and (self.day is None or _in_effect(document, self.day))
        )


def _overlaps(own: tuple[str, ...], wanted: frozenset[str] | None) -> bool:
    return wanted is None or not own or not wanted.isdisjoint(own)


def _in_effect(document: Document, day: date) -> bool:
    begins, ends = document.effective_from, document.effective_to
    return (begins is None or begins <= day) and (ends is None or day <= ends)
