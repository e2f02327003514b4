"""What a rep was answered, as a page shows it: a text with its problems marked, its sources, cards to take it from."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.outcome import Part
from server.conversations.showing import ShownTurn
from server.conversations.states import FOR_CUSTOMERS, SAVED_REPLY
from server.conversations.views import SuggestionView, TurnView
from tools.evidence import Visibility


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text. `problems` are the numbers of those that it has."""

    text: str
    problems: Sequence[int] = ()
    severity: str | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """What a check says of a sentence, by the number that it has in this answer."""

    number: int
    severity: str
    sentence: str
    rule: str
    reason: str


@dataclass(frozen=True, slots=True)
class Source:
    """What the text rests on: a place in a policy, a record, a post. `ids` are the facts that are told of it.

    `internal`: customers do not hear of it. `policy`: the document it stands in.
    """

    number: int
    ids: Sequence[str]
    name: str
    internal: bool
    policy: str | None


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence, and the numbers of its sources."""

    sentence: str
    sources: Sequence[int]


@dataclass(frozen=True, slots=True)
class Card:
    """A text to be taken: `suggestion` is its record, None where nothing is written down of what becomes of it.

    `part` says who sees it: `public`, `private`, `rep` or `offer`. `text` is what is taken, `pieces` how it is shown.
    `warnings` are to be read before it is put before a customer.
    """

    part: str
    text: str
    pieces: Sequence[Piece]
    suggestion: SuggestionView | None
    warnings: Sequence[str]


@dataclass(frozen=True, slots=True)
class AnswerPart:
    """A turn of a session.

    `outcome`, `team` and `reason` say what came of it where that is no text alone, `detail` why nothing did. `notes`
    are what the rep has to know of it, `refused` what may not be offered and why. `saved_reply` is the one that it
    was, and `unfilled` what of it is not filled in, by variable and why.
    """

    turn: TurnView
    outcome: str | None
    team: str | None
    reason: str | None
    detail: str | None
    cards: Sequence[Card]
    problems: Sequence[Problem]
    sources: Sequence[Source]
    statements: Sequence[Statement]
    for_customer: bool
    notes: Sequence[str]
    refused: Sequence[Mapping[str, Any]]
    saved_reply: str | None
    unfilled: Sequence[Mapping[str, str]]


def answer_of(shown: ShownTurn) -> AnswerPart:
    """A turn as it is shown."""
    result = shown.result
    problems = [
        Problem(number, found["severity"], found["sentence"], found["rule"], found["reason"])
        for number, found in enumerate(result.get("findings", ()), start=1)
    ]
    sources = _sources(result.get("evidence", ()))
    saved_reply = result.get("saved_reply") or {}
    numbers = {id_: source.number for source in sources for id_ in source.ids}
    return AnswerPart(
        shown.view,
        result.get("outcome"),
        result.get("team"),
        (result.get("reason") or {}).get("words"),
        result.get("detail"),
        list(_cards(shown, problems, sources)),
        problems,
        sources,
        [
            Statement(claim["sentence"], sorted({numbers[one] for one in claim["evidence"] if one in numbers}))
            for claim in result.get("claims", ())
        ],
        shown.view.kind in FOR_CUSTOMERS,
        result.get("notes", ()),
        result.get("refused", ()),
        saved_reply.get("title"),
        saved_reply.get("unfilled", ()),
    )


def document_of(source: Mapping[str, Any]) -> str | None:
    """The document that a source stands in, if it is a policy."""
    return source["policy"]["document"] if "policy" in source else None


def told_of(source: Mapping[str, Any], evidence: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """All that is told of what a fact is of: of a policy the one place, of an order or a customer each fact."""
    if document_of(source) is not None:
        return [source]
    return [one for one in evidence if one["source"] == source["source"] and document_of(one) is None]


def _sources(evidence: Sequence[Mapping[str, Any]]) -> list[Source]:
    sources: list[Source] = []
    for one in evidence:
        if any(one["id"] in source.ids for source in sources):
            continue
        told = told_of(one, evidence)
        internal = any(fact["visibility"] == Visibility.INTERNAL for fact in told)
        ids = [fact["id"] for fact in told]
        sources.append(Source(len(sources) + 1, ids, one["source"], internal, document_of(one)))
    return sources


def _cards(shown: ShownTurn, problems: Sequence[Problem], sources: Sequence[Source]) -> Iterator[Card]:
    result = shown.result
    if shown.view.kind in FOR_CUSTOMERS:
        internal = [source.name for source in sources if source.internal]
        for one in shown.suggestions:
            if one.kind in ("reply", SAVED_REPLY):
                pieces = _pieces(one.text, result.get("claims", ()), problems)
                yield Card(one.ref or Part.PRIVATE, one.text, pieces, one, internal)
        return
    text = result.get("text") or shown.view.text
    warnings = result.get("warnings", ())
    offers = [one for one in shown.suggestions if one.kind == "offer"]
    for one in offers:
        yield Card("offer", one.text, [Piece(one.text)], one, warnings)
    if text and offers:
        # what may be offered stands in the cards, and behind it in the text what the documents say of it
        text = text.split(offers[-1].text, 1)[-1].strip()
    if text:
        yield Card("rep", text, _pieces(text, result.get("claims", ()), problems), None, warnings)


def _pieces(text: str, claims: Sequence[Mapping[str, Any]], problems: Sequence[Problem]) -> list[Piece]:
    """The text cut where a sentence begins or ends that a check says something of; together they are the text."""
    pieces: list[Piece] = []
    place = 0
    for sentence in dict.fromkeys(claim["sentence"] for claim in claims):
        found = [problem for problem in problems if problem.sentence == sentence]
        begin = text.find(sentence, place)
        if not found or begin < 0:
            continue
        pieces += [Piece(text[place:begin])] if begin > place else []
        place = begin + len(sentence)
        pieces.append(Piece(text[begin:place], [problem.number for problem in found], _worst(found)))
    return [*pieces, Piece(text[place:])] if place < len(text) else pieces


def _worst(problems: Sequence[Problem]) -> str:
    order = ("block", "warn", "info")
    return min((problem.severity for problem in problems), key=lambda one: order.index(one) if one in order else 0)
