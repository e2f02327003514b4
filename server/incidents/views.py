"""What the API tells about incidents."""

from collections.abc import Mapping
from datetime import datetime
from typing import Self

from pydantic import BaseModel, Field

from server.incidents.confirming import Confirmed
from server.incidents.states import How, IncidentState, InIncident, Kind
from server.models import CaseRow, DraftRow, IncidentCaseRow, IncidentRow, PostRow


class MatchView(BaseModel):
    """What makes a post belong to it."""

    intents: list[str]
    words: list[str]
    accounts: list[str]
    since: datetime | None
    like: list[str]
    likeness: float

    @classmethod
    def of(cls, row: IncidentRow) -> Self:
        """Without the vectors."""
        return cls(**{name: row.match[name] for name in cls.model_fields})


class CountsView(BaseModel):
    """How many cases stand where: what is kept or released is answered by itself."""

    listed: int = 0
    confirmed: int = 0
    kept: int = 0
    answered: int = 0
    released: int = 0


class QueuedIncident(BaseModel):
    """An incident as lists show it."""

    id: str
    brand: str
    kind: Kind
    title: str
    known: str | None
    state: IncidentState
    version: int
    match: MatchView
    how: How
    spread_minutes: int
    update_due: datetime | None
    listed_at: datetime | None = Field(description="When all that waited had been looked through; null: not yet.")
    opened_by: str
    opened_at: datetime
    closed_by: str | None
    closed_at: datetime | None
    outcome: str | None
    cases: CountsView

    @classmethod
    def of(cls, row: IncidentRow, counts: Mapping[str, int]) -> Self:
        """The incident with the number of its cases."""
        return cls(**_fields(row, counts))


class IncidentView(QueuedIncident):
    """An incident in full."""

    sending: dict[str, int] = Field(description="How many of its texts stand where on their way out.")

    @classmethod
    def whole(cls, row: IncidentRow, counts: Mapping[str, int], sending: Mapping[str, int]) -> Self:
        """With everything about it."""
        return cls(**_fields(row, counts), sending=dict(sending))


class ListingView(BaseModel):
    """A case that belongs to an incident, with why. Under this id nobody has seen anything else of it."""

    id: str
    case: str
    account: str
    author: str
    post: str
    text: str = Field(description="What they wrote; the newest of it.")
    private: bool
    reach: int | None
    language: str | None
    draft: str | None
    draft_state: str | None
    state: InIncident
    why: str | None
    likeness: float | None
    publication: str | None
    listed_at: datetime
    confirmed_by: str | None
    confirmed_at: datetime | None

    @classmethod
    def of(cls, listing: IncidentCaseRow, case: CaseRow, draft: DraftRow | None, post: PostRow) -> Self:
        """The row with what is known of its case."""
        own = {"account", "author", "text", "private", "reach", "language", "draft_state"}
        fields = {name: getattr(listing, name) for name in cls.model_fields if name not in own}
        return cls(
            **fields,
            account=case.account,
            author=case.author,
            text=post.text,
            private=post.private_to is not None,
            reach=post.reach,
            language=draft.language if draft else None,
            draft_state=draft.state if draft else None,
        )


class ConfirmedView(BaseModel):
    """What came of confirming."""

    confirmed: int
    changed: int = Field(description="Of those named, how many are not any more what was seen; read the list again.")
    unseen: int = Field(description="How many more are listed, which you have not named.")

    @classmethod
    def of(cls, done: Confirmed) -> Self:
        """The numbers."""
        return cls(confirmed=done.confirmed, changed=done.changed, unseen=done.unseen)


def _fields(row: IncidentRow, counts: Mapping[str, int]) -> dict[str, object]:
    own = {"match", "cases", "sending", "texts", "promised"}
    fields = {name: getattr(row, name) for name in QueuedIncident.model_fields if name not in own}
    return fields | {"match": MatchView.of(row), "cases": CountsView(**counts)}
