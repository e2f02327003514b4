"""What the API takes about incidents."""

from datetime import timedelta
from typing import Annotated, Self

from pydantic import AwareDatetime, Field, StringConstraints, model_validator

from assistant.guidance import Language
from server.drafts.bodies import Digest, Id, Words
from server.incidents.answering import Wanted
from server.incidents.approving import Yes
from server.incidents.opening import Match
from server.incidents.states import Kind, Purpose
from server.incidents.texts import NewText
from server.web.bodies import Body

Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Sign = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=100)]
Known = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]
MOST_SEEN = 10_000


class NewMatch(Body):
    """What makes a post belong: any of the intents, words (whole, in any case), or likeness to posts pointed out."""

    intents: Annotated[tuple[Id, ...], Field(max_length=20, examples=[["is_it_down", "app_or_site_fault"]])] = ()
    words: Annotated[tuple[Sign, ...], Field(max_length=50, examples=[["checkout", "error 503"]])] = ()
    accounts: Annotated[
        tuple[Id, ...],
        Field(max_length=50, description="Only posts to these; left out: to any of the brand.", examples=[[]]),
    ] = ()
    since: Annotated[
        AwareDatetime | None, Field(description="Only posts sent since then.", examples=["2026-11-20T11:30:00Z"])
    ] = None
    like: Annotated[
        tuple[Id, ...], Field(max_length=10, description="Ids of posts that others are like.", examples=[[]])
    ] = ()
    likeness: Annotated[float, Field(ge=0.3, le=1.0, description="How like them, from 0 to 1.")] = 0.9

    @property
    def match(self) -> Match:
        """As incidents keep it."""
        return Match(self.intents, self.words, self.accounts, self.since, self.like, self.likeness)


class NewIncident(Body):
    """What many write about, and by what their posts are found."""

    brand: Annotated[Id, Field(examples=["fernhollow"])]
    title: Annotated[Title, Field(examples=["Checkout is down"])]
    kind: Kind = Kind.INCIDENT
    known: Annotated[
        Known | None,
        Field(
            description="What may be said of it in public, as you vouch for it; the texts may rest on it.",
            examples=["The checkout has been down since 11:40 UTC. Nothing was charged."],
        ),
    ] = None
    match: NewMatch = NewMatch()


class Widening(Body):
    """What belongs to an open incident besides: any of these intents and words, or likeness to these posts."""

    version: Annotated[int, Field(ge=1, le=2**31 - 1, description="Of the incident as it was seen.", examples=[3])]
    intents: Annotated[tuple[Id, ...], Field(max_length=20, examples=[["payment_problem"]])] = ()
    words: Annotated[tuple[Sign, ...], Field(max_length=50, examples=[["basket", "Kasse"]])] = ()
    like: Annotated[
        tuple[Id, ...], Field(max_length=10, description="Ids of posts that others are like.", examples=[[]])
    ] = ()
    likeness: Annotated[
        float | None, Field(ge=0.3, le=1.0, description="How like them from now on; left out: as before.")
    ] = None

    @property
    def match(self) -> Match:
        """What is added."""
        return Match(self.intents, self.words, like=self.like)


class Confirmation(Body):
    """The listings that were seen and belong to the incident."""

    seen: Annotated[
        list[Id],
        Field(
            min_length=1,
            max_length=MOST_SEEN,
            description="Ids of listings, as `/cases` shows them.",
            examples=[["listing_01kcs3v8q2m5n7p9r1t3w5"]],
        ),
    ]


class Release(Confirmation):
    """The listings that do not belong to the incident, and why not."""

    reason: Annotated[Words, Field(examples=["asks about the shop in Leeds"])]


class IncidentText(Body):
    """What is said to everybody, in one language."""

    language: Annotated[Language, Field(examples=["en"])]
    text: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=10_000),
        Field(examples=["Our checkout has been down since 11:40 UTC. Nothing was charged."]),
    ]
    purpose: Purpose = Purpose.ANSWER
    statement: Annotated[
        Id | None,
        Field(
            description="Whose approved words these are: `holding:<category>`, or a document with prepared answers.",
            examples=[None],
        ),
    ] = None
    promises_update: Annotated[bool, Field(description="Whoever gets it is promised an update.")] = False
    update_due: Annotated[AwareDatetime | None, Field(description="By when.", examples=["2026-11-20T18:00:00Z"])] = None

    @property
    def new(self) -> NewText:
        """As texts are written."""
        return NewText(self.language, self.text, self.purpose, self.statement, self.promises_update, self.update_due)


class TextApproval(Body):
    """A yes to exactly this text."""

    digest: Annotated[Digest, Field(description="Of the text as it was read.")]
    confirmed: Annotated[
        bool, Field(description="The text and its findings were read; needed where a check warns.")
    ] = False
    override: Annotated[
        Words | None, Field(description="Why it is sent although a check blocks it; asks for a second person.")
    ] = None

    @property
    def yes(self) -> Yes:
        """As approvals take it."""
        return Yes(self.digest, self.confirmed, self.override)


Version = Annotated[int, Field(ge=1, le=2**31 - 1, description="Of the incident as it was seen.", examples=[3])]
Spreading = Annotated[int, Field(ge=1, le=1440, description="Over how many minutes they are sent.", examples=[60])]
Digests = Annotated[
    dict[Language, Digest], Field(description="The approved texts that are meant: their digests by language.")
]


class NewAnswer(Body):
    """How everybody who was confirmed is answered: a reply for each, or one post of ours that stands for all."""

    version: Version
    texts: Annotated[Digests, Field(default_factory=dict)]
    spread_minutes: Spreading = 60
    pinned: Annotated[
        Words | None, Field(description="Where our post stands: its address or id on the network.", examples=[None])
    ] = None
    confirmed: Annotated[bool, Field(description="You have seen that the post is up.")] = False

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if bool(self.texts) == (self.pinned is not None):
            raise ValueError("name the texts, or where the pinned post stands")
        return self

    @property
    def wanted(self) -> Wanted:
        """As answering takes it."""
        return Wanted(
            {str(name): digest for name, digest in self.texts.items()},
            timedelta(minutes=self.spread_minutes),
            self.pinned,
            self.confirmed,
        )


class Closing(Body):
    """How it ended, and what becomes of those whom nobody has answered."""

    version: Version
    outcome: Annotated[Words, Field(examples=["a certificate had run out; renewed at 13:05"])]
    release_rest: Annotated[
        bool,
        Field(description="Put back into the queue who waits for an answer, or whose answer has not left yet."),
    ] = False


class Telling(Body):
    """The closing texts, for those who were promised an update."""

    texts: Annotated[Digests, Field(min_length=1)]
    seen: Annotated[
        list[Id],
        Field(
            min_length=1,
            max_length=MOST_SEEN,
            description="Ids of promises, as `/promised` shows them.",
            examples=[["promise_01kcs3v8q2m5n7p9r1t3w5"]],
        ),
    ]
    spread_minutes: Spreading = 60
