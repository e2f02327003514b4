"""What the API takes about a rep's sessions."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from server.conversations.asking import Question
from server.conversations.finding import FoundBy, Sought
from server.conversations.states import SuggestionState, TurnKind
from server.conversations.suggestions import Decision
from server.web.bodies import Body

_PLAIN = r"^[^\x00-\x1f\x7f]*$"
Id = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=_PLAIN)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300, pattern=_PLAIN)]
_TEXT = r"^[^\x00]*$"
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000, pattern=_TEXT)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=10_000, pattern=_TEXT)]
_LONGEST = 10_000


def _not_too_long(text: str) -> str:
    if len(text) > _LONGEST:
        raise ValueError(f"at most {_LONGEST:,} characters: paste the last messages")
    return text


Said = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, pattern=_TEXT),
    AfterValidator(_not_too_long),
    Field(json_schema_extra={"maxLength": _LONGEST}),
]


class NewConversation(Body):
    """Whom a rep has before them: exactly one of customer, handle, email, order; or a case, alone or beside them."""

    customer: Annotated[Id | None, Field(description="The shop's id.")] = None
    handle: Annotated[Line | None, Field(description="A name on a network; on which, `handle_channel` says.")] = None
    handle_channel: Annotated[
        Line | None,
        Field(
            description="Left out: `channel`; where that is no network, any of your brands' networks.", examples=["x"]
        ),
    ] = None
    email: Line | None = None
    order: Annotated[Line | None, Field(description="An order's number.", examples=["FH-10423"])] = None
    case: Annotated[Id | None, Field(description="What the session is about; alone: with its author.")] = None
    channel: Annotated[
        Line,
        Field(
            description="Where the customer speaks: phone, chat, email, or a network your brands have an account on.",
            examples=["phone"],
        ),
    ]
    brand: Annotated[Id | None, Field(description="Only this one of your brands.")] = None

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        named = [name for name in ("customer", "handle", "email", "order") if getattr(self, name) is not None]
        if len(named) > 1 or (not named and self.case is None):
            raise ValueError("say who it is by one of customer, handle, email, order; or name a case")
        return self

    @property
    def sought(self) -> Sought:
        """As the service takes it."""
        for by in (FoundBy.CUSTOMER, FoundBy.HANDLE, FoundBy.EMAIL, FoundBy.ORDER, FoundBy.CASE):
            value = getattr(self, by)
            if value is not None:
                return Sought(by, value, self.channel, self.handle_channel, self.brand)
        raise AssertionError("validated above")


class Confirmation(Body):
    """How the rep made sure who speaks."""

    how: Annotated[Words, Field(examples=["named the order's postcode and the last thing bought"])]


class NewTurn(Body):
    """What a rep asks for."""

    kind: TurnKind
    text: Annotated[
        Said | None,
        Field(
            description="The question; or what the customer just said, for a reply; or the text to be rewritten, where "
            "it is not as the turn left it. A reply to a case's posts needs none.",
            examples=["Where is their parcel, and what may I promise?"],
        ),
    ] = None
    rewrite_of: Annotated[Id | None, Field(description="The turn whose text is to be rewritten.")] = None
    instruction: Annotated[Words | None, Field(description="How.", examples=["shorter, and less formal"])] = None
    saved_reply: Annotated[Id | None, Field(description="The saved reply that is to be filled in and checked.")] = None
    private: Annotated[
        bool, Field(description="Whether the customer said it in private; by phone and chat it always is.")
    ] = False

    @model_validator(mode="after")
    def _says_what(self) -> Self:
        if self.kind is TurnKind.QUESTION and self.text is None:
            raise ValueError("a question needs its `text`")
        if self.kind is TurnKind.REWRITE and (self.rewrite_of is None or self.instruction is None):
            raise ValueError("a rewrite needs `rewrite_of` and `instruction`")
        if self.kind is not TurnKind.REWRITE and (self.rewrite_of is not None or self.instruction is not None):
            raise ValueError("`rewrite_of` and `instruction` belong to a rewrite")
        if (self.kind is TurnKind.SAVED_REPLY) != (self.saved_reply is not None):
            raise ValueError("`saved_reply` belongs to a turn of the kind saved_reply, which needs it")
        return self

    @property
    def question(self) -> Question:
        """As the service takes it."""
        return Question(self.kind, self.text, self.rewrite_of, self.instruction, self.private, self.saved_reply)


class Decided(Body):
    """What became of a suggestion."""

    state: Literal["copied", "inserted", "edited", "dismissed"]
    text: Annotated[Text | None, Field(description="What was taken, where it differs from what was offered.")] = None
    reason: Annotated[Words | None, Field(description="Why it was dismissed.")] = None

    @model_validator(mode="after")
    def _says_enough(self) -> Self:
        if self.state == "edited" and self.text is None:
            raise ValueError("an edited suggestion needs the `text` that it became")
        if self.state == "dismissed" and self.reason is None:
            raise ValueError("a dismissed suggestion needs a `reason`")
        return self

    @property
    def decision(self) -> Decision:
        """As the service takes it."""
        return Decision(SuggestionState(self.state), self.text, self.reason)
