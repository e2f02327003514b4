"""Everything of a case stands on one time line, each thing where it can be found again."""

from functools import partial
from typing import Any

import pytest

from assistant.agent import write_draft
from server.db import writing
from server.events.log import record
from server.models import ConversationRow, SuggestionRow
from server.staff.roles import Role
from tests.fakes.cases import person
from tests.fakes.models import Says, ScriptedModel
from tests.integration.drafts.deeds import DeedWorld
from tests.integration.drafts.http import Desk, over_http
from tests.integration.transcripts.indexing import indexed
from tools.ports import PortUnavailable

REP, BOSS, SUPERVISOR = person("rep", Role.REP), person("social", Role.SOCIAL), person("supervisor")
RETURNS = "Can I return unused goods after 50 days?"
LATE = "Where is my order FH-10423? It is so late."


async def _entries(desk: Desk, of: str, who: Any = SUPERVISOR, **query: Any) -> list[dict[str, Any]]:
    page = await desk.get(who, f"/transcripts/{of}", limit=100, **query)
    assert page.status_code == 200, page.text
    return page.json()["items"]


def _only(entries: list[dict[str, Any]], kind: str) -> dict[str, Any]:
    [one] = [entry for entry in entries if entry["kind"] == kind]
    return one


async def test_a_case_is_told_from_its_first_post_to_what_was_sent(world: DeedWorld, desk: Desk):
    post = await world.post(RETURNS)
    await world.post("Mine leaks too!", "somebody.else")
    world.wait()
    await world.edit(post, "Can I return unused goods after 60 days?")
    world.wait()
    await world.work()
    draft = await world.newest()
    await desk.post(REP, f"/cases/{draft.case}/notes", {"text": "she rang twice"})
    await desk.decide(REP, draft.id, "edit", public_text=f"{draft.public_text} Thank you.")
    await desk.decide(REP, draft.id, "approve", confirmed=True)
    await world.pass_time(minutes=5)

    entries = await _entries(desk, draft.case)
    assert [entry["at"] for entry in entries] == sorted(entry["at"] for entry in entries)
    wrote = _only(entries, "post")
    assert wrote["text"] == "Can I return unused goods after 60 days?"
    assert [run for run in wrote["edits"][0]["changes"] if run["what"] != "same"] == [
        {"what": "removed", "text": "50"},
        {"what": "added", "text": "60"},
    ]
    first = _only(entries, "draft")
    assert first["public_text"] == draft.public_text
    assert {call["name"] for call in first["seen"]["tool_calls"]} >= {"get_customer_profile", "search_policies"}
    assert all(call["ahead"] for call in first["seen"]["tool_calls"])
    read = first["seen"]["passages"]
    assert {item["id"] for item in first["seen"]["evidence"]} >= {passage["evidence"] for passage in read}
    assert all(len(passage["digest"]) == 64 for passage in read)
    assert read
    edit = next(entry for entry in entries if entry["kind"] == "decision" and entry["what"] == "edit")
    assert edit["by"]["name"] == "Rep"
    assert [run["text"] for run in edit["changes"][0]["changes"] if run["what"] == "added"] == [" Thank you."]
    assert edit["facts"]["findings"] == (await world.draft(draft.id)).findings
    assert _only(entries, "note")["text"] == "she rang twice"
    sent = _only(entries, "publication")
    assert sent["state"] == "sent"
    assert [run["text"] for run in sent["changes"] if run["what"] == "added"] == [" Thank you."]
    assert [one["name"] for one in sent["approved_by"]] == ["Rep"]
    assert "leaks" not in str(entries)


async def test_what_left_for_the_model_is_kept_byte_for_byte_for_who_may_read_it(world: DeedWorld):
    model = ScriptedModel.of(
        Says(calls=[("search_policies", {"query": "returns"})], finish="tool_calls"),
        always="You have 60 days to send it back [E2].",
    )
    endpoint = model.endpoint(price_prompt=1.0)
    world.model = partial(write_draft, endpoint=endpoint)
    world.__post_init__()
    draft = await world.drafted(RETURNS)
    async with over_http(world) as desk:
        seen = _only(await _entries(desk, draft.case), "draft")["seen"]
        asked = [await desk.get(SUPERVISOR, one["link"].removeprefix("/api/v1")) for one in seen["use"]["requests"]]
        assert [answer.content for answer in asked] == model.bodies
        assert len(asked) > 1
        assert seen["use"]["cost"] > 0
        assert seen["model"] == "scripted"
        [called] = [call for call in seen["tool_calls"] if not call["ahead"]]
        assert (called["name"], called["arguments"]) == ("search_policies", {"query": "returns"})
        assert called["result"]
        theirs = _only(await _entries(desk, draft.case, REP), "draft")["seen"]
        assert theirs["use"] is None
        assert theirs["tool_calls"] == seen["tool_calls"]
        refused = await desk.get(REP, seen["use"]["requests"][0]["link"].removeprefix("/api/v1"))
        assert refused.status_code == 403
    await endpoint.aclose()


