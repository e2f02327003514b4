"""Which question is worth asking: the first that fits and that neither side has answered or asked already."""

from collections.abc import Iterator
from dataclasses import dataclass

import regex

from assistant.composing.reading import Reading
from assistant.guidance import Intent
from prompts.phrases import Ask, Phrases, choose

_SHORT = 62
_CAUTION = regex.compile(r"\s*\([^()]*\b(?:post|here|naming|name|hier|aquí|ici)\b[^()]*\)")
_PAIRED = frozenset({"product_fault", "app_or_site_fault", "is_it_down"})


@dataclass(frozen=True, slots=True)
class Question:
    """A question in words. `tempts`: people may answer it with personal data, so it needs a word of caution."""

    text: str
    tempts: bool


def questions_to_ask(
    intent: Intent | None, reading: Reading, phrases: Phrases, seed: str, *, core: bool = False
) -> tuple[Question, ...]:
    """One question, or two short ones where a fault needs both; empty if everything was asked or answered.

    Without an intent it is asked what the matter is. With `core` only questions are asked that nobody can go on
    without.
    """
    asked: list[Question] = []
    first_is_core = False
    for ask in _fitting(intent, reading, phrases):
        if core and not ask.core:
            continue
        text = choose(ask.phrases, f"{seed}/{ask.id}").fill()
        if not asked:
            asked.append(Question(text, ask.tempts and "(" not in text))
            first_is_core = ask.core
            if intent is None or intent.id not in _PAIRED or _is_double(text):
                break
        elif not _is_double(text) and ask.when is None and not (ask.core and first_is_core):
            asked.append(Question(text, ask.tempts))
            break
    return tuple(asked)


def without_caution(text: str) -> str:
    """A question without the word of caution that everybody reads along, for where nobody does."""
    return _CAUTION.sub("", text)


def _fitting(intent: Intent | None, reading: Reading, phrases: Phrases) -> Iterator[Ask]:
    seen: set[str] = set()
    for key in _keys(intent, reading.field):
        for ask in phrases.questions.get(key, ()):
            if ask.id in seen:
                continue
            seen.add(ask.id)
            if ask.when is not None and not ask.when.found_in(reading.words):
                continue
            if ask.unless is not None and ask.unless.found_in(reading.words):
                continue
            if ask.asked is not None and ask.asked.found_in(reading.asked):
                continue
            yield ask


def _keys(intent: Intent | None, field: str | None) -> tuple[str, ...]:
    if intent is None:
        return (f"unsure.{field}", "unsure")
    return (f"{intent.id}.{field}", intent.id, f"{intent.group}.{field}", intent.group)


def _is_double(text: str) -> bool:
    """Whether a question asks two things already, or is long enough to stand alone."""
    return len(text) > _SHORT or ", and" in text or text.count("?") > 1
