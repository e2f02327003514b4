"""What the API tells of policies."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import PurePath
from typing import Any, Literal

from pydantic import BaseModel, Field

from retrieval.documents import Format
from server.models import PolicyRow, PolicyVersionRow
from server.policies.considering import Considered
from server.policies.differences import FieldChange, Piece
from server.policies.files import FORMATS
from server.policies.problems import Problem, Severity
from server.policies.repository import GONE, RETIRED, SKETCH
from server.staff.naming import Named, Names

State = Literal["in_effect", "scheduled", "ended", "sketch"]


class VersionView(BaseModel):
    """A version of a document, without its text."""

    number: int
    kind: str = Field(
        description="Where it came from: file, upload, restored; retired or gone (its file is): it ended the document; "
        "sketch: not in effect."
    )
    state: State
    title: str
    category: str | None
    audience: str
    brands: list[str] = Field(description="Empty: every brand.")
    begins: date | None = Field(description="First day on which it holds.")
    ends: date | None = Field(description="Last day on which it holds.")
    replaced_by: int | None = Field(description="The version that ended it.")
    digest: str
    by: Named | None = Field(description="Who put it in; null: the knowledge folder.")
    at: datetime
    why: str

    @classmethod
    def of(cls, row: PolicyVersionRow, day: date, names: Names) -> "VersionView":
        """As it stands on this day."""
        return cls(**_version(row, day, names))


class VersionDetail(VersionView):
    """A version with its text."""

    text: str = Field(description="The whole file, its front matter included.")
    format: Format = Field(description="How the text is written.")
    fields: dict[str, Any] = Field(description="The front matter as it was read.")

    @classmethod
    def whole(cls, row: PolicyVersionRow, day: date, names: Names) -> "VersionDetail":
        """As it stands on this day."""
        return cls(**_version(row, day, names), text=row.text, format=_format(row.file), fields=row.front)


class PolicyView(BaseModel):
    """A document as it stands: the version that holds, else the one that will, else the last."""

    id: str
    version: int = Field(description="The number of its newest version: name it when you change the document.")
    shown: int = Field(description="The number of the version that is told here.")
    state: State
    title: str
    category: str | None
    audience: str
    brands: list[str] = Field(description="Empty: every brand.")
    owner: str | None
    begins: date | None
    ends: date | None
    scheduled: list[int] = Field(description="Versions that begin later.")
    file_differs: bool = Field(
        description="The knowledge folder says something else; the database counts, because somebody changed it there."
    )
    changed_at: datetime

    @classmethod
    def of(cls, row: PolicyRow, versions: Sequence[PolicyVersionRow], day: date) -> "PolicyView":
        """As it stands on this day."""
        return cls(**_policy(row, versions, day))


class PolicyDetail(PolicyView):
    """A document with the text of the version that is told, and its history."""

    text: str
    format: Format = Field(description="How the text is written.")
    fields: dict[str, Any]
    versions: list[VersionView] = Field(description="The newest first.")

    @classmethod
    def whole(
        cls,
        row: PolicyRow,
        versions: Sequence[PolicyVersionRow],
        shown: PolicyVersionRow,
        day: date,
        names: Names,
    ) -> "PolicyDetail":
        """As it stands on this day; `shown` has its text."""
        history = [VersionView.of(version, day, names) for version in reversed(versions)]
        told = {"text": shown.text, "format": _format(shown.file), "fields": shown.front}
        return cls(**_policy(row, versions, day), **told, versions=history)


class PolicyChange(VersionView):
    """A version that was put in."""

    document: str
    searched: bool = Field(description="Whether it is found already; if not, it will be in a moment.")

    @classmethod
    def made(cls, row: PolicyVersionRow, day: date, names: Names, *, searched: bool) -> "PolicyChange":
        """As it stands on this day."""
        return cls(**_version(row, day, names), document=row.document, searched=searched)


class DifferencePiece(BaseModel):
    """A stretch of text that both versions have, or one of them alone."""

    kind: Literal["same", "added", "removed"]
    text: str


class ChangedField(BaseModel):
    """A field of the front matter that differs; null: it is not there."""

    field: str
    before: Any
    after: Any


class Difference(BaseModel):
    """What a later text says otherwise, word by word: without what was removed the pieces are the later text."""

    fields: list[ChangedField]
    text: list[DifferencePiece]

    @classmethod
    def of(cls, fields: Sequence[FieldChange], pieces: Sequence[Piece]) -> "Difference":
        """As it is told."""
        return cls(
            fields=[ChangedField(field=item.field, before=item.before, after=item.after) for item in fields],
            text=[DifferencePiece(kind=piece.kind, text=piece.text) for piece in pieces],
        )


class ProblemView(BaseModel):
    """What `deskside knowledge check` says: an error keeps a document from being taken."""

    severity: Severity
    line: int
    field: str = Field(description="The field of the front matter that it is about; empty: the text.")
    words: str

    @classmethod
    def of(cls, problem: Problem) -> "ProblemView":
        """As it is told."""
        return cls(severity=problem.severity, line=problem.line, field=problem.field, words=problem.words)


class Consideration(BaseModel):
    """A file as the document it would become, and what would follow. Nothing of it is kept."""

    document: str | None = Field(description="Its id; null: it cannot be read as a document.")
    text: str = Field(description="The whole text as it would be kept.")
    format: Format = Field(description="How the text is written.")
    takeable: bool = Field(description="Whether it would be taken: there are no errors.")
    problems: list[ProblemView]
    begins: date | None = Field(description="The first day on which it would hold.")
    ends: date | None
    falls_away: list[int] = Field(description="Versions that were to begin later, and would not.")
    version: int = Field(description="The document's newest version now; 0: there is none.")

    @classmethod
    def of(cls, considered: Considered) -> "Consideration":
        """As it is told."""
        return cls(
            document=considered.document.id if considered.document else None,
            text=considered.whole,
            format=_format(considered.document.file.name) if considered.document else Format.MARKDOWN,
            takeable=considered.document is not None and not considered.errors,
            problems=[ProblemView.of(problem) for problem in considered.problems],
            begins=considered.begins,
            ends=considered.ends,
            falls_away=list(considered.falls_away),
            version=considered.before,
        )


def state_on(row: PolicyVersionRow, day: date) -> State:
    """Where a version stands on a day."""
    if row.kind == SKETCH:
        return "sketch"
    if row.ends is not None and (row.ends < day or (row.begins is not None and row.ends < row.begins)):
        return "ended"
    return "scheduled" if row.begins is not None and row.begins > day else "in_effect"


def shown_on(versions: Sequence[PolicyVersionRow], day: date) -> PolicyVersionRow:
    """The version that says how a document stands on a day."""
    rank = {"in_effect": 0, "scheduled": 1, "ended": 2, "sketch": 3}
    best = min(rank[state_on(version, day)] for version in versions)
    fitting = [version for version in versions if rank[state_on(version, day)] == best]
    told = [version for version in fitting if version.kind not in (RETIRED, GONE)] or fitting
    return told[-1]


def _format(file: str) -> Format:
    return FORMATS[PurePath(file).suffix.lower()]


def _version(row: PolicyVersionRow, day: date, names: Names) -> dict[str, Any]:
    return {
        "number": row.number,
        "kind": row.kind,
        "state": state_on(row, day),
        "title": row.title,
        "category": row.category,
        "audience": row.audience,
        "brands": row.front.get("brand", []),
        "begins": row.begins,
        "ends": row.ends,
        "replaced_by": row.replaced_by,
        "digest": row.digest,
        "by": Named.among(names, row.staff),
        "at": row.at,
        "why": row.why,
    }


def _policy(row: PolicyRow, versions: Sequence[PolicyVersionRow], day: date) -> dict[str, Any]:
    shown = shown_on(versions, day)
    return {
        "id": row.id,
        "version": row.newest,
        "shown": shown.number,
        "state": state_on(shown, day),
        "title": shown.title,
        "category": shown.category,
        "audience": shown.audience,
        "brands": shown.front.get("brand", []),
        "owner": shown.front.get("owner"),
        "begins": shown.begins,
        "ends": shown.ends,
        "scheduled": [version.number for version in versions if state_on(version, day) == "scheduled"],
        "file_differs": row.file_differs,
        "changed_at": row.updated_at,
    }
