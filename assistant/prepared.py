"""The prepared answers that may be what a post asks for, weighed with everything that is known of the case."""

from collections.abc import Mapping, Sequence

import regex

from assistant.case import Thread
from assistant.choosing import Candidate, Choice, choose, is_beyond
from assistant.focus import INTENT_OF_STATE
from assistant.guidance import Brand
from assistant.intents import DocumentIntent, IntentRecogniser
from assistant.material import IntentGuess
from assistant.plain_words import plain_words
from tools.records import Order, Passage

_UNSOLVED = "still_not_solved"
_SCAM = "report_scam"
_MENTION = regex.compile(r"(?<![\w.])@[\w-]+(?:[.@][\w-]+)*")


async def weigh_answers(
    thread: Thread,
    language: str,
    *,
    brand: Brand | None,
    passages: Sequence[Passage],
    guesses: Sequence[IntentGuess],
    order: Order | None,
    recogniser: IntentRecogniser,
) -> tuple[tuple[Choice, ...], bool]:
    """The answers prepared in this language, the likeliest first; and whether the post asks what no document answers.

    Args:
        thread: What is asked now counts, and as much the whole story if it began earlier.
        language: Of the reply.
        brand: Whom they wrote to; a handle like its accounts that is none of them speaks of a scam.
        passages: The openings of the documents that have answers.
        guesses: The intents of the post.
        order: The order in question; what is likely asked follows from its state, too.
        recogniser: Compares the post with what is asked of documents, and with the answers themselves.
    """
    readings = list(dict.fromkeys([thread.request, "\n".join(post.text for post in thread.spoken)]))
    candidates = await _candidates(passages, language, readings, recogniser)
    if not candidates:
        return (), False
    likely = {guess.intent.id: guess.confidence for guess in guesses}
    by_state = INTENT_OF_STATE.get(order.status) if order is not None else None
    if by_state is not None:
        likely[by_state] = 1.0
    if names_look_alike(thread, brand):
        likely[_SCAM] = 1.0
    asked = _together([await recogniser.likeness(reading) for reading in readings])
    words = "\n".join(plain_words(post.text) for post in thread.spoken)
    return choose(candidates, likely=likely, asked=asked, words=words), is_beyond(asked)


async def _candidates(
    passages: Sequence[Passage], language: str, readings: Sequence[str], recogniser: IntentRecogniser
) -> list[Candidate]:
    """Each answer of the documents in this language once, with how close the readings of the post are to it."""
    prepared = {
        (passage.document, answer.intent, answer.text): (passage, answer)
        for passage in passages
        for answer in passage.answers
        if answer.language == language
    }
    if not prepared:
        return []
    answers = [answer.text for _, answer in prepared.values()]
    close = [await recogniser.closeness(reading, answers) for reading in readings]
    return [
        Candidate(passage, answer, sum(each) / len(each))
        for (passage, answer), each in zip(prepared.values(), zip(*close, strict=True), strict=True)
    ]


def names_look_alike(thread: Thread, brand: Brand | None) -> bool:
    """Whether the author names an account that has a brand's name in it and is none of its accounts."""
    if brand is None:
        return False
    name = brand.id.casefold()
    handles = (match.group().lstrip("@") for post in thread.spoken for match in _MENTION.finditer(post.text))
    return any(name in handle.casefold() and not brand.goes_by(handle) for handle in handles)


def shortlist(choices: Sequence[Choice], *, documents: int, tried: bool) -> tuple[Choice, ...]:
    """The answers of the likeliest documents; where steps were tried, also what to do if nothing helped."""
    kept = list(dict.fromkeys(choice.passage.document for choice in choices))[:documents]
    return tuple(
        choice for choice in choices if choice.passage.document in kept or (tried and choice.answer.intent == _UNSOLVED)
    )


def _together(each: Sequence[Mapping[DocumentIntent, float]]) -> dict[DocumentIntent, float]:
    return {kind: sum(like.get(kind, 0.0) for like in each) / len(each) for kind in each[0]}
