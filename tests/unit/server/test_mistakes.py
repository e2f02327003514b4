"""What is wrong with a field is told in our words, and never with what was given."""

from datetime import datetime
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from server.web.mistakes import say_mistake


class Thing(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=1_500)] = "a"
    at: datetime | None = None
    many: Annotated[int, Field(ge=1, le=100)] = 1
    kind: Literal["phone", "chat"] = "phone"

    @model_validator(mode="after")
    def _fits(self) -> "Thing":
        if self.name == "unfit":
            raise ValueError("say who it is")
        return self


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"name": ""}, "must not be empty"),
        ({"name": "x" * 1_501}, "at most 1,500 characters"),
        ({"name": 5}, "must be text"),
        ({"name": "unfit"}, "say who it is"),
        ({"at": "yesterday"}, "must be a date and time with its zone, such as 2026-11-20T12:00:00Z"),
        ({"many": "lots"}, "must be a whole number"),
        ({"many": 1.5}, "must be a whole number"),
        ({"many": 101}, "must be 100 or less"),
        ({"kind": "telefon"}, "must be 'phone' or 'chat'"),
        ({"colour": "red"}, "is not known here"),
    ],
)
def test_a_mistake_is_told_in_words_of_ours(given: dict[str, Any], words: str):
    with pytest.raises(ValidationError) as raised:
        Thing.model_validate(given)
    assert [say_mistake(one) for one in raised.value.errors()] == [words]
