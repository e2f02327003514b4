"""What the documents say to a rep's question: the sentence prepared for customers, else the rule's own words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.asked import Asked
from assistant.material import Material
from assistant.outcome import Claim, ClaimKind, Part
from assistant.rep_claims import claim_of
from assistant.return_rules import ASKED_UNDER
from assistant.stems import stems
from tools.context import ToolContext
from tools.policies import note_passage
from tools.ports import PortUnavailable
from tools.records import Answer, Passage

_RULES = 2
_NEARLY_AS_RELEVANT = 0.8
_LIKELIER_THAN_NOT = 0.5
_SAYS_MORE = 2


@dataclass(frozen=True, slots=True)
class RuleQuestion:
    """A question that a rule may answer.

    `matter` is what the records say it is about; a rule for tents is not found by "is it covered". `ruling` is the
    document by which a day was worked out that answers it.
    """

    words: str
    asked: Asked
    matter: str = ""
    ruling: Passage | None = None


async def find_rules(question: RuleQuestion, material: Material, context: ToolContext) -> list[Claim]:
    """The prepared sentences that answer it; the words of the best section where they say more of it."""
    try:
        near = _of_its_product(await _search(question, material, context), question)
        told = dict(_prepared(question, near, material))
        claims = [await say_prepared(passage, answer, context) for passage, answer in told.values()]
        best = near[0] if near else None
        if best is None or question.ruling is not None or best.document in told:
            return claims
        likely = _likeliest(question, material)
        if likely is not None:
            return claims
        rules = [passage for passage in near if passage.document not in told] if not claims else [best]
        return [*[await say_rule(question.words, passage, context) for passage in rules], *claims]
    except PortUnavailable:
        return []


async def _search(question: RuleQuestion, material: Material, context: ToolContext) -> list[Passage]:
    """What is found that is nearly as relevant as the best."""
    ports = context.ports.passages
    internal = question.asked.has("offer")  # what may be offered is for the team alone
    found: list[Passage] = []
    titles = [material.intent.title] if question.asked.rule and material.intent is not None else []
    for words in (question.words, *titles):
        found = found or list(
            await ports.search(
                f"{words} {question.matter}".strip(),
                brand=context.brand,
                region=context.region,
                audiences=frozenset({"internal"} if internal else {"public", "internal"}),
                at=context.now,
                limit=_RULES,
            )
        )
    best = max((passage.relevance for passage in found), default=0.0)
    return [passage for passage in found if passage.relevance >= _NEARLY_AS_RELEVANT * best]


def _of_its_product(near: list[Passage], question: RuleQuestion) -> list[Passage]:
    """Of documents of one category, those of the product in question where there is one, and no other product's."""
    named = stems(f"{question.words} {question.matter}")
    own = {passage.category for passage in near if passage.product and stems(passage.product) & named}
    return [p for p in near if p.category not in own or not p.product or stems(p.product) & named]


def _prepared(
    question: RuleQuestion, near: Sequence[Passage], material: Material
) -> Iterator[tuple[str, tuple[Passage, Answer]]]:
    """By document, the sentence prepared in it: in the rule that answers, the likeliest one, and what was found."""
    if question.ruling is not None:
        ruling = [a for a in question.ruling.answers if a.language == material.language and a.intent in ASKED_UNDER]
        yield from ((question.ruling.document, (question.ruling, answer)) for answer in ruling[:1])
    likely = _likeliest(question, material)
    if likely is not None:
        yield likely[0].document, likely
    for passage in near:
        answer = _fitting(question, passage, material)
        if answer is not None and passage.document not in (likely[0].document if likely else None, question.ruling):
            yield passage.document, (passage, answer)


def _likeliest(question: RuleQuestion, material: Material) -> tuple[Passage, Answer] | None:
    """The prepared answer that is likelier than all others together, as a post with these words would get it.

    Nothing public is prepared on what may be offered.
    """
    best = material.choices[0][0] if material.choices and not question.asked.has("offer") else None
    if best is None or best.share < _LIKELIER_THAN_NOT:
        return None
    return best.passage, best.answer


def _fitting(question: RuleQuestion, passage: Passage, material: Material) -> Answer | None:
    """The answer to what is likely asked that is closest to the question, unless the passage says more of it."""
    likely = [guess.intent.id for guess in material.guesses]
    own = [answer for answer in passage.answers if answer.language == material.language and answer.intent in likely]
    if not own:
        return None
    wanted = stems(question.words) - stems(passage.title)

    def shared(answer: Answer) -> tuple[int, int]:
        return len(wanted & stems(answer.text)), -likely.index(answer.intent)

    best = max(own, key=shared)
    beside = len(wanted & stems(f"{passage.text} {' '.join(passage.heading[1:])}"))
    return None if beside >= shared(best)[0] + _SAYS_MORE else best


async def say_prepared(found: Passage, answer: Answer, context: ToolContext) -> Claim:
    """The prepared sentences, resting on the part of the document that says the same at length."""
    part = await _closest_part(answer.text, found, context)
    return Claim(Part.PRIVATE, f"{found.title}: {answer.text}", ClaimKind.POLICY, (note_passage(context, part).id,))


async def say_rule(question: str, found: Passage, context: ToolContext) -> Claim:
    """The part of a document that was found which is closest to the question."""
    return claim_of(note_passage(context, await _closest_part(question, found, context)))


async def _closest_part(words: str, found: Passage, context: ToolContext) -> Passage:
    """The part of the document that shares most with the words; the one that was found, among equals."""
    wanted = stems(words)
    parts = await context.ports.passages.whole(found) or [found]
    return max(parts, key=lambda part: (_closeness(wanted, part), part.id == found.id))


def _closeness(words: frozenset[str], part: Passage) -> int:
    """Shared words, headings counting twice; a part with figures goes before one that only introduces."""
    heading = " ".join(part.heading[1:])
    figures = any(char.isdigit() for char in part.text)
    return 2 * len(words & stems(heading)) + len(words & stems(part.text)) + figures
