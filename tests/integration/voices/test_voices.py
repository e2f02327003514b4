"""Voices are changed over the API and hold for the next draft of any process; what would spoil a text is refused."""

import asyncio

from sqlalchemy import text
from sqlmodel import select

from assistant.outcome import Part
from server.db import reading, writing
from server.drafts import review
from server.models import EventRow
from server.settings import SHIPPED_KNOWLEDGE
from server.voices.kept import KeptVoices
from server.voices.managing import changed_file, follow_file
from server.voices.said import FILE, load_voices
from tests.fakes.cases import BRAND, person
from tests.integration.voices.world import HEAD, REP, VoiceWorld, voice_in

LATE_TENT = "@FernhollowHelp where is my order?"


async def test_until_somebody_changes_them_the_file_decides(world: VoiceWorld):
    told = (await world.get()).json()
    assert (told["version"], told["from_files"], told["file_differs"], told["versions"]) == (0, True, False, [])
    assert voice_in(told, "en", "instagram")["sign_off"] == "Your Fernhollow team"


async def test_a_change_holds_for_the_next_draft_and_the_next_check_of_another_process(world: VoiceWorld):
    before = await world.cases.drafted(LATE_TENT)
    assert not (before.public_text or "").startswith("Hello you.")
    changed = await world.change("en", "x", greeting="Hello you.", avoid=["messages"])
    assert (changed.status_code, changed.json()["version"], changed.json()["file_differs"]) == (200, 1, True)
    after = await world.cases.drafted(LATE_TENT, "somebody", thread="t2")
    assert (after.public_text or "").startswith("Hello you.")
    edited = {Part.PUBLIC: "Please see your messages."}
    await review.edit(world.cases.service, REP, after.id, await world.cases.seen(after.id, REP), edited)
    findings = (await world.cases.draft(after.id)).findings
    assert "we do not say “messages”" in [one["reason"] for one in findings]


async def test_another_brand_sounds_as_it_did_and_is_nobody_elses(world: VoiceWorld):
    assert (await world.change("en", "x", greeting="Hello you.")).status_code == 200
    theirs = person("admin", brands=(BRAND, "tarnlight"))
    told = (await world.get("tarnlight", theirs)).json()
    assert (told["version"], voice_in(told, "en", "x")["greeting"]) == (0, "")
    assert (await world.get("tarnlight")).json()["code"] == "no_such_brand"
    assert (await world.put(await world.body(), "tarnlight")).status_code == 404
    assert (await world.put(await world.body(), who=REP)).status_code == 403


async def test_what_would_spoil_a_text_is_refused_and_every_fault_told(world: VoiceWorld):
    body = await world.body()
    voice_in(body, "en").update(greeting="Hi there", sign_off="As per usual.")
    refused = await world.put(body)
    assert (refused.status_code, refused.json()["code"]) == (422, "not_voices"), refused.text
    assert [fault["field"] for fault in refused.json()["details"]["faults"]] == [
        "voices.0.greeting",
        "voices.0.sign_off",
    ]
    assert (await world.get()).json()["version"] == 0


async def test_of_two_who_change_them_at_once_the_second_is_told(world: VoiceWorld):
    old = await world.body()
    early, late = sorted(
        await asyncio.gather(world.put(old), world.put(old)), key=lambda answer: int(answer.status_code)
    )
    assert early.status_code == 200
    assert (late.status_code, late.json()["code"], late.json()["details"]) == (409, "setting_changed", {"version": 1})
    [version] = (await world.get()).json()["versions"]
    assert (version["version"], version["by"]["id"], version["why"]) == (1, HEAD.id, "we sound too stiff")
    async with reading(world.cases.engine) as session:
        [event] = (await session.exec(select(EventRow).where(EventRow.kind == "voices.changed"))).all()
    assert (event.brand, event.data) == (BRAND, {"by": HEAD.id, "version": 1})


async def test_what_was_decided_is_written_back_and_then_the_file_decides_again(world: VoiceWorld, tmp_path):
    await world.change("es", "*", greeting="¡Buenas!")
    async with reading(world.cases.engine) as session:
        written = await changed_file(session, SHIPPED_KNOWLEDGE)
    async with writing(world.cases.engine) as session:
        assert await follow_file(session, SHIPPED_KNOWLEDGE, world.cases.now) == []
    (tmp_path / FILE).write_text(written, encoding="utf-8")
    assert load_voices(tmp_path)["tarnlight"] == load_voices(SHIPPED_KNOWLEDGE)["tarnlight"]
    async with writing(world.cases.engine) as session:
        assert await follow_file(session, tmp_path, world.cases.now) == [BRAND]
        assert await changed_file(session, tmp_path) is None


async def test_without_the_database_brands_sound_as_they_did_last(world: VoiceWorld):
    kept = KeptVoices(world.cases.engine, SHIPPED_KNOWLEDGE)
    await world.change("en", "x", greeting="Hello you.")
    known = await kept.now()
    async with world.cases.engine.begin() as connection:
        await connection.execute(text("ALTER TABLE brand_settings RENAME TO gone"))
    assert await kept.now() == known
    [x] = [one for one in known if (one.brand, one.language, one.channel) == (BRAND, "en", "x")]
    assert x.greeting == "Hello you."
