"""A policy document: front matter between two `---` lines, then the text in Markdown."""

import hashlib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import regex
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from assistant.guidance import LANGUAGES
from server.policies.yaml_files import BadKnowledgeFile, YamlText, read_entry, read_yaml
from tools.records import Answer

_FENCED = regex.compile(r"\A\ufeff?---[ \t]*\r?\n(?P<front>.*?)(?:^|\n)---[ \t]*(?:\r?\n|\Z)", regex.DOTALL)
_HEADING = regex.compile(r"^#\s+(.+?)\s*#*\s*$", regex.MULTILINE)


def _as_list(value: object) -> object:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else value


Names = Annotated[tuple[str, ...], BeforeValidator(_as_list)]


class PreparedAnswer(BaseModel):
    """What the document says about one intent, in the words its owner approved for publication."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    intent: str
    en: str | None = None
    de: str | None = None
    es: str | None = None
    fr: str | None = None

    @model_validator(mode="after")
    def _says_something(self) -> "PreparedAnswer":
        if not self.texts:
            raise ValueError(f"an answer needs a text in at least one of {', '.join(LANGUAGES)}")
        return self

    @property
    def texts(self) -> dict[str, str]:
        """The text per language, for the languages that have one."""
        pairs = ((language, getattr(self, language)) for language in LANGUAGES)
        return {language: text for language, text in pairs if text}


class FrontMatter(BaseModel):
    """What stands above a document's text; docs/knowledge.md describes the fields.

    Documents of other origin carry less and other fields: nothing is required here, and fields we do not know are kept
    (`check` reports both), so that a document can be written back without losing anything.
    """

    model_config = ConfigDict(extra="allow", frozen=True)

    id: str | None = None
    title: str | None = None
    brand: Names = ()
    category: str | None = None
    product: str | None = None
    audience: Literal["public", "internal"] = "public"
    effective_from: date | None = None
    effective_to: date | None = None
    region: Names = ()
    supersedes: Names = ()
    owner: str | None = None
    public_url: str | dict[str, str] | None = None
    answers: tuple[PreparedAnswer, ...] = Field(default=())

    @property
    def pages(self) -> tuple[str, ...]:
        """Every address of the document: one, or one per brand."""
        if isinstance(self.public_url, dict):
            return tuple(self.public_url.values())
        return (self.public_url,) if self.public_url else ()

    def page_for(self, brand: str | None) -> str | None:
        """The address to send this brand's customers to."""
        if isinstance(self.public_url, dict):
            return self.public_url.get(brand or "")
        return self.public_url


class DocumentFile(BaseModel):
    """A document as its file holds it. `body_line` is the line on which its text begins."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    file: Path
    front: FrontMatter
    body: str
    body_line: int
    source: YamlText | None

    @property
    def id(self) -> str:
        """The document's id: its own, or the file's name."""
        return self.front.id or self.file.stem

    @property
    def title(self) -> str:
        """The document's title: its own, the first heading, or the file's name in words."""
        heading = _HEADING.search(self.body)
        return self.front.title or (heading.group(1) if heading else self.file.stem.replace("-", " ").replace("_", " "))

    @property
    def answers(self) -> tuple[Answer, ...]:
        """The sentences that may be published, in every language they exist in."""
        return tuple(
            Answer(answer.intent, language, text)
            for answer in self.front.answers
            for language, text in answer.texts.items()
        )

    @property
    def name(self) -> str:
        """What the index calls it."""
        return self.id

    @property
    def span(self) -> tuple[date | None, date | None]:
        """The first and the last day on which it holds, None without limit."""
        return self.front.effective_from, self.front.effective_to

    def line_of(self, *field: str | int) -> int:
        """The line of a front matter field, or 1."""
        return self.source.line(field) if self.source is not None else 1

    def in_effect(self, day: date) -> bool:
        """Whether the document holds on `day`; both of its own days count."""
        begins, ends = self.span
        return (begins is None or begins <= day) and (ends is None or day <= ends)


class StandingDocument(DocumentFile):
    """A version of a document in the database, for the days on which it is the one that holds.

    Two versions may stand side by side, today's and the one that begins next month; the index calls the later ones by
    other names, which nobody is told.
    """

    version: int
    called: str
    begins: date | None
    ends: date | None

    @property
    def name(self) -> str:
        """What the index calls it."""
        return self.called

    @property
    def span(self) -> tuple[date | None, date | None]:
        """Its days, which a later version may have cut short."""
        return self.begins, self.ends


def read_document(file: Path) -> DocumentFile:
    """Read one document.

    Raises:
        BadKnowledgeFile: if the front matter cannot be read.
    """
    return parse_document(file, read_whole(file))


def read_whole(file: Path) -> str:
    """A document's whole text, with the ends of its lines as they are.

    Raises:
        BadKnowledgeFile: if it is no text in UTF-8.
    """
    try:
        text = file.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadKnowledgeFile(file, 1, "", f"is not UTF-8 ({error.reason}); save it as UTF-8") from error
    if "\0" in text:
        raise BadKnowledgeFile(file, 1, "", "is no text (it has zero bytes in it); save it as UTF-8")
    return text


def digest_of_text(text: str) -> str:
    """Names a document's whole text."""
    return hashlib.sha256(text.encode()).hexdigest()


def body_after(front: Mapping[str, Any], whole: str) -> str:
    """The body of a document whose front matter was read before; without any, all of it is body."""
    text = _plain_ends(whole)
    fenced = _FENCED.match(text)
    return text[fenced.end() :] if fenced and (front or not fenced["front"].strip()) else text


def _plain_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def parse_document(file: Path, whole: str) -> DocumentFile:
    """A document's whole text as a document; `file` is what it is called.

    Raises:
        BadKnowledgeFile: if the front matter cannot be read.
    """
    text = _plain_ends(whole)
    fenced = _FENCED.match(text)
    if fenced is None:
        return DocumentFile(file=file, front=FrontMatter(), body=text, body_line=1, source=None)
    source = read_yaml(fenced["front"], file, first_line=2)
    if source.data is not None and not isinstance(source.data, dict):
        # a rule at the very top, then prose, then another rule: no front matter
        return DocumentFile(file=file, front=FrontMatter(), body=text, body_line=1, source=None)
    front = read_entry(FrontMatter, source.data or {}, source, ())
    body_line = text.count("\n", 0, fenced.end()) + 1
    return DocumentFile(file=file, front=front, body=text[fenced.end() :], body_line=body_line, source=source)
