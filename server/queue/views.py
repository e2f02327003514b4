"""What the API takes and tells about the queue as a whole."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints, model_validator

from server.drafts.bodies import Decision, Words
from server.drafts.customers_repository import TakenFor
from server.drafts.deciding import Seen
from server.drafts.filters import LONGEST_WAIT, Filters
from server.drafts.post_views import PostView, post_views
from server.drafts.ranks import DANGER, OVERDUE
from server.drafts.states import DraftState
from server.drafts.views import CustomerView
from server.models import AttachmentRow, SavedViewRow
from server.queue.counting_repository import By, Heap
from server.queue.keeping import filters_of, may_change
from server.queue.leaving import MOST, Done, Unanswered, Unchanged
from server.staff.naming import Named, Names
from server.staff.roles import Caller
from server.web.bodies import Body

ViewName = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=60, pattern=r"^[^\x00-\x1f\x7f]*$"),
    Field(examples=["German refunds on X"]),
]
_Said = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
_FILTERS: dict[str, JsonValue] = {"language": "de", "intent": "refund_request", "channel": "x"}
_VIEW: dict[str, JsonValue] = {
    "id": "view_01kcs3v8q2m5n7p9r1t3w5",
    "name": "German refunds on X",
    "filters": _FILTERS,
    "brand": None,
    "kept_by": {"id": "staff_01kcs3v8q2m5n7p9r1t3w5", "name": "Robin Vale"},
    "waiting": 4,
    "changeable": True,
    "updated_at": "2026-11-20T12:00:00Z",
}


class FiltersBody(Body):
    """Which drafts; the same names as GET /drafts takes. What is left out filters nothing."""

    model_config = ConfigDict(json_schema_extra={"examples": [_FILTERS]})

    state: Annotated[list[DraftState] | None, Field(max_length=len(DraftState))] = None
    brand: _Said | None = None
    account: _Said | None = None
    channel: _Said | None = None
    team: _Said | None = None
    assigned_to: Annotated[_Said | None, Field(description="`me` is whoever looks, `nobody` is nobody's.")] = None
    danger: bool | None = None
    overdue: bool | None = None
    language: _Said | None = None
    intent: _Said | None = None
    outcome: _Said | None = None
    reason: _Said | None = None
    waits_hours: Annotated[int | None, Field(ge=1, le=LONGEST_WAIT)] = None

    @property
    def filters(self) -> Filters:
        """As the queue takes them."""
        said = self.model_dump(exclude_none=True)
        return Filters(**said | ({"state": tuple(said["state"])} if "state" in said else {}))


class NewView(Body):
    """Filters under a name."""

    name: ViewName
    filters: FiltersBody
    brand: Annotated[
        _Said | None, Field(description="Everybody who serves it sees the view; null: you alone. Needs `views:share`.")
    ] = None


class ChangedView(Body):
    """What is to be otherwise; what is left out stays."""

    name: ViewName | None = None
    filters: FiltersBody | None = None
    brand: Annotated[_Said | None, Field(description="Whom it is shared with from now on; null: nobody.")] = None

    @model_validator(mode="after")
    def _some_change(self) -> Self:
        if not self.changes:
            raise ValueError("name what is to be otherwise: name, filters or brand")
        return self

    @property
    def changes(self) -> dict[str, Any]:
        """Those that were sent along."""
        said: dict[str, Any] = {}
        if self.name is not None:
            said["name"] = self.name
        if self.filters is not None:
            said["filters"] = self.filters.filters
        if "brand" in self.model_fields_set:
            said["brand"] = self.brand
        return said


class SavedView(BaseModel):
    """Filters of the queue under a name."""

    model_config = ConfigDict(json_schema_extra={"examples": [_VIEW]})

    id: str
    name: str
    filters: dict[str, Any] = Field(description="As GET /drafts takes them.")
    brand: str | None = Field(description="Everybody who serves it sees the view; null: you alone.")
    kept_by: Named | None
    waiting: int = Field(description="How many drafts it shows now.")
    changeable: bool = Field(description="Whether you may change it.")
    updated_at: datetime

    @classmethod
    def of(cls, row: SavedViewRow, waiting: int, caller: Caller, names: Names) -> Self:
        """The row with what it shows to the caller."""
        return cls(
            id=row.id,
            name=row.name,
            filters=dict(filters_of(row).named()),
            brand=row.brand,
            kept_by=Named.among(names, row.staff),
            waiting=waiting,
            changeable=may_change(caller, row),
            updated_at=row.updated_at,
        )


class Counts(BaseModel):
    """How many drafts wait. Whose they are is their case's."""

    all: int
    danger: int
    overdue: int = Field(description="In whose case a promise is overdue.")
    mine: int
    unassigned: int
    teams: dict[str, int]
    accounts: dict[str, int]
    left: dict[str, int] = Field(
        description="By reason, what Deskside has left unanswered and nobody has looked at: GET /queue/no-replies."
    )

    @classmethod
    def of(cls, heaps: Sequence[Heap], left: Mapping[str, int], caller: Caller) -> Self:
        """What was counted, as it concerns the caller."""
        whole = [heap for heap in heaps if heap.by is By.ACCOUNT]
        people = _by_whose(heaps, By.PERSON)
        every = sum(heap.number for heap in whole)
        return cls(
            all=every,
            danger=sum(heap.number for heap in whole if heap.rank == DANGER),
            overdue=sum(heap.number for heap in whole if heap.rank == OVERDUE),
            mine=people[caller.id],
            unassigned=every - people.total(),
            teams=_by_whose(heaps, By.TEAM),
            accounts=_by_whose(heaps, By.ACCOUNT),
            left=dict(left),
        )


