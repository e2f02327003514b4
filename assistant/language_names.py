"""What languages are called, for people: French, not fr."""

from babel import Locale


def language_name(code: str, told_in: str = "en") -> str:
    """The name of a language in another; of one that has none there its code."""
    return str(Locale.parse(told_in).languages.get(code, code))
