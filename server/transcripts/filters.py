"""What a search in transcripts is narrowed by, as it is asked for over HTTP."""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from server.staff.naming import names_of
from server.staff.roles import Caller
from server.transcripts.search_repository import Wanted
from server.transcripts.words import LONGEST_QUERY, CannotBeSearched, read_query

_Value = Annotated[str, Field(min_length=1, max_length=100)]
_Share = Annotated[int, Field(ge=0, le=100)]
_ALL = 100

Outcome = Literal["draft", "clarify", "hand_over", "no_reply", "hold"]
WrittenBy = Literal["model", "composer"]
Has = Literal["action", "promise", "override"]


class Filters(BaseModel):
    """Every filter that is given has to hold. A filter that is left out asks for nothing."""

    model_config = ConfigDict(extra="forbid")

    q: str = Field(
        default="",
        max_length=LONGEST_QUERY,
        description='Words, all of which stand in it: `tent "never arrived" refund* -backpack`. Case and accents do '
        "not matter; a phrase stands within one entry.",
        examples=['tent "never arrived"'],
    )
    brand: _Value | None = None
    channel: _Value | None = None
    staff: _Value | None = Field(default=None, description="Whoever did something in it.")
    customer: _Value | None = None
    since: AwareDatetime | None = Field(default=None, description="The last thing in it happened then or later.")
    until: AwareDatetime | None = Field(default=None, description="The last thing in it happened before.")
    outcome: Outcome | None = None
    rule: _Value | None = Field(default=None, description="A check that found something in a draft of it.")
    policy: _Value | None = Field(default=None, description="A document that a draft of it rests on.")
    written_by: WrittenBy | None = None
    has: list[Has] = Field(default=[], max_length=3)
    human_from: _Share | None = Field(default=None, description="Scored by a person at this much or more.")
    human_to: _Share | None = None
    automatic_from: _Share | None = Field(default=None, description="Its automatic part came to this much or more.")
    automatic_to: _Share | None = None

    async def check_staff(self, session: AsyncSession) -> None:
        """Whether there is, or was, such a person.

        Raises:
            CannotBeSearched: Nobody has this id.
        """
        if self.staff is not None and self.staff not in await names_of(session, [self.staff]):
            raise CannotBeSearched(f"nobody of the staff has the id “{self.staff}”; it stands in `id` beside each name")

    def wanted(self, caller: Caller) -> Wanted | None:
        """What is looked for; None: nothing can be found, because the caller works for no brand.

        Raises:
            CannotBeSearched: The words cannot be looked for, or the brand is none of the caller's.
        """
        terms = read_query(self.q)
        if "q" in self.model_fields_set and all(term.without for term in terms):
            raise CannotBeSearched("no word to search for: name one that must stand there, or leave `q` out")
        brands = caller.brands if self.brand is None else caller.brands & {self.brand}
        if not caller.brands:
            return None
        if not brands:
            theirs = ", ".join(sorted(caller.brands))
            raise CannotBeSearched(f"“{self.brand}” is no brand of yours; brand is one of {theirs}")
        named = ("channel", "staff", "customer", "outcome", "rule", "policy", "written_by")
        facts: list[tuple[str, Sequence[str]]] = [
            (name, [value]) for name in named if (value := getattr(self, name)) is not None
        ]
        facts += [("has", [value]) for value in self.has]
        facts += _shares("human", self.human_from, self.human_to)
        facts += _shares("automatic", self.automatic_from, self.automatic_to)
        return Wanted(brands, terms, facts, self.since, self.until)


def _shares(name: str, first: int | None, last: int | None) -> list[tuple[str, Sequence[str]]]:
    if first is None and last is None:
        return []
    least, most = first or 0, _ALL if last is None else last
    return [(name, [str(share) for share in range(least, most + 1)] or ["none"])]
