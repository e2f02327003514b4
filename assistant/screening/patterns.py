"""Reads the categories' words and finds them in a text.

A pattern is a regular expression over folded text (no accents, no case unless it asks for it); a space in it matches
any gap within a sentence, " ~ " up to four words between, `<body>` a list of lists.yaml. Harmless phrases are blanked
out before anything is looked for, so that "kill for this jacket" cannot hide "I will kill you" beside it.
"""

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import yaml

# The C loader is several times quicker, which shows at every start; both load plain data only.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
CATEGORIES = (
    *("self_harm", "threat", "injury", "product_danger", "minor", "data_breach", "discrimination", "press"),
    *("regulator", "legal", "named_employee"),
)
"""The files of the categories, the gravest first: the first that is found decides."""

# Bounded, and links looked for at the first sign of a run only: else the time for a post of 20,000 signs without a word
# would grow with their square.
_GAP = r"(?:[^\w.!?\n]{1,100})"
_WORDS_BETWEEN = rf"(?:{_GAP}\w+){{0,4}}?{_GAP}"
_NOT_SAID = re.compile(
    r"https?\s*:\s*/\s*/?\s*\S+|\bwww\.\S+|(?<![\w.+-])[\w.+-]+@[\w-]+\.[\w.-]+|@[\w.@-]+", re.IGNORECASE
)
_LIST = re.compile(r"<(\w+)>")
_PIECE = re.compile(r"\[(?:\\.|[^\]\\])*\]| ~ | ")


@dataclass(frozen=True, slots=True)
class Category:
    """A reason to call somebody at once: what it is called, who is called, and how a hit is put into words."""

    name: str
    code: str
    holding: str
    team: str
    says: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A category and the words of the text that fit it."""

    category: Category
    words: str


@dataclass(frozen=True, slots=True)
class _Patterns:
    """One category's patterns in one language."""

    words: re.Pattern[str]
    harmless: re.Pattern[str] | None
    needs: re.Pattern[str] | None
    never: re.Pattern[str] | None


def fold(text: str) -> str:
    """`text` without accents, mentions and links, in straight apostrophes; every other character keeps its place."""
    bare = _NOT_SAID.sub(lambda match: " " * len(match.group()), unicodedata.normalize("NFC", text))
    bare = (
        bare.replace("ß", "ss")
        .replace("œ", "oe")
        .replace("Œ", "Oe")
        .replace("’", "'")
        .replace("‘", "'")
        .replace("`", "'")
        .replace("#", " ")
    )
    return "".join(unicodedata.normalize("NFD", char)[0] for char in bare)


def find_hit(text: str, languages: tuple[str, ...], but: Collection[str] = ()) -> Hit | None:
    """The gravest category, `but` for those of these codes, that any of these languages' words are found for."""
    text = unicodedata.normalize("NFC", text)
    folded = fold(text)
    shouted = folded.isupper()
    for name in CATEGORIES:
        if (name == "named_employee" and shouted) or (but and category(name).code in but):
            continue
        for language in languages:
            patterns = _patterns(name, language)
            match = _find(folded, patterns) if patterns else None
            if match is not None:
                said = text if len(text) == len(folded) else folded
                return Hit(category(name), " ".join(said[match.start() : match.end()].split()))
    return None


@lru_cache(maxsize=len(CATEGORIES))
def category(name: str) -> Category:
    """The category of this name."""
    entry = _read(name)
    return Category(name, entry["code"], entry["holding"], entry["team"], entry["says"])


def compile_pattern(pattern: str, language: str) -> re.Pattern[str]:
    """The regular expression that `pattern` stands for, matching whole words."""
    return re.compile(_bounded([pattern], language), re.IGNORECASE)


def _find(folded: str, patterns: _Patterns) -> re.Match[str] | None:
    if patterns.needs and not patterns.needs.search(folded):
        return None
    if patterns.never and patterns.never.search(folded):
        return None
    match = patterns.words.search(folded)
    if match and patterns.harmless:
        match = patterns.words.search(patterns.harmless.sub(_blank, folded))
    return match


def _blank(match: re.Match[str]) -> str:
    return "_" * len(match.group())


@cache
def _patterns(name: str, language: str) -> _Patterns | None:
    entry = _read(name)
    if language not in entry["words"]:
        return None

    def compiled(part: str) -> re.Pattern[str] | None:
        found = entry.get(part, {}).get(language)
        return re.compile(_bounded(found, language), re.IGNORECASE) if found else None

    words = compiled("words")
    if words is None:
        return None
    return _Patterns(words, compiled("harmless"), compiled("needs"), compiled("never"))


def _bounded(patterns: list[str], language: str) -> str:
    return rf"(?<!\w)(?:{'|'.join(_expand(pattern, language) for pattern in patterns)})(?!\w)"


def _expand(pattern: str, language: str) -> str:
    while _LIST.search(pattern):
        pattern = _LIST.sub(lambda match: _lists()[match.group(1)][language], pattern)
    return _PIECE.sub(_expand_piece, pattern)


def _expand_piece(match: re.Match[str]) -> str:
    piece = match.group()
    if piece.startswith("["):
        return piece
    return _WORDS_BETWEEN if piece == " ~ " else _GAP


@lru_cache(maxsize=1)
def _lists() -> Mapping[str, Mapping[str, str]]:
    """Each list as an alternation of its entries."""
    return {
        name: {language: "|".join(words.split()) for language, words in by_language.items()}
        for name, by_language in _read("lists").items()
    }


@cache
def _read(name: str) -> dict[str, Any]:
    text = files("assistant").joinpath("screening", f"{name}.yaml").read_text(encoding="utf-8")
    read: dict[str, Any] = yaml.load(text, Loader=_LOADER)
    return read
