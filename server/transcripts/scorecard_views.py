"""What the API tells of comments, scorecards and what is to be looked at."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from server.models import CommentRow, ScorecardRow
from server.staff.naming import Named, Names
from server.transcripts.forms import Form
from server.transcripts.sampling import Picked
from server.transcripts.scorecards import CardState, Why
from server.transcripts.views import link_of
from server.web.addresses import PREFIX

_CARD: dict[str, JsonValue] = {
    "id": "scorecard_01kcs3v8q2m5n7p9r1t3w5",
    "transcript": "case_01kcs3v8q2m5n7p9r1t3w5",
    "link": f"{PREFIX}/transcripts/case_01kcs3v8q2m5n7p9r1t3w5",
    "brand": "fernhollow",
    "person": {"id": "staff_01kcs3v8q2m5n7p9r1t3w5", "name": "Robin Vale"},
    "form": {"id": "reply", "title": "A reply to a customer"},
    "state": "scored",
    "version": 2,
    "why": "sample",
    "assigned_by": {"id": "staff_01kcs3v8q2m5n7p9r1t3w6", "name": "Sam Reed"},
    "assigned_to": None,
    "at": "2026-11-20T12:00:00Z",
    "automatic": {
        "share": 90,
        "measures": {"citations": {"share": 1.0, "good": 4, "all": 4, "words": "facts, rules and promises…"}},
    },
    "human": {"share": 85, "points": {"answers": 4, "offer": None}, "before": None},
    "comment": None,
    "scored_by": {"id": "staff_01kcs3v8q2m5n7p9r1t3w6", "name": "Sam Reed"},
    "scored_at": "2026-11-21T09:00:00Z",
    "dispute": None,
    "settled": None,
}


class CommentView(BaseModel):
    """What somebody says of an entry. `to`: it is about their work, and for them."""

    id: str
    transcript: str
    entry: str
    link: str
    by: Named | None
    to: Named | None
    text: str
    at: datetime
    seen_at: datetime | None
    answer: str | None
    answered_at: datetime | None

    @classmethod
    def of(cls, row: CommentRow, names: Names) -> Self:
        """The row with the names."""
        own = ("id", "transcript", "entry", "text", "at", "seen_at", "answer", "answered_at")
        by, to = Named.among(names, row.staff), Named.among(names, row.to)
        return cls(**{name: getattr(row, name) for name in own}, by=by, to=to, link=link_of(row.transcript, row.entry))


class FormName(BaseModel):
    """Which form."""

    id: str
    title: str


class AutomaticPart(BaseModel):
    """What was counted when it was scored, 0 to 100 by the form's weights; beside what a person judged, never in it."""

    share: int | None
    measures: dict[str, dict[str, Any]] = Field(description="`good` of `all`, and what was counted.")


class HumanPart(BaseModel):
    """What a person judged, 0 to 100 by the form's weights."""

    share: int | None
    points: dict[str, int | None] = Field(description="By question; null: it does not apply.")
    before: dict[str, Any] | None = Field(description="The answers before a dispute changed them.")


class DisputeView(BaseModel):
    """Why whose work it is says that it is wrong."""

    words: str
    at: datetime | None


class SettledView(BaseModel):
    """How a dispute was answered."""

    by: Named | None
    at: datetime | None
    words: str | None


class ScorecardView(BaseModel):
    """One person's work in one transcript, looked at by a colleague."""

    model_config = ConfigDict(json_schema_extra={"examples": [_CARD]})

    id: str
    transcript: str
    link: str
    brand: str
    person: Named | None
    form: FormName
    state: CardState
    version: int
    why: Why
    assigned_by: Named | None
    assigned_to: Named | None
    at: datetime
    automatic: AutomaticPart | None
    human: HumanPart | None
    comment: str | None
    scored_by: Named | None
    scored_at: datetime | None
    dispute: DisputeView | None
    settled: SettledView | None

    @classmethod
    def of(cls, row: ScorecardRow, names: Names) -> Self:
        """The row with the names."""
        own = ("id", "transcript", "brand", "version", "at", "comment", "scored_at")
        people = ("person", "assigned_by", "assigned_to", "scored_by")
        settled = SettledView(by=Named.among(names, row.settled_by), at=row.settled_at, words=row.settled_words)
        return cls(
            **{name: getattr(row, name) for name in own},
            **{name: Named.among(names, getattr(row, name)) for name in people},
            link=f"{PREFIX}/transcripts/{row.transcript}",
            form=FormName(id=row.form_id, title=row.form["title"]),
            state=CardState(row.state),
            why=Why(row.why),
            automatic=_automatic(row),
            human=_human(row),
            dispute=DisputeView(words=row.dispute, at=row.disputed_at) if row.dispute is not None else None,
            settled=settled if row.settled_at is not None else None,
        )


class WholeScorecard(ScorecardView):
    """A scorecard with its form as it stood when it was assigned."""

    questions: Form


class FormsView(BaseModel):
    """The forms there are for the caller's brands."""

    items: list[Form]


class PickedView(BaseModel):
    """Work that is to be looked at, and the scorecard if somebody has begun."""

    person: Named | None
    transcript: str
    link: str
    author: str | None = Field(description="Whose case it is; null: it is none any more.")
    why: Why
    scorecard: str | None
    assigned_to: Named | None = Field(description="Who scores it, once somebody has begun; null: whoever takes it.")
    state: CardState | None = Field(description="Where the scorecard stands; null: there is none.")


class DayView(BaseModel):
    """What of a day is to be looked at. The same day and seed pick the same, whoever asks."""

    day: date
    form: str
    seed: str | None
    items: list[PickedView]

    @classmethod
    def of(
        cls,
        day: date,
        form: Form,
        picked: Sequence[Picked],
        cards: Mapping[tuple[str, str], ScorecardRow],
        authors: Mapping[str, str],
        names: Names,
    ) -> Self:
        """As it was picked; `cards` by transcript and person, `authors` by transcript."""
        items = [
            _picked(one, cards.get((one.transcript, one.person)), authors.get(one.transcript), names) for one in picked
        ]
        return cls(day=day, form=form.id, seed=form.sample.seed if form.sample else None, items=items)


def _picked(one: Picked, card: ScorecardRow | None, author: str | None, names: Names) -> PickedView:
    return PickedView(
        person=Named.among(names, one.person),
        transcript=one.transcript,
        link=f"{PREFIX}/transcripts/{one.transcript}",
        author=author,
        why=one.why,
        scorecard=card.id if card else None,
        assigned_to=Named.among(names, card.assigned_to) if card else None,
        state=CardState(card.state) if card else None,
    )


def people_on(row: ScorecardRow) -> list[str | None]:
    """Everybody whose name a scorecard tells."""
    return [row.person, row.assigned_by, row.assigned_to, row.scored_by, row.settled_by]


def _automatic(row: ScorecardRow) -> AutomaticPart | None:
    return AutomaticPart(share=row.automatic_share, measures=row.automatic) if row.automatic is not None else None


def _human(row: ScorecardRow) -> HumanPart | None:
    if row.answers is None:
        return None
    return HumanPart(share=row.human_share, points=row.answers["given"], before=row.answers.get("before"))
