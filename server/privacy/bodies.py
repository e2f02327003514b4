"""What the API takes about privacy."""

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from server.privacy.subjects import Asked
from server.web.bodies import Body, Why

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]


class Handle(Body):
    """A name on a channel."""

    channel: Annotated[Name, Field(examples=["x"])]
    handle: Annotated[Name, Field(examples=["annwood"])]


class Whom(Body):
    """A customer of the shop, a handle, or a customer with handles that are known to be theirs besides."""

    customer: Annotated[Name | None, Field(examples=["C-0001"])] = None
    handles: Annotated[list[Handle], Field(max_length=20)] = Field(default_factory=list)

    @model_validator(mode="after")
    def _says_whom(self) -> Self:
        if self.customer is None and not self.handles:
            raise ValueError("say whom: a customer's id, or a handle on a channel")
        return self

    def asked(self) -> Asked:
        """As services take it."""
        return Asked(self.customer, tuple((one.channel, one.handle) for one in self.handles))


class Erase(Whom):
    """Whom to erase, and why: without their name, for the reason is kept."""

    reason: Annotated[Why, Field(examples=["asked for by letter of 18 November"])]
