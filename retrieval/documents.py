"""What the index needs of a document, and the port it reads documents through: a folder, a database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol


class Format(StrEnum):
    """How a document's text is written."""

    MARKDOWN = "markdown"
    HTML = "html"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Document:
    """One document. Empty `brands` or `regions` mean any; both days of effect count; `product` is a family or title.

    `attached` is kept with it and not searched: whatever the caller wants back with what was found.
    """

    id: str
    title: str
    text: str
    format: Format = Format.MARKDOWN
    category: str | None = None
    product: str | None = None
    audience: str = "public"
    brands: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    effective_from: date | None = None
    effective_to: date | None = None
    attached: str = ""


class Documents(Protocol):
    """Where documents come from."""

    async def all(self) -> Sequence[Document]:
        """Every document there is; what is missing here leaves the index."""
        ...
