"""From a model's prose to texts and claims: parts told apart, `[E1]` markers turned into evidence and taken out.

Models hardly ever keep to a form exactly, so everything here reads generously: headings in four languages, with or
without markdown, preambles, quotes, code fences, markers in any bracket or cut off. Nothing of it reaches a text.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import regex

from assistant import wording
from assistant.outcome import Claim, ClaimKind, Finding, Part, Reply, Severity
from assistant.sentences import split_sentences
from tools.evidence import Evidence, EvidenceKind

_PUBLIC = r"public|öffentliche?r?|p[úu]blic[oa]|publique|publico"
_PRIVATE = r"private?r?|privad[oa]|priv[ée]e?"
_NOUN = (
    r"reply|part|text|answer|post|message|dm|antwort|teil|nachricht|respuesta|parte|texto|mensaje|réponse|partie|texte"
)
HEADINGS = {Part.PUBLIC: "→", Part.PRIVATE: "PRIVATE:"}
_HEADING = regex.compile(
    rf"""
    (?:^[ \t>#*_\-\[]*(?:(?:{_NOUN})[ ])?|(?<=[.!?\])"”»][ \t]{{0,3}})\**(?=(?-i:\p{{Lu}}{{2}})))
    (?:(?P<public>{_PUBLIC})|(?P<private>{_PRIVATE}))
    (?:[ ](?:{_NOUN}))?
    (?:[ ]?\([^)\n]{{0,40}}\))?
    [\]*_ ]*
    (?: : [*_]* | (?=[ ]*$) )
    | ^[ \t>*]*(?P<public>→)
    """,
    regex.VERBOSE | regex.MULTILINE | regex.IGNORECASE,
)
_TRAILER = regex.compile(
    r"^[ \t>#*_\-]*(?:evidence|sources?|notes?|explanation|claims?|reasoning|analysis|findings"
    r"|quellen?|hinweis|fuentes?|notas?|remarques?)\b[*_ ]*:.*",
    regex.MULTILINE | regex.IGNORECASE | regex.DOTALL,
)
_PREAMBLE = regex.compile(
    r"\A\s*(?:sure|certainly|of course|okay|ok|here(?:'s| is| are)|gerne|natürlich|hier ist|klar|claro|aquí"
    r"|por supuesto|voici|bien sûr)\b[^\n]{0,120}:[ \t]*(?:\n+|$)",
    regex.IGNORECASE,
)
_NOTHING = regex.compile(
    r"\W*(?:none|null|n/?a|nothing|empty|no private (?:part|text|reply)|keine?|nichts|nada|ninguno|aucune?|rien)\W*",
    regex.IGNORECASE,
)
_FENCE = regex.compile(r"^[ \t]*(?:```|~~~)[\w-]*[ \t]*$", regex.MULTILINE)
_NUMBER = r"E\s?\d+"
_SEPARATOR = r"\s*(?:[,;/&+]|and|und|y|et|bis|to|-|–)\s*"
_MARKER = regex.compile(
    rf"""
    \s*[\[(【{{]\s*(?:(?:see|source|evidence|quelle|fuente|siehe|voir)s?:?\s*)?
    (?P<numbers>{_NUMBER}(?:{_SEPARATOR}E?\s?\d+)*)
    (?:\s*:[^\])】}}\n]{{0,60}})?\s*[\])】}}]
    | \s*\[(?P<numbers>\d{{1,2}}(?:\s*,\s*\d{{1,2}})*)\](?!\()
    | \s*[\[【]\s*(?P<numbers>E?\s?\d*(?:{_SEPARATOR}E?\s?\d*)*)\s*$    # cut off
    """,
    regex.VERBOSE | regex.IGNORECASE,
)
_LEFTOVER = regex.compile(r"\s*[\[【]\s*E\s?\d[^\]】\n]{0,40}[\]】]?", regex.IGNORECASE)
_LINK = regex.compile(r"\[([^\]\n]+)\]\((https?://[^\s)]+|mailto:[^\s)]+)\)|<(https?://[^\s>]+)>")
_EMPHASIS = regex.compile(r"(?<![\w*])(\*\*|__|\*)(?=\S)(.+?)(?<=\S)\1(?![\w*])")
_RULE = regex.compile(r"\n[ \t]*(?:-{3,}|\*{3,}|_{3,})\s*\Z")
_SHORTEST_QUOTE = 20
_QUOTES = {'"': '"', "“": "”", "„": "“", "«": "»", "'": "'", "`": "`"}


@dataclass(frozen=True, slots=True)
class _Cited:
    """A sentence with the evidence numbers that stood at it."""

    sentence: str
    numbers: tuple[str, ...]


def parse_reply(text: str, evidence: Iterable[Evidence]) -> Reply:
    """What a model wrote, as texts without markers and claims.

    Args:
        text: The model's prose; what stands before a private part, or without headings at all, is public.
        evidence: What it could cite. Numbers that are not among it are dropped, each with a finding.

    Returns:
        The reply; a part that is empty or says "none" is None.
    """
    known = {item.id: item for item in evidence}
    texts: dict[Part, str] = {}
    claims: list[Claim] = []
    findings: list[Finding] = []
    for part, raw in split_parts(text).items():
        words, marks = _take_markers(_plain(raw))
        if not words:
            continue
        texts[part] = words
        for cited in _cite(words, marks):
            held = tuple(known[number] for number in cited.numbers if number in known)
            held = held or _told_word_for_word(cited.sentence, known.values())
            held = held or _taken_up(cited.sentence, known.values())
            unknown = [number for number in cited.numbers if number not in known]
            kind = classify(cited.sentence, held)
            claims.append(Claim(part, cited.sentence, kind, tuple(item.id for item in held)))
            if unknown:
                reason = f"names evidence that does not exist: {', '.join(unknown)}"
                findings.append(Finding("unknown_evidence", Severity.WARN, part, cited.sentence, reason))
    return Reply(texts.get(Part.PUBLIC), texts.get(Part.PRIVATE), tuple(claims), tuple(findings))


def keep_prepared(reply: Reply, prepared: Reply) -> Reply:
    """The reply; a sentence that stands in the prepared one is of that one's kind and has its source if it names none.

    A model copies a courtesy such as "The details are in a message to you" without a marker, and rightly so. A private
    part that it leaves out is the prepared one: what is only for the customer would otherwise be told to nobody.
    """
    known = {(claim.part, claim.sentence): claim for claim in prepared.claims}
    pairs = ((claim, known.get((claim.part, claim.sentence), claim)) for claim in reply.claims)
    claims = [replace(claim, kind=own.kind, evidence=claim.evidence or own.evidence) for claim, own in pairs]
    if reply.private_text is None:
        claims += [claim for claim in prepared.claims if claim.part is Part.PRIVATE]
    return replace(reply, private_text=reply.private_text or prepared.private_text, claims=tuple(claims))


def split_parts(text: str) -> dict[Part, str]:
    """The parts of a model's text, each once (the first that says something), without headings and appendices."""
    text = _PREAMBLE.sub("", _FENCE.sub("", text), count=1)
    found = _HEADING.finditer(text)
    opened = [(Part.PUBLIC if match["public"] else Part.PRIVATE, match.start(), match.end()) for match in found]
    if all(part is Part.PRIVATE for part, _, _ in opened):
        opened.insert(0, (Part.PUBLIC, 0, 0))
    ends = [start for _, start, _ in opened[1:]] + [len(text)]
    parts: dict[Part, str] = {}
    for (part, _, begin), end in zip(opened, ends, strict=True):
        body = _RULE.sub("", _TRAILER.sub("", text[begin:end])).strip()
        body = body.strip("*_-").strip() if begin else body
        if body and not _NOTHING.fullmatch(body):
            parts.setdefault(part, body)
    return {part: parts[part] for part in Part if part in parts}


def readable(text: str) -> str:
    """A model's text for the eye alone: parts one below the other, without headings and markers."""
    return "\n\n".join(_take_markers(_plain(raw))[0] for raw in split_parts(text).values())


def could_become_heading(line: str) -> bool:
    """Whether an unfinished line may turn out to be a heading."""
    return bool(line.strip()) and _HEADING.fullmatch(line, partial=True) is not None


def classify(sentence: str, evidence: Sequence[Evidence]) -> ClaimKind:
    """What a sentence does, from its wording (en, de, es, fr) and the kinds of evidence it rests on."""
    if sentence.rstrip(" )\"'”»").endswith("?") or wording.ASKS.search(sentence):
        return ClaimKind.QUESTION
    if wording.PROMISES.search(sentence):
        return ClaimKind.PROMISE
    kinds = {item.kind for item in evidence}
    if EvidenceKind.RECORD in kinds:
        return ClaimKind.FACT
    if EvidenceKind.POLICY in kinds:
        return ClaimKind.POLICY
    if kinds or wording.STATES.search(sentence):
        return ClaimKind.FACT
    return ClaimKind.COURTESY


def _plain(text: str) -> str:
    """Without markdown, quotes around the whole and quoting signs at the start of lines."""
    text = _LINK.sub(lambda m: m[3] or (m[2] if m[1] in m[2] else f"{m[1]}: {m[2].removeprefix('mailto:')}"), text)
    text = _EMPHASIS.sub(r"\2", text)
    text = regex.sub(r"^[ \t]*(?:>|#{1,6}[ \t])[ \t]*", "", text, flags=regex.MULTILINE)
    text = regex.sub(r"^[ \t]*(?:-{3,}|\*{3,}|_{3,})[ \t]*$", "", text, flags=regex.MULTILINE).strip()
    if len(text) > 1 and _QUOTES.get(text[0]) == text[-1] and text[0] not in text[1:-1]:
        text = text[1:-1].strip()
    return text


def _take_markers(text: str) -> tuple[str, list[tuple[int, tuple[str, ...]]]]:
    """The text without markers, and where in it which numbers stood."""
    words = ""
    marks: list[tuple[int, tuple[str, ...]]] = []
    end = 0
    for match in _MARKER.finditer(text):
        words += text[end : match.start()]
        end = match.end()
        marks.append((len(words), _numbers(match["numbers"] or "")))
        if regex.match(r"[\p{L}\p{N}]", text[end : end + 1]):
            words += " "
    words += text[end:]
    kept = _LEFTOVER.sub("", words)
    offset = len(kept) - len(kept.lstrip())
    return kept.strip(), [(max(0, position - offset), numbers) for position, numbers in marks]


def _told_word_for_word(sentence: str, evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """The evidence that a sentence without a marker repeats: models mark the last sentence of what they quote."""
    if len(sentence) < _SHORTEST_QUOTE or sentence.endswith("?"):
        return ()
    words = _folded(sentence).rstrip(".!:")
    return next(((item,) for item in evidence if words in _folded(item.text)), ())


def _taken_up(sentence: str, evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """The customer's posts, for a sentence that takes up what they wrote and names no source."""
    if not wording.TAKES_UP.search(sentence):
        return ()
    return tuple(item for item in evidence if item.kind is EvidenceKind.POST)


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _numbers(written: str) -> tuple[str, ...]:
    """`E1, E3-E5` as E1, E3, E4, E5."""
    numbers: list[str] = []
    for match in regex.finditer(r"(\d+)(?:\s*(?:-|–|bis|to)\s*E?\s?(\d+))?", written):
        first, last = int(match[1]), int(match[2] or match[1])
        numbers.extend(f"E{number}" for number in range(first, min(last, first + 20) + 1))
    return tuple(dict.fromkeys(numbers))


def _cite(text: str, marks: Sequence[tuple[int, tuple[str, ...]]]) -> list[_Cited]:
    """Each sentence with the markers in it or right after it; a marker that opens a line belongs to what follows."""
    spans: list[tuple[int, int, str]] = []
    position = 0
    for sentence in split_sentences(text):
        start = text.index(sentence, position)
        position = start + len(sentence)
        spans.append((start, position, sentence))
    found: list[list[str]] = [[] for _ in spans]
    for at, numbers in marks:
        opens_line = not text[:at].rpartition("\n")[2].strip()
        later = (i for i, (_, end, _) in enumerate(spans) if end > at)
        earlier = (i for i, (start, _, _) in reversed(list(enumerate(spans))) if start < at)
        owner = next(later, None) if opens_line else next(earlier, None)
        if owner is not None:
            found[owner].extend(numbers)
    return [_Cited(sentence, tuple(dict.fromkeys(found[i]))) for i, (_, _, sentence) in enumerate(spans)]
