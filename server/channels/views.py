"""What the API takes and tells about accounts, what came in on them, links and privacy incidents."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self, cast

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints

from server.channels.accounts import AccountEntry, InitialsForm
from server.channels.hours import Hours, clock_of
from server.models import AccountRow, AttachmentRow, LinkRow, PrivacyIncidentRow
from server.staff.naming import Named, Names
from server.web.addresses import PREFIX
from server.web.bodies import Body

_PLAIN = r"^[^\x00-\x1f\x7f]*$"
"""One line of text."""

RowId = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,80}$")]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300, pattern=_PLAIN)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1_000)]

Fetched = Literal["waiting", "kept", "refused", "failed"]

_ACCOUNT: dict[str, JsonValue] = {
    "id": "fernhollow-x",
    "brand": "fernhollow",
    "channel": "x",
    "adapter": "simulated",
    "handle": "FernhollowHelp",
    "hours": {"time_zone": "Europe/London", "open": {"mon": ["08:00-20:00"]}, "answer_within_minutes": 180},
    "initials": "^{initials}",
    "open_now": True,
    "opens_at": "2026-11-20T12:00:00Z",
    "created_at": "2026-11-20T08:00:00Z",
}
_ATTACHMENT: dict[str, JsonValue] = {
    "id": "attachment_01kcs3v8q2m5n7p9r1t3w5",
    "kind": "image",
    "alt": "a tent with a torn seam",
    "state": "kept",
    "address": "/api/v1/attachments/attachment_01kcs3v8q2m5n7p9r1t3w5",
    "media_type": "image/jpeg",
    "size": 48213,
    "reason": None,
}
_LINK: dict[str, JsonValue] = {
    "id": "link_01kcs3v8q2m5n7p9r1t3w5",
    "brand": "fernhollow",
    "channel": "x",
    "handle": "moorlandhiker",
    "customer": "C-0001",
    "linked_by": {"id": "staff_01kcs3v8q2m5n7p9r1t3w5", "name": "Robin Vale"},
    "linked_at": "2026-11-20T12:00:00Z",
    "reason": "Gave the order number and the postcode in a direct message.",
    "unlinked_by": None,
    "unlinked_at": None,
    "unlink_reason": None,
}
_INCIDENT: dict[str, JsonValue] = {
    "id": "incident_01kcs3v8q2m5n7p9r1t3w5",
    "brand": "fernhollow",
    "link": "link_01kcs3v8q2m5n7p9r1t3w5",
    "opened_by": {"id": "staff_01kcs3v8q2m5n7p9r1t3w5", "name": "Robin Vale"},
    "opened_at": "2026-11-20T12:00:00Z",
    "reason": "The handle is the customer's brother's.",
    "drafts": ["draft_01kcs3v8q2m5n7p9r1t3w5"],
    "publications": [],
    "closed_by": None,
    "closed_at": None,
    "outcome": None,
}


class Taken(BaseModel):
    """What became of a webhook's events."""

    model_config = ConfigDict(json_schema_extra={"example": {"taken": 1, "known": 0}})

    taken: int = Field(description="Posts that are new or have changed; they are stored.")
    known: int = Field(description="Events that told nothing new.")


