"""What the policies answer: the owner's prepared sentences first, else a sentence of the passage as it stands."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import regex

from assistant.composing.reading import Reading
from assistant.composing.situation import Situation
from assistant.sentences import split_sentences
from assistant.stems import stems
from tools.evidence import Evidence
from tools.records import Answer, Passage

_LEAST = 0.55
_QUOTED_FROM = 0.5
_QUOTE_LENGTHS = range(40, 201)
_TABLE_OR_LIST = regex.compile(r"^\s*(?:[|#>*-]|\d+\.)")
_REPEATED = 0.34


@dataclass(frozen=True, slots=True)
class PolicyAnswer:
    """Sentences that a policy gives us to say, and what they rest on."""

    text: str
    passage: Passage
    evidence: Evidence


def find_answer(case: Situation, *, least: float = _LEAST) -> PolicyAnswer | None:
    """The answer that fits what is asked best, or None: then nothing is claimed (rule 5)."""
    likely = {guess.intent.id: guess.confidence for guess in case.material.guesses}
    if case.intent is not None:
        likely[case.intent.id] = max(likely.get(case.intent.id, 0.0), 0.5)
    scored = [
        (_fit(case, likely, passage, answer), number, PolicyAnswer(answer.text, passage, evidence))
        for number, (passage, evidence, answer) in enumerate(_prepared(case))
    ]
    best = max(scored, key=lambda item: (item[0], -item[1]), default=None)
    if best is not None and best[0] >= least:
        return best[2]
    return _quote(case)


def _prepared(case: Situation) -> Iterator[tuple[Passage, Evidence, Answer]]:
    for passage, evidence in case.material.passages:
        if passage.audience == "public":
            for answer in passage.answers:
                if answer.language == case.material.language and not _was_advised(answer.text, case):
                    yield passage, evidence, answer


def _fit(case: Situation, likely: Mapping[str, float], passage: Passage, answer: Answer) -> float:
    """How well an answer fits: its intent, the passage's relevance, and the words it shares with the post."""
    own = case.intent is not None and passage.category in case.intent.policies
    shared = _shared(case.reading, f"{passage.title} {answer.text}")
    inside = _shared(case.reading, passage.text)
    return (
        likely.get(answer.intent, 0.0)
        + 0.5 * passage.relevance
        + 0.15 * own
        + 0.12 * min(shared, 3)
        + 0.05 * min(inside, 4)
        - 0.5 * (answer.intent not in likely)
    )


def _quote(case: Situation) -> PolicyAnswer | None:
    """A sentence of a public passage, word for word, for an English post that it clearly answers."""
    if case.material.language != "en" or case.intent is None or case.intent.group not in ("policy", "fault", "money"):
        return None
    found = [
        (_shared(case.reading, sentence), passage.relevance, PolicyAnswer(sentence, passage, evidence))
        for passage, evidence in case.material.passages
        if passage.audience == "public"
        and passage.relevance >= _QUOTED_FROM
        and passage.category in case.intent.policies
        for sentence in _sentences(passage)
        if not _was_advised(sentence, case)
    ]
    best = max(found, key=lambda item: item[:2], default=None)
    return best[2] if best is not None and best[0] >= 3 else None


def _sentences(passage: Passage) -> Iterator[str]:
    for line in passage.text.splitlines():
        if not _TABLE_OR_LIST.match(line):
            yield from (s for s in split_sentences(line) if len(s) in _QUOTE_LENGTHS and s[-1] in ".!")


def _was_advised(text: str, case: Situation) -> bool:
    """Whether this repeats what the brand advised or the customer tried before."""
    said = stems(text)
    return any(len(said & stems(step)) >= max(2, _REPEATED * min(len(said), 12)) for step in case.material.tried)


def _shared(reading: Reading, text: str) -> int:
    return len(stems(reading.words) & stems(text))
