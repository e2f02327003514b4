"""Relevance from 0 to 1."""

THRESHOLD = 0.5
"""Below it a passage does not count as an answer."""


def relevance(dense: float, title: float) -> float:
    """How surely a passage answers."""
    return min(1.0, max(0.0, (dense + title) / 2))
