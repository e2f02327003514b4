"""What of a day is looked at, scorecards, and what is said to somebody about their work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse

from server.pages.rendering import show
from server.pages.transcripts.reading import scorers_of
from server.staff.roles import Caller, Permission
from server.staff.views import ColleagueView
from server.transcripts import scorecard_endpoints as scorecards
from server.transcripts.forms import Form
from server.transcripts.scorecard_views import CommentView, PickedView, ScorecardView, WholeScorecard
from server.transcripts.scorecards import CardState
from server.web.dependencies import NowDep, ServiceDep, allowed
from server.web.paging import Cursor

router = APIRouter(prefix="/transcripts")

Reader = Annotated[Caller, Depends(allowed(Permission.READ_CASES))]
Supervisor = Annotated[Caller, Depends(allowed(Permission.READ_TRANSCRIPTS))]


@dataclass(frozen=True, slots=True)
class SamplePage:
    """The work of a day that is looked at, by person. `today` is the last day that can be asked for."""

    day: date
    today: date
    form: str
    forms: Sequence[Form]
    people: Sequence[tuple[str, Sequence[PickedView]]]
    scorers: Sequence[ColleagueView]
    may_assign: bool

    @property
    def done(self) -> int:
        """How many have been scored."""
        return sum(one.state not in (None, CardState.ASSIGNED) for one in self._every)

    @property
    def all(self) -> int:
        """How many there are."""
        return len(self._every)

    @property
    def _every(self) -> list[PickedView]:
        return [one for _, each in self.people for one in each]


@dataclass(frozen=True, slots=True)
class ScorecardsPage:
    """Scorecards, the newest first: `mine` are those that the viewer is to score."""

    cards: Sequence[ScorecardView]
    state: CardState | None
    mine: bool
    next: str | None
    states: Sequence[CardState] = tuple(CardState)


@dataclass(frozen=True, slots=True)
class ScorecardPage:
    """A scorecard, and what the viewer can do with it: score it, dispute it, or settle a dispute."""

    card: WholeScorecard
    step: str | None

    @property
    def points(self) -> Mapping[str, int | None]:
        """What was judged, by question."""
        return self.card.human.points if self.card.human else {}

    @property
    def before(self) -> Mapping[str, int | None]:
        """What was judged before a dispute changed it."""
        changed = self.card.human.before if self.card.human else None
        return (changed or {}).get("given") or {}


@dataclass(frozen=True, slots=True)
class CoachingPage:
    """What was said to the viewer about their work, the newest first."""

    comments: Sequence[CommentView]
    next: str | None


@router.get("/picked")
async def sample_page(
    caller: Supervisor,
    service: ServiceDep,
    request: Request,
    now: NowDep,
    day: date | None = None,
    form: Annotated[str, Query(max_length=60)] = "reply",
) -> HTMLResponse:
    """What of a day is to be looked at, and by whom."""
    forms = (await scorecards.list_forms(caller, service)).items
    picked = await scorecards.pick_day(caller, service, day or now.date(), form)
    people = [
        (name, list(each)) for name, each in groupby(picked.items, lambda one: (one.person and one.person.name) or "")
    ]
    may_assign = caller.may(Permission.SCORE_TRANSCRIPTS)
    scorers = await scorers_of(caller, service, request, now) if may_assign else []
    page = SamplePage(picked.day, now.date(), picked.form, forms, people, scorers, may_assign)
    return show(request, "transcripts/picked", page)


@router.get("/scorecards")
async def scorecards_page(
    caller: Reader,
    service: ServiceDep,
    request: Request,
    state: CardState | None = None,
    mine: bool = False,
    cursor: Cursor = None,
) -> HTMLResponse:
    """Scorecards: of a rep those about their own work."""
    assigned_to = caller.id if mine else None
    read = await scorecards.list_scorecards(
        caller, service, request, assigned_to=assigned_to, state=state, cursor=cursor, limit=50
    )
    return show(request, "transcripts/scorecards", ScorecardsPage(read.items, state, mine, read.next))


@router.get("/scorecards/{scorecard}")
async def scorecard_page(scorecard: str, caller: Reader, service: ServiceDep, request: Request) -> HTMLResponse:
    """A scorecard: to fill in, to read, to dispute, to settle."""
    card = await scorecards.get_scorecard(scorecard, caller, service)
    return show(request, "transcripts/scorecard", ScorecardPage(card, _step(card, caller)))


@router.get("/coaching")
async def coaching_page(caller: Reader, service: ServiceDep, request: Request, cursor: Cursor = None) -> HTMLResponse:
    """What was said to the viewer about their work."""
    read = await scorecards.list_coaching(caller, service, request, cursor=cursor, limit=50)
    return show(request, "transcripts/coaching", CoachingPage(read.items, read.next))


def _step(card: WholeScorecard, caller: Caller) -> str | None:
    """What is next with this scorecard, if the caller may do it. Nobody scores their own work."""
    own = card.person is not None and card.person.id == caller.id
    if card.state is CardState.SCORED and own:
        return "dispute"
    if own or not caller.may(Permission.SCORE_TRANSCRIPTS):
        return None
    return {CardState.ASSIGNED: "score", CardState.DISPUTED: "settle"}.get(card.state)
