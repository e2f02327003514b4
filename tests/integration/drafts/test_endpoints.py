from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from server.staff.roles import Role
from tests.fakes.cases import STRANGER, CaseWorld, person
from tests.integration.drafts.http import Desk, over_http
from tools.records import Promise

LATE = "Where is my order FH-10423? It is so late."
RETURNS = "Can I return unused goods after 50 days?"
DANGER = "The stove exploded and burned my hand, I am in hospital"
REP = person("rep", Role.REP)
SOCIAL = person("social", Role.SOCIAL)
BOSS = person("supervisor", Role.SUPERVISOR)
WRITER = person("drafts-only", Role.DRAFTS_ONLY)
ELSEWHERE = person("rep-2", Role.REP, brands=("tarnlight",))
ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
async def desk(world: CaseWorld) -> AsyncIterator[Desk]:
    async with over_http(world) as desk:
        yield desk


async def test_the_queue_goes_by_danger_then_overdue_promises_then_due_time(world: CaseWorld, desk: Desk):
    first = await world.drafted(RETURNS, "ann.one", thread="a")
    world.wait(timedelta(minutes=1))
    second = await world.drafted(RETURNS, "ann.two", thread="b")
    owed = Promise("PR-1", "C-1", "a call back", world.now - timedelta(days=2), due=world.now - timedelta(days=1))
    world.shop["promises"].add(owed)
    promised = await world.drafted(LATE, thread="c")
    danger = await world.drafted(DANGER, STRANGER, thread="d")
    wanted = [danger.id, promised.id, first.id, second.id]
    whole = (await desk.get(REP, "/drafts")).json()
    assert [item["id"] for item in whole["items"]] == wanted
    assert [item["rank"] for item in whole["items"]] == [0, 1, 2, 2]
    found, cursor = [], None
    while True:
        page = (await desk.get(REP, "/drafts", limit=1, **({"cursor": cursor} if cursor else {}))).json()
        found += [item["id"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert found == wanted
    assert [item["id"] for item in (await desk.get(REP, "/drafts", danger=True)).json()["items"]] == [danger.id]
    assert (await desk.get(REP, "/drafts", team="payments")).json()["items"] == []
    assert (await desk.get(ELSEWHERE, "/drafts")).json()["items"] == []


async def test_a_promise_that_falls_due_moves_its_draft_up(world: CaseWorld):
    soon = world.now + timedelta(hours=1)
    world.shop["promises"].add(Promise("PR-1", "C-1", "a call back", world.now, due=soon))
    draft = await world.drafted(LATE)
    assert draft.rank == 2
    world.wait(timedelta(hours=1))
    await world.work()
    assert (await world.draft(draft.id)).rank == 1


@ON_SQLITE
async def test_a_draft_is_shown_with_what_it_rests_on_and_what_can_be_done(world: CaseWorld, desk: Desk):
    draft = await world.drafted(RETURNS)
    shown = (await desk.get(REP, f"/drafts/{draft.id}")).json()
    assert shown["digests"].keys() == {"public"}
    assert {"approve", "edit", "reject", "hand-over"} <= set(shown["moves"])
    numbers = {item["id"] for item in shown["evidence"]}
    assert {number for claim in shown["claims"] for number in claim["evidence"]} <= numbers
    assert (await desk.get(ELSEWHERE, f"/drafts/{draft.id}")).status_code == 404


@ON_SQLITE
async def test_editing_and_approving_over_http(world: CaseWorld, desk: Desk):
    draft = await world.drafted(RETURNS)
    refused = await desk.decide(WRITER, draft.id, "approve")
    assert refused.status_code == 403
    edited = await desk.decide(WRITER, draft.id, "edit", public_text="You have 90 days to return it.")
    assert edited.json()["one_click"] is False
    assert (await desk.decide(REP, draft.id, "approve", confirmed=True)).status_code == 422
    again = await desk.decide(WRITER, draft.id, "edit", public_text="Unused goods can be returned within 60 days.")
    assert again.json()["findings"] == []
    body = {"version": again.json()["version"], "digests": again.json()["digests"]}
    assert (await desk.post(REP, f"/drafts/{draft.id}/approve", body)).json()["state"] == "approved"
    late = await desk.post(BOSS, f"/drafts/{draft.id}/approve", body)
    assert late.status_code == 409
    problem = late.json()["details"]
    assert problem["decision"]["by"] == REP.id
    assert problem["draft"]["state"] == "approved"


@ON_SQLITE
async def test_each_way_to_put_a_draft_aside_needs_its_reason_and_can_be_undone(world: CaseWorld, desk: Desk):
    for what, more, state in (
        ("reject", {}, "rejected"),
        ("no-reply", {}, "no_reply"),
        ("hold", {}, "held"),
        ("hand-over", {"team": "payments"}, "handed_over"),
    ):
        draft = await world.drafted(f"{RETURNS} ({what})", thread=what)
        assert (await desk.decide(REP, draft.id, what, **more)).status_code == 422
        done = await desk.decide(REP, draft.id, what, reason="because", **more)
        assert (done.status_code, done.json()["state"]) == (200, state)
        back = await desk.decide(REP, draft.id, "release", reason="after all")
        assert back.status_code == (409 if what == "reject" else 200)
        anew = await desk.decide(REP, draft.id, "redraft", words="shorter")
        assert (anew.status_code, anew.json()["state"]) == (202, "drafting")
    assert (await desk.decide(REP, draft.id, "hand-over", reason="because", team="nobody")).status_code == 422


@ON_SQLITE
async def test_a_danger_flag_is_dismissed_by_who_may(world: CaseWorld, desk: Desk):
    draft = await world.drafted(DANGER)
    assert (await desk.decide(REP, draft.id, "dismiss-danger", reason="a film")).status_code == 403
    assert (await desk.decide(SOCIAL, draft.id, "dismiss-danger", reason="a film")).json()["state"] == "drafting"


@ON_SQLITE
async def test_a_claim_is_seen_ends_by_itself_and_is_taken_over_with_a_reason(world: CaseWorld, desk: Desk):
    draft = await world.drafted(RETURNS)
    path = f"/cases/{draft.case}"
    assert (await desk.post(REP, f"{path}/claim", {})).json()["claimed_by"] == {"id": REP.id, "name": "Rep"}
    [listed] = (await desk.get(BOSS, "/drafts")).json()["items"]
    assert listed["claimed_by"] == {"id": REP.id, "name": "Rep"}
    refused = await desk.post(BOSS, f"{path}/claim", {})
    assert (refused.status_code, refused.json()["details"]["name"]) == (409, "Rep")
    assert (await desk.decide(BOSS, draft.id, "approve", confirmed=True)).status_code == 409
    taken = await desk.post(BOSS, f"{path}/claim", {"reason": "Rep is off sick"})
    assert taken.json()["claimed_by"] == {"id": BOSS.id, "name": "Supervisor"}
    history = (await desk.get(REP, path)).json()["history"]
    assert [(item["what"], item["reason"]) for item in history][-1] == ("take_over", "Rep is off sick")
    world.wait(timedelta(minutes=10))
    assert (await desk.get(REP, path)).json()["case"]["claimed_by"] is None
    assert (await desk.post(REP, f"{path}/claim", {})).status_code == 200
    assert (await desk.post(REP, f"{path}/let-go")).json()["claimed_by"] is None


@ON_SQLITE
async def test_cases_are_assigned_within_the_brand_and_noted(world: CaseWorld, desk: Desk):
    draft = await world.drafted(RETURNS)
    path = f"/cases/{draft.case}"
    assert (await desk.post(REP, f"{path}/assign", {"staff": "staff_nobody"})).status_code == 422
    assert (await desk.post(REP, f"{path}/assign", {"staff": BOSS.id})).json()["assigned_to"]["id"] == BOSS.id
    assert len((await desk.get(REP, "/drafts", assigned_to=BOSS.id)).json()["items"]) == 1
    assert (await desk.post(REP, f"{path}/notes", {"text": "rang twice"})).status_code == 201
    file = (await desk.get(REP, path)).json()
    assert [note["text"] for note in file["notes"]] == ["rang twice"]
    assert [post["text"] for post in file["posts"]] == [RETURNS]
    for request in (desk.get(ELSEWHERE, path), desk.post(ELSEWHERE, f"{path}/claim", {})):
        assert (await request).status_code == 404


@ON_SQLITE
async def test_a_private_post_of_somebody_else_is_not_shown(world: CaseWorld, desk: Desk):
    await world.post("my address is 5 Side Street", STRANGER, private_to="FernhollowHelp")
    draft = await world.drafted(RETURNS)
    file = (await desk.get(REP, f"/cases/{draft.case}")).json()
    assert [post["text"] for post in file["posts"]] == [RETURNS]


@ON_SQLITE
async def test_a_shop_that_does_not_answer_is_told_with_its_time_and_nothing_is_said_of_orders(
    world: CaseWorld, desk: Desk
):
    world.shop["orders"].go_down(since=world.now.replace(hour=14, minute=3))
    draft = await world.drafted(LATE)
    shown = (await desk.get(REP, f"/drafts/{draft.id}")).json()
    assert "orders unreachable since 14:03 UTC" in shown["notes"]
    assert not any(item["ref"].startswith("order:") for item in shown["evidence"])
