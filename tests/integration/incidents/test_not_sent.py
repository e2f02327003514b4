"""An incident's answers that do not go: they wait for the incident again, and one decision sends them."""

from datetime import datetime, timedelta
from typing import Any

from server.models import IncidentCaseRow, PromiseRow, PublicationRow
from tests.fakes.storms import StormWorld
from tests.integration.incidents.driving import BOSS, OVER, TEXT, UPDATE, Boss, boss_of
from tests.integration.incidents.test_answering import WRITERS, confirmed, run

DUE = "2026-11-20T18:00:00Z"
NEWER = "We are sorry, our checkout is down since 11:40 UTC."


async def pause(boss: Boss) -> str:
    told = await boss.desk.post(BOSS, "/pauses", {"scope": "all", "reason": "look", "brand": "fernhollow"})
    assert told.status_code == 201, told.text
    return str(told.json()["pauses"][0]["id"])


async def lift(boss: Boss, standing: str) -> dict[str, Any]:
    held = (await boss.desk.get(BOSS, f"/pauses/{standing}/held", limit=200)).json()["items"]
    seen = [item["publication"]["id"] for item in held]
    told = await boss.desk.post(BOSS, f"/pauses/{standing}/lift", {"seen": seen})
    assert told.status_code == 200, told.text
    await boss.world.work()
    return dict(told.json())


async def jump(world: StormWorld, **length: float) -> None:
    """Let time pass at once; nothing is done in between."""
    world.now += timedelta(**length)
    await world.work()


async def test_after_too_long_a_pause_one_decision_sends_them_again(world: StormWorld):
    async with boss_of(world) as boss:
        await confirmed(boss)
        digest = await boss.approved()
        await boss.answer(texts={"en": digest}, spread_minutes=60)
        standing = await pause(boss)
        await jump(world, minutes=320)
        assert (await lift(boss, standing))["too_old"] == 12
        await run(world, minutes=1)
        assert world.network.texts() == []
        assert await world.queue() == []
        assert (await boss.shown())["cases"]["confirmed"] == 12
        assert "could not be sent for too long" in (await boss.cases())["writer0"]["why"]
        assert (await boss.answer(texts={"en": digest}, spread_minutes=1))["count"] == 12
        await run(world, minutes=3)
        assert world.network.texts() == [TEXT] * 12
        assert (await boss.shown())["cases"]["answered"] == 12


async def test_one_that_is_taken_back_by_hand_waits_for_the_incident_and_is_drafted_anew_if_released(world: StormWorld):
    async with boss_of(world) as boss:
        await confirmed(boss, ["anna", "bert"])
        digest = await boss.approved()
        await boss.answer(texts={"en": digest}, spread_minutes=60)
        for name in ("anna", "bert"):
            publication = (await boss.cases())[name]["publication"]
            told = await boss.desk.post(BOSS, f"/publications/{publication}/take-back", {"reason": "not so fast"})
            assert told.status_code == 200, told.text
        cases = await boss.cases()
        assert {(item["state"], item["draft_state"], item["publication"]) for item in cases.values()} == {
            ("confirmed", "held", None)
        }
        await boss.do("release", seen=[cases["bert"]["id"]], reason="is about the shop in Leeds")
        await world.work()
        assert [draft.public_text == TEXT for draft in await world.queue()] == [False]
        assert (await boss.answer(texts={"en": digest}, spread_minutes=1))["count"] == 1
        await run(world, minutes=3)
        assert [post.recipient for post in world.network.ours()] == ["anna"]


async def test_a_replaced_text_is_not_sent_any_more_and_the_new_one_answers_the_rest(world: StormWorld):
    async with boss_of(world) as boss:
        await confirmed(boss)
        await boss.answer(texts={"en": await boss.approved()}, spread_minutes=60)
        await run(world, minutes=10)
        sent = len(world.network.texts())
        assert 0 < sent < 12
        newer = await boss.approved(NEWER)
        await world.work()
        cases = (await boss.shown())["cases"]
        assert (cases["answered"], cases["confirmed"]) == (sent, 12 - sent)
        await run(world, minutes=20)
        assert len(world.network.texts()) == sent
        await boss.answer(texts={"en": newer}, spread_minutes=1)
        await run(world, minutes=3)
        assert world.network.texts().count(TEXT) == sent
        assert world.network.texts().count(NEWER) == 12 - sent


async def test_the_gate_lets_no_replaced_text_out_before_the_job_has_stopped_it(world: StormWorld):
    async with boss_of(world) as boss:
        await confirmed(boss, ["anna"])
        await boss.answer(texts={"en": await boss.approved()}, spread_minutes=1)
        await boss.text(NEWER)
        world.now += timedelta(minutes=2)
        [send] = [job for job in await world.due() if job.kind == "send"]
        await world.do(send)
        assert world.network.texts() == []
        assert (await boss.cases())["anna"]["state"] == "confirmed"


