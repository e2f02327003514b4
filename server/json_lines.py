"""JSON Lines as people hand them over: from a file or a pipe, with a byte order mark or broken bytes in them."""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import Any

STANDARD_INPUT = Path("-")


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that cannot be read: its number, its id if that much was legible, and what to correct."""

    line: int
    id: str | None
    error: str

    def as_json(self) -> dict[str, Any]:
        """The object that stands in the line's place in the output."""
        return {"id": self.id, "line": self.line, "error": self.error}


def read_lines(file: Path) -> Iterator[str]:
    """The lines of a file, or of standard input for `-`, as they come.

    Only a line feed ends a line: a post may hold any other separator. Bytes that are not UTF-8 become "�", so that one
    bad line costs the others nothing.
    """
    source = sys.stdin.buffer if file == STANDARD_INPUT else file.open("rb")
    text = TextIOWrapper(source, encoding="utf-8-sig", errors="replace", newline="\n")
    try:
        yield from text
    finally:
        if file == STANDARD_INPUT:
            text.detach()
        else:
            text.close()


def parse_line(line: str) -> Any:  # noqa: ANN401 - JSON
    """The value of a line. Halves of surrogate pairs, which JSON can carry and no encoding can write, become "�".

    Raises:
        ValueError: It is not JSON.
        RecursionError: It is nested too deeply to be read.
    """
    value = json.loads(line)
    if "\\ud" in line.lower():
        written = json.dumps(value, ensure_ascii=False).encode("utf-16-le", "surrogatepass")
        value = json.loads(written.decode("utf-16-le", "replace"))
    return value
