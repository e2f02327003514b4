"""What the API takes about incidents."""

from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

from server.drafts.bodies import Body, Id
from server.incidents.opening import Match
from server.incidents.states import Kind

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
