"""What the API takes about promises."""

from typing import Annotated, Self

from pydantic import AwareDatetime, Field, model_validator

from server.web.bodies import Body, Id, Why


class Kept(Body):
    """How a promise was kept: by an answer that was sent since, or in words."""

    publication: Annotated[Id | None, Field(description="The answer that kept it.")] = None
    reason: Annotated[Why | None, Field(examples=["Rang her on Friday; the refund is on her card."])] = None

    @model_validator(mode="after")
    def _says_how(self) -> Self:
        if self.publication is None and self.reason is None:
            raise ValueError("say how it was kept: name the answer that kept it, or give a reason")
        return self


class Withdrawn(Body):
    """Why a promise will not be kept."""

    reason: Why


class Moved(Body):
    """Another time for a promise, and why."""

    due: Annotated[AwareDatetime, Field(examples=["2026-11-27T17:00:00Z"])]
    reason: Why
