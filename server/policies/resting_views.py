"""What the API tells of drafts and answers that rest on a document."""

from datetime import datetime

from pydantic import AwareDatetime, BaseModel, Field

from server.policies.resting import Resting, RestingDraft, RestingTurn


class RestingSentence(BaseModel):
    """A sentence that cites the document."""

    part: str
    sentence: str
    source: str
    said: str = Field(description="What the document said when the sentence was written.")
    says: str | None = Field(description="What it says now at this place; null: nothing any more.")
    held_for: str | None = Field(
        description="Who could be told it then, and for which product and regions it held; null: that was not kept."
    )
    holds_for: str | None = Field(description="The same now.")
    changed: bool

    @classmethod
    def of(cls, item: Resting) -> "RestingSentence":
        """As it is told."""
        return cls(
            part=item.part,
            sentence=item.sentence,
            source=item.source,
            said=item.said,
            says=item.says,
            held_for=item.held_for,
            holds_for=item.holds_for,
            changed=item.changed,
        )


class RestingView(BaseModel):
    """A draft or an answer that rests on the document."""

    draft: str
    case: str
    brand: str
    standing: str = Field(description="`sent`, `scheduled`, `leaving`, or the state of the draft.")
    sent_back: bool = Field(description="Whether it went back to review because a fact has changed.")
    version: int | None = Field(description="The document's version that it was written on.")
    written_at: datetime
    publications: list[str]
    sent_at: datetime | None
    sentences: list[RestingSentence]

    @classmethod
    def of(cls, resting: RestingDraft) -> "RestingView":
        """As it is told."""
        sent = [row.sent_at for row in resting.publications if row.sent_at is not None]
        return cls(
            draft=resting.draft.id,
            case=resting.draft.case,
            brand=resting.draft.brand,
            standing=resting.standing,
            sent_back=resting.sent_back,
            version=resting.version,
            written_at=resting.draft.created_at,
            publications=[row.id for row in resting.publications],
            sent_at=min(sent, default=None),
            sentences=[RestingSentence.of(item) for item in resting.sentences],
        )


class RestingTurnView(BaseModel):
    """What was told or suggested to a rep, and rests on the document. It is out, or was never: nothing stops it."""

    turn: str
    conversation: str
    brand: str
    kind: str = Field(description="`question`, `reply`, `offers`, `summary` or `rewrite`.")
    taken: list[str] = Field(description="Suggestions of it that the rep copied, inserted or edited for the customer.")
    version: int | None = Field(description="The document's version that it was written on.")
    asked_at: AwareDatetime
    sentences: list[RestingSentence]

    @classmethod
    def of(cls, resting: RestingTurn) -> "RestingTurnView":
        """As it is told."""
        return cls(
            turn=resting.turn.id,
            conversation=resting.turn.conversation,
            brand=resting.turn.brand,
            kind=resting.turn.kind,
            taken=[row.id for row in resting.taken],
            version=resting.version,
            asked_at=resting.turn.started_at,
            sentences=[RestingSentence.of(item) for item in resting.sentences],
        )
