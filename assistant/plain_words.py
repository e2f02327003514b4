"""A post as plain words: what remains when mentions, links, addresses and shouting are taken away."""

import html
from functools import lru_cache

import regex

# What begins with a run of signs is looked for at its first one only: from each of them, the time for a post of 20,000
# letters without a space would grow with their square.
EMAIL = regex.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+\.[\w.-]*\w")
PHONE = regex.compile(r"(?<![\w/.])\+?\d[\d ()\-]{7,}\d(?!\w)")
LINK = regex.compile(r"https?:\s?//\S+|\bwww\.\S+|(?<![\w-])[\w-]+\[\.\]\S+")
_MENTION = regex.compile(r"[\u2066-\u2069]|@[\w.\-]+(?:@[\w.\-]+)?:?")
_HASH = regex.compile(r"#(?=\w)")
_DRAWN_OUT = regex.compile(r"(\p{L})\1{2,}")
_LETTER = regex.compile(r"\p{L}")
_QUOTES = str.maketrans({"’": "'", "‘": "'", "´": "'", "“": '"', "”": '"', "„": '"'})


@lru_cache(maxsize=256)
def plain_words(text: str) -> str:
    """The words of a post without mentions, links and email addresses; straight quotes, single spaces.

    "heeelp" becomes "heelp"; a text all in capitals becomes lower case. Remembered for the rest of the turn, in which
    many ask for the same post.
    """
    text = html.unescape(text).translate(_QUOTES)
    text = LINK.sub(" ", EMAIL.sub(" ", text))
    text = _HASH.sub("", _MENTION.sub(" ", text))
    text = _DRAWN_OUT.sub(r"\1\1", text)
    if is_shouting(text):
        text = text.casefold()
    return " ".join(text.split())


def is_shouting(text: str) -> bool:
    """Whether most of a text of some length is in capitals."""
    letters = _LETTER.findall(text)
    return len(letters) > 15 and sum(letter.isupper() for letter in letters) / len(letters) > 0.6