async def test_a_port_that_did_not_answer_is_told_with_the_call(world: DeedWorld, desk: Desk):
    async def away(*_: object, **__: object) -> Any:
        raise PortUnavailable("orders")

    world.shop["orders"].latest = away
    draft = await world.drafted(LATE)
    calls = _only(await _entries(desk, draft.case), "draft")["seen"]["tool_calls"]
    outage = next(call for call in calls if call["name"] == "get_purchase_history")
    assert (outage["outage"], outage["result"]) == ("orders unreachable", None)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_an_entry_is_found_at_its_address_and_the_pages_hold_each_once(world: DeedWorld, desk: Desk):
    draft = await world.drafted(RETURNS)
    for words in ("one", "two", "three"):
        await desk.post(REP, f"/cases/{draft.case}/notes", {"text": words})
    whole = await _entries(desk, draft.case)
    paged, cursor = [], None
    while True:
        asked = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = (await desk.get(SUPERVISOR, f"/transcripts/{draft.case}", **asked)).json()
        paged += page["items"]
        cursor = page["next"]
        if cursor is None:
            break
    assert paged == whole
    for entry in whole:
        assert (await desk.get(SUPERVISOR, entry["link"].removeprefix("/api/v1"))).json() == entry
        here = whole.index(entry)
        assert await _entries(desk, draft.case, at=entry["id"]) == whole[here:]
        assert await _entries(desk, draft.case, at=entry["id"], before=2) == whole[max(0, here - 2) :]
    missing = await desk.get(SUPERVISOR, f"/transcripts/{draft.case}/entries/note_none")
    assert (missing.status_code, missing.json()["code"]) == (404, "entry_not_found")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_deleted_post_keeps_no_word_of_itself_nor_of_what_it_was_before(world: DeedWorld, desk: Desk):
    post = await world.post("My secret is strawberry")
    await world.edit(post, "My secret is vanilla")
    await world.delete(post)
    [case] = [row.id for row in await world.rows(type(await world.case()))]
    entry = _only(await _entries(desk, case), "post")
    assert (entry["text"], entry["edits"]) == ("", [])
    assert entry["deleted_at"] is not None


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_an_action_is_told_with_its_moves(world: DeedWorld, desk: Desk):
    draft, action = await world.late()
    await world.approve_action(action.id)
    await world.work()
    told = _only(await _entries(desk, draft.case), "action")
    assert [move["what"] for move in told["moves"]] == ["propose", "approve", "begin", "carry_out"]
    assert told["moves"][1]["by"]["id"] == "staff_supervisor"
    assert told["state"] == "done"


async def test_a_session_that_names_a_case_stands_on_its_time_line(world: DeedWorld, desk: Desk):
    draft = await world.drafted(RETURNS)
    async with writing(world.engine) as session:
        session.add(_session("conversation_1", draft.case, world))
        session.add(_session("conversation_2", None, world))
        await session.flush()
        session.add(
            SuggestionRow(
                id="suggestion_1",
                brand=draft.brand,
                conversation="conversation_1",
                kind="reply",
                text="You have 60 days.",
                state="edited",
                used="You have sixty days.",
                offered_at=world.now,
            )
        )
    together = await _entries(desk, draft.case)
    assert await _entries(desk, "conversation_1") == together
    assert [entry["id"] for entry in together if entry["kind"] == "conversation"] == ["conversation_1"]
    taken = _only(together, "suggestion")
    assert [run["text"] for run in taken["changes"] if run["what"] != "same"] == ["60", "sixty"]
    assert [entry["id"] for entry in await _entries(desk, "conversation_2")] == ["conversation_2"]
    await indexed(world.engine)
    found = (await desk.get(SUPERVISOR, "/transcripts", q="sixty unused")).json()["items"]
    assert [one["id"] for one in found] == [draft.case]
    alone = (await desk.get(SUPERVISOR, "/transcripts", channel="phone", staff="staff_rep")).json()["items"]
    assert {one["id"] for one in alone} == {draft.case, "conversation_2"}
    async with writing(world.engine) as session:
        named = await session.get(ConversationRow, "conversation_2")
        named.case = draft.case
        record(session, "case.noted", draft.case, brand=draft.brand, at=world.now)
    await indexed(world.engine)
    both = (await desk.get(SUPERVISOR, "/transcripts", channel="phone")).json()["items"]
    assert [one["id"] for one in both] == [draft.case]


def _session(id_: str, case: str | None, world: DeedWorld) -> ConversationRow:
    return ConversationRow(
        id=id_,
        brand="fernhollow",
        customer="C-1",
        channel="phone",
        case=case,
        staff="staff_rep",
        found_by="customer",
        known="verified",
        opened_at=world.now,
    )
