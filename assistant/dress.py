"""A brand's greeting and sign-off: put around what a model wrote, and taken off what it is shown.

They are the voice's, not the model's: so they are always there where there is room, and the same words every time.
"""

from collections.abc import Sequence
from dataclasses import replace

from assistant.counting import COMFORTABLE, count, limit
from assistant.guidance import Voice
from assistant.outcome import Claim, ClaimKind, Part, Reply
from assistant.sentences import split_sentences

_OWN_GREETING = 3
"""A first sentence of so few words is a greeting already."""


def dress(reply: Reply, voice: Voice | None, channel: str) -> Reply:
    """The reply with greeting and sign-off around each part that has room for them."""
    if voice is None:
        return reply
    public, public_claims = _dress(reply, Part.PUBLIC, voice, channel)
    private, private_claims = _dress(reply, Part.PRIVATE, voice, channel)
    return replace(reply, public_text=public, private_text=private, claims=(*public_claims, *private_claims))


def undress(reply: Reply, voice: Voice | None) -> Sequence[Claim]:
    """The reply's sentences but for greeting and sign-off."""
    worn = {*split_sentences(voice.greeting), *split_sentences(voice.sign_off)} if voice else frozenset[str]()
    return [claim for claim in reply.claims if claim.sentence not in worn]


def _dress(reply: Reply, part: Part, voice: Voice, channel: str) -> tuple[str | None, list[Claim]]:
    claims = [claim for claim in reply.claims if claim.part is part]
    text = reply.text(part)
    if text is None or not claims:
        return text, claims
    room = min(COMFORTABLE, limit(channel, part)) if part is Part.PUBLIC else limit(channel, part)
    if voice.sign_off and voice.sign_off not in text and count(f"{text} {voice.sign_off}", channel, part) <= room:
        text = f"{text} {voice.sign_off}"
        claims = [*claims, *_courtesies(part, voice.sign_off)]
    greets = len(claims[0].sentence.split()) <= _OWN_GREETING
    if voice.greeting and not greets and count(f"{voice.greeting} {text}", channel, part) <= room:
        text = f"{voice.greeting} {text}"
        claims = [*_courtesies(part, voice.greeting), *claims]
    return text, claims


def _courtesies(part: Part, words: str) -> list[Claim]:
    return [Claim(part, sentence, ClaimKind.COURTESY) for sentence in split_sentences(words)]
