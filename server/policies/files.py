"""Reads the knowledge folder: brands, voices, intents, holding texts, questions, destinations and documents.

A folder may hold Markdown documents alone: guidance is then empty and its documents hold for any brand. A file that is
there but wrong raises `BadKnowledgeFile`, which names file, line and field and says what to do.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from assistant.guidance import Asked, Brand, Entry, Guidance, Holding, Intent, Language, Offer, Question, Voice
from retrieval.documents import Document, Format
from server.policies.front_matter import DocumentFile, FrontMatter, StandingDocument, read_document
from server.policies.yaml_files import BadKnowledgeFile, read_entries
from tools.records import Destination

DestinationKind = Literal[
    "secure_form",
    "direct_message",
    "status_page",
    "account_recovery",
    "appeal",
    "abuse_report",
    "phone",
    "help_centre",
    "repairs",
]

FORMATS = {".md": Format.MARKDOWN, ".html": Format.HTML, ".htm": Format.HTML, ".txt": Format.TEXT}
"""How documents are written, by the ends of their files' names."""


class DestinationEntry(Entry):
    """An entry of destinations.yaml; the fields are those of `tools.records.Destination`."""

    id: str
    kind: DestinationKind
    brand: str | None = None
    language: Language
    target: str
    label: str
    says: str
    regions: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    hours: str | None = None

    def record(self) -> Destination:
        """The destination as the tools know it."""
        return Destination(**self.model_dump())


def load_guidance(directory: Path) -> Guidance:
    """Everything in `directory` but the documents and the destinations; a file that is not there means none of it.

    Raises:
        BadKnowledgeFile: if a file is there and wrong.
    """
    return Guidance(
        brands=read_entries(Brand, directory / "brands.yaml", "brands"),
        voices=read_entries(Voice, directory / "voice.yaml", "voices"),
        intents=read_entries(Intent, directory / "intents.yaml", "intents"),
        asked=read_entries(Asked, directory / "asked.yaml", "asked"),
        holdings=read_entries(Holding, directory / "holding.yaml", "holdings"),
        questions=read_entries(Question, directory / "questions.yaml", "questions"),
        offers=read_entries(Offer, directory / "offers.yaml", "offers"),
    )


def load_destinations(directory: Path) -> tuple[Destination, ...]:
    """The places customers may be sent to.

    Raises:
        BadKnowledgeFile: if destinations.yaml is there and wrong.
    """
    entries = read_entries(DestinationEntry, directory / "destinations.yaml", "destinations")
    return tuple(entry.record() for entry in entries)


def document_files(directory: Path) -> tuple[Path, ...]:
    """The documents of a knowledge folder: those in `policies/`, or those lying in the folder itself."""
    inner = directory / "policies"
    folder = inner if inner.is_dir() else directory
    return tuple(sorted(file for file in folder.iterdir() if file.suffix.lower() in FORMATS and file.is_file()))


def read_documents(directory: Path) -> tuple[DocumentFile, ...]:
    """Every document of the folder as its file holds it, sorted by file name, with answers and `public_url`.

    Raises:
        BadKnowledgeFile: if a document's front matter cannot be read, or two documents have the same id.
    """
    documents: dict[str, DocumentFile] = {}
    for file in document_files(directory):
        document = read_document(file)
        twin = documents.setdefault(document.id, document)
        if twin is not document:
            words = f"`{document.id}` is also the id of {twin.file.name}; ids are unique, rename one"
            raise BadKnowledgeFile(file, document.line_of("id"), "id", words)
    return tuple(documents.values())


def load_documents(directory: Path) -> tuple[Document, ...]:
    """Every document of the folder as the index wants it.

    Raises:
        BadKnowledgeFile: if a document's front matter cannot be read, or two documents have the same id.
    """
    return tuple(for_the_index(document) for document in read_documents(directory))


def for_the_index(document: DocumentFile) -> Document:
    """One document as the index wants it."""
    front = document.front
    begins, ends = document.span
    return Document(
        id=document.name,
        title=document.title,
        text=document.body,
        format=FORMATS[document.file.suffix.lower()],
        category=front.category,
        product=front.product,
        audience=front.audience,
        brands=front.brand,
        regions=front.region,
        effective_from=begins,
        effective_to=ends,
    )


def for_sharing(document: StandingDocument) -> Document:
    """The same with the whole document attached, so that a generation tells what it was made of."""
    front = document.front.model_dump(mode="json")
    whole = {"file": document.file.name, "front": front, "body": document.body, "version": document.version}
    return replace(for_the_index(document), attached=json.dumps(whole, ensure_ascii=False, sort_keys=True))


def from_sharing(documents: Iterable[Document]) -> tuple[StandingDocument, ...]:
    """What `for_sharing` was given."""
    return tuple(_from_sharing(document, json.loads(document.attached)) for document in documents)


def _from_sharing(document: Document, whole: dict[str, Any]) -> StandingDocument:
    return StandingDocument(
        file=Path(whole["file"]),
        front=FrontMatter.model_validate(whole["front"]),
        body=whole["body"],
        body_line=1,
        source=None,
        version=whole.get("version", 1),  # older generations know no versions
        called=document.id,
        begins=document.effective_from,
        ends=document.effective_to,
    )


class FolderNotEmpty(ValueError):
    """Files would be written over."""


def export_knowledge(directory: Path, target: Path) -> int:
    """Write the guidance and the documents of `directory` into `target`, byte for byte; how many files it was.

    Raises:
        FolderNotEmpty: if `target` holds anything.
        BadKnowledgeFile: if a document cannot be read.
    """
    refuse_filled(target)
    documents = [document.file for document in read_documents(directory)]
    return copy_guidance(directory, target) + _copy(documents, directory, target)


def copy_guidance(directory: Path, target: Path) -> int:
    """Write everything in `directory` but the documents into `target`, byte for byte; how many files it was."""
    return _copy(sorted(directory.glob("*.yaml")), directory, target)


def refuse_filled(target: Path) -> None:
    """Make sure that nothing is written over.

    Raises:
        FolderNotEmpty: if `target` holds anything.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise FolderNotEmpty(f"{target} is not an empty folder; name another")


def _copy(sources: Sequence[Path], directory: Path, target: Path) -> int:
    for source in sources:
        copy = target / source.relative_to(directory)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(source.read_bytes())
    return len(sources)
