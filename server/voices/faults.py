"""What is wrong with a brand's voices, before anybody is greeted by them."""

from collections.abc import Collection, Iterator, Sequence

from assistant.case import BETWEEN_TWO
from assistant.counting import COMFORTABLE, count, limit
from assistant.guidance import Brand, Voice
from assistant.outcome import Part
from assistant.reading.contacts import find_links
from assistant.reading.tokens import words_of
from assistant.sentences import split_sentences
from server.faults import Fault
from server.voices.said import ANY_CHANNEL

_SHARE = 3
"""Greeting and sign-off may take this part of what people read: the answer needs the rest."""
_ANSWER = "You have 60 days to send it back."


def faults_of(voices: Sequence[Voice], brand: Brand, channels: Collection[str]) -> Iterator[Fault]:
    """Everything by which a voice would never sound, or would spoil what it is put around.

    Args:
        voices: The brand's, as they would be; a fault names one by its place among them.
        brand: Whose they are.
        channels: The networks on which the brand has an account.
    """
    known = {*channels, *BETWEEN_TWO}
    seen: dict[tuple[str, str], int] = {}
    avoided: set[tuple[str, tuple[str, ...]]] = set()
    for position, voice in enumerate(voices):
        field = f"voices.{position}"
        if voice.language not in brand.languages:
            yield Fault(
                f"{field}.language", f"{brand.id} does not speak `{voice.language}`; brands.yaml says what it does"
            )
        if voice.channel not in {ANY_CHANNEL, *known}:
            words = f"{brand.id} has no account on “{voice.channel}”; use one of {', '.join(sorted(known))}"
            yield Fault(f"{field}.channel", words)
        first = seen.setdefault((voice.language, voice.channel), position)
        if first != position:
            yield Fault(f"{field}.channel", f"{_named(voice)} has a voice above already; keep one of the two")
        reached = _reached(voice, voices, channels)
        yield from _sentence_faults(field, voice)
        yield from _length_faults(field, voice, reached)
        if (voice.language, voice.avoid) not in avoided:  # what several share is told once
            yield from _avoid_faults(field, voice)
        avoided.add((voice.language, voice.avoid))
    for language in brand.languages:
        if (language, ANY_CHANNEL) not in seen:
            yield Fault("voices", f'{brand.id} has no voice in `{language}` for any channel ("*"); add one')


def _named(voice: Voice) -> str:
    return f"`{voice.language}` on {'any channel' if voice.channel == ANY_CHANNEL else voice.channel}"


def _reached(voice: Voice, voices: Sequence[Voice], channels: Collection[str]) -> Collection[str]:
    """The networks on which it sounds: one that has a voice of its own goes by that."""
    if voice.channel != ANY_CHANNEL:
        return [voice.channel]
    own = {other.channel for other in voices if other.language == voice.language}
    return [channel for channel in channels if channel not in own]


def _sentence_faults(field: str, voice: Voice) -> Iterator[Fault]:
    """What would run into the answer, or would be checked and found wrong with every answer."""
    around = {"greeting": (voice.greeting, f"{voice.greeting} {_ANSWER}", -1)}
    around["sign_off"] = (voice.sign_off, f"{_ANSWER} {voice.sign_off}", 0)
    for name, (text, with_answer, place) in around.items():
        if not text:
            continue
        if text != " ".join(text.split()):
            yield Fault(f"{field}.{name}", "has line breaks, or more spaces than one; write it on one line")
        elif split_sentences(with_answer)[place] != _ANSWER:
            yield Fault(f"{field}.{name}", "runs into the answer; end it with a full stop, “!” or “?”")
        if find_links(text):
            yield Fault(f"{field}.{name}", "names an address, which only destinations may; leave it out")
        for word in voice.avoid:
            if _holds(text, word):
                yield Fault(
                    f"{field}.{name}", f"says “{word}”, which is among the words to avoid; change one of the two"
                )


def _length_faults(field: str, voice: Voice, channels: Collection[str]) -> Iterator[Fault]:
    """Told once, at the longer of the two, for the network that takes least."""
    both = " ".join(text for text in (voice.greeting, voice.sign_off) if text)
    found = [(most, channel) for channel in channels if count(both, channel, Part.PUBLIC) > (most := _most(channel))]
    if found:
        most, channel = min(found)
        name = max(("greeting", "sign_off"), key=lambda one: len(getattr(voice, one)))
        words = f"greeting and sign-off together have {count(both, channel, Part.PUBLIC)} characters on {channel}"
        yield Fault(f"{field}.{name}", f"{words}; {most} leave room for an answer")


def _most(channel: str) -> int:
    return min(COMFORTABLE, limit(channel, Part.PUBLIC)) // _SHARE


def _avoid_faults(field: str, voice: Voice) -> Iterator[Fault]:
    seen: set[str] = set()
    for word in voice.avoid:
        plain = " ".join(words_of(word))
        if not plain:
            yield Fault(f"{field}.avoid", f"“{word}” holds no word; leave it out")
        elif plain in seen:
            yield Fault(f"{field}.avoid", f"“{word}” is there twice; keep one of the two")
        seen.add(plain)


def _holds(text: str, word: str) -> bool:
    """Whether it does as the check of drafts sees it."""
    plain = " ".join(words_of(word))
    return bool(plain) and f" {plain} " in f" {' '.join(words_of(text))} "
