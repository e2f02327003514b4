"""What the API tells about saved replies."""

from datetime import date
from typing import Annotated, Any, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue

from assistant.outcome import Part
from server.models import SavedReplyRow, SavedReplyVersionRow
from server.saved_replies.filling import Filled
from server.saved_replies.offering import Misfit, Offered
from server.saved_replies.repository import SOON, Sent, Taken
from server.staff.naming import Named, Names

_SAVED_REPLY: dict[str, JsonValue] = {
    "id": "fernhollow-late-parcel",
    "brand": "fernhollow",
    "team": "orders",
    "title": "Parcel is late",
    "texts": {"en": {"public": "Sorry about the wait. Our help centre: {{link_help_centre}}", "private": None}},
    "channels": [],
    "tags": ["delays"],
    "shortcut": "late",
    "expires_on": None,
    "over": False,
    "expires_soon": False,
    "version": 1,
    "changed_at": "2026-11-20T12:00:00Z",
    "changed_by": None,
    "changed_here": False,
    "file_differs": False,
    "retired_at": None,
    "retire_reason": None,
    "sent": 14,
    "sent_changed": 3,
    "taken": 5,
    "taken_changed": 1,
}


class SavedReplyView(BaseModel):
    """A reply that a team keeps ready, and how often it was sent in the last 30 days."""

    model_config = ConfigDict(json_schema_extra={"examples": [_SAVED_REPLY]})

    id: str
    brand: str
    team: str
    title: str
    texts: dict[str, dict[str, str | None]]
    channels: list[str]
    tags: list[str]
    shortcut: str | None
    expires_on: Annotated[date | None, Field(description="The last day on which it is offered.")]
    over: Annotated[bool, Field(description="That day is over: it is offered no more.")]
    expires_soon: Annotated[bool, Field(description="That day is within the next 14.")]
    version: int
    changed_at: AwareDatetime
    changed_by: Named | None
    changed_here: Annotated[bool, Field(description="Whether it was changed here; its file decides nothing then.")]
    file_differs: Annotated[bool, Field(description="Whether its file says something else, and was left.")]
    retired_at: AwareDatetime | None
    retire_reason: str | None
    sent: Annotated[int, Field(description="In how many drafts it was sent in the last 30 days.")]
    sent_changed: Annotated[int, Field(description="In how many of those with other words than it says.")]
    taken: Annotated[int, Field(description="How often reps took it for a customer in the last 30 days.")]
    taken_changed: Annotated[int, Field(description="How often of those with other words than were offered.")]

    @classmethod
    def of(cls, row: SavedReplyRow, names: Names, today: date, sent: Sent, taken: Taken) -> Self:
        """As the row stands on this day."""
        ends = row.expires_on
        return cls(
            **row.model_dump(exclude={"created_at", "changed_by"}),
            changed_by=Named.among(names, row.changed_by),
            over=ends is not None and ends < today,
            expires_soon=ends is not None and today <= ends <= today + SOON,
            sent=sent.drafts,
            sent_changed=sent.changed,
            taken=taken.times,
            taken_changed=taken.changed,
        )


class SavedReplyVersionView(BaseModel):
    """What it said from a moment on, who changed it and why."""

    number: int
    said: Annotated[dict[str, Any] | None, Field(description="Its fields; null: it was retired.")]
    at: AwareDatetime
    by: Named | None
    why: str

    @classmethod
    def of(cls, row: SavedReplyVersionRow, names: Names) -> Self:
        """As the row stands."""
        return cls(number=row.number, said=row.said, at=row.at, by=Named.among(names, row.staff), why=row.why)


class OfferedView(BaseModel):
    """A saved reply for one part of a draft."""

    id: str
    team: str
    title: str
    tags: list[str]
    shortcut: str | None
    version: int
    language: Annotated[str | None, Field(description="Of the text that would be put in.")]
    text: Annotated[str | None, Field(description="With its variables; null: it has none for this part.")]
    near: Annotated[bool, Field(description="Whether a tag of it names what the customer wants.")]
    usable: Annotated[bool, Field(description="Whether it can be put in here.")]
    misfits: Annotated[list[Misfit], Field(description="Why it does not fit; none: it does.")]

    @classmethod
    def of(cls, one: Offered) -> Self:
        """The row with how it fits."""
        fields = {name: getattr(one.row, name) for name in ("id", "team", "title", "tags", "shortcut", "version")}
        return cls(
            **fields,
            language=one.language,
            text=one.text,
            near=one.named > 0,
            usable=one.usable,
            misfits=list(one.misfits),
        )


class UnfilledView(BaseModel):
    """A variable that stays as it stands; with it the text cannot be sent."""

    variable: str
    words: Annotated[str, Field(description="Why nothing can stand there.")]


class FilledView(BaseModel):
    """A saved reply's text as it is put into a draft. The draft's own checks read it as anybody's words."""

    saved_reply: str
    version: int
    language: str
    part: Part
    text: str
    unfilled: list[UnfilledView]

    @classmethod
    def of(cls, one: Offered, filled: Filled, part: Part) -> Self:
        """Filled in."""
        return cls(
            saved_reply=one.row.id,
            version=one.row.version,
            language=one.language or "",
            part=part,
            text=filled.text,
            unfilled=[UnfilledView(variable=item.variable, words=item.words) for item in filled.unfilled],
        )
