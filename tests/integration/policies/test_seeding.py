"""The knowledge folder and the database: what comes in, what is left, and that what is written back is the same."""

import asyncio
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from server.db import reading, writing
from server.models import BrandSettingRow, EventRow, PolicyVersionRow
from server.policies import repository
from server.policies.calendar import Calendar
from server.policies.checking import check_knowledge
from server.policies.exporting import export_documents
from server.policies.files import read_documents
from server.policies.seeding import seed_documents
from server.policies.yaml_files import BadKnowledgeFile
from server.settings import SHIPPED_KNOWLEDGE
from server.web.doctor import examine
from tests.fakes.cases import CaseWorld
from tests.fakes.small_shop import NOW
from tests.fixtures.databases import Database, Databases
from tests.integration.policies.world import LAMPS, MANNERS, RETURNS, PolicyWorld, write

LONGER = RETURNS.replace("60 days", "90 days")
CALENDAR = Calendar(clock=lambda: NOW)


async def seed(engine: AsyncEngine, folder: Path):
    return await seed_documents(engine, folder, CALENDAR, NOW)


async def digests(engine: AsyncEngine) -> dict[str, str]:
    async with reading(engine) as session:
        return {row.document: row.digest for row in await repository.newest_texts(session)}


async def test_a_changed_file_of_a_document_that_nobody_changed_comes_in(world: PolicyWorld):
    write(world.folder, {"returns.md": LONGER})
    await world.policies.renew()
    assert "90 days" in await world.text_of("returns")
    assert [item["kind"] for item in (await world.get("/returns")).json()["versions"]] == ["file", "file"]


async def test_a_changed_file_of_a_document_that_somebody_changed_is_told_of_and_left(world: PolicyWorld, caplog):
    await world.replace("returns", LONGER)
    write(world.folder, {"returns.md": RETURNS.replace("60 days", "10 days")})
    await world.policies.renew()
    assert "90 days" in await world.text_of("returns")
    assert (await world.get("/returns")).json()["file_differs"]
    assert "the file of returns says something else than the database" in caplog.text
    write(world.folder, {"returns.md": LONGER})  # as an export would: both say the same again
    await world.policies.renew()
    assert not (await world.get("/returns")).json()["file_differs"]
    write(world.folder, {"returns.md": RETURNS})
    await world.policies.renew()
    assert "60 days" in await world.text_of("returns")


async def test_without_its_file_a_document_that_nobody_changed_is_taken_out_until_the_file_is_back(world: PolicyWorld):
    await world.replace("lamps", LAMPS.replace("2 years", "3 years"))
    for name in ("returns.md", "lamps.md"):
        (world.folder / "policies" / name).unlink()
    await world.policies.renew()
    assert await world.text_of("returns") == ""
    assert "3 years" in await world.text_of("lamps", "tarnlight")
    assert (await world.get("/returns")).json()["state"] == "ended"
    write(world.folder)
    await world.policies.renew()
    assert "60 days" in await world.text_of("returns")


async def test_what_the_folder_renewed_is_recorded_for_each_brand_and_nothing_where_nothing_changed(world: PolicyWorld):
    before = {row.id for row in await world.cases.rows(EventRow)}
    await world.policies.renew()
    assert {row.id for row in await world.cases.rows(EventRow)} == before, "nothing was changed"
    (world.folder / "policies" / "lamps.md").unlink()
    write(world.folder, {"returns.md": LONGER, "new.md": MANNERS.replace("id: manners", "id: new")})
    await world.policies.renew()
    told = [row for row in await world.cases.rows(EventRow) if row.id not in before]
    assert sorted((row.kind, row.subject, row.brand, row.data["version"]) for row in told) == [
        ("policy.added", "new", "fernhollow", 1),
        ("policy.added", "new", "tarnlight", 1),
        ("policy.replaced", "returns", "fernhollow", 2),
        ("policy.retired", "lamps", "tarnlight", 2),
    ]
    assert {(row.data["source"], row.data.get("by")) for row in told} == {("folder", None)}


async def test_an_empty_folder_takes_nothing_out(world: PolicyWorld):
    for file in (world.folder / "policies").iterdir():
        file.unlink()
    await world.policies.renew()
    assert "60 days" in await world.text_of("returns")


async def test_a_file_that_cannot_be_read_changes_nothing(world: PolicyWorld):
    write(world.folder, {"returns.md": LONGER, "lamps.md": "---\naudience: everybody\n---\n"})
    with pytest.raises(BadKnowledgeFile, match=r"lamps\.md:2: audience"):
        await world.policies.renew()
    assert "60 days" in await world.text_of("returns")


async def test_two_files_of_one_document_are_refused(world: PolicyWorld):
    write(world.folder, {"copy.md": RETURNS})
    with pytest.raises(BadKnowledgeFile, match="ids are unique"):
        await world.policies.renew()


