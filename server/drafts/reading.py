"""Threads from JSON Lines, as docs/drafts.md describes them. A bad line is an answer of its own; the rest goes on."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from assistant.case import Attachment, NothingToAnswer, Post, Role, Thread
from server.json_lines import BadLine, parse_line

DEFAULT_CHANNEL = "x"


class _Lenient(BaseModel):
    """Other fields are ignored, and null means not given: exports of other systems carry plenty of both."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, raw: Any) -> Any:  # noqa: ANN401 - JSON
        return {name: value for name, value in raw.items() if value is not None} if isinstance(raw, dict) else raw


class _Attachment(_Lenient):
    type: str = "unknown"
    alt: str | None = None


class _Post(_Lenient):
    id: str
    author: str
    role: Literal["customer", "brand"]
    text: str
    created_at: datetime | None = None
    attachments: list[_Attachment] = Field(default_factory=list)
    private: bool = False


class _Thread(_Lenient):
    id: str
    channel: str = DEFAULT_CHANNEL
    brand: str | None = None
    posts: list[_Post] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class GoodLine:
    """A line's number and its thread."""

    line: int
    thread: Thread


def read_threads(lines: Iterable[str], *, now: datetime) -> Iterator[GoodLine | BadLine]:
    """The thread or what is wrong, for each line that is not blank, in order; a post without a time was made `now`."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _read_line(line, number, now)


def _read_line(line: str, number: int, now: datetime) -> GoodLine | BadLine:
    try:
        raw = parse_line(line)
    except (ValueError, RecursionError) as error:
        return BadLine(number, None, f"not JSON: {error}")
    if not isinstance(raw, dict):
        return BadLine(number, None, f"expected an object, found {type(raw).__name__}")
    given = raw.get("id")
    name = str(given) if isinstance(given, str | int) else None
    try:
        return GoodLine(number, _thread(_Thread.model_validate(raw), now))
    except ValidationError as error:
        words = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()[:5])
        return BadLine(number, name, words)
    except OverflowError:
        return BadLine(number, name, "posts: a created_at lies outside the years 1 to 9999")
    except NothingToAnswer as error:
        return BadLine(number, name, str(error))


def _thread(raw: _Thread, now: datetime) -> Thread:
    return Thread(
        id=raw.id,
        channel=raw.channel.strip().casefold() or DEFAULT_CHANNEL,
        brand=raw.brand or None,
        posts=tuple(
            Post(
                id=post.id,
                author=post.author.lstrip("@"),
                role=Role(post.role),
                created_at=_with_zone(post.created_at or now),
                text=post.text,
                attachments=tuple(Attachment(item.type, item.alt) for item in post.attachments),
                private=post.private,
            )
            for post in raw.posts
        ),
    )


def _with_zone(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
