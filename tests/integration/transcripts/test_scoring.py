"""Somebody's work is scored by a colleague: what can be counted beside what is judged, and disputed by whose it is."""

from datetime import timedelta
from typing import Any

import pytest

from server.staff.roles import Role
from tests.fakes.cases import person
from tests.integration.drafts.deeds import DeedWorld
from tests.integration.drafts.http import Desk
from tests.integration.transcripts.indexing import indexed

REP, OTHER = person("rep", Role.REP), person("rep-2", Role.REP)
BOSS, SECOND = person("supervisor"), person("supervisor-2")
RETURNS = "Can I return unused goods after 50 days?"
GOOD = {"answers": 4, "policy": 4, "offer": None, "tone": 2, "plain": 4, "private": 1, "read": 1, "danger": None}
ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


async def _answered(world: DeedWorld, desk: Desk, author: str = "annwood", *, thread: str = "t1") -> str:
    """The case of a customer whom the rep has answered."""
    draft = await world.drafted(RETURNS, author, thread=thread)
    done = await desk.decide(REP, draft.id, "approve", confirmed=True)
    assert done.status_code == 200, done.text
    await world.pass_time(minutes=5)
    return draft.case


async def _assigned(desk: Desk, case: str, **more: Any) -> dict[str, Any]:
    body = {"transcript": case, "person": REP.id, "form": "reply", **more}
    answer = await desk.post(BOSS, "/scorecards", body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_what_is_counted_and_what_is_judged_stand_apart(world: DeedWorld, desk: Desk):
    case = await _answered(world, desk)
    card = await _assigned(desk, case, assigned_to=BOSS.id, why="sample")
    assert {section["id"] for section in card["questions"]["sections"]} == {"right", "kind", "careful"}
    twin = await desk.post(BOSS, "/scorecards", {"transcript": case, "person": REP.id, "form": "reply"})
    assert (twin.status_code, twin.json()["details"]["scorecard"]) == (409, card["id"])
    half = await desk.post(BOSS, f"/scorecards/{card['id']}/score", {"version": 1, "points": {"tone": 4}})
    assert (half.status_code, half.json()["code"]) == (422, "not_answered")
    scored = (await desk.post(BOSS, f"/scorecards/{card['id']}/score", {"version": 1, "points": GOOD})).json()
    # 3 · 1 + 2 · (2 · 0.5 + 1) / 3 + 2 · 1, of 7
    assert scored["human"]["share"] == round(100 * (3 + 2 * 2 / 3 + 2) / 7)
    counted = scored["automatic"]["measures"]
    assert counted["citations"]["share"] == 1.0
    assert (counted["edits"]["share"], counted["edits"]["all"]) == (1.0, 1)
    assert counted["promises"] == {"share": None, "good": 0, "all": 0, "words": counted["promises"]["words"]}
    assert scored["automatic"]["share"] == 100
    again = await desk.post(BOSS, f"/scorecards/{card['id']}/score", {"version": 1, "points": GOOD})
    assert (again.status_code, again.json()["code"]) == (409, "scorecard_moved")
    await indexed(world.engine)
    found = (await desk.get(BOSS, "/transcripts", human_from=80, human_to=95)).json()["items"]
    assert [one["id"] for one in found] == [case]
    assert (await desk.get(BOSS, "/transcripts", human_to=60)).json()["items"] == []


async def test_whose_work_it_is_reads_it_disputes_it_and_is_answered(world: DeedWorld, desk: Desk):
    case = await _answered(world, desk)
    card = await _assigned(desk, case)
    assert (await desk.get(REP, f"/scorecards/{card['id']}")).status_code == 404
    await desk.post(BOSS, f"/scorecards/{card['id']}/score", {"version": 1, "points": {**GOOD, "policy": 0}})
    assert [one["id"] for one in (await desk.get(REP, "/scorecards")).json()["items"]] == [card["id"]]
    assert (await desk.get(OTHER, "/scorecards")).json()["items"] == []
    assert (await desk.get(OTHER, f"/scorecards/{card['id']}")).status_code == 404
    assert (await desk.post(OTHER, f"/scorecards/{card['id']}/dispute", {"words": "no"})).status_code == 404
    before = (await desk.post(REP, f"/scorecards/{card['id']}/dispute", {"words": "the policy says 60 days"})).json()
    assert (before["state"], before["dispute"]["words"]) == ("disputed", "the policy says 60 days")
    settled = await desk.post(
        SECOND,
        f"/scorecards/{card['id']}/settle",
        {"version": before["version"], "words": "so it does", "points": GOOD},
    )
    told = settled.json()
    assert told["human"]["share"] > before["human"]["share"]
    assert told["human"]["before"]["share"] == before["human"]["share"]
    assert told["settled"]["by"]["id"] == SECOND.id
    assert told["automatic"] == before["automatic"]


@ON_SQLITE
async def test_nobody_scores_their_own_work_nor_work_that_was_not_done(world: DeedWorld, desk: Desk):
    draft = await world.drafted(RETURNS)
    await desk.decide(BOSS, draft.id, "approve", confirmed=True)
    own = {"transcript": draft.case, "person": BOSS.id, "form": "reply"}
    refused = await desk.post(BOSS, "/scorecards", {**own, "assigned_to": BOSS.id})
    assert refused.json()["code"] == "cannot_score"
    assert (await desk.post(BOSS, "/scorecards", {**own, "assigned_to": REP.id})).json()["code"] == "cannot_score"
    assert (await desk.post(BOSS, "/scorecards", {**own, "person": OTHER.id})).json()["code"] == "did_nothing"
    assert (await desk.post(BOSS, "/scorecards", {**own, "form": "none"})).json()["code"] == "no_such_form"
    card = (await desk.post(BOSS, "/scorecards", own)).json()
    mine = await desk.post(BOSS, f"/scorecards/{card['id']}/score", {"version": 1, "points": GOOD})
    assert mine.status_code == 403
    assert (await desk.post(SECOND, f"/scorecards/{card['id']}/score", {"version": 1, "points": GOOD})).is_success


async def test_the_same_day_picks_the_same_cases_and_what_the_rules_name(world: DeedWorld, desk: Desk):
    day = world.now.date().isoformat()
    cases = [await _answered(world, desk, f"person{number}", thread=f"t{number}") for number in range(5)]
    blocked = await world.drafted(RETURNS, "bob", thread="b")
    await desk.decide(BOSS, blocked.id, "edit", public_text="You have 90 days to return it.")
    await desk.decide(BOSS, blocked.id, "approve", confirmed=True, override="she was promised it")
    await world.pass_time(minutes=5)
    await world.drafted("It is still broken and nobody helps me, I want my money back", "person0", thread="t0")

    picked = (await desk.get(BOSS, "/scorecards/picked", day=day)).json()
    assert picked == (await desk.get(SECOND, "/scorecards/picked", day=day)).json()
    by_why = {
        why: {(one["person"]["id"], one["transcript"]) for one in picked["items"] if one["why"] == why}
        for why in ("sample", "complaint", "override")
    }
    sampled = {case for person_, case in by_why["sample"] if person_ == REP.id}
    assert len(sampled) == 2
    assert sampled < set(cases)
    assert by_why["complaint"] == {(REP.id, cases[0])}
    assert by_why["override"] == {(BOSS.id, blocked.case)}
    card = await _assigned(desk, min(sampled), why="sample")
    again = (await desk.get(BOSS, "/scorecards/picked", day=day)).json()
    assert {one["scorecard"] for one in again["items"] if one["transcript"] == min(sampled)} == {card["id"]}
    tomorrow = (world.now + timedelta(days=1)).date().isoformat()
    assert (await desk.get(BOSS, "/scorecards/picked", day=tomorrow)).json()["items"] == []


@ON_SQLITE
async def test_coaching_is_seen_by_whose_work_it_is_and_answered_once(world: DeedWorld, desk: Desk):
    case = await _answered(world, desk)
    entries = (await desk.get(BOSS, f"/transcripts/{case}")).json()["items"]
    approved = next(one for one in entries if one["kind"] == "decision" and one["what"] == "approve")
    posted = next(one for one in entries if one["kind"] == "post")
    told = await desk.post(
        BOSS, f"/transcripts/{case}/entries/{approved['id']}/comments", {"text": "Say when.", "coach": True}
    )
    coaching = told.json()
    assert coaching["to"]["id"] == REP.id
    nobodys = await desk.post(
        BOSS, f"/transcripts/{case}/entries/{posted['id']}/comments", {"text": "x", "coach": True}
    )
    assert nobodys.json()["code"] == "nobodys_work"
    await desk.post(BOSS, f"/transcripts/{case}/entries/{posted['id']}/comments", {"text": "A good example."})
    assert [one["text"] for one in (await desk.get(REP, "/coaching")).json()["items"]] == ["Say when."]
    assert (await desk.get(OTHER, "/coaching")).json()["items"] == []
    seen = {
        who.id: len((await desk.get(who, f"/transcripts/{case}/comments")).json()["items"])
        for who in (REP, OTHER, SECOND)
    }
    assert seen == {REP.id: 2, OTHER.id: 1, SECOND.id: 2}
    answered = await desk.post(REP, f"/coaching/{coaching['id']}/answer", {"text": "I will."})
    assert answered.json()["answer"] == "I will."
    assert answered.json()["seen_at"] is not None
    assert (await desk.post(REP, f"/coaching/{coaching['id']}/answer", {"text": "Again."})).status_code == 409
    assert (await desk.post(OTHER, f"/coaching/{coaching['id']}/seen")).status_code == 404
