"""What the policies answer: the owner's prepared sentences first, else a sentence of the passage as it stands."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import regex

from assistant.choosing import Choice
from assistant.composing.situation import Situation
from assistant.focus import INTENT_OF_STATE
from assistant.sentences import split_sentences
from assistant.stems import stems
from tools.evidence import Evidence
from tools.records import Order, OrderStatus, Passage

_LEAST = 0.3
_LEAST_OF_ORDER = 0.05
_CLOSE = 0.9
_QUOTED_FROM = 0.5
_QUOTE_LENGTHS = range(40, 201)
_TABLE_OR_LIST = regex.compile(r"^\s*(?:[|#>*-]|\d+\.)")
_REPEATED = 0.34
_CLAUSE = regex.compile(r"[.;:,]\s")
_TELLING = 3
_UNSOLVED = "still_not_solved"
# What a document's title says of an order in this state.
_STATES = {
    OrderStatus.PARTLY_SHIPPED: "several parcels",
    OrderStatus.LOST: "lost parcels",
    OrderStatus.BACKORDERED: "backorders",
    OrderStatus.PREORDERED: "preorders",
    OrderStatus.CANCELLED: "cancelling",
}

_WAYS = frozenset({"express"})
_SECOND = 0.2
_LEAST_SECOND = 0.1
# Who names one of these has looked there.
_LOOKED_INTO = (
    regex.compile(r"\b(?:spam|junk|no\s+desead\w+|indésirables)\b", regex.IGNORECASE),
    regex.compile(r"\b(?:neighbou?rs?|next\s+door|nachbar\w*|vecin[oa]s?|voisin\w*)\b", regex.IGNORECASE),
)
_QUESTION = regex.compile(r"\?+")
_AND_ALSO = regex.compile(
    r"\b(?:and|also|plus|und|auch|außerdem|y|además|et|aussi|sinon)\s+(?:(?:also|can|do|does|is|will|how|what|when|where|who|why|if"
    r"|wie|was|wann|wo|wer|warum|kann|muss|gilt|ob|cómo|qué|cuándo|dónde|quién|cuánto|si|puedo|comment|quand|qui|où|combien)\b)",
    regex.IGNORECASE,
)

Found = tuple[Choice, Evidence]


@dataclass(frozen=True, slots=True)
class PolicyAnswer:
    """Sentences that a policy gives us to say, what they rest on, and the intent that they were prepared for."""

    text: str
    passage: Passage
    evidence: Evidence
    intent: str | None = None


def find_answer(case: Situation, *, order: Order | None = None) -> PolicyAnswer | None:
    """The answer that is most likely asked for, or None: then nothing is claimed (rule 5).

    It has to be clearly likelier than one about something else, or the only one for an intent that is clear. Where a
    customer's `order` is told, its state says what is asked as much as the post does.
    """
    told = list(case.material.choices)
    if case.exhausted:
        told = [found for found in told if found[0].answer.intent == _UNSOLVED]
        return next((_say(*found) for found in told if not _was_advised(found[0].answer.text, case)), None)
    if order is not None:
        told = _about(order, told, case)
    shares: dict[str, float] = defaultdict(float)
    for choice, _ in told:
        shares[choice.passage.document] += choice.share
    fresh = [found for found in told if not _was_advised(found[0].answer.text, case)]
    open_to_say = {choice.passage.document for choice, _ in fresh}
    ranked = sorted(((share, name) for name, share in shares.items() if name in open_to_say), reverse=True)
    likely = [(share, name) for share, name in ranked if share >= (_LEAST_OF_ORDER if order else _LEAST)][:2]
    if likely and (order is not None or len(likely) == 1 or likely[1][0] <= _CLOSE * likely[0][0]):
        own = [found for found in fresh if found[0].passage.document == likely[0][1]]
        meant = case.intent.id if order is not None and case.intent is not None else None
        return _say(*next((found for found in own if found[0].answer.intent == meant), own[0]))
    wanted = case.matter.id if case.matter else None
    sole = next((found for found in fresh if found[0].alone and found[0].answer.intent == wanted), None)
    return _say(*sole) if sole else _quote(case)


def find_second(case: Situation, first: PolicyAnswer) -> PolicyAnswer | None:
    """What answers the second of two questions: the next answer, if it is nearly as likely as the first."""
    if case.exhausted or not _asks_twice(case):
        return None
    more = stems(case.reading.latest) - stems(first.text)
    told = [
        found
        for found in case.material.choices
        if more & stems(found[0].answer.text) and not _was_advised(found[0].answer.text, case)
    ]
    own = max((c.share for c, _ in case.material.choices if c.answer.text == first.text), default=0.0)
    likeliest = max(told, key=lambda found: found[0].share, default=None)
    return (
        _say(*likeliest) if likeliest is not None and likeliest[0].share >= max(_SECOND * own, _LEAST_SECOND) else None
    )


def _asks_twice(case: Situation) -> bool:
    return len(_QUESTION.findall(case.reading.latest)) > 1 or bool(_AND_ALSO.search(case.reading.latest))


def _about(order: Order, found: Sequence[Found], case: Situation) -> list[Found]:
    """The answers for what is asked about an order, those for its state first."""
    wanted: set[str | None] = {guess.intent.id for guess in case.material.guesses if guess.intent.records}
    wanted |= {INTENT_OF_STATE.get(order.status), case.intent.id if case.intent else None}
    state = stems(_STATES.get(order.status, ""))
    documents = {choice.passage.document for choice, _ in found if choice.answer.intent in wanted}
    return [
        (replace(choice, share=choice.share + (0 < len(state) <= len(state & stems(choice.passage.title)))), evidence)
        for choice, evidence in found
        if choice.passage.document in documents and _applies(choice.passage, order)
    ]


def _applies(passage: Passage, order: Order) -> bool:
    """Whether it is not about a way of delivery that this order does not have."""
    ways = [shipment.service.casefold() for shipment in order.shipments if shipment.service]
    return passage.product not in _WAYS or not ways or any(passage.product in way for way in ways)


def _say(choice: Choice, evidence: Evidence) -> PolicyAnswer:
    return PolicyAnswer(choice.answer.text, choice.passage, evidence, choice.answer.intent)


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
    if any(place.search(text) and place.search(case.reading.words) for place in _LOOKED_INTO):
        return True
    said = stems(text)
    enough = max(2, _REPEATED * min(len(said), 12))
    clauses = [clause for part in _CLAUSE.split(text) if len(clause := stems(part)) >= _TELLING]
    steps = [stems(s) for step in case.material.tried for s in split_sentences(step) if not s.endswith("?")]
    return any(len(said & step) >= enough or any(clause <= step for clause in clauses) for step in steps)
