"""Files of cases whose answers are known: JSON Lines, each line read by itself."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from assistant.screening.patterns import CATEGORIES, category
from server.json_lines import BadLine, parse_line, read_lines

DANGER_CODES = frozenset(category(name).code for name in CATEGORIES)
"""The reasons for which somebody is called at once."""

CaseT = TypeVar("CaseT")


class BadCases(ValueError):
    """There is no such file of cases, or it does not hold what it should."""


def read_cases(file: Path, read: Callable[[Mapping[str, Any]], CaseT]) -> tuple[list[CaseT], list[BadLine]]:
    """The cases of a file, and the lines that hold none; blank lines are passed over.

    Args:
        file: JSON Lines.
        read: Makes a case of a line's fields; what is missing or of another kind may raise as it comes.

    Raises:
        BadCases: There is no such file.
    """
    if not file.is_file():
        raise BadCases(f"{file} does not exist")
    cases: list[CaseT] = []
    bad: list[BadLine] = []
    for number, line in enumerate(read_lines(file), start=1):
        if not line.strip():
            continue
        name = None
        try:
            fields = parse_line(line)
            name = fields.get("id")
            cases.append(read(fields))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            bad.append(BadLine(number, None if name is None else str(name), f"{type(error).__name__}: {error}"))
    return cases, bad


def read_every_case(file: Path, read: Callable[[Mapping[str, Any]], CaseT], *, expected: str) -> list[CaseT]:
    """The cases of a file whose figures would mean nothing if one were left out.

    Raises:
        BadCases: There is no such file, it is empty, or a line is not what is `expected`; the first such line is named.
    """
    cases, bad = read_cases(file, read)
    if bad:
        raise BadCases(f"{file}:{bad[0].line}: expected {expected} ({bad[0].error})")
    if not cases:
        raise BadCases(f"{file} is empty: expected {expected}")
    return cases
