"""What the bodies that the API takes have in common."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Id = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Why = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]
"""Kept with what it explains, for whoever asks later."""
Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")]
"""An id that people choose, as the knowledge folder's files name things."""


class Body(BaseModel):
    """What is sent: a field that we do not know is a mistake of the sender and is told."""

    model_config = ConfigDict(extra="forbid")
