"""Whether a post belongs to something that many write about, and may be answered with everybody's text.

Without a language model: by the intent, by words, by likeness to posts that a person has pointed out. Whoever holds
anything else belongs to it all the same, and is answered by themselves.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import regex

from assistant.case import Thread
from assistant.first_look import look_first
from assistant.guidance import LANGUAGES
from assistant.language import detect_language
from assistant.material import IntentGuess
from assistant.other_matters import other_matter
from assistant.outages import OUTAGE, outage_in, says_it_works
from assistant.outcome import HandOver, Hold, NoReply, Reason, TurnRecord, Writer
from assistant.plain_words import plain_words
from assistant.turn import Desk, find_brand
from tools.ports import Identity
from tools.records import Known

REASON = "incident"
"""The reason code of what an incident's text answers."""

_SURE = 0.3
_NEAREST = 2
_LONGEST = 600

Vector = Sequence[float]


@dataclass(frozen=True, slots=True)
class OpenIncident:
    """What many write about. A post belongs to it by any one of its signs.

    `intents` are ids; `words` whole words or phrases, whatever their case; `likes` the vectors of posts it is like,
    and `likeness` how like them (cosine) a post has to be.
    """

    id: str
    title: str
    intents: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()
    likes: tuple[Vector, ...] = ()
    likeness: float = 1.0


@dataclass(frozen=True, slots=True)
class Belonging:
    """A post that belongs to an incident: by what, how like its posts it is, and what `other` it holds, if anything."""

    incident: str
    title: str
    why: str
    likeness: float | None = None
    other: str | None = None
    intent: str | None = None
    language: str = "en"


async def find_incident(
    thread: Thread, incidents: Sequence[OpenIncident], desk: Desk, *, dismissed: frozenset[str] = frozenset()
) -> Belonging | None:
    """The first of the incidents that the current request belongs to; None if it is none of them, or only noise.

    Args:
        thread: The posts; the author of `thread.target` is who would be answered.
        incidents: Those of the thread's brand that are open.
        desk: Guidance and vectors. No language model is asked, and no record is read.
        dismissed: Codes of dangers of which a person has said that they are none here.
    """
    brand = find_brand(thread, desk.guidance)
    language = detect_language(thread.request, hint=brand.languages[0] if brand else "en")
    if not incidents or language not in LANGUAGES:
        return None
    looked = await look_first(thread, desk, dismissed)
    if isinstance(looked, NoReply):
        return None
    guesses = await desk.recogniser.guess_thread(thread, language)
    like = await _vector(thread, desk) if any(incident.likes for incident in incidents) else None
    for incident in incidents:
        signs, likeness = _signs(incident, thread, guesses, like)
        if not signs:
            continue
        if isinstance(looked, HandOver):
            other: str | None = looked.reason.words
        else:
            other = await other_matter(thread, language, guesses, desk.recogniser, incident.intents)
        intent = guesses[0].intent.id if guesses else None
        return Belonging(incident.id, incident.title, "; ".join(signs), likeness, other, intent, language)
    return None


def held_turn(thread: Thread, belonging: Belonging, now: datetime) -> TurnRecord:
    """The turn of a post that is left to an incident: nothing was read, nobody was asked, nothing is said."""
    reason = Reason(REASON, f"part of “{belonging.title}”: {belonging.why}")
    return TurnRecord(
        id=thread.id,
        channel=thread.channel,
        brand=thread.brand,
        language=belonging.language,
        target_post=thread.target.id,
        identity=Identity(Known.UNKNOWN),
        intent=belonging.intent,
        outcome=Hold(belonging.incident, reason),
        evidence=(),
        written_by=Writer.COMPOSER,
        started_at=now,
    )


def vector_words(text: str) -> str:
    """The words by which a post is compared with others: as for recognising intents, so that one vector serves both."""
    return plain_words(text)[-_LONGEST:]


async def _vector(thread: Thread, desk: Desk) -> Vector | None:
    words = vector_words(thread.request)
    return (await desk.ports.vectors.embed([words]))[0] if words else None


def _signs(
    incident: OpenIncident, thread: Thread, guesses: Sequence[IntentGuess], like: Vector | None
) -> tuple[list[str], float | None]:
    """What makes a post belong to the incident, in words for people; none if nothing does."""
    if OUTAGE in incident.intents and says_it_works(thread.request):
        return [], None
    signs = [
        f"is about “{guess.intent.title}”"
        for guess in guesses[:_NEAREST]
        if guess.intent.id in incident.intents and guess.confidence >= _SURE
    ]
    words = next((word for word in incident.words if says(thread.request, word)), None)
    if words is not None:
        signs.append(f"says “{words}”")
    told = outage_in(thread.request) if OUTAGE in incident.intents and not signs else None
    if told is not None:
        signs.append(f"tells of an outage: “{told}”")
    likeness = max((_cosine(like, one) for one in incident.likes), default=None) if like is not None else None
    if likeness is not None and likeness >= incident.likeness:
        signs.append(f"is like the posts pointed out ({likeness:.2f})")
    return signs, None if likeness is None else round(likeness, 4)


def says(text: str, words: str) -> bool:
    """Whether a text holds these words, whole and in any case."""
    written = r"\s+".join(regex.escape(word) for word in words.split())
    return bool(written) and regex.search(rf"(?<!\w){written}(?!\w)", text, regex.IGNORECASE) is not None


def _cosine(one: Vector, other: Vector) -> float:
    """Of vectors of length 1; of another model's, whose posts cannot be compared, 0."""
    return sum(a * b for a, b in zip(one, other, strict=True)) if len(one) == len(other) else 0.0
