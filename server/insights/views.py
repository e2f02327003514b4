"""Figures as the API and the command tell them: each with its words."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field

from server.insights.definitions import DEFINITIONS, FigureName, Unit
from server.insights.measured import Measured, Part, Record
from server.insights.scope import Scope, Span, Step
from server.staff.naming import Named

FEW = 20
"""Of so many the ids stand beside the number itself."""

_PART: dict[str, Any] = {
    "name": "solved",
    "label": "Solved",
    "unit": "share",
    "words": "no further contact for 7 days, of all that are decided",
    "value": 0.75,
    "numerator": 3,
    "denominator": 4,
    "interval": None,
    "at_least": False,
    "ids": ["case_01kcs3v8q2m5n7p9r1t3w5"],
    "before": {"value": 0.5, "numerator": 1, "denominator": 2, "n": 2},
    "series": [
        {
            "begin": "2026-11-09T00:00:00Z",
            "end": "2026-11-16T00:00:00Z",
            "value": 0.75,
            "numerator": 3,
            "denominator": 4,
            "at_least": False,
        }
    ],
}


class IntervalView(BaseModel):
    """Where the share of everything lies, with 95 % certainty, as far as a sample tells."""

    low: float
    high: float


class PointView(BaseModel):
    """A number of one day or week; the first and the last are as long as they belong to the span."""

    begin: datetime
    end: datetime
    value: float | None = Field(description="null: there is nothing to divide by.")
    numerator: float
    denominator: float | None
    at_least: bool


class BeforeView(BaseModel):
    """The number of as long a span that ended where this one begins, as it stands now."""

    value: float | None = Field(description="null: there is nothing to divide by.")
    numerator: float
    denominator: float | None
    n: int


class PartView(BaseModel):
    """One number of a figure."""

    model_config = ConfigDict(json_schema_extra={"examples": [_PART]})

    name: str
    label: str = Field(description="What it is called.")
    words: str = Field(description="What it counts.")
    unit: Unit = Field(description="What the value is; it need not be the figure's.")
    value: float | None = Field(description="null: there is nothing to divide by.")
    numerator: float
    denominator: float | None
    interval: IntervalView | None = Field(description="Of what was sampled: a share of few says little.")
    at_least: bool = Field(description="It depends on somebody who still waits, and grows.")
    ids: list[str] = Field(description=f"What was counted, where that is at most {FEW}; else ask for the records.")
    before: BeforeView | None = Field(description="With `compare`; null where there was no such number.")
    series: list[PointView] = Field(description="With `by`: its days or weeks, in order.")

    @classmethod
    def of(
        cls,
        figure: FigureName,
        part: Part,
        *,
        before: Measured | None = None,
        periods: Sequence[tuple[Span, Measured]] = (),
    ) -> Self:
        """The number with its words."""
        few = part.records if len(part.records) <= FEW else ()
        return cls(
            name=part.name,
            label=part.label or part.name.replace("_", " ").capitalize(),
            words=part.words or DEFINITIONS[figure].parts.get(part.name, part.name),
            unit=part.unit,
            value=part.value,
            numerator=part.numerator,
            denominator=part.denominator,
            interval=IntervalView(low=part.interval[0], high=part.interval[1]) if part.interval else None,
            at_least=part.at_least,
            ids=[record.id for record in few],
            before=_before(part.name, before) if before is not None else None,
            series=[_point(part, span, measured) for span, measured in periods],
        )


def _before(name: str, measured: Measured) -> BeforeView | None:
    part = measured.part(name)
    if part is None:
        return None
    return BeforeView(value=part.value, numerator=part.numerator, denominator=part.denominator, n=measured.n)


def _point(whole: Part, span: Span, measured: Measured) -> PointView:
    # where nothing of a part was counted, a figure of changing parts leaves it out
    part = measured.part(whole.name) or Part(whole.name, whole.unit, 0.0, 0, measured.n)
    return PointView(
        begin=span.begin,
        end=span.end,
        value=part.value,
        numerator=part.numerator,
        denominator=part.denominator,
        at_least=part.at_least,
    )


class FigureView(BaseModel):
    """A figure with its definition and its numbers."""

    name: FigureName
    title: str
    definition: str
    limits: str = Field(description="What it cannot tell.")
    unit: Unit = Field(description="What the values are; shares are from 0 to 1, money in the prices' currency.")
    n: int = Field(description="How many it is made of.")
    n_before: int | None = Field(description="With `compare`: how many that of the span before is made of.")
    parts: list[PartView]

    @classmethod
    def of(cls, figure: FigureName, measured: Measured, before: Measured | None = None) -> Self:
        """The figure with its words; `before` is that of the span before."""
        told = DEFINITIONS[figure]
        periods = measured.periods or ()
        return cls(
            name=figure,
            title=told.title,
            definition=told.words,
            limits=told.limits,
            unit=told.unit,
            n=measured.n,
            n_before=before.n if before is not None else None,
            parts=[PartView.of(figure, part, before=before, periods=periods) for part in measured.parts],
        )


class InsightsView(BaseModel):
    """Every figure of a span."""

    begin: datetime
    end: datetime
    as_of: datetime = Field(description="The moment by which what waits has waited.")
    brands: list[str]
    channel: str | None
    team: str | None
    by: Step | None = Field(description="What `series` are told by.")
    compared_with: datetime | None = Field(description="With `compare`: where the span before begins.")
    figures: list[FigureView]

    @classmethod
    def of(cls, scope: Scope, figures: Sequence[FigureView], *, compared: bool = False) -> Self:
        """The figures with what was asked for."""
        return cls(
            begin=scope.span.begin,
            end=scope.span.end,
            as_of=scope.span.now,
            brands=sorted(scope.brands),
            channel=scope.channel,
            team=scope.team,
            by=scope.step,
            compared_with=scope.span.before.begin if compared else None,
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
                    "case": "case_01kcs3v8q2m5n7p9r1t3w5",
                    "values": {"elapsed_s": 3600.0, "business_s": 1800.0, "answer": None},
                }
            ]
        }
    )

    id: str
    at: datetime | None
    case: str | None = Field(description="The case that it belongs to; null: there is none, or not any more.")
    values: dict[str, str | float | None] = Field(description="What it counted with.")

    @classmethod
    def of(cls, record: Record, case: str | None) -> Self:
        """The record."""
        return cls(id=record.id, at=record.at, case=case, values=dict(record.values))


class PersonView(BaseModel):
    """What one person sent, by what they made of the drafts. Not a measure of anybody's worth: posts differ."""

    person: Named
    sent: int = Field(description="Drafts whose last approval was theirs, without those of an incident's text.")
    unchanged: int
    light: int
    heavy: int
    saved_reply: int
    no_draft: int
    advice_repeated: int


class PeopleView(BaseModel):
    """Of each person who sent anything in the span."""

    begin: datetime
    end: datetime
    definition: str
    people: list[PersonView]
