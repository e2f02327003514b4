"""What is wrong with a field, in our own words: Pydantic's speak of Python."""

from collections.abc import Callable, Mapping
from typing import Any

_NUMBER = "must be a whole number"
_TIME = "must be a date and time with its zone, such as 2026-11-20T12:00:00Z"
_DAY = "must be a day, such as 2026-11-20"
_WORDS: Mapping[str, str] = {
    "missing": "is needed",
    "extra_forbidden": "is not known here",
    "int_parsing": _NUMBER,
    "int_parsing_size": _NUMBER,
    "int_type": _NUMBER,
    "int_from_float": _NUMBER,
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
    "string_type": "must be text",
    "string_pattern_mismatch": "is not written as this is written, or holds characters that are not taken",
    "model_attributes_type": "must be an object",
    "dict_type": "must be an object",
    "list_type": "must be a list",
    "datetime_parsing": _TIME,
    "datetime_from_date_parsing": _TIME,
    "datetime_type": _TIME,
    "datetime_object_invalid": _TIME,
    "timezone_aware": _TIME,
    "date_parsing": _DAY,
    "date_type": _DAY,
    "date_from_datetime_parsing": _DAY,
    "date_from_datetime_inexact": _DAY,
}
_LIMITS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "string_too_long": lambda limit: f"at most {_many(limit['max_length'], 'character')}",
    "string_too_short": lambda limit: _at_least(limit["min_length"]),
    "too_long": lambda limit: f"at most {limit['max_length']:,} of them",
    "too_short": lambda limit: f"at least {limit['min_length']:,} of them",
    "greater_than_equal": lambda limit: f"must be {limit['ge']} or more",
    "less_than_equal": lambda limit: f"must be {limit['le']} or less",
}


def say_mistake(mistake: Mapping[str, Any]) -> str:
    """One of a validation's errors. What was given is not repeated: it may be a customer's words."""
    kind, limit = mistake["type"], mistake.get("ctx", {})
    if kind in _WORDS:
        return _WORDS[kind]
    if kind in _LIMITS:
        return _LIMITS[kind](limit)
    words: str = mistake["msg"]
    return words.removeprefix("Value error, ").replace("Input should be", "must be")


def _at_least(least: int) -> str:
    return "must not be empty" if least == 1 else f"at least {_many(least, 'character')}"


def _many(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
