"""Blanks in a text that somebody, or something, was to fill in: `{{customer_first_name}}`."""

import regex

_BLANK = regex.compile(r"\{\{\s*([\p{L}\p{N}_-]{1,60})\s*\}\}")


def find_blanks(text: str) -> list[str]:
    """The names of a text's blanks, each once, in their order."""
    return list(dict.fromkeys(match.group(1) for match in _BLANK.finditer(text)))


def fill_blanks(text: str, values: dict[str, str]) -> str:
    """The text with these values; a blank that has none stays as it stands."""
    return _BLANK.sub(lambda match: values.get(match.group(1), match.group()), text)


def around_blanks(text: str) -> list[str]:
    """What a text says between its blanks."""
    return _BLANK.sub("\0", text).split("\0")