async def test_after_a_shorter_pause_they_go_on_as_far_apart_as_before(world: StormWorld):
    async with boss_of(world) as boss:
        await confirmed(boss)
        await boss.answer(texts={"en": await boss.approved()}, spread_minutes=60)
        before = sorted(row.send_after for row in await world.rows(PublicationRow))
        standing = await pause(boss)
        await jump(world, minutes=62)
        assert (await lift(boss, standing))["let_go"] == 12
        after = sorted(row.send_after for row in await world.rows(PublicationRow))
        assert [moment - after[0] for moment in after] == [moment - before[0] for moment in before]
        await run(world, minutes=30)
        assert 4 <= len(world.network.texts()) <= 8
        await run(world, minutes=35)
        assert len(world.network.texts()) == 12


async def test_a_closing_text_that_did_not_go_is_told_again(world: StormWorld):
    async with boss_of(world) as boss:
        await confirmed(boss, ["anna", "bert"])
        digest = await boss.approved(f"{TEXT} {UPDATE}", promises_update=True, update_due=DUE)
        await boss.answer(texts={"en": digest}, spread_minutes=1)
        await run(world, minutes=3)
        await boss.close()
        over = await boss.approved(OVER, purpose="closing")
        seen = [item["promise"] for item in (await boss.promised()).values()]
        tell = {"texts": {"en": over}, "seen": seen, "spread_minutes": 1}
        await boss.do("tell-promised", **tell)
        await world.work()
        standing = await pause(boss)
        await jump(world, minutes=320)
        refused = await boss.do("tell-promised", status=422, **tell)
        assert list(refused["details"]["left"].values()) == [2]
        await lift(boss, standing)
        await run(world, minutes=1)
        assert await world.queue() == []
        assert (await boss.do("tell-promised", **tell))["count"] == 2
        await run(world, minutes=3)
        assert world.network.texts().count(OVER) == 2
        assert {row.state for row in await world.rows(PromiseRow)} == {"kept"}


async def test_it_is_not_spread_beyond_the_moment_that_it_promises(world: StormWorld):
    async with boss_of(world) as boss:
        await confirmed(boss)
        digest = await boss.approved(f"{TEXT} {UPDATE}", promises_update=True, update_due=DUE)
        refused = await boss.answer(status=422, texts={"en": digest}, spread_minutes=1440)
        assert refused["code"] == "ends_too_late"
        longest = refused["details"]["longest_spread_minutes"]
        assert f"{longest} minutes" in refused["detail"]
        assert {row.state for row in await world.rows(IncidentCaseRow)} == {"confirmed"}
        assert (await boss.answer(texts={"en": digest}, spread_minutes=longest))["count"] == 12
        assert max(row.send_after for row in await world.rows(PublicationRow)) <= datetime.fromisoformat(DUE)


async def test_a_promised_moment_that_has_passed_meanwhile_is_not_promised_any_more(world: StormWorld):
    async with boss_of(world) as boss:
        await confirmed(boss, WRITERS[:3])
        due = (world.now + timedelta(minutes=60)).replace(second=0, microsecond=0)
        text = f"{TEXT} We will update you by {due:%H:%M} UTC."
        digest = await boss.approved(text, promises_update=True, update_due=due.isoformat())
        await boss.answer(texts={"en": digest}, spread_minutes=10)
        standing = await pause(boss)
        await jump(world, minutes=90)
        await lift(boss, standing)
        await run(world, minutes=12)
        assert world.network.texts() == []
        assert await world.queue() == []
        cases = await boss.cases()
        assert {item["state"] for item in cases.values()} == {"confirmed"}
        assert "that time is over" in cases["writer0"]["why"]
        assert (await boss.answer(status=422, texts={"en": digest}))["code"] == "ends_too_late"


async def test_release_says_of_each_whether_it_was(world: StormWorld):
    async with boss_of(world) as boss:
        await confirmed(boss, ["anna", "bert", "carla"])
        ids = {name: item["id"] for name, item in (await boss.cases()).items()}
        await boss.answer(texts={"en": await boss.approved()}, spread_minutes=60)
        await run(world, minutes=22)
        left = sorted(name for name in ids if name not in {post.recipient for post in world.network.ours()})
        gone = next(name for name in ids if name not in left)
        told = await boss.do("release", seen=["nope", ids[gone], ids[left[0]]], reason="asks for more")
        assert told["released"] == 1
        assert set(told["not_released"]) == {"nope", ids[gone]}
        assert "its answer has left" in told["not_released"][ids[gone]]
        await world.work()
        assert [(await world.case_of(draft)).author for draft in await world.queue()] == [left[0]]
