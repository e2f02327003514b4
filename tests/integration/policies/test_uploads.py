"""Files that are uploaded: what each kind becomes, and what is refused, in words."""

import base64
import zipfile
from io import BytesIO
from typing import Any

import pytest

from server.policies.uploads import UnknownFormat, UnreadableFile, read_upload
from tests.integration.policies.files import pdf, word
from tests.integration.policies.world import PolicyWorld

# what a file becomes is no matter of the database
on_one_database = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

FIELDS = {
    "title": "Torn seams",
    "brand": ["fernhollow"],
    "category": "repairs",
    "audience": "public",
    "effective_from": "2026-11-01",
    "owner": "Repairs team",
    "public_url": "https://www.fernhollow.example/repairs",
}
SEWN = "Torn seams of a tent are sewn free of charge."
PDF = ((18, "Torn seams"), (11, SEWN), (14, "How"), (11, "Send the tent clean and dry."))


def uploaded(name: str, content: bytes) -> dict[str, Any]:
    return {"name": name, "content": base64.b64encode(content).decode()}


@on_one_database
@pytest.mark.parametrize("name", ["Torn seams.docx", "torn-seams.pdf"])
async def test_a_word_or_pdf_file_becomes_a_document_that_is_found(world: PolicyWorld, name: str):
    content = word() if name.endswith("docx") else pdf(*PDF)
    file = uploaded(name, content)
    looked = (await world.post("/check", file=file, fields=FIELDS)).json()
    assert looked["takeable"], looked["problems"]
    assert looked["document"] == "torn-seams"
    added = await world.post("", file=file, fields=FIELDS, why="From the workshop.")
    assert added.status_code == 201, added.text
    assert SEWN in await world.text_of("torn-seams")
    assert (await world.get("/torn-seams")).json()["text"] == looked["text"]


async def test_word_keeps_headings_lists_and_tables():
    read = await read_upload("a.docx", word())
    assert read.text == (
        f"# Torn seams\n\n## What we do\n\n{SEWN}\n\n- Send the tent clean and dry.\n\n"
        "| Region | Days |\n| --- | --- |\n| UK | 10 days |\n"
    )


async def test_larger_lines_of_a_pdf_are_headings():
    read = await read_upload("a.pdf", pdf(*PDF))
    assert read.text == f"## Torn seams\n\n{SEWN}\n\n## How\n\nSend the tent clean and dry.\n"


@on_one_database
@pytest.mark.parametrize("name", ["repairs.html", "repairs.txt", "repairs.md"])
async def test_html_and_text_stay_as_they_are(world: PolicyWorld, name: str):
    text = f"<h1>Torn seams</h1><p>{SEWN}</p>" if name.endswith("html") else f"Torn seams\n\n{SEWN}\n"
    added = await world.post("", file={"name": name, "text": text}, fields=FIELDS, why="x")
    assert added.status_code == 201, added.text
    assert (await world.get("/repairs")).json()["text"].endswith(text)
    assert SEWN in await world.text_of("repairs")


@on_one_database
async def test_a_new_text_without_front_matter_keeps_the_documents(world: PolicyWorld):
    text = "# Returns of tents\n\nAn unused tent may come back within 60 days of delivery, by post.\n"
    changed = await world.replace("returns", text)
    assert changed.status_code == 200, changed.text
    fields = (await world.get("/returns/versions/2")).json()["fields"]
    assert (fields["owner"], fields["effective_from"]) == ("Returns team", "2026-11-20")
    assert fields["answers"][0]["intent"] == "return_policy"


def _bomb() -> bytes:
    kept = BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", b"0" * 61_000_000)
    return kept.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.pdf", pdf(*PDF, password="secret"), "protected by a password"),
        ("a.pdf", pdf(), "no text in it"),
        ("a.pdf", pdf((11, "x"), pages=201), "more than 200 pages"),
        ("a.pdf", b"%PDF-1.7 and then nothing", "no PDF that can be read"),
        ("a.docx", _bomb(), "far larger unpacked"),
        ("a.docx", b"\xd0\xcf\x11\xe0 old", "protected by a password, or of an old version"),
        ("a.docx", word()[:2000], "no Word document"),
        ("a.md", b"\xff\xfe text", "not UTF-8"),
        ("a.md", b"text\0text", "control characters"),
        ("a.md", b"x" * 300_001, "more than 300,000 characters"),
    ],
    ids=["locked", "empty", "long", "broken", "bomb", "old", "cut", "utf-16", "binary", "huge"],
)
async def test_what_cannot_or_should_not_be_read_is_refused_in_words(name: str, content: bytes, words: str):
    with pytest.raises(UnreadableFile, match=words):
        await read_upload(name, content)


async def test_other_kinds_of_files_are_not_read():
    with pytest.raises(UnknownFormat, match=r"\.docx"):
        await read_upload("policy.exe", b"MZ")


@on_one_database
async def test_a_file_is_larger_than_other_bodies_and_not_larger_than_is_taken(world: PolicyWorld):
    large = {"name": "a.pdf", "content": base64.b64encode(b"0" * 1_500_000).decode()}
    refused = await world.post("/check", file=large)
    assert (refused.status_code, refused.json()["code"]) == (422, "unreadable_file")
    too_large = {"name": "a.pdf", "content": base64.b64encode(b"0" * 6_000_000).decode()}
    assert (await world.post("/check", file=too_large)).status_code == 413
