"""What the API tells about questions, what became of one, and what customers have answered."""

from datetime import date
from typing import Annotated, Any, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue

from server.models import CustomerFactRow, QuestionOfferRow, QuestionRow
from server.questions.states import OfferState, SkipReason
from server.staff.naming import Named, Names

_QUESTION: dict[str, JsonValue] = {
    "id": "gear-use",
    "brand": None,
    "text": {"en": "What will you mostly use the {product} for?"},
    "why": "Care advice depends on it.",
    "fact": "main_use",
    "purpose": "advice",
    "worth": 7,
    "ask_when": {"moment": "delivered", "family": ["tents", "packs"]},
    "never_when": ["gift"],
    "cap_per_day": 30,
    "valid_from": None,
    "valid_to": None,
    "version": 1,
    "changed_at": "2026-11-20T12:00:00Z",
    "changed_by": None,
    "retired_at": None,
    "retire_reason": None,
    "taken_today": 4,
}
_OFFERED: dict[str, JsonValue] = {
    "id": "offer_01kcs3v8q2m5n7p9r1t3w5",
    "suggestion": "suggestion_01kcs3v8q2m5n7p9r1t3w5",
    "question": "gear-use",
    "text": "What will you mostly use the Ridgeline 2 for?",
    "language": "en",
    "why": "Care advice depends on it.",
    "purpose": "advice",
    "because": ["Ridgeline 2 (FH-10423) arrived on 3 November 2026"],
    "others": {"shoe-width": "no boots of theirs with delivered lately"},
    "state": "offered",
    "offered_at": "2026-11-20T12:00:00Z",
    "asked_at": None,
    "asked_text": None,
    "decided_at": None,
    "decided_by": None,
    "skip_reason": None,
    "skip_words": None,
}
_FACT: dict[str, JsonValue] = {
    "fact": "main_use",
    "value": "weekends and long tours",
    "purpose": "advice",
    "brand": "fernhollow",
    "learned_at": "2026-11-20T12:00:00Z",
    "learned_by": {"id": "staff_01kcs3v8q2m5n7p9r1t3w5", "name": "Robin Vale"},
    "changed_at": None,
    "changed_by": None,
    "change_reason": None,
}


class QuestionView(BaseModel):
    """Something the company wants to learn."""

    model_config = ConfigDict(json_schema_extra={"examples": [_QUESTION]})

    id: str
    brand: Annotated[str | None, Field(description="Null: every brand asks it.")]
    text: dict[str, str]
    why: str
    fact: str
    purpose: str
    worth: int
    ask_when: dict[str, Any]
    never_when: list[str]
    cap_per_day: int
    valid_from: date | None
    valid_to: date | None
    version: int
    changed_at: AwareDatetime
    changed_by: Named | None
    retired_at: AwareDatetime | None
    retire_reason: str | None
    taken_today: Annotated[int, Field(description="How many of the day's places (UTC) are taken.")]

    @classmethod
    def of(cls, row: QuestionRow, names: Names, taken: int) -> Self:
        """As the row stands."""
        fields = row.model_dump(exclude={"created_at", "changed_by"})
        return cls(**fields, changed_by=Named.among(names, row.changed_by), taken_today=taken)


class OfferView(BaseModel):
    """The question of a session, and what became of it."""

    model_config = ConfigDict(json_schema_extra={"examples": [_OFFERED]})

    id: str
    suggestion: str
    question: str
    text: Annotated[str, Field(description="Worded for this customer.")]
    language: str
    why: Annotated[str, Field(description="What the company wants it for.")]
    purpose: str
    because: Annotated[list[str], Field(description="Which conditions held.")]
    others: Annotated[dict[str, str], Field(description="Of each other question, why it was not chosen.")]
    state: OfferState
    offered_at: AwareDatetime
    asked_at: AwareDatetime | None
    asked_text: Annotated[str | None, Field(description="The rep's own words; null: as suggested, or not asked.")]
    decided_at: AwareDatetime | None
    decided_by: Named | None
    skip_reason: SkipReason | None
    skip_words: str | None

    @classmethod
    def of(cls, row: QuestionOfferRow, question: QuestionRow, names: Names) -> Self:
        """As the row stands."""
        fields = row.model_dump(include=set(cls.model_fields) - {"decided_by"})
        decided_by = Named.among(names, row.decided_by)
        return cls(**fields, why=question.why, purpose=question.purpose, decided_by=decided_by)


class FactView(BaseModel):
    """What a customer has answered, and for what it may be used."""

    model_config = ConfigDict(json_schema_extra={"examples": [_FACT]})

    fact: str
    value: str | bool | int | float
    purpose: str
    brand: str
    learned_at: AwareDatetime
    learned_by: Named | None
    changed_at: AwareDatetime | None
    changed_by: Named | None
    change_reason: str | None

    @classmethod
    def of(cls, row: CustomerFactRow, names: Names) -> Self:
        """As the row stands."""
        fields = row.model_dump(include=set(cls.model_fields) - {"learned_by", "changed_by"})
        who = {name: Named.among(names, getattr(row, name)) for name in ("learned_by", "changed_by")}
        return cls(**fields, **who)


class AnsweredView(BaseModel):
    """What became of the question, and what was kept of the answer."""

    question: OfferView
    kept: Annotated[FactView | None, Field(description="Null: the words were not kept.")]


class FactsView(BaseModel):
    """What a customer has answered."""

    customer: str
    facts: list[FactView]
