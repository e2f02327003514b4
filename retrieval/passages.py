"""Documents to passages: the unit that is embedded, found and cited."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import regex

from retrieval.chunking import Section, cut
from retrieval.documents import Document

_NOT_WORD = regex.compile(r"[^\p{L}\p{N}]+")


@dataclass(frozen=True, slots=True)
class Passage:
    """A section of a document, or a part of a long one: the one in this `place`, counted from 0.

    `heading` runs from the document's title downwards; `above` is what stands over the text when it is embedded.
    """

    id: str
    document: str
    place: int
    heading: tuple[str, ...]
    text: str
    above: str

    @property
    def indexed_text(self) -> str:
        """What is embedded: the passage under its category, product, title and headings, each once."""
        return f"{self.above}\n{self.text}"


def slug(words: str) -> str:
    """`words` as part of an id: lower case, hyphens between."""
    return _NOT_WORD.sub("-", words.casefold()).strip("-")


def passages_of(document: Document) -> list[Passage]:
    """The passages of `document`, in order.

    An id is the document's id and the headings' path ("returns-2026#exceptions/sale-items"), so that it survives edits
    elsewhere in the document; further parts of a long section, and namesakes, are counted ("…~2"). A document without
    text is found by its title.
    """
    named: Counter[str] = Counter()
    passages = []
    sections = cut(document.text, document.format) or [Section((), document.title)]
    for place, section in enumerate(sections):
        below = section.heading
        if below and slug(below[0]) == slug(document.title):
            below = below[1:]
        path = "/".join(slug(name) or "-" for name in below) or "top"
        named[path] += 1
        name = f"{document.id}#{path}" + (f"~{named[path]}" if named[path] > 1 else "")
        above = heading_line([document.category, document.product, document.title, *below])
        passages.append(Passage(name, document.id, place, (document.title, *below), section.text, above))
    return passages


def heading_line(names: Iterable[str | None]) -> str:
    """`category > product > title > heading`, leaving out what is missing or repeats the name before."""
    return " > ".join(_without_repeats(names))


def _without_repeats(names: Iterable[str | None]) -> Iterator[str]:
    before = None
    for name in names:
        if name and slug(name) != before:
            yield name
            before = slug(name)
