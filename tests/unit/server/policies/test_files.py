"""A knowledge folder is read whole, or the mistake is named by file, line and field."""

from datetime import date
from pathlib import Path

import pytest

from retrieval.documents import Format
from server.policies.files import load_destinations, load_documents, load_guidance, read_documents
from server.policies.front_matter import read_document
from server.policies.yaml_files import BadKnowledgeFile
from tests.unit.server.policies.conftest import BRANDS, DESTINATIONS, RETURNS, Folder
from tools.records import Answer

SHIPPED = Path(__file__).parents[4] / "knowledge"


def test_guidance_and_destinations_are_read(folder: Folder) -> None:
    directory = folder()
    guidance = load_guidance(directory)
    assert guidance.brand(None) is not None
    assert guidance.brand("Oak") is guidance.brand(None)
    holding = guidance.holding("threat", "oak")
    assert holding is not None
    assert holding.text["de"] == "Danke."
    first = load_destinations(directory)[0]
    assert (first.id, first.kind, first.target) == (
        "oak-secure_form-en",
        "secure_form",
        "https://www.oak.example/en/form",
    )


def test_a_folder_of_documents_alone_has_empty_guidance(tmp_path: Path) -> None:
    (tmp_path / "refunds.md").write_text("# When refunds come\n\nWithin 5 days.\n")
    (tmp_path / "fees.html").write_text("<h1>Fees</h1>")
    (tmp_path / "notes.pdf").write_text("not a document")
    guidance = load_guidance(tmp_path)
    assert (guidance.brands, guidance.holdings, load_destinations(tmp_path)) == ((), (), ())
    fees, refunds = load_documents(tmp_path)
    assert (refunds.id, refunds.title, refunds.brands, refunds.audience) == (
        "refunds",
        "When refunds come",
        (),
        "public",
    )
    assert (fees.id, fees.format) == ("fees", Format.HTML)


def test_front_matter_reaches_the_index_and_the_answers(folder: Folder) -> None:
    _, document = read_documents(folder())
    assert document.answers[1] == Answer("return_policy", "de", "Unbenutztes nehmen wir 60 Tage lang zurück.")
    indexed = load_documents(folder())[1]
    assert indexed.brands == ("oak",)
    assert indexed.effective_from == date(2026, 1, 1)
    assert "returns-2" not in indexed.text


def test_fields_of_other_systems_are_kept(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_text("---\ntitle: A\nreviewed_by: Kim\n---\ntext\n")
    assert read_document(file).front.model_extra == {"reviewed_by": "Kim"}


@pytest.mark.parametrize("text", ["---\r\ntitle: A\r\n---\r\n\r\nbody\r\n", "\ufeff---\ntitle: A\n---\n\nbody\n"])
def test_windows_line_ends_and_byte_order_marks_are_read(tmp_path: Path, text: str) -> None:
    file = tmp_path / "a.md"
    file.write_bytes(text.encode())
    document = read_document(file)
    assert (document.title, document.body.strip()) == ("A", "body")


def test_a_rule_at_the_top_is_no_front_matter(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_text("---\nJust a line of prose.\n---\nMore.\n")
    assert read_document(file).body.startswith("---\nJust a line")


MISTAKES = {
    "wrong type": ("brands.yaml", BRANDS.replace("true", "[1]"), 7, "brands[0].default", "valid boolean"),
    "unknown field": ("brands.yaml", BRANDS + "    color: red\n", 8, "brands[0].color", "not a known field"),
    "missing field": ("brands.yaml", "brands:\n  - name: Oak\n", 2, "brands[0].id", "is missing"),
    "not a list": ("brands.yaml", "brands: Oak\n", 1, "brands", "must be a list"),
    "wrong key": ("brands.yaml", "brand: []\n", 1, "", "exactly one list, `brands:`"),
    "entry that is a word": ("brands.yaml", "brands:\n  - oak\n", 2, "brands[0]", "must be a block of fields"),
    "the same key twice": ("brands.yaml", BRANDS + "    name: Elm\n", 8, "brands[0].name", "written twice"),
    "the same id twice": (
        "brands.yaml",
        BRANDS + BRANDS.removeprefix("brands:\n"),
        8,
        "brands[1].id",
        "taken on line 2",
    ),
    "bad YAML": ("brands.yaml", "brands:\n  - id: [oak\n", 3, "", "not valid YAML"),
    "impossible date": ("policies/returns-2.md", RETURNS.replace("2026-01-01", "2026-02-30"), 2, "", "cannot be read"),
    "unknown kind": (
        "destinations.yaml",
        DESTINATIONS.replace("kind: secure_form", "kind: pigeon", 1),
        3,
        "destinations[0].kind",
        "secure_form",
    ),
    "unknown audience": (
        "policies/returns-2.md",
        RETURNS.replace("audience: public", "audience: everyone"),
        6,
        "audience",
        "'public' or 'internal'",
    ),
    "answer without a text": (
        "policies/returns-2.md",
        "---\nid: returns-2\nanswers:\n  - intent: return_policy\n---\ntext\n",
        4,
        "answers[0]",
        "needs a text",
    ),
    "a document's id twice": (
        "policies/returns-3.md",
        RETURNS,
        2,
        "id",
        "also the id of returns-2.md",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_named_by_file_line_and_field(folder: Folder, mistake: str) -> None:
    name, text, line, field, words = MISTAKES[mistake]
    directory = folder({name: text})
    with pytest.raises(BadKnowledgeFile) as raised:
        _ = load_guidance(directory), load_destinations(directory), read_documents(directory)
    error = raised.value
    assert (error.file.name, error.line, error.field) == (Path(name).name, line, field)
    assert words in error.words


def test_a_file_that_is_not_utf8_is_named(folder: Folder) -> None:
    directory = folder()
    (directory / "voice.yaml").write_bytes(b"voices: [\xff]")
    with pytest.raises(BadKnowledgeFile, match=r"voice\.yaml:1: is not UTF-8"):
        load_guidance(directory)


def test_the_shipped_knowledge_is_read() -> None:
    guidance = load_guidance(SHIPPED)
    assert {brand.id for brand in guidance.brands} == {"fernhollow", "tarnlight"}
    assert len(read_documents(SHIPPED)) >= 45
    assert all(place.brand in {"fernhollow", "tarnlight"} for place in load_destinations(SHIPPED))
