"""Whether somebody's own words are a yes to what they were asked."""

from functools import cache

from assistant.reading.lexicon import LANGUAGES, Hit, Phrases, phrases_of
from assistant.reading.tokens import words_of


def why_no_consent(quote: str) -> str | None:
    """Why these words are no yes, or None if they may stand as one.

    Words in any of the languages that are read: who says yes seldom says enough to tell which. Words that neither agree
    nor refuse ("please cancel it") may stand; a question may not, unless it agrees ("yes, could you?").

    Args:
        quote: The customer's words, as they were said.
    """
    words = words_of(quote)
    if not any(word[0].isalnum() for word in words):
        return "it says nothing"
    found = _phrases().find(words)
    allowed = found.get("consent/not_refusing", [])
    for hit in found.get("consent/refusing", []):
        if not any(other.start <= hit.start and hit.end <= other.end for other in allowed):
            return f"“{_said(words, hit)}” is no yes"
    if quote.rstrip(" \"'”’)").endswith("?") and "consent/agreeing" not in found:
        return "it is a question"
    return None


def asks_or_agrees(quote: str) -> bool:
    """Whether these words agree to something, or ask for something to be done."""
    found = _phrases().find(words_of(quote))
    return "consent/agreeing" in found or "consent/asking" in found


def _said(words: list[str], hit: Hit) -> str:
    return " ".join(words[hit.start : hit.end])


@cache
def _phrases() -> Phrases:
    return phrases_of("consent", ("agreeing", "asking", "refusing", "not_refusing"), LANGUAGES)
