"""What a rep's question about a customer asks for: kinds of fact, a rule of the company, or both."""

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import regex
import yaml

_WORD = regex.compile(r"[\p{L}\d]+")
_CUT_SHORT = regex.compile(r"['’](?=s\b|re\b|ll\b|ve\b|d\b)")

Cue = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of fact: the words that ask for it, and where it is found.

    `facts` are parts of the evidence's `ref`, best first, or "head" for the order itself and "person" for the
    customer's own line; `with_rule` stands in for them where a rule is asked that counts from it, and
    `by_rule`, what was worked out by a rule, goes before them then. `holding` is a word
    that the fact must hold. `none` is what to say where there is none. With `all`, every place counts, else the first
    that holds any; a `weak` kind is asked for where no other is.
    """

    name: str
    cues: tuple[Cue, ...]
    facts: tuple[str, ...]
    with_rule: tuple[str, ...] = ()
    by_rule: tuple[str, ...] = ()
    beats: frozenset[str] = frozenset()
    holding: str = ""
    none: str = ""
    all: bool = False
    weak: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question asks for, in the order of its words.

    `rule` says that it asks what the company's policies say; `rule_alone`, that no record is wanted. `latest` and
    `open` narrow the orders down.
    """

    kinds: tuple[Kind, ...]
    rule: bool
    rule_alone: bool
    latest: bool
    open: bool

    def has(self, *names: str) -> bool:
        """Whether one of these kinds is asked for."""
        return any(kind.name in names for kind in self.kinds)


@dataclass(frozen=True, slots=True)
class _Words:
    kinds: tuple[Kind, ...]
    rule: tuple[Cue, ...]
    rule_alone: tuple[Cue, ...]
    polite: tuple[Cue, ...]
    latest: tuple[Cue, ...]
    open: tuple[Cue, ...]


def read_question(question: str) -> Asked:
    """What is asked, by the words of four languages in `asked_words.yaml`."""
    known = _known_words()
    words = _without(_words(question), known.polite)
    found = {kind.name: place for kind in known.kinds if (place := _first(words, kind.cues)) is not None}
    beaten = {name for kind in known.kinds if kind.name in found for name in kind.beats}
    if any(kind.name in found and not kind.weak for kind in known.kinds):
        beaten |= {kind.name for kind in known.kinds if kind.weak}
    kinds = sorted((kind for kind in known.kinds if kind.name in found.keys() - beaten), key=lambda k: found[k.name])
    alone = _first(words, known.rule_alone) is not None
    return Asked(
        kinds=() if alone else tuple(kinds),
        rule=alone or _first(words, known.rule) is not None,
        rule_alone=alone,
        latest=_first(words, known.latest) is not None,
        open=_first(words, known.open) is not None,
    )


def _words(text: str) -> list[str]:
    return _WORD.findall(_CUT_SHORT.sub(" ", text.casefold().replace("ß", "ss")))


def _without(words: list[str], phrases: tuple[Cue, ...]) -> list[str]:
    """The words without a polite frame ("can you tell me …"), which asks for nothing itself."""
    place = _first(words, phrases)
    if place is None:
        return words
    length = max(len(phrase) for phrase in phrases if _stands_at(words, place, phrase))
    return words[:place] + words[place + length :]


def _first(words: list[str], cues: tuple[Cue, ...]) -> int | None:
    return next((place for place in range(len(words)) if any(_stands_at(words, place, cue) for cue in cues)), None)


def _stands_at(words: list[str], place: int, cue: Cue) -> bool:
    following = words[place : place + len(cue)]
    return len(following) == len(cue) and all(
        word == part[:-1] if part.endswith("$") else word.startswith(part)
        for word, part in zip(following, cue, strict=True)
    )


@lru_cache(maxsize=1)
def _known_words() -> _Words:
    read = yaml.safe_load(files("assistant").joinpath("asked_words.yaml").read_text(encoding="utf-8"))
    return _Words(
        kinds=tuple(_kind(name, entry) for name, entry in read["kinds"].items()),
        **{name: _cues(read[name]) for name in ("rule", "rule_alone", "polite", "latest", "open")},
    )


def _kind(name: str, entry: dict[str, Any]) -> Kind:
    return Kind(
        name=name,
        cues=_cues(entry["cues"]),
        facts=tuple(entry["facts"]),
        with_rule=tuple(entry.get("with_rule", ())),
        by_rule=tuple(entry.get("by_rule", ())),
        beats=frozenset(entry.get("beats", ())),
        holding=entry.get("holding", ""),
        none=entry.get("none", ""),
        all=entry.get("all", False),
        weak=entry.get("weak", False),
    )


def _cues(text: str) -> tuple[Cue, ...]:
    return tuple(tuple(cue.casefold().replace("ß", "ss").split("_")) for cue in text.split())
