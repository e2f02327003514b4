"""Samples as raters see them: nothing of who wrote it, and nothing of what another says until both have said it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Self

import regex
from pydantic import BaseModel, ConfigDict, Field

from server.insights.kinds import NAMED, RATERS, SampleKind
from server.models import PostRow, PublicationRow, RatingRow, SampleItemRow, SampleRow

_SIGNED = regex.compile(r"\s*[\^*/–—-]\s?\p{Lu}[\p{L}.]{0,20}\s*$")
"""How replies are signed: "^AB", "– Robin"."""

_SAMPLE: dict[str, Any] = {
    "id": "sample_01kcs3v8q2m5n7p9r1t3w5",
    "brand": "fernhollow",
    "kind": "sent_replies",
    "week": "2026-11-09",
    "seed": "fernhollow/sent_replies/2026-11-09",
    "candidates": 412,
    "items": 30,
    "ratings": 41,
    "drawn_at": "2026-11-16T08:00:00Z",
}


class Wanted(BaseModel):
    """A week of a brand to draw a sample of."""

    model_config = ConfigDict(extra="forbid")

    brand: Annotated[str, Field(max_length=100, examples=["fernhollow"])]
    kind: SampleKind
    week: Annotated[date, Field(description="Its Monday.", examples=["2026-11-09"])]


class Found(BaseModel):
    """What a rater found."""

    model_config = ConfigDict(extra="forbid")

    found: Annotated[bool, Field(description="Whether there is a problem in the reply, or danger in the post.")]
    kinds: Annotated[
        list[Annotated[str, Field(max_length=50)]],
        Field(max_length=10, description="Which, of the item's `kinds`; none if nothing was found."),
    ] = []


class SampleView(BaseModel):
    """A sample and how far it is rated."""

    model_config = ConfigDict(json_schema_extra={"examples": [_SAMPLE]})

    id: str
    brand: str
    kind: SampleKind
    week: date
    seed: str = Field(description="With the candidates' ids it decides what is in the sample.")
    candidates: int = Field(description="How many it was drawn from.")
    items: int
    ratings: int = Field(description=f"Of {RATERS} for each item.")
    drawn_at: datetime

    @classmethod
    def of(cls, row: SampleRow, progress: Mapping[str, tuple[int, int]]) -> Self:
        """The sample."""
        items, ratings = progress.get(row.id, (0, 0))
        told = row.model_dump(include={"id", "brand", "week", "seed", "candidates", "drawn_at"})
        return cls(**told, kind=SampleKind(row.kind), items=items, ratings=ratings)


class ItemState(StrEnum):
    """How far an item is rated."""

    TO_RATE = "to_rate"
    AGREED = "agreed"
    DISAGREED = "disagreed"


class RatingView(BaseModel):
    """What one person said, without who."""

    found: bool
    kinds: list[str]

    @classmethod
    def of(cls, row: RatingRow) -> Self:
        """The rating."""
        return cls(found=row.found, kinds=row.kinds)


class ItemView(BaseModel):
    """A reply with the post that it answers, or a post alone."""

    id: str
    position: int
    post: str | None = Field(description="What the customer wrote; null: it was deleted.")
    reply: str | None = Field(description="What was sent, without initials; null: a post alone is to be rated.")
    part: str | None = Field(description="Who sees the reply: `public` or `private`.")
    kinds: list[str] = Field(description="What can be found in it.")
    state: ItemState
    yours: bool = Field(description="You wrote or approved it, so that somebody else has to rate it.")
    mine: RatingView | None = Field(description="What you said of it.")
    ratings: list[RatingView] = Field(description="What both said, once both have.")

    @classmethod
    def of(
        cls,
        item: SampleItemRow,
        kind: SampleKind,
        shown: tuple[PostRow | None, PublicationRow | None],
        ratings: Sequence[RatingRow],
        *,
        caller: str,
        yours: bool,
    ) -> Self:
        """The item as this caller may see it."""
        post, reply = shown
        mine = next((row for row in ratings if row.rater == caller), None)
        both = len(ratings) >= RATERS
        agreed = len({row.found for row in ratings}) == 1
        return cls(
            id=item.id,
            position=item.position,
            post=post.text if post is not None and post.deleted_at is None else None,
            reply=_unsigned(reply.words) if reply is not None else None,
            part=reply.part if reply is not None else None,
            kinds=sorted(NAMED[kind]),
            state=(ItemState.AGREED if agreed else ItemState.DISAGREED) if both else ItemState.TO_RATE,
            yours=yours,
            mine=RatingView.of(mine) if mine is not None else None,
            ratings=[RatingView.of(row) for row in ratings] if both else [],
        )


def _unsigned(text: str) -> str:
    """The text without the initials or the name that it is signed with: whoever rates it does not know whose it is."""
    return _SIGNED.sub("", text).rstrip()