async def test_processes_that_seed_at_once_put_each_document_in_once(engine: AsyncEngine, tmp_path: Path):
    folder = write(tmp_path / "knowledge")
    await asyncio.gather(*(seed(engine, folder) for _ in range(4)))
    versions = await CaseWorld(engine).rows(PolicyVersionRow)
    assert sorted((row.document, row.number) for row in versions) == [("lamps", 1), ("manners", 1), ("returns", 1)]


async def test_what_is_written_back_is_what_was_taken_in_to_the_last_byte(
    engine: AsyncEngine, databases: Databases, tmp_path: Path
):
    assert len((await seed(engine, SHIPPED_KNOWLEDGE)).added) == len(read_documents(SHIPPED_KNOWLEDGE))
    exported = await export_documents(engine, SHIPPED_KNOWLEDGE, tmp_path / "out", CALENDAR)
    assert exported is not None
    for file in (SHIPPED_KNOWLEDGE / "policies").iterdir():
        assert (tmp_path / "out" / "policies" / file.name).read_bytes() == file.read_bytes()
    assert not [item for item in check_knowledge(tmp_path / "out", today=NOW.date()) if item.severity == "error"]
    async with databases.opened("sqlite") as other:
        await seed(other, tmp_path / "out")
        assert await digests(other) == await digests(engine)
    assert not (await seed(engine, tmp_path / "out")).changed


async def test_what_was_changed_is_written_back_as_it_stands_and_what_begins_later_beside_it(
    world: PolicyWorld, databases: Databases, tmp_path: Path
):
    await world.replace("returns", LONGER)
    await world.replace("lamps", LAMPS.replace("2 years", "3 years").replace("2026-01-01", "2027-01-01"))
    await world.post("/manners/retire", version=1, why="Too short.")
    async with writing(world.cases.engine) as session:
        said = [{"language": "en", "greeting": "Hello you."}]
        decided = {"from_file": False, "at": NOW, "why": "louder"}
        session.add(BrandSettingRow(brand="fernhollow", subject="voices", number=1, said=said, **decided))
    exported = await export_documents(world.cases.engine, world.folder, tmp_path / "out", CALENDAR)
    assert exported is not None
    assert "greeting: Hello you." in (tmp_path / "out" / "voice.yaml").read_text(encoding="utf-8")
    assert (exported.scheduled, exported.sketches) == (1, 0)
    policies = tmp_path / "out" / "policies"
    assert (policies / "returns.md").read_text(encoding="utf-8") == LONGER
    assert (policies / "lamps.md").read_text(encoding="utf-8") == LAMPS
    assert (policies / "manners.md").read_text(encoding="utf-8") == MANNERS.replace(
        "owner: Everybody\n", "owner: Everybody\neffective_to: 2026-11-19\n"
    )
    assert (tmp_path / "out" / "scheduled" / "2027-01-01-lamps.md").exists()
    problems = check_knowledge(tmp_path / "out", today=NOW.date())
    assert not [item for item in problems if item.file.suffix == ".md" and item.severity == "error"]
    async with databases.opened("sqlite") as other:
        await seed(other, tmp_path / "out")
        there, here = await digests(other), await digests(world.cases.engine)
    assert {name: there[name] for name in ("returns", "manners")} == {
        name: here[name] for name in ("returns", "manners")
    }
    assert not (await seed(world.cases.engine, tmp_path / "out")).left


async def test_the_doctor_names_the_documents_whose_files_say_something_else(
    world: PolicyWorld, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("DESKSIDE_DATABASE_URL", database.url)
    monkeypatch.setenv("DESKSIDE_HOME", str(tmp_path / "elsewhere"))
    [line] = [line for line in await examine() if line.about == "documents"]
    assert line.words == "3; none says something else than its file"
    await world.replace("returns", LONGER)
    write(world.folder, {"returns.md": RETURNS.replace("60 days", "70 days")})
    await world.policies.renew()
    [line] = [line for line in await examine() if line.about == "documents"]
    assert "something else of: returns;" in line.words
    assert not line.wrong


async def test_the_version_of_a_moment_is_the_one_that_was_told_then(engine: AsyncEngine, tmp_path: Path):
    await seed(engine, write(tmp_path / "knowledge"))
    later = NOW.replace(day=21)
    write(tmp_path / "knowledge", {"returns.md": LONGER})
    await seed_documents(engine, tmp_path / "knowledge", Calendar(clock=lambda: later), later)
    async with reading(engine) as session:
        told = [await repository.told_at(session, "returns", day=at.date(), at=at) for at in (NOW, later)]
        before = await repository.told_at(session, "returns", day=date(2026, 1, 1), at=later)
    assert [row.number for row in told if row is not None] == [1, 2]
    assert before is None
