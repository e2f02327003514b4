"""Which language a post is written in, from its words alone."""

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

import regex
import yaml

if TYPE_CHECKING:
    from lingua import LanguageDetector

# The C loader is several times quicker, which shows at every start; both load plain data only.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
UNDETERMINED = "und"
"""What `detect_language` says of a text without words, where no hint is given."""

# Beyond these a post is taken for the nearest of them and handed over all the same; each one more costs certainty in
# short posts.
_LANGUAGES = (
    *("ENGLISH", "GERMAN", "SPANISH", "FRENCH", "ITALIAN", "PORTUGUESE", "DUTCH", "POLISH", "TURKISH", "SWEDISH"),
    *("DANISH", "BOKMAL", "FINNISH", "CZECH", "ROMANIAN", "HUNGARIAN", "GREEK", "RUSSIAN", "UKRAINIAN", "ARABIC"),
    *("HEBREW", "HINDI", "INDONESIAN", "JAPANESE", "KOREAN", "CHINESE", "THAI"),
)
_NOT_WORDS = regex.compile(
    r"""
    https?\s*:\s*/\s*/?\s*\S+ | \bwww\.\S+          # links, also such as were pulled apart
    | (?<![\w.+-])[\w.+-]+@[\w-]+\.[\w.-]+          # addresses
    | @[\w.@-]+                                     # mentions
    | [#_]                                          # the mark of a hashtag, not its word
    | &\w+;                                         # &amp;
    | (?<![a-z\d-])(?=[a-z-]*\d)[a-z\d-]+            # order numbers, models, times
    """,
    regex.VERBOSE | regex.IGNORECASE,
)
_LETTERS = regex.compile(r"\p{L}+(?:['’]\p{L}+)?")
_STRETCHED = regex.compile(r"(\p{L})\1{2,}")
_WEIGHT_OF_WORDS = 1.5
_SURE_WORDS = 4
"""From so many words on, the likeliest language is believed over the hint."""


def detect_language(text: str, hint: str | None = None) -> str:
    """The ISO 639-1 code of the language of `text`.

    Mentions, links, numbers and marks do not count. A text of few words, or one that could be two languages, is taken
    to be in `hint` (the brand's language, or that of the author's other posts) unless its words clearly say otherwise.

    Args:
        text: A post, or several.
        hint: The language to fall back to.

    Returns:
        Such as "en", "de", "ja"; `UNDETERMINED` where there is nothing to tell and no hint.
    """
    words = _words(text)
    if not words:
        return hint or UNDETERMINED
    scores = _scores(words)
    best = max(scores, key=lambda language: scores[language])
    if hint is None or best == hint:
        return best
    needed = 0.3 if len(words) >= 2 * _SURE_WORDS else 0.5 if len(words) >= _SURE_WORDS else 0.6
    return best if scores[best] - scores.get(hint, 0.0) >= needed else hint


@lru_cache(maxsize=256)
def _words(text: str) -> tuple[str, ...]:
    return tuple(_LETTERS.findall(_STRETCHED.sub(r"\1\1", _NOT_WORDS.sub(" ", text))))


@lru_cache(maxsize=256)
def _scores(words: tuple[str, ...]) -> Mapping[str, float]:
    """How likely each language is: the detector's confidence, and the share of words known to be the language's.

    Letters alone decide little in "plz fix account"; a "wo ist mein" or a "how do I" decides a lot. Remembered for the
    rest of the turn: screen, search and checks ask for the same post again.
    """
    small = [word.casefold().replace("’", "'") for word in words]
    scores = {
        value.language.iso_code_639_1.name.lower(): value.value
        for value in _detector().compute_language_confidence_values(" ".join(words))
    }
    for language, known in _known_words().items():
        scores[language] += _WEIGHT_OF_WORDS * sum(word in known for word in small) / len(small)
    return scores


@lru_cache(maxsize=1)
def _known_words() -> dict[str, frozenset[str]]:
    table = yaml.load(files("assistant").joinpath("language_words.yaml").read_text(encoding="utf-8"), Loader=_LOADER)
    return {str(language): frozenset(words.split()) for language, words in table.items()}


@lru_cache(maxsize=1)
def _detector() -> "LanguageDetector":
    """Built at the first post, half a second and 20 MB; the accurate mode costs 120 MB and 0.07 s a post more."""
    from lingua import Language, LanguageDetectorBuilder

    languages = [getattr(Language, name) for name in _LANGUAGES]
    return LanguageDetectorBuilder.from_languages(*languages).with_low_accuracy_mode().build()
