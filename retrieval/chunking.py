"""Cuts a document along its headings into sections, and long sections at paragraphs, lines or sentences.

No word of a document is lost: read one after the other, the sections' headings and texts are the document, apart from
white space and the signs that mark headings. Fenced code is text, whatever it looks like.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import regex
from selectolax.lexbor import LexborHTMLParser, LexborNode

from retrieval.documents import Format

CHUNKING = "sections-1"
"""Names the way of cutting in the index's fingerprint: a change of this file that moves borders changes it too."""

LONGEST = 1200
"""Characters in a passage; the English model reads about 256 tokens."""

_ATX = regex.compile(r" {0,3}(#{1,6})[ \t]+(.*?)[ \t]*(?:[ \t]#+[ \t]*)?")
_FENCE = regex.compile(r" {0,3}(```|~~~)")
_UNDERLINE = regex.compile(r" {0,3}(=+|-+)[ \t]*")
_PLAIN_HEADING = regex.compile(r"[\p{Lu}\p{N}][^\n]{0,58}[^\s.!?;,:]|[\p{Lu}][^\n]{0,58}:")
_BREAKS = (regex.compile(r"\n[ \t]*\n"), regex.compile(r"\n"), regex.compile(r"(?<=[.!?…])\s+"), regex.compile(r"\s+"))


@dataclass(frozen=True, slots=True)
class Section:
    """A piece of a document under one heading. `heading` is the path of headings; the document's title is not added."""

    heading: tuple[str, ...]
    text: str


Line = tuple[int, str]
"""A heading of a level from 1, or text at level 0."""


def cut(text: str, form: Format) -> list[Section]:
    """The sections of a document in order."""
    sections = _group(_READERS[form](text))
    return [Section(section.heading, piece) for section in sections for piece in split_long(section.text)]


def split_long(text: str, longest: int = LONGEST) -> list[str]:
    """`text` in pieces of at most `longest` characters, cut at the coarsest border that makes them fit."""
    if len(text) <= longest:
        return [text]
    for border in _BREAKS:
        if border.search(text):
            return _pack(border, text, longest)
    return [text[at : at + longest] for at in range(0, len(text), longest)]


def _pack(border: regex.Pattern[str], text: str, longest: int) -> list[str]:
    pieces, start, end = [], 0, 0
    for stop in [*(match.start() for match in border.finditer(text)), len(text)]:
        if stop - start > longest and end > start:
            pieces.append(text[start:end].strip())
            start = end
        end = stop
    pieces.append(text[start:].strip())
    return [part for piece in pieces if piece for part in split_long(piece, longest)]


def _group(lines: Iterator[Line]) -> Iterator[Section]:
    """Text under its headings; a heading with nothing under it keeps itself as its text."""
    path: list[tuple[int, str]] = []
    text: list[str] = []
    bare = False

    def section() -> Section | None:
        body = "\n".join(text).strip()
        if not body and not bare:
            return None
        return Section(tuple(words for _, words in path), body or path[-1][1])

    for level, words in lines:
        if not level:
            text.append(words)
            continue
        deeper = bool(path) and level > path[-1][0]
        bare = bare and not deeper
        if done := section():
            yield done
        path = [(above, name) for above, name in path if above < level] + [(level, words)]
        text, bare = [], True
    if done := section():
        yield done


def _read_markdown(text: str) -> Iterator[Line]:
    fence = None
    held: str | None = None
    for line in text.splitlines():
        mark = _FENCE.match(line)
        if fence is None and held and (under := _UNDERLINE.fullmatch(line)):
            yield (1 if under[1][0] == "=" else 2), held.strip()
            held = None
            continue
        if held is not None:
            yield 0, held
            held = None
        if mark and (fence is None or fence == mark[1]):
            fence = mark[1] if fence is None else None
            yield 0, line
        elif fence is None and (heading := _ATX.fullmatch(line)) and heading[2]:
            yield len(heading[1]), heading[2]
        elif fence is None and _may_be_underlined(line):
            held = line
        else:
            yield 0, line
    if held is not None:
        yield 0, held


def _may_be_underlined(line: str) -> bool:
    return bool(line.strip()) and line.lstrip()[0] not in "-*+>|#`~0123456789" and len(line.strip()) <= 100


def _read_text(text: str) -> Iterator[Line]:
    """Plain text: a short line that stands alone and does not end like a sentence is a heading."""
    lines = ["", *text.splitlines(), ""]
    skip = False
    for before, line, after in zip(lines, lines[1:], lines[2:], strict=False):
        if skip:
            skip = False
            continue
        underlined = bool(_UNDERLINE.fullmatch(after)) and len(after.strip()) > 2
        alone = not before.strip() and (underlined or not after.strip())
        if alone and _PLAIN_HEADING.fullmatch(line.strip()):
            yield 1, line.strip().rstrip(":")
            skip = underlined
        else:
            yield 0, line


_RUNNING, _BREAK = -1, -2
_LINES = frozenset({"li", "br", "tr", "dt", "dd", "tbody", "thead"})
_SKIPPED = frozenset({"script", "style", "template", "noscript", "head", "-comment"})
_INLINE = frozenset(
    {
        "a",
        "abbr",
        "b",
        "bdi",
        "cite",
        "code",
        "del",
        "em",
        "i",
        "ins",
        "kbd",
        "label",
        "mark",
        "q",
        "s",
        "small",
        "span",
    }
    | {"strong", "sub", "sup", "time", "u", "var", "-text"}
)


def _read_html(text: str) -> Iterator[Line]:
    root = LexborHTMLParser(text).body
    if root is None:
        return
    inline: list[str] = []
    for level, words in _walk(root):
        if level == _RUNNING:
            inline.append(words)
            continue
        yield from _flush(inline)
        if level != _BREAK:
            yield level, words
    yield from _flush(inline)


def _flush(inline: list[str]) -> Iterator[Line]:
    words = " ".join("".join(inline).split())
    inline.clear()
    if words:
        yield 0, words


def _walk(node: LexborNode) -> Iterator[Line]:
    """Headings with their level, ends of paragraphs as empty text at level 0, breaks of a line, running text."""
    for child in node.iter(include_text=True):
        tag = child.tag or ""
        if tag in _SKIPPED:
            continue
        if tag == "-text":
            yield _RUNNING, child.text_content or ""
        elif len(tag) == 2 and tag[0] == "h" and tag[1] in "123456":
            if words := " ".join(child.text(separator=" ").split()):
                yield int(tag[1]), words
        elif tag in _INLINE:
            yield from _walk(child)
        else:
            end = _BREAK if tag in _LINES else 0
            yield end, ""
            if tag == "li":
                yield _RUNNING, "- "
            yield from _walk(child)
            yield end, ""


_READERS: dict[Format, Callable[[str], Iterator[Line]]] = {
    Format.MARKDOWN: _read_markdown,
    Format.HTML: _read_html,
    Format.TEXT: _read_text,
}
