"""What was asked of records and documents, and what came back: for whoever asks later why a text was written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class ToolCall:
    """One call of a turn.

    `ahead`: it was made before anybody wrote; otherwise the model asked for it. `result` is a record or several as the
    port gave them, or the words that the model read. `outage` says why a port did not answer, `error` what else went
    wrong: it then is no answer.
    """

    name: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    ahead: bool = False
    result: Any = None
    outage: str | None = None
    error: str | None = None
    ms: float = 0.0