def _by_whose(heaps: Sequence[Heap], by: By) -> Counter[str]:
    found: Counter[str] = Counter()
    for heap in heaps:
        if heap.by is by:
            found[heap.whose] += heap.number
    return found


class UnansweredView(BaseModel):
    """What Deskside has left unanswered: all that its customer wrote since we last spoke, and why nothing is said."""

    draft: str
    version: int
    digests: dict[str, str] = Field(description="What a decision on this version names, by part.")
    case: str
    brand: str
    account: str
    author: str = Field(description="A handle without @.")
    customer: CustomerView | None
    language: str | None
    reason: str
    why: str | None = Field(description="What it was taken for noise by, in words.")
    posts: list[PostView] = Field(description="Whole, the oldest first.")

    @classmethod
    def of(
        cls,
        one: Unanswered,
        digests: Mapping[str, str],
        attachments: Sequence[AttachmentRow],
        taken: TakenFor | None,
    ) -> Self:
        """What was read of it."""
        draft = one.draft
        return cls(
            draft=draft.id,
            version=draft.version,
            digests=dict(digests),
            case=draft.case,
            brand=draft.brand,
            account=draft.account,
            author=one.posts[-1].author,
            customer=CustomerView(id=taken.id, known=taken.known) if taken else None,
            language=draft.language,
            reason=draft.reason_code or "",
            why=draft.reason_words,
            posts=post_views(one.posts, attachments),
        )


class SeenUnanswered(Decision):
    """One of them, as it was seen."""

    draft: Annotated[str, StringConstraints(min_length=1, max_length=100)]


class LeftUnanswered(Body):
    """Of each of these a person says that nothing is said, and why."""

    items: Annotated[list[SeenUnanswered], Field(min_length=1, max_length=MOST)]
    reason: Annotated[Words, Field(examples=["spam"])]

    @property
    def seen(self) -> dict[str, Seen]:
        """By draft, what was seen of it."""
        return {item.draft: item.seen for item in self.items}


class DoneView(BaseModel):
    """Left unanswered. To take it up again: POST /drafts/{draft}/release with this version."""

    draft: str
    version: int


class UnchangedView(BaseModel):
    """Not changed."""

    draft: str
    code: str
    why: str = Field(description="In words: who was first, or what else it is.")
    details: dict[str, Any] = Field(description="As a refusal of it alone would have them.")


class LeavingView(BaseModel):
    """What became of each."""

    done: list[DoneView]
    left: list[UnchangedView] = Field(description="These stand as they stood.")

    @classmethod
    def of(cls, results: Sequence[Done | Unchanged]) -> Self:
        """What was decided and what was not, each in the order it was named in."""
        return cls(
            done=[DoneView(draft=one.draft, version=one.version) for one in results if isinstance(one, Done)],
            left=[_unchanged(one) for one in results if isinstance(one, Unchanged)],
        )


def _unchanged(one: Unchanged) -> UnchangedView:
    return UnchangedView(draft=one.draft, code=one.code, why=one.why, details=dict(one.details))
