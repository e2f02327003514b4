"""What a sentence tells as done, clause by clause, whoever is said to have done it.

"Your order is cancelled", "we changed your address", "we are refunding you", "your money is back on your card": none of
them names a doer and a perfect, and each says that something stands done which actions carry out.
"""

from collections.abc import Mapping, Sequence
from functools import cache

from assistant import wording
from assistant.commitments import acts_in
from assistant.reading.lexicon import LANGUAGES, Hit, Phrases, phrases_of
from assistant.reading.tokens import words_of

_BREAKS = frozenset((",", ";", ":", ".", "!", "–", "—", "(", ")"))
# What stands after one of these does not depend on what stood before it.
_ENDS = _BREAKS - {","}
_JOINS = frozenset(("and", "but", "so", "und", "aber", "y", "e", "pero", "et", "mais"))
_SUBJECTS = frozenset(
    (
        *(
            "we",
            "i",
            "you",
            "your",
            "it",
            "the",
            "this",
            "that",
            "we've",
            "i've",
            "we're",
            "we'll",
            "you'll",
            "a",
            "they",
        ),
        *("wir", "ich", "du", "sie", "dein", "deine", "ihr", "ihre", "es", "das", "der", "die"),
        *("tu", "su", "te", "le", "hemos", "el", "la", "lo", "puedes", "puede"),
        *("nous", "je", "vous", "votre", "il", "elle", "le", "ton", "ta"),
    )
)
# A perfect of these is looked for in the records as an event (status.py).
_EVENTS = frozenset(("refund", "cancel", "exchange", "credit"))
_NEAR, _VERB_LAST, _AFTER = 4, 10, 2
_SECTIONS = (
    *(
        "copulas",
        "perfects",
        "participles",
        "doers",
        "pasts",
        "own_pasts",
        "doing",
        "gerunds",
        "presents",
        "now",
        "settled",
    ),
    *("finished", "theirs", "coming", "expected", "supposing", "timing", "reported"),
)
_PAIRS = (
    *(("copulas", "participles", _VERB_LAST), ("perfects", "participles", _VERB_LAST)),
    *(("doers", "pasts", _VERB_LAST), ("doing", "gerunds", _NEAR)),
)
_Found = Mapping[str, list[Hit]]


def acts_told_as_done(text: str) -> frozenset[str]:
    """The acts for the customer ("refund", "cancel", …) that a sentence tells as done, being done or under way."""
    if "?" in text or wording.TAKES_UP.search(text):
        return frozenset()
    clauses = _clauses(words_of(text))
    found: list[_Found] = [_found(clause) for clause in clauses]
    acts: frozenset[str] = frozenset()
    for index, clause in enumerate(clauses):
        named = acts_in(" ".join(clause))
        if not named and _is_finished(clause, found[index]):
            named = acts_in(text)
        told = _told(clause, found[index]) if named else None
        if told is not None and not _is_supposed(index, told, found) and not _is_denied(told, found[index]):
            acts |= named - _EVENTS if told.name == "perfects" else named
    return acts


def is_expected(text: str) -> bool:
    """Whether a sentence tells the customer to look forward to something: "expect your refund by Friday"."""
    return "told/expected" in _phrases().find(words_of(text))


def _clauses(words: Sequence[str]) -> list[list[str]]:
    """The words between marks, and up to what joins a new subject; an empty one parts what nothing joins."""
    clauses: list[list[str]] = [[]]
    for index, word in enumerate(words):
        following = words[index + 1] if index + 1 < len(words) else ""
        if word in _ENDS:
            clauses += [[], []]
        elif word in _BREAKS or (word in _JOINS and following in _SUBJECTS):
            clauses.append([])
        else:
            clauses[-1].append(word)
    return clauses


def _told(clause: Sequence[str], found: _Found) -> Hit | None:
    """Where a clause tells it: from the first word of the form to its last."""
    for first, second, reach in _PAIRS:
        for one in _of(found, first):
            for other in _of(found, second):
                if 0 <= other.start - one.end <= reach and (first != "copulas" or _is_theirs(clause, other, found)):
                    return Hit(first, one.start, other.end)
    for section in ("own_pasts", "settled"):
        if hits := _of(found, section):
            return hits[0]
    if (presents := _of(found, "presents")) and _of(found, "now"):
        return presents[0]
    return Hit("finished", 0, len(clause)) if _is_finished(clause, found) else None


def _is_theirs(clause: Sequence[str], told: Hit, found: _Found) -> bool:
    """Whether it is told of this customer's: theirs by a word or by its number, named before it is told."""
    if any(hit.end <= told.end for hit in _of(found, "theirs")):
        return True
    return any(word[0].isdigit() for word in clause[: told.end])


def _is_finished(clause: Sequence[str], found: _Found) -> bool:
    return any(hit.start == 0 and hit.end == len(clause) for hit in _of(found, "finished"))


def _is_supposed(index: int, told: Hit, found: Sequence[_Found]) -> bool:
    """Whether the clause or one beside it says under what condition, or that somebody else has said it."""
    own = found[index]
    if _of(own, "reported") or _of(own, "supposing") or any(hit.end <= told.start for hit in _of(own, "timing")):
        return True
    if index and any(_of(found[index - 1], name) for name in ("supposing", "timing")):
        return True
    return index + 1 < len(found) and any(hit.start <= 1 for hit in _of(found[index + 1], "supposing"))


def _is_denied(told: Hit, found: _Found) -> bool:
    """Whether it is only possible, still to come, or not so: said before the form, within it, or right after it."""
    marks = [*found.get("grammar/possible", ()), *_of(found, "coming")]
    marks = [hit for hit in marks if hit.start < told.end]
    if any(hit.start != told.start for hit in marks):
        return True
    denials = [*found.get("grammar/negation", ()), *found.get("grammar/not_yet", ())]
    return any(hit.start < told.end + _AFTER and told.start - hit.end <= _NEAR for hit in denials)


def _of(found: _Found, section: str) -> list[Hit]:
    return found.get(f"told/{section}", [])


def _found(words: Sequence[str]) -> _Found:
    return {**_phrases().find(words), **_doubts().find(words)}


@cache
def _phrases() -> Phrases:
    return phrases_of("told", _SECTIONS, LANGUAGES)


@cache
def _doubts() -> Phrases:
    return phrases_of("grammar", ("possible", "negation", "not_yet"), LANGUAGES)
