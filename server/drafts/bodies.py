"""What the API takes about drafts and cases."""

from typing import Annotated, Self

from pydantic import AwareDatetime, Field, StringConstraints, model_validator

from assistant.outcome import Part
from server.drafts.approvals import Terms
from server.drafts.deciding import Seen
from server.drafts.editing import Changes
from server.saved_replies.using import Inserted
from server.web.bodies import Body
from tools.proposals import TEAMS

Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=10_000)]
Id = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Team = Annotated[str, StringConstraints(pattern=f"^({'|'.join(TEAMS)})$")]

_DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


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


class InsertedReply(Body):
    """A saved reply that was put into a text, as `POST /saved-replies/{id}/fill` answered it."""

    saved_reply: Annotated[Id, Field(examples=["fernhollow-late-parcel"])]
    version: Annotated[int, Field(ge=1, le=2**31 - 1, examples=[1])]
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$"), Field(examples=["en"])]
    part: Part

    @property
    def inserted(self) -> Inserted:
        """As it is noted."""
        return Inserted(self.saved_reply, self.version, self.language, self.part)


class WithTexts(Decision):
    """A decision with texts to stand in the draft's place. What is left out stays as it was seen; null takes it out."""

    public_text: Annotated[
        Text | None,
        Field(
            description="What everyone sees. Left out: as it stands; null: no such part.",
            examples=["You have 60 days to send it back."],
        ),
    ] = None
    private_text: Annotated[
        Text | None,
        Field(
            description="What only the customer sees. Left out: as it stands; null: no such part.",
            examples=["Your order is on its way."],
        ),
    ] = None

    saved_replies: Annotated[
        list[InsertedReply],
        Field(max_length=20, description="The saved replies that were put into these texts; they are counted apart."),
    ] = Field(default_factory=list)

    @property
    def inserted(self) -> list[Inserted]:
        """The saved replies in the texts."""
        return [one.inserted for one in self.saved_replies]

    @property
    def changes(self) -> Changes:
        """By part, those that were sent along."""
        names = {Part.PUBLIC: "public_text", Part.PRIVATE: "private_text"}
        return {part: getattr(self, name) or None for part, name in names.items() if name in self.model_fields_set}


class Edit(WithTexts):
    """The texts to stand in the draft's place; a part that is left out stays as it is."""

    @model_validator(mode="after")
    def _some_change(self) -> Self:
        if not self.changes:
            raise ValueError("name a public or a private text")
        return self


class Approval(WithTexts):
    """A yes to exactly this. With texts: edit and approve in one, for the words that are sent along."""

    confirmed: Annotated[
        bool, Field(description="The draft and its findings were read; needed where one click is not enough.")
    ] = False
    override: Annotated[
        Words | None, Field(description="Why it is sent although a check blocks it; asks for a second person.")
    ] = None
    actions: Annotated[
        list[Id] | None,
        Field(
            description="The actions beside the draft that are approved with it, which needs `actions:approve`. They "
            "are done first; the texts are sent once they are.",
            examples=[[]],
            max_length=20,
        ),
    ] = None
    send_at: Annotated[
        AwareDatetime | None, Field(description="When to send it; left out: when the undo time is over.")
    ] = None

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


class TextToCount(Body):
    """A text while it is written."""

    channel: Annotated[Id, Field(description="The network.", examples=["bluesky"])]
    part: Part
    text: Annotated[str, StringConstraints(max_length=20_000), Field(examples=["You have 60 days to send it back."])]
    draft: Annotated[
        Id | None,
        Field(description="The draft in which it would stand: then your initials are counted as they would be sent."),
    ] = None


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
