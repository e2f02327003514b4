"""A promise comes due: over HTTP, from the text that made it to the top of the queue."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from assistant.agent import write_draft
from server.models import CaseRow
from tests.fakes.cases import KNOWN, STRANGER
from tests.fakes.models import ScriptedModel
from tests.integration.drafts.http import over_http
from tests.integration.promises.test_actions import add_action
from tests.integration.promises.world import REP, PromiseWorld

PROMISED = "Sorry about that. We'll get back to you by Monday."


@pytest.fixture
async def promising(engine: AsyncEngine) -> PromiseWorld:
    world = PromiseWorld(engine)
    await world.open()
    return world


@pytest.mark.parametrize("author", [KNOWN, STRANGER])
async def test_an_overdue_promise_brings_its_answered_case_on_top_of_the_queue(promising: PromiseWorld, author: str):
    draft = await promising.asked("Where is my order FH-10423? It is late.", author)
    async with over_http(promising) as desk:
        await promising.answer(desk, draft.id, PROMISED)
        [promise] = (await desk.get(REP, "/promises", overdue=False)).json()["items"]
        assert (promise["state"], promise["overdue"], promise["author"]) == ("open", False, author)
        assert not (await promising.case(author)).open
        assert (await desk.get(REP, "/drafts")).json()["items"] == []

        other = await promising.asked("How do I return my jacket?", "somebody.else")
        await promising.pass_time(timedelta(days=4))

        first, *rest = (await desk.get(REP, "/drafts")).json()["items"]
        assert first["case"] == draft.case
        assert first["id"] != draft.id
        assert [item["id"] for item in rest] == [other.id]
        assert (await promising.case(author)).open
        [overdue] = (await desk.get(REP, "/promises", overdue=True)).json()["items"]
        assert (overdue["id"], overdue["overdue"], overdue["state"]) == (promise["id"], True, "open")
    assert (await promising.events()).count("promise.overdue") == 1


async def test_it_says_which_promise_since_when_and_to_whom_and_is_no_one_click(promising: PromiseWorld):
    draft = await promising.asked("Where is my order FH-10423? It is late.")
    async with over_http(promising) as desk:
        await promising.answer(desk, draft.id, PROMISED)
        other = await promising.asked("How do I return my jacket?")
        assert (await desk.get(REP, f"/drafts/{other.id}")).json()["one_click"]
        await promising.pass_time(timedelta(days=4))
        items = (await desk.get(REP, "/drafts")).json()["items"]
        [promise] = await promising.promises()
        for item in items:
            assert [owed["promise"] for owed in item["overdue"]] == [promise.id]
            assert item["overdue"][0]["author"] == KNOWN
            assert (item["rank"], item["one_click"]) == (1, False)
            shown = (await desk.get(REP, f"/drafts/{item['id']}")).json()
            assert any("We'll get back to you by Monday." in note for note in shown["notes"])
            assert f"overdue since {promise.due:%-d %B, %H:%M} UTC" in shown["notes"][0]
            if item["id"] == other.id:
                assert item["reason"]["code"] == "overdue_promise"
                refused = await desk.decide(REP, item["id"], "approve")
                assert refused.json()["code"] == "not_looked_at"
        assert other.id in {item["id"] for item in items}


async def test_the_case_tells_of_its_promises_and_actions(promising: PromiseWorld):
    draft = await promising.asked("Where is my refund for FH-10423?")
    await add_action(promising, "action_1", draft=draft.id, case=draft.case)
    async with over_http(promising) as desk:
        await promising.answer(desk, draft.id, "Sorry! We'll refund you by Monday.")
        file = (await desk.get(REP, f"/cases/{draft.case}")).json()
    [promise] = file["promises"]
    assert (promise["what"], promise["state"]) == ("We'll refund you by Monday.", "open")
    assert promise["action"]["id"] == "action_1"
    assert [(item["id"], item["state"]) for item in file["actions"]] == [("action_1", "approved")]


async def test_a_promise_is_moved_by_a_year_at_most(promising: PromiseWorld):
    draft = await promising.asked("Where is my order FH-10423? It is late.")
    async with over_http(promising) as desk:
        await promising.answer(desk, draft.id, PROMISED)
        [promise] = await promising.promises()
        for due in ("9999-12-31T23:59:59-12:00", "9999-12-31T23:59:59Z", "2027-11-24T12:00:00Z"):
            refused = await desk.post(REP, f"/promises/{promise.id}/move", {"due": due, "reason": "later"})
            assert (refused.status_code, refused.json()["code"]) == (422, "due_too_far")
        moved = {"due": "2027-11-18T12:00:00Z", "reason": "later"}
        assert (await desk.post(REP, f"/promises/{promise.id}/move", moved)).status_code == 200


async def test_a_draft_that_waits_already_is_moved_up_and_no_other_is_written(promising: PromiseWorld):
    draft = await promising.asked("Where is my order FH-10423?")
    async with over_http(promising) as desk:
        await promising.answer(desk, draft.id, PROMISED)
    again = await promising.asked("Any news?", thread="n1")
    assert (again.state, again.rank) == ("pending", 2)
    await promising.pass_time(timedelta(days=4))
    after = await promising.newest()
    assert (after.id, after.rank) == (again.id, 1)


async def test_thanks_do_not_keep_an_overdue_promise_from_being_seen(promising: PromiseWorld):
    draft = await promising.asked("Where is my order FH-10423?")
    async with over_http(promising) as desk:
        await promising.answer(desk, draft.id, PROMISED)
        thanks = await promising.asked("Thanks so much!", thread="n1")
        assert thanks.state == "no_reply"
        await promising.pass_time(timedelta(days=4))
        [first] = (await desk.get(REP, "/drafts")).json()["items"]
        assert (first["case"], first["state"]) == (draft.case, "handed_over")


async def test_it_comes_back_every_day_until_somebody_says_how_it_was_kept(promising: PromiseWorld):
    draft = await promising.asked("Where is my order FH-10423?")
    async with over_http(promising) as desk:
        await promising.answer(desk, draft.id, PROMISED)
        await promising.pass_time(timedelta(days=4))
        second = await promising.newest()
        assert (await desk.decide(REP, second.id, "reject", reason="later")).status_code == 200
        await promising.pass_time(timedelta(days=1))
        third = await promising.newest()
        assert third.id != second.id
        later = await promising.answer(desk, third.id, "It is on its way to you.")
        [promise] = await promising.promises()
        kept = await desk.post(REP, f"/promises/{promise.id}/keep", {"publication": later.id})
        assert kept.status_code == 200, kept.text
        assert (kept.json()["state"], kept.json()["kept_with"]) == ("kept", later.id)
        assert kept.json()["settled_by"]["id"] == REP.id
        await promising.pass_time(timedelta(days=3))
        assert (await promising.newest()).id == third.id
        assert (await desk.get(REP, "/promises", overdue=True)).json()["items"] == []
        [case] = await promising.rows(CaseRow)
        history = (await desk.get(REP, f"/cases/{case.id}/history")).json()["items"]
        assert "keep_promise" in {item["what"] for item in history}


async def test_a_promise_that_was_moved_is_due_then_and_when_it_was_due_first_is_known(promising: PromiseWorld):
    draft = await promising.asked("Where is my order FH-10423?")
    async with over_http(promising) as desk:
        await promising.answer(desk, draft.id, PROMISED)
        [promise] = await promising.promises()
        due = promising.now + timedelta(days=10)
        path = f"/promises/{promise.id}/move"
        moved = await desk.post(REP, path, {"due": due.isoformat(), "reason": "the carrier asked for more time"})
        assert moved.status_code == 200, moved.text
        assert moved.json()["first_due"] != moved.json()["due"]
        await promising.pass_time(timedelta(days=5))
        assert (await desk.get(REP, "/drafts")).json()["items"] == []
        await promising.pass_time(timedelta(days=6))
        assert len((await desk.get(REP, "/drafts")).json()["items"]) == 1
        late = await desk.post(REP, path, {"due": "2026-01-01T00:00:00Z", "reason": "x"})
        assert (late.status_code, late.json()["code"]) == (422, "due_in_the_past")


async def test_what_keeps_it_was_sent_to_them_since(promising: PromiseWorld):
    draft = await promising.asked("Where is my order FH-10423?")
    async with over_http(promising) as desk:
        made = await promising.answer(desk, draft.id, PROMISED)
        strangers = await promising.asked("How do I return my jacket?", "somebody.else")
        other = await promising.answer(desk, strangers.id, "Here is how.")
        [promise] = await promising.promises()
        for publication in (made.id, other.id, "publication_none"):
            refused = await desk.post(REP, f"/promises/{promise.id}/keep", {"publication": publication})
            assert (refused.status_code, refused.json()["code"]) == (422, "keeps_nothing")
        nothing = await desk.post(REP, f"/promises/{promise.id}/keep", {})
        assert nothing.status_code == 422
        withdrawn = await desk.post(REP, f"/promises/{promise.id}/withdraw", {"reason": "she cancelled"})
        assert (withdrawn.json()["state"], withdrawn.json()["reason"]) == ("withdrawn", "she cancelled")
        again = await desk.post(REP, f"/promises/{promise.id}/keep", {"reason": "x"})
        assert (again.status_code, again.json()["code"]) == (409, "already_settled")
        assert again.json()["details"]["state"] == "withdrawn"


@pytest.mark.parametrize("author", [KNOWN, STRANGER])
async def test_a_draft_that_contradicts_what_was_promised_is_no_one_click(promising: PromiseWorld, author: str):
    draft = await promising.asked("Where is my order FH-10423?", author)
    async with over_http(promising) as desk:
        await promising.answer(desk, draft.id, "We'll refund you by Monday.")
        again = await promising.asked("Where is my refund?", author, thread="n1")
        edited = await desk.decide(
            REP, again.id, "edit", public_text="Sorry, we cannot refund you after all.", private_text=None
        )
        assert edited.status_code == 200, edited.text
        assert not edited.json()["one_click"]
        assert "contradicts_promise" in {finding["rule"] for finding in edited.json()["findings"]}


async def test_a_model_that_takes_back_a_promise_writes_no_one_click_draft(promising: PromiseWorld):
    draft = await promising.asked("Where is my order FH-10423?")
    async with over_http(promising) as desk:
        await promising.answer(desk, draft.id, "We'll refund you by Monday.")
        endpoint = ScriptedModel.of(always="Unfortunately we cannot refund you.").endpoint(attempts=1)
        told = replace(promising.service.desk, model=partial(write_draft, endpoint=endpoint))
        promising.service = replace(promising.service, desk=told)
        again = await promising.asked("Where is my refund for FH-10423?", thread="n1")
        await endpoint.aclose()
        shown = (await desk.get(REP, f"/drafts/{again.id}")).json()
    assert again.written_by == "model"
    assert not again.one_click
    assert "contradicts_promise" in {finding["rule"] for finding in shown["findings"]}
