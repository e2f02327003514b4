"""What the API takes about drafts and cases."""

from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from assistant.outcome import Part
from server.drafts.approvals import Terms
from server.drafts.deciding import Seen
from tools.proposals import TEAMS

Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=10_000)]
Id = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Team = Annotated[str, StringConstraints(pattern=f"^({'|'.join(TEAMS)})$")]

_DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


class Body(BaseModel):
    """What is sent: a field that we do not know is a mistake of the sender and is told."""

    model_config = ConfigDict(extra="forbid")


class Decision(Body):
    """What was seen when it was decided: the draft's version, and the digest of each part it has."""

    version: Annotated[int, Field(ge=1, le=2**31 - 1, examples=[2])]
    digests: Annotated[
        dict[Part, Digest], Field(description="`digests` of the draft as it was read.", examples=[{"public": _DIGEST}])
    ]

    @property
    def seen(self) -> Seen:
        """As decisions take it."""
        return Seen(self.version, {part.value: digest for part, digest in self.digests.items()})


class Edit(Decision):
    """The texts to stand in the draft's place; a part that is left out or empty is none."""

    public_text: Annotated[Text | None, Field(examples=["You have 60 days to send it back."])] = None
    private_text: Annotated[Text | None, Field(examples=[None])] = None

    @model_validator(mode="after")
    def _some_text(self) -> Self:
        if not self.texts:
            raise ValueError("name a public or a private text")
        return self

    @property
    def texts(self) -> Mapping[Part, str]:
        """By part."""
        both = {Part.PUBLIC: self.public_text, Part.PRIVATE: self.private_text}
        return {part: text for part, text in both.items() if text}


class Approval(Decision):
    """A yes to exactly this. With texts: edit and approve in one, for the words that are sent along."""

    confirmed: Annotated[
        bool, Field(description="The draft and its findings were read; needed where one click is not enough.")
    ] = False
    override: Annotated[
        Words | None, Field(description="Why it is sent although a check blocks it; asks for a second person.")
    ] = None
    send_at: Annotated[
        AwareDatetime | None, Field(description="When to send it; left out: when the undo time is over.")
    ] = None
    public_text: Annotated[Text | None, Field(examples=[None])] = None
    private_text: Annotated[Text | None, Field(examples=[None])] = None

    @property
    def texts(self) -> Mapping[Part, str] | None:
        """By part; None: as the draft stands."""
        both = {Part.PUBLIC: self.public_text, Part.PRIVATE: self.private_text}
        return {part: text for part, text in both.items() if text} or None

    @property
    def terms(self) -> Terms:
        """As approvals take them."""
        return Terms(self.confirmed, self.override, self.send_at)


class WithReason(Decision):
    """A decision with its reason."""

    reason: Annotated[Words, Field(examples=["answered on the phone"])]


class HandOver(WithReason):
    """To whom, and why."""

    team: Annotated[Team, Field(examples=["payments"])]


class Redraft(Decision):
    """How the new draft should be; left out: simply again."""

    words: Annotated[Words | None, Field(examples=["shorter, and say that we are sorry"])] = None


class Translation(Body):
    """Into which language."""

    to: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$"), Field(examples=["en"])] = "en"


class Claim(Body):
    """With a reason a case is taken over from whoever has it."""

    reason: Annotated[Words | None, Field(examples=["Robin is off sick"])] = None


class Assignment(Body):
    """Whose case it is; null: nobody's."""

    staff: Annotated[Id | None, Field(examples=["staff_01kcs3v8q2m5n7p9r1t3w5"])]


class NewNote(Body):
    """What colleagues should know. Never sent."""

    text: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=5000),
        Field(examples=["Rang twice this week already."]),
    ]
