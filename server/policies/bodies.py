"""What the API takes about policies."""

import base64
import binascii
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from server.policies.considering import Given
from server.policies.converting import LONGEST
from server.web.bodies import Body

_LONGEST_CONTENT = 100_000_000  # settings say what a body may hold

DocumentId = Annotated[str, StringConstraints(min_length=1, max_length=200)]
NewId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,98}$"), Field(examples=["returns-2027"])]
Why = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=1000),
    Field(description="Kept with the version, for whoever reads its history.", examples=["The new terms of January."]),
]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Seen = Annotated[int, Field(ge=1, le=2**31 - 1, description="`version` of the document as you read it.", examples=[1])]
Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]


def _decoded(content: str) -> str:
    try:
        base64.b64decode(content, validate=True)
    except (ValueError, binascii.Error):
        raise ValueError("the file's bytes are given in Base64") from None
    return content


class UploadedFile(Body):
    """A file: its name says what it is (.md, .html, .txt, .pdf or .docx); its text, or its bytes."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=200), Field(examples=["returns-2027.md"])]
    text: Annotated[
        str | None,
        Field(
            max_length=LONGEST,
            description="Of Markdown, HTML or plain text.",
            examples=["# Returns\n\nWithin 60 days."],
        ),
    ] = None
    content: Annotated[
        Annotated[str, AfterValidator(_decoded)] | None,
        Field(max_length=_LONGEST_CONTENT, description="The bytes in Base64, of a file of any kind."),
    ] = None

    @model_validator(mode="after")
    def _says_one(self) -> Self:
        if (self.text is None) == (self.content is None):
            raise ValueError("give either the file's text or its bytes")
        if self.text is not None and self.name.lower().endswith((".pdf", ".docx")):
            raise ValueError("of a PDF or Word file give the bytes, in `content`")
        return self


class Fields(Body):
    """What is said of a document; given here, it takes the place of the file's own front matter."""

    title: Name | None = None
    brand: Annotated[list[Word] | None, Field(max_length=50, description="Empty: every brand.")] = None
    category: Annotated[Word | None, Field(examples=["returns"])] = None
    product: Name | None = None
    audience: Annotated[Literal["public", "internal"] | None, Field(description="Who may be told.")] = None
    effective_from: Annotated[date | None, Field(description="First day; in future, it begins at midnight then.")] = (
        None
    )
    effective_to: Annotated[date | None, Field(description="Last day.")] = None
    region: Annotated[list[Word] | None, Field(max_length=50)] = None
    supersedes: Annotated[list[DocumentId] | None, Field(max_length=50)] = None
    owner: Name | None = None
    public_url: Annotated[
        Annotated[str, StringConstraints(max_length=2000)]
        | dict[Word, Annotated[str, StringConstraints(max_length=2000)]]
        | None,
        Field(description="Its page, or one for each brand."),
    ] = None

    @property
    def given(self) -> dict[str, Any]:
        """Those that were."""
        return self.model_dump(exclude_unset=True)


class Checked(Body):
    """A file that may become a document, or the next version of one, named by `replaces`."""

    file: UploadedFile
    fields: Fields = Fields()
    id: NewId | None = None
    replaces: DocumentId | None = None

    def as_given(self) -> Given:
        """As it is considered."""
        return given(self.file, self.fields, self.replaces or self.id, replaces=self.replaces is not None)


class NewDocument(Body):
    """A file that becomes a document. Without an `id` it is called by its front matter or its file's name."""

    file: UploadedFile
    fields: Fields = Fields()
    id: NewId | None = None
    why: Why

    def as_given(self) -> Given:
        """As it is considered."""
        return given(self.file, self.fields, self.id, replaces=False)


class NewVersion(Body):
    """A file that becomes a document's next version; without front matter of its own it keeps the document's."""

    version: Seen
    file: UploadedFile
    fields: Fields = Fields()
    why: Why
    instead_of_scheduled: Annotated[
        bool, Field(description="Whether versions that were to begin later may fall away.")
    ] = False

    def as_given(self, document: str) -> Given:
        """As it is considered."""
        return given(self.file, self.fields, document, replaces=True)


class Retirement(Body):
    """The last day of a document; without one it holds no more."""

    version: Seen
    last_day: date | None = None
    why: Why


class Restoration(Body):
    """Let a document say again what an earlier version said."""

    version: Seen
    earlier: Annotated[int, Field(ge=1, le=2**31 - 1, description="The number of that version.", examples=[1])]
    why: Why
    instead_of_scheduled: Annotated[
        bool, Field(description="Whether versions that were to begin later may fall away.")
    ] = False


class Search(Body):
    """A question as a customer might ask it, and where it is asked."""

    question: Annotated[str, StringConstraints(max_length=2000), Field(examples=["how long can I return boots"])]
    brand: Annotated[
        Word | None, Field(description="Left out: your brands' and everybody's.", examples=["fernhollow"])
    ] = None
    region: Word | None = None
    audience: Literal["public", "internal"] | None = None
    language: Annotated[str | None, StringConstraints(max_length=10), Field(description="Left out: guessed.")] = None
    on: Annotated[date | None, Field(description="Left out: today.")] = None
    limit: Annotated[int, Field(ge=1, le=50)] = 5


def given(file: UploadedFile, fields: Fields, document: str | None, *, replaces: bool) -> Given:
    """A file and what is said of it."""
    content = base64.b64decode(file.content) if file.content is not None else None
    return Given(file.name, file.text, content, fields.given, document, replaces)
