"""The words in which a question says of whom it is asked, when, and when never."""

import string
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from assistant.guidance import LANGUAGES, Question
from assistant.private_matters import private_matter_in
from server.faults import Fault
from server.questions.situation import Moment

ALWAYS_NEVER = ("open_complaint", "asked_lately", "known", "refused")
"""When no question is asked, whether or not it says so."""
NEVER = (*ALWAYS_NEVER, "gift")
PURPOSES: Mapping[str, bool] = {"service": True, "advice": True, "safety": True, "product": False}
"""What an answer may be used for, and whether that includes what is written to the customer who gave it."""
PLACE = "product"
"""The one place that a question's text may have: `{product}` is what they bought."""

_LISTS = ("moment", "family", "product", "channel", "language", "country", "tier", "intent")
_LEAST = ("orders_at_least", "customer_days_at_least")
CONDITIONS = (*_LISTS, *_LEAST)
_OF_A_PURCHASE = frozenset({"moment", "family", "product"})
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Known:
    """What conditions may name, as far as it is known: an empty set allows every name."""

    brands: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset(LANGUAGES)
    intents: frozenset[str] = frozenset()


def wanted(ask_when: Mapping[str, object], name: str) -> tuple[str, ...]:
    """The names that a condition allows; empty: it does not ask."""
    value = ask_when.get(name)
    if isinstance(value, str):
        return (value,)
    return tuple(each for each in value if isinstance(each, str)) if isinstance(value, list | tuple) else ()


def is_about_a_purchase(ask_when: Mapping[str, object]) -> bool:
    """Whether it is asked about something that they bought."""
    if Moment.CASE_SOLVED in wanted(ask_when, "moment"):
        return False
    return bool(_OF_A_PURCHASE & ask_when.keys())


def places_in(text: str) -> frozenset[str]:
    """The places in a question's text.

    Raises:
        ValueError: a brace is not closed, or opened.
    """
    return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def faults_of(question: Question, known: Known) -> Iterator[Fault]:
    """What is wrong with a question, field by field."""
    if question.brand is not None and known.brands and question.brand not in known.brands:
        yield Fault("brand", f"brand `{question.brand}` is not in brands.yaml; correct or add it")
    if question.purpose not in PURPOSES:
        yield Fault("purpose", f"`{question.purpose}` is no purpose; use one of {', '.join(PURPOSES)}")
    yield from _of_texts(question)
    yield from _of_conditions(question.ask_when, known)
    for name in question.never_when:
        if name not in NEVER:
            yield Fault("never_when", f"`{name}` is no reason not to ask; use one of {', '.join(NEVER)}")
    yield from _of_days(question)


def _of_texts(question: Question) -> Iterator[Fault]:
    about_purchase = is_about_a_purchase(question.ask_when)
    for language, text in question.text.items():
        try:
            places = places_in(text)
        except ValueError:
            yield Fault("text", f"the text in `{language}` has a brace that is not closed; write {{{PLACE}}}")
            continue
        for name in sorted(places - {PLACE}):
            yield Fault("text", f"the text in `{language}` has a place for `{name}`; only {{{PLACE}}} can be filled")
        if PLACE in places and not about_purchase:
            yield Fault("text", f"the text in `{language}` names a product, and nobody knows which: add a `family`")
        if (matter := private_matter_in(text)) is not None:
            asks = f"asks about {matter.kind.title} (“{matter.words}”)"
            yield Fault("text", f"the text in `{language}` {asks}, of which nothing is kept")
        if len(text) > _LONGEST:
            yield Fault("text", f"the text in `{language}` has more than {_LONGEST} characters; ask shorter")


def _of_conditions(ask_when: Mapping[str, object], known: Known) -> Iterator[Fault]:
    allowed: Mapping[str, Collection[str]] = {
        "moment": tuple(Moment),
        "language": sorted(known.languages),
        "intent": known.intents,
    }
    for name, value in ask_when.items():
        if name not in CONDITIONS:
            yield Fault("ask_when", f"`{name}` is no condition; use one of {', '.join(CONDITIONS)}")
        elif name in _LEAST:
            if isinstance(value, bool) or not isinstance(value, int) or value < 1:
                yield Fault("ask_when", f"`{name}` must be a whole number from 1")
        else:
            yield from _of_names(name, value, allowed.get(name, ()))


def _of_names(name: str, value: object, allowed: Collection[str]) -> Iterator[Fault]:
    names = wanted({name: value}, name)
    if not names:
        yield Fault("ask_when", f"`{name}` must be a name or a list of names")
    for each in names:
        if allowed and each not in allowed:
            listed = f"; use one of {', '.join(allowed)}" if len(allowed) < 10 else "; correct it"
            yield Fault("ask_when", f"`{each}` is no {name}{listed}")


def _of_days(question: Question) -> Iterator[Fault]:
    first, last = question.valid_from, question.valid_to
    if first is not None and last is not None and last < first:
        yield Fault("valid_to", "ends before it begins; correct one of the two")
