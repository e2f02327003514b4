"""Deskside's own JSON for what happens on a network, as webhooks send it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue, ValidationError
from pydantic.types import StringConstraints

from server.channels.protocol import Happened, Incoming, IncomingAttachment
from server.errors import Unprocessable

MOST_EVENTS = 100

# an id is only ever compared; whatever could not be stored or printed has no place in one
NetworkId = Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=r"^[^\x00-\x1f\x7f]+$")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=r"^[^\x00-\x1f\x7f]+$")]

_EXAMPLE: dict[str, JsonValue] = {
    "events": [
        {
            "type": "posted",
            "id": "178002",
            "thread": "178002",
            "author": "moorlandhiker",
            "text": "@FernhollowHelp my tent arrived with a broken pole",
            "created_at": "2026-11-20T11:58:03Z",
            "reach": 412,
            "attachments": [{"type": "image", "alt": "a tent pole", "url": "https://media.example.com/178002.jpg"}],
        }
    ]
}


class ToldAttachment(BaseModel):
    """Something that came with a post."""

    model_config = ConfigDict(extra="ignore")

    type: Name = Field(description="What it is: image, video, …")
    alt: str | None = Field(default=None, max_length=2_000, description="What it shows, in words.")
    url: str | None = Field(default=None, max_length=2_000, description="Where its bytes are, over http or https.")


class ToldEvent(BaseModel):
    """What happened to one post. Of a deleted one only the id is needed."""

    model_config = ConfigDict(extra="ignore")

    type: Happened = Field(default=Happened.POSTED, description="posted, edited or deleted.")
    id: NetworkId = Field(description="The network's id of the post.")
    thread: NetworkId | None = Field(
        default=None, description="The network's id of the thread's first post; else worked out from in_reply_to."
    )
    author: str = Field(default="", max_length=300, description="The author's handle.")
    text: str = Field(
        default="", max_length=100_000, description="Of more than 20,000 characters the rest is left out."
    )
    created_at: AwareDatetime | None = Field(default=None, description="When it was posted, with its zone.")
    edited_at: AwareDatetime | None = Field(default=None, description="When it got the text that it has now.")
    in_reply_to: NetworkId | None = Field(default=None, description="The network's id of the post that it answers.")
    from_brand: bool = Field(default=False, description="Whether the account itself has written it.")
    private_to: str | None = Field(
        default=None, max_length=300, description="The only person who sees it beside the account; null: everyone does."
    )
    reach: int | None = Field(default=None, ge=0, description="How many people may see it.")
    attachments: list[ToldAttachment] = Field(default_factory=list, max_length=10)


class ToldEvents(BaseModel):
    """What happened, oldest first."""

    model_config = ConfigDict(extra="ignore", json_schema_extra={"example": _EXAMPLE})

    events: list[ToldEvent] = Field(min_length=1, max_length=MOST_EVENTS)


def events_schema() -> dict[str, Any]:
    """The body as one JSON schema without references, as the API's description needs it."""
    schema = ToldEvents.model_json_schema()
    parts = schema.pop("$defs")

    def inlined(value: Any) -> Any:  # noqa: ANN401 - JSON
        if isinstance(value, dict) and "$ref" in value:
            rest = {key: one for key, one in value.items() if key != "$ref"}
            return inlined({**parts[value["$ref"].rpartition("/")[2]], **rest})
        if isinstance(value, dict):
            return {key: inlined(one) for key, one in value.items()}
        return [inlined(one) for one in value] if isinstance(value, list) else value

    whole: dict[str, Any] = inlined(schema)
    return whole


def read_events(body: bytes) -> Sequence[Incoming]:
    """What the body tells.

    Raises:
        Unprocessable: It is not such a body; the words name the first field that is wrong.
    """
    try:
        told = ToldEvents.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in first["loc"]).lstrip(".")
        raise Unprocessable(f"{place or 'the body'}: {first['msg']}", field=place) from None
    return [incoming(event, f"events[{position}]") for position, event in enumerate(told.events)]


def incoming(event: ToldEvent, place: str) -> Incoming:
    """The event in the words of the protocol.

    Raises:
        Unprocessable: A post that was not deleted lacks what makes it one.
    """
    gone = event.type is Happened.DELETED
    if not gone:
        for field, value in (
            ("author", event.author.strip("@ ")),
            ("text", event.text),
            ("created_at", event.created_at),
        ):
            if not value and not (field == "text" and event.attachments):
                raise Unprocessable(f"{place}.{field}: a post needs it", field=f"{place}.{field}")
    return Incoming(
        network_id=event.id,
        thread=event.thread or "",
        author=event.author.strip().removeprefix("@"),
        text="" if gone else event.text,
        sent_at=_moment(event.created_at, f"{place}.created_at") or datetime(2000, 1, 1, tzinfo=UTC),
        happened=event.type,
        in_reply_to=event.in_reply_to,
        from_brand=event.from_brand,
        private_to=event.private_to,
        edited_at=_moment(event.edited_at, f"{place}.edited_at"),
        reach=event.reach,
        attachments=tuple(IncomingAttachment(one.type, one.alt, one.url) for one in event.attachments),
    )


def _moment(told: datetime | None, place: str) -> datetime | None:
    """In UTC; a year that no network can mean would not fit into every database."""
    if told is None:
        return None
    if not 2000 <= told.year <= 2200:
        raise Unprocessable(f"{place}: the year {told.year} cannot be meant", field=place)
    return told.astimezone(UTC)
