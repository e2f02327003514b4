"""What changed from one text to another, word by word."""

from difflib import SequenceMatcher
from typing import Literal

import regex
from pydantic import BaseModel, Field

_PIECE = regex.compile(r"\s+|[^\s]+")
_MOST_PIECES = 3_000
"""More are not compared: the time it takes grows with the square."""


class Change(BaseModel):
    """A run of words: in both texts, in the new one alone, or in the old one alone."""

    what: Literal["same", "added", "removed"]
    text: str = Field(examples=["60 days"])


def changes(before: str | None, after: str | None) -> list[Change]:
    """The runs that lead from one text to the other; all that is not `removed` is the new text, in order."""
    old, new = _PIECE.findall(before or ""), _PIECE.findall(after or "")
    if len(old) + len(new) > _MOST_PIECES:
        return [Change(what="removed", text=before or ""), Change(what="added", text=after or "")]
    runs: list[Change] = []
    for what, first, last, begin, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            runs.append(Change(what="same", text="".join(new[begin:end])))
            continue
        if last > first:
            runs.append(Change(what="removed", text="".join(old[first:last])))
        if end > begin:
            runs.append(Change(what="added", text="".join(new[begin:end])))
    return runs


def share_changed(before: str, after: str) -> float:
    """How much of a text is other words now: the words added and taken out, of all that are in either; 0 to 1."""
    old, new = before.split(), after.split()
    if not old and not new:
        return 0.0
    if len(old) + len(new) > _MOST_PIECES:
        return 1.0 if old != new else 0.0
    same = sum(size for _, _, size in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks())
    return 1 - same / max(len(old), len(new))
