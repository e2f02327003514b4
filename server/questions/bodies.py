"""What the API takes about questions and what customers answer."""

from datetime import date
from typing import Annotated, Self

from pydantic import (
    AfterValidator,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    StringConstraints,
    model_validator,
)

from assistant.guidance import Language, Question
from server.questions.keeping import Correction
from server.questions.states import SkipReason
from server.web.bodies import Body, Key, Name, Why


def _known_day(day: str) -> str:
    try:
        date.fromisoformat(day)
    except ValueError:
        raise ValueError("must be a day, such as 2026-11-20") from None
    return day


Said = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Day = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\d$"), AfterValidator(_known_day)]
Answered = Annotated[
    Said | StrictBool | StrictInt | StrictFloat,
    Field(description="In few words, a number, or yes and no.", examples=["weekends and long tours"]),
]


class QuestionFields(Body):
    """A question as it is asked. docs/questions.md describes every field."""

    text: Annotated[
        dict[Language, Said],
        Field(
            min_length=1,
            description="By language; `{product}` is what they bought.",
            examples=[{"en": "What will you mostly use the {product} for?"}],
        ),
    ]
    why: Annotated[Why, Field(description="What the company wants it for.", examples=["Care advice depends on it."])]
    fact: Annotated[Key, Field(description="The name under which answers are kept.", examples=["main_use"])]
    purpose: Annotated[Name, Field(description="What answers may be used for.", examples=["advice"])]
    worth: Annotated[int, Field(ge=1, le=10, examples=[7])]
    ask_when: Annotated[
        dict[Key, Name | StrictBool | StrictInt | Annotated[list[Name], Field(max_length=50)]],
        Field(
            max_length=20,
            description="All of it must hold.",
            examples=[{"moment": "delivered", "family": ["tents", "packs"]}],
        ),
    ] = Field(default_factory=dict)
    never_when: Annotated[list[Name], Field(max_length=20, examples=[["gift"]])] = Field(default_factory=list)
    cap_per_day: Annotated[int, Field(ge=1, le=100_000, examples=[20])] = 20
    valid_from: Annotated[Day | None, Field(examples=["2026-11-01"])] = None
    valid_to: Annotated[Day | None, Field(examples=["2027-10-31"])] = None
    brand: Annotated[Name | None, Field(description="Null: every brand asks it.", examples=["fernhollow"])] = None

    def entry(self, question: str) -> Question:
        """As the knowledge folder's file would hold it."""
        fields = self.model_dump(include=set(Question.model_fields))
        return Question.model_validate({**fields, "id": question})


class NewQuestion(QuestionFields):
    """Another question."""

    id: Annotated[Key, Field(examples=["gear-use"])]


class ChangedQuestion(QuestionFields):
    """A question as it is asked from now on, whole."""

    version: Annotated[int, Field(ge=1, description="Of the question as you read it.", examples=[1])]


class Retired(Body):
    """Why a question is asked no more."""

    version: Annotated[int, Field(ge=1, description="Of the question as you read it.", examples=[1])]
    reason: Why


class Wanted(Body):
    """How the session stands, as far as only the rep knows."""

    solved: Annotated[bool, Field(description="Whether what the customer came for is solved.")] = False


class Asked(Body):
    """How the rep asked it."""

    text: Annotated[Said | None, Field(description="The rep's own words; null: as it was suggested.")] = None


class Skipped(Body):
    """Why the rep does not ask it."""

    reason: SkipReason
    words: Annotated[Why | None, Field(examples=["In a hurry, calls from the train."])] = None

    @model_validator(mode="after")
    def _says_why(self) -> Self:
        if self.reason is SkipReason.OTHER and self.words is None:
            raise ValueError("say in words why it is not asked")
        return self


class AnswerGiven(Body):
    """What the customer answered."""

    value: Answered | None = None
    confirmed: Annotated[
        bool,
        Field(
            description="You confirm that it was said as an answer, knowing what for. If not, the words are not kept."
        ),
    ]

    @model_validator(mode="after")
    def _has_what_is_confirmed(self) -> Self:
        if self.confirmed and self.value is None:
            raise ValueError("say what the answer was")
        return self


class Corrected(Body):
    """What holds of the customer now, as they say in a session. What holds of a first answer holds of this."""

    conversation: Annotated[
        Name, Field(description="The session in which they said it.", examples=["conversation_01kcs3v8q2m5n7p9r1t3w5"])
    ]
    value: Answered
    reason: Why

    def correction(self) -> Correction:
        """As the service takes it."""
        return Correction(self.conversation, self.value, self.reason)
