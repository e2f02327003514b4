"""What the policies answer: the owner's prepared sentences first, else a sentence of the passage as it stands."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import regex

from assistant.composing.situation import Situation
from assistant.focus import INTENT_OF_STATE
from assistant.guidance import Intent
from assistant.sentences import split_sentences
from assistant.stems import stems
from tools.evidence import Evidence
from tools.records import Answer, Order, OrderStatus, Passage

_LEAST = 0.55
_QUOTED_FROM = 0.5
_QUOTE_LENGTHS = range(40, 201)
_TABLE_OR_LIST = regex.compile(r"^\s*(?:[|#>*-]|\d+\.)")
_REPEATED = 0.34
_CLAUSE = regex.compile(r"[.;:,]\s")
_TELLING = 3
_UNSOLVED = "still_not_solved"
_SIBLING = 0.85
_BY_STATE = 1.5
_DENIED = regex.compile(r"\b(?:never|nie|nunca|jamais)\s+\w+", regex.IGNORECASE)
_NAME = regex.compile(r"(?<=[\p{L},(] ?)\b\p{Lu}\p{L}{3,}")
# What a document's title says of an order in this state.
_STATES = {
    OrderStatus.PARTLY_SHIPPED: "several parcels",
    OrderStatus.LOST: "lost parcels",
    OrderStatus.BACKORDERED: "backorders",
    OrderStatus.PREORDERED: "preorders",
    OrderStatus.CANCELLED: "cancelling",
}


@dataclass(frozen=True, slots=True)
class PolicyAnswer:
    """Sentences that a policy gives us to say, what they rest on, and the intent that they were prepared for."""

    text: str
    passage: Passage
    evidence: Evidence
    intent: str | None = None


def find_answer(case: Situation, *, order: Order | None = None) -> PolicyAnswer | None:
    """The answer that fits what is asked best, or None: then nothing is claimed (rule 5).

    Where a customer's `order` is told, its state says what is asked as much as the post does; where it is not, that
    a post says "order" tells no two answers about orders apart.
    """
    likely = {_UNSOLVED: 1.0} if case.exhausted else _likely(case, order)
    known = stems(case.intent.title) if case.intent and case.intent.group == "order" and order is None else frozenset()
    said = stems(f"{_DENIED.sub(' ', case.reading.words)} {case.reading.topics} {_of_order(order)}") - known
    prepared = list(_prepared(case))
    alone = Counter(answer.intent for _, _, answer in prepared)
    scored = [
        (
            _fit(case, likely, said, passage, answer),
            -number,
            PolicyAnswer(answer.text, passage, evidence, answer.intent),
        )
        for number, (passage, evidence, answer) in enumerate(prepared)
        if passage.relevance or alone[answer.intent] == 1 or said & stems(f"{passage.title} {answer.text}")
    ]
    best = max(scored, key=lambda item: item[:2], default=None)
    return best[2] if best is not None and best[0] >= _LEAST else _quote(case)


def _alike(one: Intent, other: Intent) -> bool:
    """Whether the same documents and the same place answer both, so that the words decide between them."""
    return (one.group, one.policies, one.destination) == (other.group, other.policies, other.destination)


def _of_order(order: Order | None) -> str:
    """The words for an order's state and what was ordered."""
    return f"{_STATES.get(order.status, '')} {' '.join(line.title for line in order.lines)}" if order else ""


def _likely(case: Situation, order: Order | None) -> dict[str, float]:
    """The intents that an answer may have, with how likely they are."""
    likely = {guess.intent.id: guess.confidence for guess in case.material.guesses}
    if case.intent is not None:
        likely[case.intent.id] = max(likely.get(case.intent.id, 0.0), 0.5)
    for guess in case.material.guesses:
        if case.intent is not None and guess.intent.id != case.intent.id and _alike(guess.intent, case.intent):
            likely[guess.intent.id] = max(guess.confidence, _SIBLING * likely[case.intent.id])
    by_state = INTENT_OF_STATE.get(order.status) if order is not None else None
    if by_state is not None:
        likely[by_state] = _BY_STATE
    return likely


def _prepared(case: Situation) -> Iterator[tuple[Passage, Evidence, Answer]]:
    seen: set[tuple[str, str]] = set()
    for passage, evidence in case.material.passages:
        if passage.audience == "public":
            for answer in passage.answers:
                known = (passage.document, answer.text) in seen
                if answer.language == case.material.language and not known and not _was_advised(answer.text, case):
                    seen.add((passage.document, answer.text))
                    yield passage, evidence, answer


def _fit(case: Situation, likely: Mapping[str, float], said: frozenset[str], passage: Passage, answer: Answer) -> float:
    """How well an answer fits: its intent, the words it shares with the post, and the passage's relevance."""
    return (
        likely.get(answer.intent, -0.5)
        + 0.3 * passage.relevance
        + _of_category(case, passage)
        + _of_product(case, said, passage)
        + 0.18 * min(len(said & stems(f"{passage.title} {answer.text}")), 4)
        + 0.1 * min(len(said & stems(passage.text)), 4)
    )


def _of_category(case: Situation, passage: Passage) -> float:
    """More for the kind of document that answers the intent first."""
    kinds = case.intent.policies if case.intent else ()
    if passage.category not in kinds:
        return -0.2
    return 0.25 if passage.category == kinds[0] else 0.1


def _of_product(case: Situation, said: frozenset[str], passage: Passage) -> float:
    """More for a document about the very thing, a little less for one about another; its name is in English."""
    if passage.product is None:
        return 0.0
    if _names(case.reading.words) & _names(passage.text):
        return 0.35
    if said & stems(passage.product):
        return 0.15
    return -0.1 if case.material.language == "en" else 0.0


def _names(text: str) -> frozenset[str]:
    """The words that may be names of products ("Ridgeline"), as stems."""
    return stems(" ".join(_NAME.findall(text)))


def _quote(case: Situation) -> PolicyAnswer | None:
    """A sentence of a public passage, word for word, for an English post that it clearly answers."""
    if case.material.language != "en" or case.intent is None or case.intent.group not in ("policy", "fault", "money"):
        return None
    found = [
        (len(stems(case.reading.words) & stems(sentence)), passage.relevance, PolicyAnswer(sentence, passage, evidence))
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
    """Whether this repeats what the brand advised or the customer tried before; what was asked is not advice."""
    said = stems(text)
    enough = max(2, _REPEATED * min(len(said), 12))
    clauses = [clause for part in _CLAUSE.split(text) if len(clause := stems(part)) >= _TELLING]
    steps = [stems(s) for step in case.material.tried for s in split_sentences(step) if not s.endswith("?")]
    return any(len(said & step) >= enough or any(clause <= step for clause in clauses) for step in steps)
