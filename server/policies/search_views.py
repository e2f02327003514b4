"""What the API tells of a search by hand."""

from datetime import date
from typing import TYPE_CHECKING

from pydantic import BaseModel, Field

if TYPE_CHECKING:
    from retrieval.index import Hit


class Scores(BaseModel):
    """What a section was found by: cosines of its text and of the title, words shared, and the sum that ordered it."""

    total: float
    text: float
    title: float
    words: float


class HitView(BaseModel):
    """The best section of a document, and how well it answers."""

    document: str
    passage: str
    title: str
    heading: list[str]
    text: str
    audience: str
    brands: list[str]
    begins: date | None
    ends: date | None
    relevance: float = Field(description="From 0 to 1; no draft sees what is below 0.5.")
    relevant: bool
    scores: Scores

    @classmethod
    def of(cls, hit: "Hit") -> "HitView":
        """As it is told."""
        found, document = hit.found, hit.found.document
        return cls(
            document=document.id,
            passage=found.passage.id,
            title=document.title,
            heading=list(found.passage.heading),
            text=found.passage.text,
            audience=document.audience,
            brands=list(document.brands),
            begins=document.effective_from,
            ends=document.effective_to,
            relevance=round(hit.relevance, 3),
            relevant=hit.relevant,
            scores=Scores(
                total=round(found.score, 3),
                text=round(found.dense, 3),
                title=round(found.title, 3),
                words=round(found.lexical, 3),
            ),
        )


class Found(BaseModel):
    """What a search found, best first: one section of each document, relevant or not."""

    hits: list[HitView]
