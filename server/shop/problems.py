"""What is wrong with the files of an import, in words that the person who made them can act on."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from pydantic_core import ErrorDetails

SHOWN_AT_MOST = 100
_VALUE_SHOWN_AT_MOST = 40

_PATTERNS = {
    r"^[A-Z]{3}$": "must be three capital letters such as GBP",
    r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$": "must be a language such as en or pt-BR",
    r"^[0-9]{4}$": "must be four digits",
}
_WORDS = {
    "missing": "is missing",
    "extra_forbidden": "is not a field of the import format",
    "string_type": "must be text",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "bool_type": "must be true or false",
    "dict_type": "must be an object",
    "list_type": "must be a list",
    "string_too_short": "must not be empty",
    "string_too_long": "must have at most 100 characters",
    "too_short": "must have at least one entry",
    "greater_than_equal": "must be 1 or more",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to put right; `field` is a path such as `lines[0].quantity`, None for the line as a whole."""

    file: str
    line: int
    field: str | None
    words: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {f'{self.field} ' if self.field else ''}{self.words}"


@dataclass(slots=True)
class Problems:
    """The first hundred problems, and how many there are."""

    shown: list[Problem] = field(default_factory=list)
    count: int = 0

    def add(self, problems: Iterable[Problem]) -> None:
        """Note these, in the order of their lines."""
        for problem in sorted(problems, key=lambda problem: problem.line):
            self.count += 1
            if len(self.shown) < SHOWN_AT_MOST:
                self.shown.append(problem)


def problem_of(file: str, line: int, error: ErrorDetails) -> Problem:
    """One of pydantic's errors as a problem of this line."""
    kind, value = error["type"], error["input"]
    if kind == "json_invalid":
        return Problem(file, line, None, f"is not one JSON object: {error['ctx']['error']}")
    if kind == "literal_error":
        words = f"must be one of {error['ctx']['expected']}".replace("'", "").replace(" or ", ", ")
    elif kind == "string_pattern_mismatch":
        words = _PATTERNS[error["ctx"]["pattern"]]
    else:
        words = _WORDS.get(kind, error["msg"])
    if kind not in ("missing", "extra_forbidden") and not isinstance(value, dict | list):
        words = f"{words}, not {shorten(value)}"
    return Problem(file, line, field_path(error["loc"]) or None, words)


def field_path(loc: Iterable[str | int]) -> str:
    """`("lines", 0, "sku")` as `lines[0].sku`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc).removeprefix(".")


def shorten(value: object) -> str:
    """A value as it stood in the file, cut where it would fill the screen."""
    written = json.dumps(value, ensure_ascii=False, default=str)
    return written if len(written) <= _VALUE_SHOWN_AT_MOST else f"{written[: _VALUE_SHOWN_AT_MOST - 1]}…"
