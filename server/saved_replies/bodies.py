"""What the API takes about saved replies."""

from datetime import date
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from assistant.guidance import Language
from assistant.outcome import Part
from server.saved_replies.entries import ReplyText, SavedReplyEntry
from server.web.bodies import Body, Key, Name, Why
from tools.proposals import Team

Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=10_000)]


class Texts(Body):
    """What it says in one language."""

    public: Annotated[Text | None, Field(description="What everyone sees.")] = None
    private: Annotated[Text | None, Field(description="What only the customer sees.")] = None

    def entry(self) -> ReplyText:
        """As the folder's file would hold it."""
        return ReplyText(public=self.public or None, private=self.private or None)


class SavedReplyFields(Body):
    """A reply that a team keeps ready. docs/saved-replies.md describes every field."""

    brand: Annotated[Name, Field(examples=["fernhollow"])]
    team: Annotated[Team, Field(description="Whose it is.", examples=["orders"])]
    title: Annotated[Name, Field(examples=["Parcel is late"])]
    texts: Annotated[
        dict[Language, Texts],
        Field(
            description="By language; variables are written {{customer_first_name}}.",
            examples=[{"en": {"public": "Sorry about the wait. Our help centre: {{link_help_centre}}"}}],
        ),
    ]
    channels: Annotated[list[Name], Field(max_length=50, description="Only there; empty: everywhere.")] = Field(
        default_factory=list
    )
    tags: Annotated[list[Name], Field(max_length=50)] = Field(default_factory=list)
    shortcut: Annotated[Name | None, Field(description="What it is found by at once.", examples=["late"])] = None
    expires_on: Annotated[date | None, Field(description="The last day on which it is offered.")] = None

    def entry(self, saved_reply: str) -> SavedReplyEntry:
        """As the knowledge folder's file would hold it."""
        texts = {language: text.entry() for language, text in self.texts.items()}
        said = {language: text for language, text in texts.items() if text.public or text.private}
        return SavedReplyEntry(
            id=saved_reply,
            brand=self.brand,
            team=self.team,
            title=self.title,
            texts=said,
            channels=tuple(dict.fromkeys(self.channels)),
            tags=tuple(dict.fromkeys(self.tags)),
            shortcut=self.shortcut,
            expires_on=self.expires_on,
        )


class NewSavedReply(SavedReplyFields):
    """Another saved reply."""

    id: Annotated[Key | None, Field(description="Left out: one is made.", examples=["fernhollow-late-parcel"])] = None
    why: Annotated[Why | None, Field(examples=["asked every day since the strike"])] = None


class ChangedSavedReply(SavedReplyFields):
    """A saved reply as it says from now on, whole."""

    version: Annotated[int, Field(ge=1, description="Of it as you read it.", examples=[1])]
    why: Annotated[Why, Field(examples=["the page has moved"])]


class RetiredSavedReply(Body):
    """Why it is offered no more."""

    version: Annotated[int, Field(ge=1, description="Of it as you read it.", examples=[1])]
    reason: Annotated[Why, Field(examples=["the strike is over"])]


class ToFill(Body):
    """Into which part of which draft, or for the customer of which session: exactly one of the two."""

    draft: Annotated[Name | None, Field(examples=["draft_01kcs3v8q2m5n7p9r1t3w5"])] = None
    conversation: Annotated[
        Name | None, Field(description="A rep's session.", examples=["conversation_01kcs3v8q2m5n7p9r1t3w5"])
    ] = None
    part: Annotated[
        Part | None,
        Field(
            description="Left out: `public` in a draft, in a session the first of its channel that there is a text for."
        ),
    ] = None

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if (self.draft is None) == (self.conversation is None):
            raise ValueError("say for what: a `draft` or a `conversation`")
        return self
