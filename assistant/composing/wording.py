"""From chosen sentences to a reply: each sentence keeps its kind and its evidence, and the whole fits the channel."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from assistant.counting import COMFORTABLE, count, limit
from assistant.guidance import Voice
from assistant.outcome import Claim, ClaimKind, Part, Reply
from assistant.sentences import split_sentences


@dataclass(frozen=True, slots=True)
class Line:
    """One or a few sentences with what they rest on. The higher `spare`, the sooner they go when space is short."""

    text: str
    kind: ClaimKind
    evidence: tuple[str, ...] = ()
    spare: int = 0


@dataclass(slots=True)
class Text:
    """A text in the making: lines in the order in which they will stand."""

    lines: list[Line] = field(default_factory=list)

    def add(
        self, text: str, kind: ClaimKind = ClaimKind.COURTESY, *, evidence: Iterable[str] = (), spare: int = 0
    ) -> "Text":
        """Add sentences at the end; `spare` above 0 lets them go when space is short."""
        self.lines.append(Line(text, kind, tuple(dict.fromkeys(evidence)), spare))
        return self


def finish(public: Text | None, private: Text | None, *, voice: Voice | None, channel: str) -> Reply:
    """The reply with greeting and sign-off; lines that can be spared go until each part fits the channel."""
    public_lines = _shorten(_dress(public, voice), channel, Part.PUBLIC)
    private_lines = _shorten(_dress(private, voice), channel, Part.PRIVATE)
    return Reply(
        public_text=_join(public_lines) or None,
        private_text=_join(private_lines) or None,
        claims=(*_claims(Part.PUBLIC, public_lines), *_claims(Part.PRIVATE, private_lines)),
    )


def _shorten(lines: list[Line], channel: str, part: Part) -> list[Line]:
    """Without what makes the text longer than people read, then without whatever it takes to fit."""
    kept = list(lines)
    longest = limit(channel, part)
    if part is Part.PUBLIC:
        _drop(kept, channel, part, longest=min(COMFORTABLE, longest), least_spare=2)
    _drop(kept, channel, part, longest=longest, least_spare=1)
    return kept


def _drop(lines: list[Line], channel: str, part: Part, *, longest: int, least_spare: int) -> None:
    while count(_join(lines), channel, part) > longest:
        spare = [line for line in lines if line.spare >= least_spare]
        if not spare:
            return
        lines.remove(max(spare, key=lambda line: line.spare))


def _dress(text: Text | None, voice: Voice | None) -> list[Line]:
    if text is None or not text.lines:
        return []
    greeting = [Line(voice.greeting, ClaimKind.COURTESY, spare=3)] if voice and voice.greeting else []
    sign_off = [Line(voice.sign_off, ClaimKind.COURTESY, spare=2)] if voice and voice.sign_off else []
    return [*greeting, *text.lines, *sign_off]


def _join(lines: Sequence[Line]) -> str:
    return " ".join(sentence for line in lines for sentence in split_sentences(line.text))


def _claims(part: Part, lines: Sequence[Line]) -> Iterator[Claim]:
    for line in lines:
        for sentence in split_sentences(line.text):
            kind = ClaimKind.QUESTION if sentence.rstrip('"»)').endswith("?") else line.kind
            yield Claim(part, sentence, kind, line.evidence)
