"""What the queue can be filtered by: as an address says it, and as the database is asked."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import Depends, Query

from server.drafts.queue_repository import Wanted
from server.drafts.states import DraftState
from server.staff.roles import Caller

WAITING = (DraftState.PENDING, DraftState.AWAITING_SECOND, DraftState.HANDED_OVER, DraftState.HELD)
"""The states in which a draft waits for somebody."""

ME = "me"
"""In `assigned_to`: whoever asks."""
LONGEST_WAIT = 24 * 90
"""Hours that can be asked for."""

_Name = Annotated[str | None, Query(max_length=100)]


def _told(description: str, **more: Any) -> Any:  # noqa: ANN401 - what FastAPI calls a parameter has no type
    return Query(max_length=100, description=description, **more)


@dataclass(frozen=True, slots=True)
class Filters:
    """Which drafts of the queue. What is left out, or empty, filters nothing."""

    state: Annotated[
        tuple[DraftState, ...] | None, Query(description="Only these; left out: whatever waits for somebody.")
    ] = None
    brand: _Name = None
    account: _Name = None
    channel: Annotated[str | None, _told("The network.", examples=["bluesky"])] = None
    team: _Name = None
    assigned_to: Annotated[str | None, _told("A colleague's id; `me`: whoever asks; `nobody`: nobody's.")] = None
    danger: bool | None = None
    overdue: Annotated[bool | None, Query(description="Whether a promise is overdue in its case.")] = None
    language: Annotated[str | None, _told("What the post is written in.", examples=["de"])] = None
    intent: Annotated[str | None, _told("What the post is about.", examples=["refund_request"])] = None
    outcome: Annotated[str | None, _told("What was proposed.", examples=["clarify"])] = None
    reason: Annotated[str | None, _told("Why it is no draft, by code.", examples=["missing_order"])] = None
    waits_hours: Annotated[
        int | None, Query(ge=1, le=LONGEST_WAIT, description="The post has been there for at least as many hours.")
    ] = None

    def named(self) -> Iterator[tuple[str, Any]]:
        """Those that filter something, by name."""
        for field in fields(self):
            value = getattr(self, field.name)
            if value not in (None, "", ()):
                yield field.name, value

    def wanted(self, caller: Caller, now: datetime) -> Wanted:
        """What the database is asked for the caller."""
        said = dict(self.named())
        brand, hours = said.pop("brand", None), said.pop("waits_hours", None)
        if said.get("assigned_to") == ME:
            said["assigned_to"] = caller.id
        return Wanted(
            brands=caller.brands if brand is None else caller.brands & {brand},
            states=frozenset(said.pop("state", WAITING)),
            waits_since=None if hours is None else now - timedelta(hours=hours),
            **said,
        )

    def name(self) -> str:
        """The same for the same filters: a cursor of one list is none of another."""
        return "&".join(f"{name}={value}" for name, value in self.named())


FiltersDep = Annotated[Filters, Depends()]
