"""What a search of the policies found, in words for the people who own them."""

from collections.abc import Iterator, Sequence
from datetime import date

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from retrieval.documents import Document
from retrieval.index import Hit
from tools.saying import say_date

_FITS_WELL = 0.75
_AUDIENCES = {"public": "for everyone", "internal": "for our team only"}
_LENGTH = 300


def print_hits(console: Console, hits: Sequence[Hit]) -> None:
    """Each document that was found: title and headings, how well it fits and for whom and when, its words."""
    if not hits:
        console.print("No document was found.")
    for hit in hits:
        document, found = hit.found.document, hit.found.passage
        text = found.text if len(found.text) <= _LENGTH else f"{found.text[:_LENGTH].rstrip()}…"
        console.print(Text(" › ".join(found.heading), style="bold"))
        console.print(Text.assemble("  ", (say_fit(hit), "green" if hit.relevant else "yellow")), end="")
        console.print(Text(" · ".join(["", *_bounds(document)]), style="dim"))
        console.print(Padding(Text(text), (0, 0, 1, 2)))


def say_fit(hit: Hit) -> str:
    """How well a find answers; drafts are written only from what fits."""
    if not hit.relevant:
        return "weak, too little for a draft"
    return "fits well" if hit.relevance >= _FITS_WELL else "fits"


def _bounds(document: Document) -> Iterator[str]:
    """For whom, where and when the document holds."""
    yield _AUDIENCES.get(document.audience, document.audience)
    for where in (document.brands, document.regions):
        if where:
            yield ", ".join(where)
    if document.effective_from or document.effective_to:
        yield _days(document.effective_from, document.effective_to)


def _days(first: date | None, last: date | None) -> str:
    return " ".join(f"{word} {say_date(day)}" for word, day in (("from", first), ("until", last)) if day)
