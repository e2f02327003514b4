"""PDF and Word files as Markdown. Run as a process of its own: `python -m server.policies.converting pdf < file`.

Such files come from anywhere, and reading one may take any time and memory there is; so the process that does has
little of both, and nothing of ours in it. It writes JSON: `text`, or `refused` with the reason in words. Nothing that
a file refers to is fetched.
"""

import json
import re
import resource
import statistics
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docx.table import Table
    from docx.text.paragraph import Paragraph

MOST_PAGES = 200
LONGEST = 300_000
"""Characters of a document; its text is found and read in pieces, and no policy is a book."""

LONGEST_LINE = 20_000
"""Characters of a line, within which checks look for marks."""

_CPU_S = 20
_MEMORY = 1 << 30
_MOST_PARTS = 2_000
_MOST_UNPACKED = 60_000_000
_HEADING_SIZE = 1.15
_LONGEST_HEADING = 120
_STEPS = 6
_OLD_WORD = b"\xd0\xcf\x11\xe0"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_HEADING = re.compile(r"Heading (\d)")


class Refused(Exception):
    """Why a file is not read; the words say what to do."""


def convert(kind: str, content: bytes) -> str:
    """The text of a file as Markdown.

    Raises:
        Refused: It cannot or should not be read.
    """
    lines = _READERS[kind](content)
    text = _CONTROL.sub("", "\n".join(lines))
    text = re.sub(r"[ \t]+\n", "\n", re.sub(r"\n{3,}", "\n\n", text)).strip()
    if not text:
        raise Refused("there is no text in it; a scan or a picture has to be typed out, or read by OCR, first")
    if len(text) > LONGEST:
        raise Refused(f"its text has more than {LONGEST:,} characters; upload its parts as documents of their own")
    if any(len(line) > LONGEST_LINE for line in text.splitlines()):
        raise Refused(f"it has a paragraph of more than {LONGEST_LINE:,} characters; cut it into several")
    return text + "\n"


def _read_docx(content: bytes) -> Iterator[str]:
    if content.startswith(_OLD_WORD):
        raise Refused("it is protected by a password, or of an old version of Word; save it as .docx without one")
    _refuse_bombs(content)
    import docx
    from docx.table import Table

    try:
        document = docx.Document(BytesIO(content))
    except (KeyError, ValueError, zipfile.BadZipFile, SyntaxError) as error:
        raise Refused("it is no Word document that can be read; save it anew as .docx") from error
    for part in document.iter_inner_content():
        yield from _table(part) if isinstance(part, Table) else _paragraph(part)


def _refuse_bombs(content: bytes) -> None:
    """Look at what a packed file says of its size before unpacking any of it."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            parts = packed.infolist()
    except zipfile.BadZipFile as error:
        raise Refused("it is no Word document that can be read; save it anew as .docx") from error
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNPACKED:
        raise Refused("it is far larger unpacked than any document is; save it anew without pictures")
    if any(part.flag_bits & 1 for part in parts):
        raise Refused("it is protected by a password; save it without one")


def _paragraph(paragraph: "Paragraph") -> Iterator[str]:
    text = " ".join(paragraph.text.split())
    style = (paragraph.style.name if paragraph.style is not None else None) or ""
    heading = _HEADING.match(style)
    if not text:
        return
    if style == "Title":
        yield from ("", f"# {text}", "")
    elif heading:
        yield from ("", f"{'#' * min(int(heading[1]) + 1, _STEPS)} {text}", "")
    elif style.startswith("List") or (paragraph._p.pPr is not None and paragraph._p.pPr.numPr is not None):
        yield f"- {text}"
    else:
        yield from (text, "")


def _table(table: "Table") -> Iterator[str]:
    rows = [[" ".join(cell.text.split()).replace("|", "/") for cell in row.cells] for row in table.rows]
    if not rows:
        return
    yield ""
    for number, row in enumerate(rows):
        yield f"| {' | '.join(row)} |"
        if number == 0:
            yield f"|{' --- |' * len(row)}"
    yield ""


def _read_pdf(content: bytes) -> Iterator[str]:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(BytesIO(content))
        if reader.is_encrypted:
            raise Refused("it is protected by a password; save it without one")
        if len(reader.pages) > MOST_PAGES:
            raise Refused(f"it has more than {MOST_PAGES} pages; upload its parts as documents of their own")
        lines = [line for page in reader.pages for line in [*_lines_of(page), ("", 0.0)]]
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Refused("it is no PDF that can be read; save it anew, or copy its text") from error
    sizes = [size for text, size in lines for _ in text if size]
    usual = statistics.median(sizes) if sizes else 0.0
    for text, size in lines:
        heading = usual and size >= usual * _HEADING_SIZE and len(text) <= _LONGEST_HEADING
        yield from ("", f"## {text}", "") if heading else (text,)


def _lines_of(page: Any) -> list[tuple[str, float]]:  # noqa: ANN401 - its types say less than its documentation
    """A page's lines, and how large each is written."""
    pieces: list[tuple[str, float]] = []

    def note(text: str, _: Any, matrix: list[float], __: Mapping[str, Any], size: float) -> None:  # noqa: ANN401
        pieces.append((text, abs(size * (matrix[3] or 1.0))))

    page.extract_text(visitor_text=note)
    lines: list[tuple[str, float]] = [("", 0.0)]
    for text, size in pieces:
        first, *others = text.split("\n")
        before, largest = lines[-1]
        lines[-1] = (before + first, max(largest, size if first.strip() else 0.0))
        lines.extend((other, size if other.strip() else 0.0) for other in others)
    return [(" ".join(text.split()), size) for text, size in lines]


_READERS: Mapping[str, Callable[[bytes], Iterator[str]]] = {"pdf": _read_pdf, "docx": _read_docx}


def _main(kind: str) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_S, _CPU_S))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    content = sys.stdin.buffer.read()
    try:
        answer = {"text": convert(kind, content)}
    except Refused as refused:
        answer = {"refused": str(refused)}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    _main(sys.argv[1])
