"""What pages call the sources that checks speak of by number."""

from collections.abc import Mapping, Sequence
from typing import Any

import regex

_NUMBER = regex.compile(r"\bE\d+\b")


def naming(words: str, evidence: Sequence[Mapping[str, Any]]) -> str:
    """Words of a check, with each source called as it is in the list beside them: "E2 says 14 days" by its title."""
    titles = {found["id"]: f"“{found['source']}”" for found in evidence}
    named: str = _NUMBER.sub(lambda number: titles.get(number.group(), number.group()), words)
    return named
