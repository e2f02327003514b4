"""What the API tells of entries: one model for each kind."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from assistant.case import Role
from server.staff.naming import Named
from server.transcripts.differences import Change
from server.web.addresses import PREFIX


class EntryView(BaseModel):
    """What every entry tells. `id` is the record's own and stays; `link` is where this entry is found again."""

    id: str
    at: datetime
    by: Named | None = Field(description="null: the system, or the customer.")
    link: str = Field(examples=[f"{PREFIX}/transcripts/case_01k…/entries/draft_01k…"])


class PostEdit(BaseModel):
    """A post before it was edited, and what was changed then."""

    version: int
    until: datetime
    changes: list[Change]


class PostEntry(EntryView):
    """Something that was written on the network; a deleted post has no text and no edits."""

    kind: Literal["post"] = "post"
    role: Role
    author: str
    text: str
    private: bool
    deleted_at: datetime | None
    attachments: list[str] = Field(description="What came with it, by kind.")
    edits: list[PostEdit]


class RequestMade(BaseModel):
    """A request to the model endpoint as it left; its bytes are at `link`."""

    number: int
    digest: str = Field(description="SHA-256 of the bytes.")
    size: int
    link: str


class Use(BaseModel):
    """What a turn took."""

    model_calls: int
    tokens: dict[str, int]
    cost: float
    timings_ms: dict[str, float]
    requests: list[RequestMade]


class Seen(BaseModel):
    """What the assistant saw and did in a turn, as it was then."""

    intent: str | None
    customer: dict[str, Any] | None
    tool_calls: list[dict[str, Any]]
    passages: list[dict[str, Any]] = Field(description="Which version of which document was read.")
    evidence: list[dict[str, Any]]
    claims: list[dict[str, Any]]
    findings: list[dict[str, Any]] = Field(description="What the checks said of it.")
    actions: list[dict[str, Any]]
    notes: list[str]
    outages: list[dict[str, Any]]
    model: str | None
    use: Use | None = Field(description="null: it needs transcripts:read.")


class DraftEntry(EntryView):
    """A draft as it was first written, and where it stands now."""

    kind: Literal["draft"] = "draft"
    state: str
    outcome: str | None
    reason: dict[str, Any] | None
    team: str | None
    language: str | None
    public_text: str | None
    private_text: str | None
    written_by: str | None
    seen: Seen | None = Field(description="null: no turn wrote it, or none was kept.")


class PartChanges(BaseModel):
    """What an edit changed in a part."""

    part: Literal["public", "private"]
    changes: list[Change]


class DecisionEntry(EntryView):
    """What a person or the system decided, and why; an edit with what it changed."""

    kind: Literal["decision"] = "decision"
    what: str
    draft: str | None
    reason: str | None
    changes: list[PartChanges]
    facts: dict[str, Any] = Field(description="What else is on record of it.")


class ActionMove(BaseModel):
    """What happened to an action."""

    what: str
    by: Named | None
    at: datetime
    reason: str | None


class ActionEntry(EntryView):
    """A change to the shop's records or a gesture, with all its moves."""

    kind: Literal["action"] = "action"
    action: str
    order: str | None
    arguments: dict[str, Any]
    amount: int | None
    currency: str | None
    reason: str | None
    consent: str | None
    state: str
    error: str | None
    draft: str | None
    moves: list[ActionMove]


class PublicationEntry(EntryView):
    """An approved part on its way out."""

    kind: Literal["publication"] = "publication"
    part: str
    text: str
    state: str
    draft: str
    approved_by: list[Named] = Field(description="Who said yes to this text, the first first.")
    changes: list[Change] = Field(description="From the draft as it was first written; empty: nothing was changed.")
    sent_at: datetime | None
    error: str | None
    withdraw_reason: str | None


class PromiseEntry(EntryView):
    """A commitment that was sent, and what became of it."""

    kind: Literal["promise"] = "promise"
    what: str
    said: str | None
    order: str | None
    approved_by: list[Named] = Field(description="Who said yes to the text that promises it, the first first.")
    publication: str | None = Field(description="With what it was sent.")
    state: str
    first_due: datetime | None
    due: datetime | None
    settled_at: datetime | None
    kept_with: str | None
    reason: str | None


class NoteEntry(EntryView):
    """What a colleague wrote; never sent."""

    kind: Literal["note"] = "note"
    text: str


class ConversationEntry(EntryView):
    """A rep opened a session about the customer."""

    kind: Literal["conversation"] = "conversation"
    channel: str
    customer: str | None
    found_by: str | None
    known: str
    confirmed_by: str | None
    closed_at: datetime | None


class TurnEntry(EntryView):
    """What a rep asked of the assistant, and what it came to."""

    kind: Literal["turn"] = "turn"
    what: str
    asked: str | None
    state: str
    text: str | None
    written_by: str | None
    ended_at: datetime | None
    seen: Seen | None


class SuggestionEntry(EntryView):
    """What was offered to a rep, and what they did with it."""

    kind: Literal["suggestion"] = "suggestion"
    what: str
    ref: str | None
    text: str | None
    state: str
    changes: list[Change] = Field(description="What they changed of it; empty: nothing.")
    reason: str | None
    decided_at: datetime | None
    turn: str | None


AnyEntry = Annotated[
    PostEntry
    | DraftEntry
    | DecisionEntry
    | ActionEntry
    | PublicationEntry
    | PromiseEntry
    | NoteEntry
    | ConversationEntry
    | TurnEntry
    | SuggestionEntry,
    Field(discriminator="kind"),
]
