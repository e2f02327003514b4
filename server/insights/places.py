"""Which of the places that answers point to lead out of everybody's sight."""

from collections.abc import Collection
from functools import lru_cache
from pathlib import Path

from server.policies.files import load_destinations

PRIVATE_KINDS = frozenset({"direct_message", "secure_form", "phone", "appeal"})
"""Where the talk goes on between us and the customer alone. A page to read or a form of another purpose is none."""


def private_places(knowledge: Path) -> Collection[str]:
    """The ids of the destinations that lead there."""
    file = knowledge / "destinations.yaml"
    return _private_places(knowledge, file.stat().st_mtime_ns if file.is_file() else 0)


@lru_cache(maxsize=4)
def _private_places(knowledge: Path, changed: int) -> frozenset[str]:
    del changed  # another file is another question
    return frozenset(place.id for place in load_destinations(knowledge) if place.kind in PRIVATE_KINDS)
