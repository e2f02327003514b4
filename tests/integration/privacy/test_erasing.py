"""A customer who was erased stands nowhere any more, and everybody else stands as before."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert

from server.db import reading, writing
from server.models import MissingPolicyRow, metadata
from server.privacy import repository
from server.privacy.erasing import ReasonNamesThem, StillUnderWay, erase, preview
from server.privacy.keeping import forget_old
from server.privacy.scrubbing import note_scrubbed, scrub
from server.privacy.subjects import Asked, NobodyToFind
from server.settings import Settings
from server.staff.people import operator
from server.transcripts.following import follow_once
from tests.fakes.cases import BRAND, CaseWorld
from tests.fakes.jobs import service_without_desk
from tests.integration.privacy.filled import NOW, OTHER, VICTIM, everything, fill, tables_of_customers

WHO = operator(frozenset({"pine"}))
ASKED = Asked(customer=VICTIM.customer)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = Settings(home=tmp_path / "home")
    settings.attachments.mkdir(parents=True)
    for person in (VICTIM, OTHER):
        (settings.attachments / person.tag).write_bytes(person.said.encode())
    return settings


def said(rows: dict[str, list[str]], canary: str) -> list[str]:
    return [f"{table}: {row}" for table, told in rows.items() for row in told if canary.casefold() in row.casefold()]


async def test_that_they_left_the_files_stays_noted_however_quick_that_was(engine, settings, monkeypatch):
    await fill(engine, VICTIM)
    look = repository.mentions

    async def look_meanwhile(session, needles):
        async with writing(engine) as other:
            await note_scrubbed(other, NOW)
        return await look(session, needles)

    monkeypatch.setattr(repository, "mentions", look_meanwhile)
    row = await erase(engine, settings, WHO, ASKED, reason="asked for by letter", now=NOW)
    async with reading(engine) as session:
        [kept] = await repository.list_erasures(session, brands={"pine"}, before=None, limit=1)
    assert kept.scrubbed_at == NOW
    assert kept.report == row.report


async def test_nothing_tells_who_was_erased_in_any_table(engine, settings):
    await fill(engine, VICTIM, OTHER)
    before = await everything(engine)
    assert all(said(before, canary) for canary in VICTIM.canaries), "they stood everywhere"
    filled = {table for table in before if any(said({table: before[table]}, canary) for canary in VICTIM.canaries)}
    assert tables_of_customers() - filled == {"jobs"}, "which name records by our ids alone"

    row = await erase(engine, settings, WHO, ASKED, reason="asked for by letter", now=NOW)

    after = await everything(engine)
    for canary in VICTIM.canaries:
        assert said(after, canary) == []
    assert not (settings.attachments / VICTIM.tag).exists()
    assert (settings.attachments / OTHER.tag).exists()
    assert row.report["elsewhere"] == {}
    counted = {one["table"]: one["rows"] for one in row.report["tables"]}
    assert {name for name, count in counted.items() if count} >= tables_of_customers()


async def test_everybody_else_stands_as_before(engine, settings):
    await fill(engine, VICTIM, OTHER)
    before = await everything(engine)
    await erase(engine, settings, WHO, ASKED, reason="asked for by letter", now=NOW)
    after = await everything(engine)
    for canary in OTHER.canaries:
        assert said(after, canary) == said(before, canary)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_after_it_was_scrubbed_no_file_of_the_database_holds_a_word(engine, settings):
    await fill(engine, VICTIM, OTHER)
    file = Path(engine.url.database)
    await erase(engine, settings, WHO, ASKED, reason="asked for by letter", now=NOW)
    await scrub(engine)
    found = {}
    for path in file.parent.iterdir():
        content = path.read_bytes().lower()
        found[path.name] = [canary for canary in VICTIM.canaries if canary.lower().encode() in content]
        for word in VICTIM.said.split():
            assert word.encode() not in content, f"{word} is left of the index in {path.name}"
    assert set(found) == {"deskside.db", "deskside.db-wal", "deskside.db-shm"}
    assert not any(found.values()), found


async def test_a_preview_lists_the_same_and_changes_nothing(engine, settings):
    from server.audit.seals import Seals

    await fill(engine, VICTIM, OTHER)
    before = await everything(engine)
    told = await preview(engine, WHO, ASKED, Seals.of_settings(settings))
    assert await everything(engine) == before
    assert told["under_way"] == {}
    row = await erase(engine, settings, WHO, ASKED, reason="asked for by letter", now=NOW)
    traces = {"jobs", "answered_requests", "events"}
    assert told["tables"] == [one for one in row.report["tables"] if one["table"] not in traces]


async def test_a_handle_that_is_nobodys_is_erased_by_itself(engine, settings):
    await fill(engine, VICTIM, OTHER)
    asked = Asked(handles=(("x", f"@{VICTIM.handle}"),))
    await erase(engine, settings, WHO, asked, reason="asked for in a private message", now=NOW)
    after = await everything(engine)
    for table in ("posts", "cases", "drafts", "publications", "notes", "transcripts"):
        assert said({table: after[table]}, VICTIM.handle) == []
        assert said({table: after[table]}, VICTIM.said) == []
    assert said({"customers": after["customers"]}, VICTIM.customer), "the shop's customer was not asked for"


async def test_a_reason_that_names_them_is_refused(engine, settings):
    await fill(engine, VICTIM)
    with pytest.raises(ReasonNamesThem):
        await erase(engine, settings, WHO, ASKED, reason=f"{VICTIM.name} asked", now=NOW)


async def test_what_is_being_sent_or_carried_out_has_to_end_first(engine, settings):
    from sqlalchemy import text

    await fill(engine, VICTIM)
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE publications SET state = 'sending'"))
        await connection.execute(text("UPDATE actions SET state = 'running'"))
        await connection.execute(text("UPDATE promises SET state = 'open'"))
    before = await everything(engine)
    with pytest.raises(StillUnderWay) as refused:
        await erase(engine, settings, WHO, ASKED, reason="asked for by letter", now=NOW)
    assert set(refused.value.details) == {"publications", "actions", "promises"}
    assert await everything(engine) == before


async def test_nobody_and_somebody_elses_customer_are_the_same_answer(engine, settings):
    await fill(engine, VICTIM)
    elsewhere = replace(WHO, brands=frozenset({"oak"}))
    with pytest.raises(NobodyToFind) as theirs:
        await erase(engine, settings, elsewhere, ASKED, reason="asked for by letter", now=NOW)
    with pytest.raises(NobodyToFind) as nobody:
        await erase(engine, settings, elsewhere, Asked(customer="C-0"), reason="asked for by letter", now=NOW)
    assert str(theirs.value) == str(nobody.value)


async def test_what_others_drafts_of_the_same_thread_quoted_goes_and_the_rest_of_them_stays(engine, settings):
    world = await CaseWorld(engine).open()
    await world.post("my zebra-striped tent leaks and the barn's door code is 4711", author="canaryann")
    await world.drafted("same here, my parcel FH-20002 is late as well, where is it?", author="othergirl")
    asked = Asked(handles=(("x", "canaryann"),))
    row = await erase(engine, settings, operator(frozenset({BRAND})), asked, reason="by letter", now=world.now)
    after = await everything(engine)
    assert said(after, "zebra-striped") == said(after, "4711") == said(after, "canaryann") == []
    assert said({"kept_turns": after["kept_turns"]}, "FH-20002")
    assert row.report["elsewhere"] == {}


async def test_other_cases_questions_and_the_index_name_them_no_more_and_are_found_by_all_else(engine, settings):
    world = await CaseWorld(engine).open()
    said_of_them = f"my teapot came like @{VICTIM.handle} said, who has {VICTIM.email} and order zx 99817"
    draft = await world.drafted(f"{said_of_them}; mine is FH-20002, where is it?", author="othergirl")
    await world.drafted("nothing of anybody in my teapot", author="thirdgirl", thread="t9")
    asked = {"id": "missing_1", "brand": BRAND, "case": draft.case, "language": "en", "vector": [0.5], "at": NOW}
    async with writing(engine) as session:
        session.add(MissingPolicyRow(words=f"does the teapot of {VICTIM.order} have a lid", **asked))
    while await follow_once(engine):
        pass
    await fill(engine, VICTIM)
    index = ("transcripts", "transcript_texts", "transcript_words", "missing_policies")

    async def told() -> dict[str, list[str]]:
        rows = await everything(engine)
        return {name: [row for row in rows[name] if "pine" not in row and VICTIM.said not in row] for name in index}

    before = await told()
    assert said(before, VICTIM.handle)
    assert said(before, VICTIM.email)
    who = operator(frozenset({BRAND, "pine"}))
    row = await erase(engine, settings, who, ASKED, reason="by letter", now=world.now)
    after = await told()
    for canary in (VICTIM.handle, VICTIM.email, VICTIM.order, "99817", "featherby"):
        assert said(after, canary) == []
    assert "does the teapot of (erased) have a lid" in str(after["missing_policies"])
    assert len(said({"": after["transcript_texts"]}, "teapot")) == len(said({"": before["transcript_texts"]}, "teapot"))
    assert said(after, "FH-20002")
    assert {name: count for name, count in row.report["masked"].items() if count} == {
        "missing_policies": 1,
        "transcripts": 1,
    }
    assert row.report["elsewhere"]["posts.text"] == 1, "what others wrote is theirs, and somebody has to look at it"


async def test_views_and_saved_replies_name_them_no_more_and_a_name_in_what_all_read_is_told(engine, settings):
    await fill(engine, VICTIM)
    told = f"as {VICTIM.name} with order zx 99817"
    values = {
        "saved_views": {"name": told, "filters": {"intent": VICTIM.email, "state": ["held"]}, "brand": None},
        "saved_replies": {"title": told, "texts": {"en": {"public": f"Write to {VICTIM.email}.", "private": None}}},
        "saved_reply_versions": {"said": {"texts": {"en": {"public": f"Ask @{VICTIM.handle}."}}}, "why": told},
        "incidents": {"title": told},
    }
    async with engine.begin() as connection:
        for name, row in values.items():
            await connection.execute(metadata.tables[name].update().values(**row))
    row = await erase(engine, settings, WHO, ASKED, reason="asked for by letter", now=NOW)
    after = await everything(engine)
    ours = {name: after[name] for name in values if name != "incidents"}
    for canary in (VICTIM.email, VICTIM.handle, VICTIM.order, "99817"):
        assert said(ours, canary) == []
    assert said({"": after["saved_views"]}, VICTIM.name) == [], "nobody else could take it out of a view"
    assert "as (erased) with order (erased)" in str(after["saved_views"])
    assert "Write to (erased)." in str(after["saved_replies"])
    assert said({"": after["saved_replies"]}, "'changed_here': True"), "or its file would bring them back"
    masked = {name: count for name, count in row.report["masked"].items() if count}
    assert masked == {"saved_replies": 1, "saved_reply_versions": 1, "saved_views": 1}
    assert row.report["ours"] == {"incidents": ["incidents_1"], "saved_replies": ["saved_replies_v"]}
    assert row.report["elsewhere"] == {"incidents.title": 1, "saved_replies.title": 1, "saved_reply_versions.why": 1}


async def test_who_shares_an_address_with_somebody_erased_is_left_alone_as_long(engine, settings, tmp_path):
    key = {"key": "shared", "customer": VICTIM.customer, "until": NOW + timedelta(days=30)}
    await fill(engine, VICTIM)
    async with engine.begin() as connection:
        await connection.execute(insert(metadata.tables["question_spacings"]), [key])
    await erase(engine, settings, WHO, ASKED, reason="asked for by letter", now=NOW)

    async def left_after(days: int) -> list[str]:
        now = NOW + timedelta(days=days)
        await forget_old(service_without_desk(engine, lambda: now, lambda: None, home=tmp_path))
        return (await everything(engine))["question_spacings"]

    [left] = await left_after(29)
    assert "shared" in left
    assert VICTIM.customer not in left
    assert await left_after(31) == []