class NewAccount(AccountEntry):
    """An account to be added."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "id": "fernhollow-helpdesk",
                "brand": "fernhollow",
                "channel": "webhook",
                "adapter": "webhook",
                "handle": "fernhollow",
                "settings": {"url": "https://helpdesk.fernhollow.example/deskside"},
            }
        },
    )


class AccountView(BaseModel):
    """A login of a brand on a channel."""

    model_config = ConfigDict(json_schema_extra={"example": _ACCOUNT})

    id: str
    brand: str
    channel: str
    adapter: str
    handle: str
    hours: dict[str, Any] = Field(description="Opening hours, holidays, the answer goal and who is on call.")
    initials: str | None = Field(description="How texts end with the approver's initials; null: they do not.")
    open_now: bool = Field(description="Whether it is answered at this moment.")
    opens_at: datetime | None = Field(description="When it is answered again; this moment if it is open.")
    created_at: datetime

    @classmethod
    def of(cls, row: AccountRow, now: datetime) -> Self:
        """The account at this moment. Its settings stay inside: they may name systems behind it."""
        clock = clock_of(row.hours)
        return cls(
            id=row.id,
            brand=row.brand,
            channel=row.channel,
            adapter=row.adapter,
            handle=row.handle,
            hours=row.hours,
            initials=row.initials,
            open_now=clock.is_open(now),
            opens_at=clock.next_opening(now),
            created_at=row.created_at,
        )


class ChangedHours(BaseModel):
    """When an account is answered from now on."""

    model_config = ConfigDict(extra="forbid")

    hours: Hours
    was: Hours = Field(description="As you read them: who was not first is told so.")


class ChangedInitials(BaseModel):
    """How texts that are approved from now on are signed."""

    model_config = ConfigDict(extra="forbid")

    initials: InitialsForm | None = Field(
        description="With {initials} where the approver's stand, after a mark; null: texts are not signed.",
        examples=["^{initials}"],
    )


class AttachmentView(BaseModel):
    """Something that came with a post. Nobody has looked at it; the server has fetched it, or says why not."""

    model_config = ConfigDict(json_schema_extra={"example": _ATTACHMENT})

    id: str
    kind: str = Field(description="What the network calls it: image, video, …")
    alt: str | None = Field(description="What it shows, in the words of who posted it.")
    state: Fetched = Field(description="What has become of fetching it.")
    address: str | None = Field(description="Where its bytes are, at our own address; null: we do not have them.")
    media_type: str | None
    size: int | None = Field(description="Bytes.")
    reason: str | None = Field(description="Why we do not have it, where that is for good.")

    @classmethod
    def of(cls, row: AttachmentRow) -> Self:
        """As the row stands. The address it was fetched from is nobody's to follow, and stays inside."""
        return cls(
            id=row.id,
            kind=row.type,
            alt=row.alt,
            state=cast(Fetched, row.state),
            address=f"{PREFIX}/attachments/{row.id}" if row.state == "kept" else None,
            media_type=row.media_type,
            size=row.size,
            reason=row.reason,
        )


class NewLink(Body):
    """Staff's word that a handle is a customer."""

    model_config = ConfigDict(
        json_schema_extra={"example": {key: _LINK[key] for key in ("brand", "channel", "handle", "customer", "reason")}}
    )

    brand: Line
    channel: Line
    handle: Line = Field(description="The handle; a leading @ and case do not matter.")
    customer: Line = Field(description="The shop's id of the customer.")
    reason: Reason = Field(description="How you know; kept for ever.")


class Unlink(Body):
    """Taking a link back."""

    model_config = ConfigDict(json_schema_extra={"example": {"reason": "The handle is the customer's brother's."}})

    reason: Reason = Field(description="Why the handle is not this customer's.")


class LinkView(BaseModel):
    """A link, standing or taken back."""

    model_config = ConfigDict(json_schema_extra={"example": _LINK})

    id: str
    brand: str
    channel: str
    handle: str
    customer: str
    linked_by: Named | None
    linked_at: datetime
    reason: str
    unlinked_by: Named | None
    unlinked_at: datetime | None
    unlink_reason: str | None

    @classmethod
    def of(cls, row: LinkRow, names: Names) -> Self:
        """The link as told."""
        who = {"linked_by": row.linked_by, "unlinked_by": row.unlinked_by}
        return cls.model_validate(row.model_dump() | {key: Named.among(names, id_) for key, id_ in who.items()})


class IncidentOutcome(Body):
    """What came of a privacy incident."""

    model_config = ConfigDict(json_schema_extra={"example": {"outcome": "Nothing had been sent."}})

    outcome: Reason = Field(description="Who was told what, and what was done.")


class IncidentView(BaseModel):
    """Something may have been told to the wrong person: what was written and sent with a link that was taken back."""

    model_config = ConfigDict(json_schema_extra={"example": _INCIDENT})

    id: str
    brand: str
    link: str
    opened_by: Named | None
    opened_at: datetime
    reason: str
    drafts: list[str] = Field(description="Drafts that rested on the link.")
    publications: list[str] = Field(description="What of them was sent or may have been.")
    closed_by: Named | None
    closed_at: datetime | None
    outcome: str | None

    @classmethod
    def of(cls, row: PrivacyIncidentRow, names: Names) -> Self:
        """The incident as told."""
        who = {"opened_by": row.opened_by, "closed_by": row.closed_by}
        return cls.model_validate(row.model_dump() | {key: Named.among(names, id_) for key, id_ in who.items()})
