"""What the API tells about incidents."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from pydantic import BaseModel, Field

from server.drafts.rules import ReviewRules
from server.incidents.answering import Answering
from server.incidents.approving import may_be_sent, reasons_for_two
from server.incidents.closing import Closed
from server.incidents.confirming import Confirmed
from server.incidents.leaving import Released
from server.incidents.states import How, IncidentState, InIncident, Kind, Purpose
from server.models import CaseRow, DraftRow, IncidentCaseRow, IncidentRow, IncidentTextRow, PostRow, PromiseRow
from server.staff.naming import Named, Names

_WHO = ("written_by", "approved_by", "seconded_by")


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


class ListedIncident(BaseModel):
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
    opened_by: Named | None
    opened_at: datetime
    closed_by: Named | None
    closed_at: datetime | None
    outcome: str | None
    cases: CountsView

    @classmethod
    def of(cls, row: IncidentRow, counts: Mapping[str, int], names: Names) -> Self:
        """The incident with the number of its cases."""
        return cls(**_fields(row, counts, names))


class TextView(BaseModel):
    """What is said to everybody, in one language, and whether it may be."""

    id: str
    purpose: Purpose
    language: str
    text: str
    statement: str | None
    promises_update: bool
    update_due: datetime | None
    digest: str = Field(description="What an approval names.")
    claims: list[dict[str, Any]]
    evidence: list[dict[str, Any]]
    findings: list[dict[str, Any]]
    needs_second: list[str] = Field(description="Why a second person has to approve it; empty: one is enough.")
    may_be_sent: bool
    written_by: Named | None
    written_at: datetime
    approved_by: Named | None
    approved_at: datetime | None
    override: str | None
    seconded_by: Named | None
    seconded_at: datetime | None

    @classmethod
    def of(cls, row: IncidentRow, text: IncidentTextRow, rules: ReviewRules, names: Names) -> Self:
        """The text as it stands."""
        own = {"claims", "evidence", "findings", "needs_second", "may_be_sent", "update_due", *_WHO}
        fields = {name: getattr(text, name) for name in cls.model_fields if name not in own}
        return cls(
            **fields,
            **{name: Named.among(names, getattr(text, name)) for name in _WHO},
            update_due=text.checked["update_due"],
            claims=text.checked["claims"],
            evidence=text.checked["evidence"],
            findings=text.checked["findings"],
            needs_second=[reason.words for reason in reasons_for_two(text, rules)],
            may_be_sent=may_be_sent(row, text, rules),
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """What of an incident is counted: its cases, its texts on their way out, those promised an update."""

    cases: Mapping[str, int]
    sending: Mapping[str, int]
    promised: int


class WholeIncident(ListedIncident):
    """An incident in full."""

    sending: dict[str, int] = Field(description="How many of its texts stand where on their way out.")
    promised: int = Field(description="How many were promised an update and have not been told.")
    texts: list[TextView]

    @classmethod
    def whole(
        cls,
        row: IncidentRow,
        texts: Iterable[IncidentTextRow],
        standing: Standing,
        rules: ReviewRules,
        names: Names,
    ) -> Self:
        """With everything about it."""
        return cls(
            **_fields(row, standing.cases, names),
            sending=dict(standing.sending),
            promised=standing.promised,
            texts=[TextView.of(row, text, rules, names) for text in texts],
        )


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
    confirmed_by: Named | None
    confirmed_at: datetime | None

    @classmethod
    def of(
        cls, listing: IncidentCaseRow, case: CaseRow, draft: DraftRow | None, post: PostRow, *, names: Names
    ) -> Self:
        """The row with what is known of its case."""
        own = {"account", "author", "text", "private", "reach", "language", "draft_state", "confirmed_by"}
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
            confirmed_by=Named.among(names, listing.confirmed_by),
        )


class ConfirmedView(BaseModel):
    """What came of confirming."""

    confirmed: int
    changed: int = Field(
        description="Of those named, how many stand otherwise by now: confirmed, kept, answered, released, decided."
    )
    not_found: int = Field(
        description="Of those named, how many are no listings of this incident, or not any more, as their customers "
        "have written again; read the list again."
    )
    unseen: int = Field(description="How many more are listed, which you have not named.")

    @classmethod
    def of(cls, done: Confirmed) -> Self:
        """The numbers."""
        return cls(
            confirmed=done.confirmed,
            changed=done.changed,
            not_found=done.not_found,
            unseen=done.unseen,
        )


class ReleasedView(BaseModel):
    """What came of releasing."""

    released: int
    not_released: dict[str, str] = Field(description="The others of those named, by id, each with why it was not.")

    @classmethod
    def of(cls, done: Released) -> Self:
        """The number, and who was not."""
        return cls(released=done.released, not_released=dict(done.others))


class AnsweringView(BaseModel):
    """Who is being answered."""

    count: int
    ends: datetime = Field(description="By when the last is sent.")
    left: dict[str, int] = Field(description="Who is not, by why.")

    @classmethod
    def of(cls, started: Answering) -> Self:
        """The numbers."""
        return cls(count=started.count, ends=started.ends, left=dict(started.left))


class ClosedView(BaseModel):
    """What came of closing."""

    released: int = Field(description="How many went back to the queue.")
    promised: int = Field(
        description="How many were promised an update and have not been told: `/promised` lists them."
    )

    @classmethod
    def of(cls, done: Closed) -> Self:
        """The numbers."""
        return cls(released=done.released, promised=done.promised)


class PromisedView(BaseModel):
    """Somebody who was promised an update."""

    promise: str
    case: str
    account: str
    author: str
    said: str | None
    due: datetime | None
    made_at: datetime

    @classmethod
    def of(cls, row: PromiseRow, case: CaseRow) -> Self:
        """The promise with whom it was made to."""
        return cls(
            promise=row.id,
            case=case.id,
            account=case.account,
            author=case.author,
            said=row.said,
            due=row.due,
            made_at=row.made_at,
        )


def who_of(texts: Iterable[IncidentTextRow]) -> Iterator[str | None]:
    """The ids of everybody who wrote or approved these texts."""
    return (getattr(text, name) for text in texts for name in _WHO)


def _fields(row: IncidentRow, counts: Mapping[str, int], names: Names) -> dict[str, object]:
    own = {"match", "cases", "sending", "texts", "promised", "opened_by", "closed_by"}
    fields = {name: getattr(row, name) for name in ListedIncident.model_fields if name not in own}
    return fields | {
        "match": MatchView.of(row),
        "cases": CountsView(**counts),
        "opened_by": Named.among(names, row.opened_by),
        "closed_by": Named.among(names, row.closed_by),
    }
