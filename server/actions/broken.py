"""What is said when an action may not be done."""

from collections.abc import Sequence
from dataclasses import dataclass

from server.errors import Unprocessable


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that an action would break: its name for programs, and what is wrong in words for people."""

    rule: str
    words: str


class ActionBreaksRules(Unprocessable):
    """The action may not be done as things stand; `broken` says every rule that it breaks."""

    def __init__(self, broken: Sequence[Broken]) -> None:
        super().__init__(broken[0].words, broken=[{"rule": item.rule, "words": item.words} for item in broken])
        self.broken = tuple(broken)
