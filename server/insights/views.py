"""Figures as the API and the command tell them: each with its words."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field

from server.insights.definitions import DEFINITIONS, FigureName, Unit
from server.insights.measured import Measured, Part, Record
from server.insights.scope import Scope
from server.staff.naming import Named

FEW = 20
"""Of so many the ids stand beside the number itself."""

_PART: dict[str, Any] = {
    "name": "solved",
    "words": "no further contact for 7 days, of all that are decided",
    "value": 0.75,
    "numerator": 3,
    "denominator": 4,
    "interval": None,
    "at_least": False,
    "ids": ["case_01kcs3v8q2m5n7p9r1t3w5"],
}


class IntervalView(BaseModel):
    """Where the share of everything lies, with 95 % certainty, as far as a sample tells."""

    low: float
    high: float


class PartView(BaseModel):
    """One number of a figure."""

    model_config = ConfigDict(json_schema_extra={"examples": [_PART]})

    name: str
    words: str = Field(description="What it counts.")
    value: float | None = Field(description="null: there is nothing to divide by.")
    numerator: float
    denominator: float | None
    interval: IntervalView | None = Field(description="Of what was sampled: a share of few says little.")
    at_least: bool = Field(description="It depends on somebody who still waits, and grows.")
    ids: list[str] = Field(description=f"What was counted, where that is at most {FEW}; else ask for the records.")

    @classmethod
    def of(cls, figure: FigureName, part: Part) -> Self:
        """The number with its words."""
        few = part.records if len(part.records) <= FEW else ()
        return cls(
            name=part.name,
            words=part.words or DEFINITIONS[figure].parts.get(part.name, part.name),
            value=part.value,
            numerator=part.numerator,
            denominator=part.denominator,
            interval=IntervalView(low=part.interval[0], high=part.interval[1]) if part.interval else None,
            at_least=part.at_least,
            ids=[record.id for record in few],
        )


class FigureView(BaseModel):
    """A figure with its definition and its numbers."""

    name: FigureName
    title: str
    definition: str
    limits: str = Field(description="What it cannot tell.")
    unit: Unit = Field(description="What the values are; shares are from 0 to 1, money in the prices' currency.")
    n: int = Field(description="How many it is made of.")
    parts: list[PartView]

    @classmethod
    def of(cls, figure: FigureName, measured: Measured) -> Self:
        """The figure with its words."""
        told = DEFINITIONS[figure]
        return cls(
            name=figure,
            title=told.title,
            definition=told.words,
            limits=told.limits,
            unit=told.unit,
            n=measured.n,
            parts=[PartView.of(figure, part) for part in measured.parts],
        )


class InsightsView(BaseModel):
    """Every figure of a span."""

    begin: datetime
    end: datetime
    as_of: datetime = Field(description="The moment by which what waits has waited.")
    brands: list[str]
    channel: str | None
    team: str | None
    figures: list[FigureView]

    @classmethod
    def of(cls, scope: Scope, figures: Sequence[FigureView]) -> Self:
        """The figures with what was asked for."""
        return cls(
            begin=scope.span.begin,
            end=scope.span.end,
            as_of=scope.span.now,
            brands=sorted(scope.brands),
            channel=scope.channel,
            team=scope.team,
            figures=list(figures),
        )


class RecordView(BaseModel):
    """Something that was counted. What `id` is of, the figure's definition says."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "post_01kcs3v8q2m5n7p9r1t3w5",
                    "at": "2026-11-16T09:00:00Z",
                    "values": {"elapsed_s": 3600.0, "business_s": 1800.0, "answer": None},
                }
            ]
        }
    )

    id: str
    at: datetime | None
    values: dict[str, str | float | None] = Field(description="What it counted with.")

    @classmethod
    def of(cls, record: Record) -> Self:
        """The record."""
        return cls(id=record.id, at=record.at, values=dict(record.values))


class PersonView(BaseModel):
    """What one person sent, by what they made of the drafts. Not a measure of anybody's worth: posts differ."""

    person: Named
    sent: int = Field(description="Drafts whose last approval was theirs, without those of an incident's text.")
    unchanged: int
    light: int
    heavy: int
    no_draft: int
    advice_repeated: int


class PeopleView(BaseModel):
    """Of each person who sent anything in the span."""

    begin: datetime
    end: datetime
    definition: str
    people: list[PersonView]
