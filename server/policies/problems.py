"""What `deskside knowledge check` reports."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self

from server.policies.yaml_files import BadKnowledgeFile

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the knowledge folder that a person should look at, and what to do about it.

    An `error` would make a draft wrong, a `warning` makes one poorer, an `info` is only good to know. `field` is the
    one of the front matter that it is about, if it is about one.
    """

    file: Path
    line: int
    severity: Severity
    words: str
    field: str = ""

    @classmethod
    def unreadable(cls, error: BadKnowledgeFile) -> Self:
        """A file that cannot be read as what it should be."""
        return cls(error.file, error.line, "error", f"{error.field + ': ' if error.field else ''}{error.words}")

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.severity}: {self.words}"
