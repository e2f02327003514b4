"""What the API takes about transcripts."""

from typing import Annotated

from pydantic import Field, StringConstraints

from server.transcripts.scorecards import Assignment, Why
from server.web.bodies import Body, Id

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
Version = Annotated[int, Field(ge=1, le=2**31 - 1, description="The version you saw.")]
Points = Annotated[
    dict[Annotated[str, StringConstraints(max_length=60)], Annotated[int, Field(ge=0, le=4)] | None],
    Field(
        max_length=200,
        description="Points by question: yes_no 0 or 1, scale 0 to 4; null: it does not apply.",
        examples=[{"answers": 4, "policy": 3, "offer": None}],
    ),
]


class NewComment(Body):
    """What to say of an entry."""

    text: Annotated[Words, Field(examples=["Good that you asked for the seam's picture first."])]
    coach: Annotated[bool, Field(description="For whoever made the entry, and those who read transcripts, alone.")] = (
        False
    )


class CommentAnswer(Body):
    """What whoever was addressed says."""

    text: Words


class NewScorecard(Body):
    """Whose work is to be looked at, where, and by whom."""

    transcript: Id
    person: Annotated[Id, Field(description="Whose work.")]
    form: Annotated[Id, Field(examples=["reply"])]
    assigned_to: Annotated[Id | None, Field(description="Who scores; null: whoever takes it.")] = None
    why: Why = Why.CHOSEN

    def assignment(self) -> Assignment:
        """The same for the service."""
        return Assignment(self.transcript, self.person, self.form, self.assigned_to, self.why)


class Scores(Body):
    """What you judge."""

    version: Version
    points: Points
    comment: Words | None = None


class Dispute(Body):
    """Why a scorecard about your work is wrong."""

    words: Words


class Settlement(Body):
    """The answer to a dispute; `points` only where it was right."""

    version: Version
    words: Words
    points: Points | None = None
