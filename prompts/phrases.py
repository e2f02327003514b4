"""Reply texts as files: `replies/<language>/*.yaml`, each text with several variants, filled strictly.

`texts` are found by a dotted key ("opening.account.calm"). `questions` are tried in order, per intent or group, and say
themselves when they fit. `topics` are what customers talk about, named so that they can stand after "with" or "about".
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import regex
import yaml

# The C loader is several times quicker, which shows at every start; both load plain data only.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CHARACTER = r"[^\W_]"
_NAME = regex.compile(r"\{\{ (\w+) \}\}")
_OF_WRITING = regex.compile(r"(?i)\b(?:message|writing|schreibst|nachricht|mensaje|escrib|écri)")


class PhraseMissing(LookupError):
    """No variant of this text can be filled with what is given."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """One variant of a text and the names it must be given."""

    text: str
    needs: frozenset[str]

    @property
    def of_writing(self) -> bool:
        """Whether it speaks of a message, which nobody sends who rings up."""
        return _OF_WRITING.search(self.text) is not None

    def fill(self, **values: str) -> str:
        """The text with every name filled in; a name that is not given is an error."""
        return _NAME.sub(lambda name: values[name.group(1)], self.text)


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that a text may hold: any of the phrases, as whole words; `*` stands for an ending or a few words.

    `starts` are the phrases' first letters in lower case. Where none of them is in a text, as is usual, no pattern is
    needed: there are thousands, and making one takes two milliseconds.
    """

    phrases: tuple[str, ...]
    starts: tuple[str, ...]

    def found_in(self, text: str) -> bool:
        """Whether `text` (case does not matter) holds one of the phrases."""
        small = _small(text)
        return any(start in small for start in self.starts) and _compile(self.phrases).search(text) is not None


@dataclass(frozen=True, slots=True)
class Ask:
    """A question with when it is worth asking.

    `when`: only if the customer's words hold this. `unless`: not if they do, as they have answered it. `asked`: not if
    the brand's own posts hold this, as they asked it before. `tempts`: people may answer it with personal data.
    `core`: nobody can go on without the answer.
    """

    id: str
    phrases: tuple[Phrase, ...]
    when: Cue | None = None
    unless: Cue | None = None
    asked: Cue | None = None
    tempts: bool = False
    core: bool = False


@dataclass(frozen=True, slots=True)
class Topic:
    """Something customers talk about: how to name it to them, and the field it belongs to."""

    cue: Cue
    say: str
    field: str


@dataclass(frozen=True, slots=True)
class Phrases:
    """All reply texts of one language."""

    language: str
    texts: Mapping[str, tuple[Phrase, ...]]
    questions: Mapping[str, tuple[Ask, ...]]
    topics: tuple[Topic, ...]

    def pick(self, *keys: str, seed: str, spoken: bool = False, **values: str) -> str:
        """The text of the first key that has one, filled; which variant depends on the seed alone.

        Variants that use more of what is given are preferred to those that use less. Where it is to be `spoken`, those
        that speak of writing are only taken if there is no other of any key.
        """
        for key, heard in [(key, heard) for heard in ((True, False) if spoken else (False,)) for key in keys]:
            fitting = [phrase for phrase in self.texts.get(key, ()) if phrase.needs <= values.keys()]
            fitting = [phrase for phrase in fitting if not (heard and phrase.of_writing)]
            if fitting:
                most = max(len(phrase.needs) for phrase in fitting)
                return choose([p for p in fitting if len(p.needs) == most], f"{seed}/{key}").fill(**values)
        raise PhraseMissing(f"{self.language}: none of {', '.join(keys)} with {', '.join(values) or 'no values'}")

    def has(self, key: str) -> bool:
        """Whether there is a text of this key."""
        return key in self.texts


def choose(phrases: Sequence[Phrase], seed: str) -> Phrase:
    """One of the phrases: always the same for the same seed."""
    number = int.from_bytes(hashlib.blake2b(seed.encode(), digest_size=4).digest())
    return phrases[number % len(phrases)]


@lru_cache
def load_phrases(language: str) -> Phrases:
    """The reply texts of `language` ("en", "de", "es", "fr")."""
    folder = files("prompts") / "replies" / language
    texts: dict[str, tuple[Phrase, ...]] = {}
    questions: dict[str, tuple[Ask, ...]] = {}
    topics: list[Topic] = []
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if not entry.name.endswith(".yaml"):
            continue
        content = yaml.load(entry.read_text(encoding="utf-8"), Loader=_LOADER)
        if entry.name == "questions.yaml":
            questions = {key: tuple(_ask(item) for item in items) for key, items in content.items()}
        elif entry.name == "topics.yaml":
            topics = [_topic(item) for item in content]
        else:
            texts.update(_flat(content))
    return Phrases(language, texts, questions, tuple(topics))


def _flat(content: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, tuple[Phrase, ...]]]:
    for key, value in content.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{path}{key}.")
        else:
            yield f"{path}{key}", _phrases(value)


def _phrases(value: str | Sequence[str]) -> tuple[Phrase, ...]:
    variants = [value] if isinstance(value, str) else value
    return tuple(Phrase(text, frozenset(_NAME.findall(text))) for text in variants)


def _ask(item: Mapping[str, Any]) -> Ask:
    return Ask(
        id=item["id"],
        phrases=_phrases(item["ask"]),
        when=_cue(item.get("when")),
        unless=_cue(item.get("unless")),
        asked=_cue(item.get("asked")),
        tempts=item.get("tempts", False),
        core=item.get("core", False),
    )


def _topic(item: Mapping[str, Any]) -> Topic:
    return Topic(read_cue([str(word) for word in item["words"]]), item["say"], item["field"])


@lru_cache(maxsize=8192)
def _read_cue(phrases: tuple[str, ...]) -> Cue:
    return Cue(phrases, tuple(dict.fromkeys(_small(phrase.partition("*")[0].rstrip()) for phrase in phrases)))


def read_cue(phrases: Iterable[str]) -> Cue:
    """A cue of these phrases."""
    return _read_cue(tuple(phrases))


@lru_cache(maxsize=8192)
def _compile(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """Not by `regex`, which takes ten times as long to make a pattern."""
    return re.compile(rf"(?<!{_CHARACTER})(?:{'|'.join(map(_pattern, phrases))})", re.IGNORECASE)


@lru_cache(maxsize=64)
def _small(text: str) -> str:
    return text.casefold()


def _cue(phrases: Sequence[str] | None) -> Cue | None:
    return read_cue([str(phrase) for phrase in phrases]) if phrases else None


def _pattern(phrase: str) -> str:
    """Whole words with a plural's ending at most; a `*` at the end takes any ending, one between words up to three."""
    words = re.escape(phrase.removesuffix("*")).replace(r"\ ", " ")
    between = words.replace(r" \* ", rf"\W+(?:(?:{_CHARACTER}|['-])+\W+){{0,4}}?").replace(r"\*", f"{_CHARACTER}*")
    return between if phrase.endswith("*") else rf"{between}(?:'?s|es)?(?!{_CHARACTER})"
