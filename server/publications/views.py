"""What the API takes and tells about publications and pauses."""

from collections.abc import Sequence
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue, StringConstraints, model_validator

from server.models import PauseRow, PublicationRow
from server.publications.pausing import Held
from server.publications.states import PublicationState
from server.staff.naming import Named, Names
from server.web.bodies import Body

Reason = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=1000),
    Field(description="For whoever reads the history.", examples=["the date in it is wrong"]),
]
Part = Literal["public", "private"]

_PUBLICATION: dict[str, JsonValue] = {
    "id": "publication_01kcs3v8q2m5n7p9r1t3w5",
    "brand": "fernhollow",
    "account": "fernhollow-x",
    "case": "case_01kcs3v8q2m5n7p9r1t3w5",
    "draft": "draft_01kcs3v8q2m5n7p9r1t3w5",
    "part": "public",
    "text": "Thanks for telling us. We have sent you a private message.",
    "reply_to": "1992311",
    "recipient": "anna",
    "state": "held",
    "waits_for": None,
    "corrects": None,
    "send_after": "2026-11-20T12:00:10Z",
    "scheduled": False,
    "attempt": 0,
    "attempted_at": None,
    "network_id": None,
    "sent_at": None,
    "error": None,
    "withdrawn_by": None,
    "withdraw_reason": None,
    "updated_at": "2026-11-20T12:00:00Z",
}
_PAUSE: dict[str, JsonValue] = {
    "id": "pause_01kcs3v8q2m5n7p9r1t3w5",
    "scope": "channel:x",
    "brand": "fernhollow",
    "paused_by": {"id": "staff_01kcs3v8q2m5n7p9r1t3w5", "name": "Robin Vale"},
    "paused_at": "2026-11-20T12:00:00Z",
    "reason": "a recall is being announced",
    "lifted_by": None,
    "lifted_at": None,
}


class WithReason(Body):
    """Why."""

    reason: Reason


class Settlement(Body):
    """What somebody has seen on the network: that the text is there, and where; or that it is not, and what then."""

    sent: bool
    network_id: Annotated[
        str | None,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=500),
        Field(description="Where it was sent: the network's id of the text, or its link.", examples=["1992317"]),
    ] = None
    then: Annotated[
        Literal["queue", "withdraw"] | None,
        Field(description="Where it was not: send it now, or take it back to review."),
    ] = None
    reason: Reason

    @model_validator(mode="after")
    def _says_what_follows(self) -> Self:
        if self.sent and (self.network_id is None or self.then is not None):
            raise ValueError("what was sent needs network_id, and no then")
        if not self.sent and (self.then is None or self.network_id is not None):
            raise ValueError("what was not sent needs then, and no network_id")
        return self


class NewPause(Body):
    """What is to be held."""

    scope: Annotated[
        str,
        StringConstraints(max_length=300),
        Field(description='"all", "channel:<channel>" or "account:<id>".', examples=["channel:x"]),
    ]
    brand: Annotated[
        str | None,
        StringConstraints(max_length=64),
        Field(description="Only this brand's; left out: of all your brands.", examples=["fernhollow"]),
    ] = None
    reason: Reason


class Lifting(Body):
    """The caller has seen what is held."""

    seen: Annotated[
        list[Annotated[str, StringConstraints(max_length=100)]],
        Field(max_length=100_000, description="The ids on all pages of `held`; if it holds more by now, it stays."),
    ] = Field(default_factory=list)


class PublicationView(BaseModel):
    """One approved part on its way out, or out."""

    model_config = ConfigDict(json_schema_extra={"examples": [_PUBLICATION]})

    id: str
    brand: str
    account: str
    case: str
    draft: str
    part: Part
    text: str
    reply_to: str
    recipient: str
    state: PublicationState
    waits_for: str | None
    corrects: str | None
    send_after: AwareDatetime
    scheduled: bool
    attempt: int
    attempted_at: AwareDatetime | None
    network_id: str | None
    sent_at: AwareDatetime | None
    error: Annotated[str | None, Field(description="What the network, or looking there, said last.")]
    withdrawn_by: Named | None
    withdraw_reason: str | None
    updated_at: AwareDatetime

    @classmethod
    def of(cls, row: PublicationRow, names: Names) -> Self:
        """As the row stands."""
        return cls.model_validate(row.model_dump() | {"withdrawn_by": Named.among(names, row.withdrawn_by)})


class CorrectionView(BaseModel):
    """The draft to review, approve and send; the text that it corrects is withdrawn after that."""

    draft: Annotated[str, Field(examples=["draft_01kcs3v8q2m5n7p9r1t3w5"])]
    corrects: Annotated[str, Field(examples=["publication_01kcs3v8q2m5n7p9r1t3w5"])]


class PauseView(BaseModel):
    """Nothing within `scope` is sent, of one brand or, if `brand` is null, of all."""

    model_config = ConfigDict(json_schema_extra={"examples": [_PAUSE]})

    id: str
    scope: str
    brand: str | None
    paused_by: Named | None
    paused_at: AwareDatetime
    reason: str
    lifted_by: Named | None
    lifted_at: AwareDatetime | None

    @classmethod
    def of(cls, row: PauseRow, names: Names) -> Self:
        """As the row stands."""
        who = {"paused_by": row.paused_by, "lifted_by": row.lifted_by}
        return cls.model_validate(row.model_dump() | {key: Named.among(names, id_) for key, id_ in who.items()})


class HeldView(BaseModel):
    """A text that a pause holds."""

    publication: PublicationView
    too_old: Annotated[
        bool, Field(description="It has waited so long that it goes back to review when the pause is lifted.")
    ]

    @classmethod
    def of(cls, held: Held) -> Self:
        """As the service gives it; what is held was withdrawn by nobody."""
        return cls(publication=PublicationView.of(held.publication, {}), too_old=held.too_old)


class PausesMade(BaseModel):
    """The pauses that stand now, one for each brand."""

    pauses: list[PauseView]


class Lifted(BaseModel):
    """What lifting a pause came to."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"let_go": 12, "too_old": 1}]})

    let_go: Annotated[int, Field(description="How many texts it held that are sent now, unless another pause stands.")]
    too_old: Annotated[int, Field(description="How many go back to review, as they have waited too long.")]

    @classmethod
    def of(cls, held: Sequence[Held]) -> Self:
        """Of everything that it held."""
        too_old = sum(item.too_old for item in held)
        return cls(let_go=len(held) - too_old, too_old=too_old)
