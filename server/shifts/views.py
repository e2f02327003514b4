"""What the API takes and tells about the end of a shift."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import AwareDatetime, BaseModel, Field, model_validator

from server.drafts.bodies import Id, Team, Words
from server.drafts.post_views import OpeningView
from server.models import ActionRow, CaseRow
from server.promises.views import PromiseView
from server.publications.views import PublicationView
from server.shifts.ending import MOST, Handing, Holding, Left, Release
from server.staff.naming import Names
from server.staff.roles import Caller, Permission
from server.web.bodies import Body


class HeldCase(BaseModel):
    """A case that somebody holds."""

    id: str
    brand: str
    account: str
    author: str = Field(description="A handle without @.")
    claimed: bool = Field(description="It is claimed.")
    assigned: bool = Field(description="It is assigned to them.")
    open: bool
    team: str | None
    danger: str | None
    due_at: AwareDatetime | None
    post: OpeningView | None = Field(description="How the newest post of its author begins; null: none stands.")

    @classmethod
    def of(cls, case: CaseRow, holding: Holding, staff: str, now: datetime) -> Self:
        """The case, as this person holds it."""
        opening = holding.openings.get(case.id)
        until = case.claimed_until
        return cls(
            **{name: getattr(case, name) for name in ("id", "brand", "account", "author", "open", "team", "danger")},
            due_at=case.due_at,
            claimed=case.claimed_by == staff and until is not None and until > now,
            assigned=case.assigned_to == staff,
            post=OpeningView.of(opening) if opening else None,
        )


class Shift(BaseModel):
    """What would be left alone if you went now."""

    cases: list[HeldCase] = Field(description="Claimed by you or assigned to you, the first due first.")
    scheduled: list[PublicationView] = Field(
        description="Approved by you, to be sent later. They are sent all the same; take back what should not be."
    )
    promises: list[PromiseView] = Field(
        description="Open: in your cases, or sent with your approval in cases that are nobody's. The first due first."
    )

    @classmethod
    def of(
        cls, holding: Holding, actions: Mapping[str, ActionRow], names: Names, caller: Caller, now: datetime
    ) -> Self:
        """What was found."""
        return cls(
            cases=[HeldCase.of(case, holding, caller.id, now) for case in holding.cases],
            scheduled=[PublicationView.of(row, names) for row in holding.scheduled],
            promises=[
                PromiseView.of(row, actions, names, now)
                for row in holding.promises
                if caller.may(Permission.READ_PROMISES)
            ],
        )


class ReleasedCase(Body):
    """A case to be let go of."""

    case: Id
    note: Annotated[Words | None, Field(description="For whoever goes on; left out: the note for all.")] = None


class HandedPromise(Body):
    """A promise that a colleague or a team sees to from now on; the case is theirs with it."""

    promise: Id
    staff: Id | None = None
    team: Team | None = None
    note: Words | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.staff is None) == (self.team is None):
            raise ValueError("name a colleague (`staff`) or a team")
        return self


class EndedShift(Body):
    """What you let go of, and what you hand on."""

    cases: Annotated[list[ReleasedCase], Field(max_length=MOST)] = Field(default_factory=list)
    promises: Annotated[list[HandedPromise], Field(max_length=MOST)] = Field(default_factory=list)
    note: Annotated[
        Words | None, Field(description="For every case without a note of its own.", examples=["Back on Monday."])
    ] = None

    @property
    def releases(self) -> Sequence[Release]:
        """The cases, each with its note."""
        return [Release(one.case, one.note or self.note) for one in self.cases]

    @property
    def handings(self) -> Sequence[Handing]:
        """The promises, each with its note."""
        return [Handing(one.promise, one.staff, one.team, one.note or self.note) for one in self.promises]


class LeftView(BaseModel):
    """Not changed."""

    id: str
    code: str
    why: str = Field(description="In words: who has it by now.")
    details: dict[str, Any] = Field(description="As a refusal of it alone would have them.")


class ShiftEnded(BaseModel):
    """What became of each."""

    done: list[str] = Field(description="Cases and promises, by id.")
    left: list[LeftView] = Field(description="These stand as they stood.")

    @classmethod
    def of(cls, done: Sequence[str], left: Sequence[Left]) -> Self:
        """What was done and what was not."""
        return cls(done=list(done), left=[_left(one) for one in left])


def _left(one: Left) -> LeftView:
    return LeftView(id=one.id, code=one.code, why=one.why, details=dict(one.details))
