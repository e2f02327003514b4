"""What the API tells of a search by hand."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from pydantic import BaseModel, Field

from retrieval.scope import Limit

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
    regions: list[str]
    begins: date | None
    ends: date | None
    relevance: float = Field(description="From 0 to 1; no draft sees what is below 0.5.")
    relevant: bool
    scores: Scores
    words: list[str] = Field(description="Words of the section, its headings and title that the question has, too.")
    left_out: list[Limit] = Field(description="Why it was left out; empty: it was not.")

    @classmethod
    def of(cls, hit: "Hit", question: str, left_out: Sequence[Limit] = ()) -> "HitView":
        """As it is told to whoever asked this question."""
        from retrieval.lexical import shared_words

        found, document = hit.found, hit.found.document
        return cls(
            document=document.id,
            passage=found.passage.id,
            title=document.title,
            heading=list(found.passage.heading),
            text=found.passage.text,
            audience=document.audience,
            brands=list(document.brands),
            regions=list(document.regions),
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
            words=shared_words(question, found.passage.indexed_text),
            left_out=list(left_out),
        )


class Found(BaseModel):
    """What a search found, best first: one section of each document, relevant or not."""

    hits: list[HitView]
    left_out: list[HitView] = Field(
        description="What would answer, and holds for another brand, region or audience, or on other days."
    )
