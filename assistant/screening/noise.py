"""Tells what needs no answer: spam, accounts that pose as support, thanks, and insults without a matter."""

import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import yaml

from assistant.guidance import Guidance
from assistant.screening.patterns import compile_pattern, fold

# The C loader is several times quicker, which shows at every start; both load plain data only.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SIGNALS_NEEDED = 2
_LONGEST_COURTESY = 30
_SUPPORT_NAMES = re.compile(r"help|support|care|service|team|desk|official|assist|refund|recover|hilfe|ayuda|aide")
_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
_QUESTION = re.compile(r"[?¿]")


def spam_signals(text: str, languages: Iterable[str]) -> tuple[str, ...]:
    """The words that make `text` spam, at least two of different kinds; none if it is not, or if it reports spam."""
    languages = tuple(languages)
    found = _signals("spam", text, ("any", *languages))
    return found if len(found) >= _SIGNALS_NEEDED and not _is_spared(text, languages) else ()


def poses_as_support(text: str, languages: Iterable[str], *, author: str, guidance: Guidance) -> str | None:
    """What shows that `author` answers customers in our stead: words of support from a name like ours, or many of them.

    Handles of the brands themselves are not meant.
    """
    languages = tuple(languages)
    handle = re.sub(r"[^a-z0-9]", "", author.casefold())
    own = {
        re.sub(r"[^a-z0-9]", "", name.casefold()) for brand in guidance.brands for name in (brand.id, brand.name)
    } - {""}
    if any(brand.goes_by(author) for brand in guidance.brands):
        return None
    found = _signals("impersonation", text, languages)
    like_ours = any(name in handle for name in own) and bool(_SUPPORT_NAMES.search(handle))
    if like_ours and found:
        return f"@{author} says “{found[0]}”"
    if len(found) > _SIGNALS_NEEDED and not _is_spared(text, languages):
        return ", ".join(f"“{signal}”" for signal in found)
    return None


def is_thanks(text: str, languages: Iterable[str]) -> bool:
    """Whether `text` thanks and does nothing else."""
    return _made_of(text, languages, "thanks", "thanking")


def is_rant(text: str, languages: Iterable[str]) -> bool:
    """Whether `text` insults and does nothing else."""
    return _made_of(text, languages, "rant", "insults")


def _made_of(text: str, languages: Iterable[str], kind: str, needed: str) -> bool:
    if _QUESTION.search(text):
        return False
    words = [word.casefold() for word in _WORD.findall(fold(text))]
    if not words or len(words) > _LONGEST_COURTESY or any(char.isdigit() for char in fold(text)):
        return False
    for language in languages:
        wanted, others = _words(kind, needed, language), _words(kind, "words", language)
        if wanted & set(words) and all(word in wanted or word in others for word in words):
            return True
    return False


def _is_spared(text: str, languages: tuple[str, ...]) -> bool:
    folded = fold(text)
    return any(pattern.search(folded) for language in languages for pattern in _patterns("spares", language))


def _signals(kind: str, text: str, languages: tuple[str, ...]) -> tuple[str, ...]:
    folded = fold(text)
    matches = (pattern.search(folded) for language in languages for pattern in _patterns(kind, language))
    return tuple(dict.fromkeys(" ".join(match.group().split()) for match in matches if match))


@cache
def _patterns(kind: str, language: str) -> tuple[re.Pattern[str], ...]:
    entry = _read()[kind]
    by_language: Mapping[str, list[str]] = entry.get("signals", entry)
    return tuple(compile_pattern(pattern, language) for pattern in by_language.get(language, ()))


@cache
def _words(kind: str, part: str, language: str) -> frozenset[str]:
    return frozenset(fold(_read()[kind][part].get(language, "")).split())


@lru_cache(maxsize=1)
def _read() -> dict[str, Any]:
    read: dict[str, Any] = yaml.load(
        files("assistant").joinpath("screening", "noise.yaml").read_text("utf-8"), Loader=_LOADER
    )
    return read
