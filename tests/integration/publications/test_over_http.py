"""The endpoints: what each gives and refuses, and that other brands' records do not exist."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from server.db import writing
from server.models import CaseRow, DraftRow, StaffRow
from server.staff.roles import PERMISSIONS, Caller, Role
from server.web.app import make_app
from server.web.dependencies import caller_of
from tests.fakes.network import Turn
from tests.integration.publications.world import PRIVATE, PUBLIC, World

WHY = {"reason": "the date is wrong"}


class Web:
    """The application as one caller sees it; who that is can be changed."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http
        self.be(Role.SUPERVISOR)

    def be(self, role: Role, *brands: str) -> None:
        self.caller = Caller("staff_1", "Robin", role, frozenset(brands or {"fernhollow"}), PERMISSIONS[role])

    async def get(self, path: str, status: int = 200) -> Any:
        answer = await self._http.get(f"/api/v1{path}")
        assert answer.status_code == status, answer.text
        return answer.json()

    async def post(self, path: str, body: Any, status: int = 200) -> Any:
        answer = await self._http.post(f"/api/v1{path}", json=body)
        assert answer.status_code == status, answer.text
        return answer.json()


@pytest.fixture(params=["sqlite"])
async def world(databases: Any, request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[World]:
    engine: AsyncEngine
    async with databases.opened(request.param) as engine:
        yield await World(engine, home=tmp_path).open()


@pytest.fixture
async def web(world: World, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Web]:
    monkeypatch.setattr("server.web.app.NOUNS", ("publications",))
    app = make_app(world.service.settings)
    app.state.service = world.service
    transport = httpx.ASGITransport(app, client=("127.0.0.1", 5000))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as http:
        web = Web(http)
        app.dependency_overrides[caller_of] = lambda: web.caller
        yield web


async def test_publications_are_listed_newest_first_in_pages(world: World, web: Web):
    for author in ("anna", "ben", "cleo"):
        await world.approve(PUBLIC, author=author)
    first = await web.get("/publications?limit=2")
    second = await web.get(f"/publications?limit=2&cursor={first['next']}")
    assert [item["recipient"] for item in first["items"] + second["items"]] == ["cleo", "ben", "anna"]
    assert second["next"] is None


async def test_publications_are_listed_by_state_and_draft(world: World, web: Web):
    draft = await world.approve(PUBLIC, PRIVATE)
    await world.run(seconds=20)
    await world.approve(PUBLIC, author="ben")
    assert {item["draft"] for item in (await web.get("/publications?state=sent"))["items"]} == {draft}
    assert len((await web.get(f"/publications?draft={draft}"))["items"]) == 2
    assert (await web.get(f"/publications?draft={draft}&state=held"))["items"] == []


async def test_a_text_is_taken_back_while_it_is_held(world: World, web: Web):
    web.be(Role.REP)
    draft = await world.approve(PUBLIC, PRIVATE)
    private, _ = await world.publications(draft)
    answer = await web.post(f"/publications/{private.id}/take-back", WHY)
    assert (answer["state"], answer["withdraw_reason"]) == ("withdrawn", WHY["reason"])
    assert answer["withdrawn_by"] == {"id": "staff_1", "name": None}
    assert (await world.get(DraftRow, draft)).state == "pending"
    await world.run(seconds=60)
    assert world.network.calls == []


async def test_a_text_that_is_out_is_not_taken_back(world: World, web: Web):
    draft = await world.approve(PUBLIC)
    await world.run(seconds=20)
    (row,) = await world.publications(draft)
    answer = await web.post(f"/publications/{row.id}/take-back", WHY, 409)
    assert (answer["code"], answer["details"]["state"]) == ("too_late", "sent")


async def test_a_public_part_is_taken_back_after_the_private_one_was_sent(world: World, web: Web):
    draft = await world.approve(PUBLIC, PRIVATE)
    world.clock.turn(seconds=10)
    (job,) = await world.claim()
    await world.work(job)
    _, public = await world.publications(draft)
    await web.post(f"/publications/{public.id}/take-back", WHY)
    await world.run(seconds=60)
    assert world.network.texts() == [PRIVATE]
    assert (await world.get(DraftRow, draft)).state == "pending"


async def test_what_was_sent_is_withdrawn_from_the_network(world: World, web: Web):
    draft = await world.approve(PUBLIC)
    await world.run(seconds=20)
    (row,) = await world.publications(draft)
    answer = await web.post(f"/publications/{row.id}/withdraw", WHY)
    assert answer["state"] == "withdrawn"
    assert world.network.texts() == []
    (post,) = [post for post in await world.posts() if post.role == "brand"]
    assert (post.text, post.deleted_at) == ("", world.clock())
    await web.post(f"/publications/{row.id}/withdraw", WHY, 409)


async def test_a_network_that_keeps_what_was_sent_is_not_said_to_have_withdrawn_it(world: World, web: Web):
    draft = await world.approve(PUBLIC)
    await world.run(seconds=20)
    (row,) = await world.publications(draft)
    world.network.can_withdraw = False
    await web.post(f"/publications/{row.id}/withdraw", WHY, 422)
    world.network.can_withdraw, world.network.reachable = True, False
    await web.post(f"/publications/{row.id}/withdraw", WHY, 503)
    assert await world.states(draft) == {"public": "sent"}


async def test_a_correction_is_sent_before_the_old_text_goes(world: World, web: Web):
    draft = await world.approve(PUBLIC)
    await world.run(seconds=20)
    (row,) = await world.publications(draft)
    answer = await web.post(f"/publications/{row.id}/correct", WHY, 201)
    correction = await world.get(DraftRow, answer["draft"])
    assert (correction.state, correction.public_text, correction.corrects) == ("pending", PUBLIC, row.id)
    assert (await world.get(CaseRow, correction.case)).open
    await web.post(f"/publications/{row.id}/correct", WHY, 409)
    await world.edit_draft(correction.id, public_text="What is right.")
    await world.approve_draft(correction.id)
    await world.run(seconds=9)
    assert world.network.texts() == [PUBLIC]
    await world.run(seconds=20)
    assert world.network.texts() == ["What is right."]
    assert await world.states(draft) == {"public": "withdrawn"}
    assert await world.states(correction.id) == {"public": "sent"}


async def test_where_the_network_keeps_the_old_text_the_history_says_so(world: World, web: Web):
    world.network.can_withdraw = False
    draft = await world.approve(PUBLIC)
    await world.run(seconds=20)
    (row,) = await world.publications(draft)
    correction = (await web.post(f"/publications/{row.id}/correct", WHY, 201))["draft"]
    await world.edit_draft(correction, public_text="What is right.")
    await world.approve_draft(correction)
    await world.run(seconds=60)
    assert world.network.texts() == [PUBLIC, "What is right."]
    assert [one.kind for one in await world.decisions(draft)] == ["correct", "not_withdrawn"]


async def test_an_uncertain_text_is_settled(world: World, web: Web):
    world.network.settles_after = None
    world.network.turns.append(Turn.TAKE_AND_DIE)
    draft = await world.approve(PUBLIC)
    await world.run(seconds=120)
    (row,) = await world.publications(draft)
    path = f"/publications/{row.id}/settle"
    await web.post(path, {"sent": True, **WHY}, 422)
    await web.post(path, {"sent": False, "network_id": "n2", "then": "queue", **WHY}, 422)
    await web.post(path, {"sent": True, "network_id": "n1", **WHY}, 422)
    answer = await web.post(path, {"sent": True, "network_id": "https://x.example/status/n2", **WHY})
    assert (answer["state"], answer["network_id"]) == ("sent", "n2")
    await web.post(path, {"sent": False, "then": "withdraw", **WHY}, 409)


async def test_sending_is_paused_and_let_go_after_looking(world: World, web: Web):
    made = await web.post("/pauses", {"scope": "channel:x", "reason": "recall"}, 201)
    (pause,) = made["pauses"]
    await world.approve(PUBLIC)
    await world.run(seconds=60)
    assert [row["id"] for row in (await web.get("/pauses"))["items"]] == [pause["id"]]
    refused = await web.post(f"/pauses/{pause['id']}/lift", {}, 409)
    held = (await web.get(f"/pauses/{pause['id']}/held"))["items"]
    assert refused["details"]["unseen"] == [item["publication"]["id"] for item in held]
    lifted = await web.post(f"/pauses/{pause['id']}/lift", {"seen": refused["details"]["unseen"]})
    assert lifted == {"let_go": len(held), "too_old": 0}
    await world.run(seconds=10)
    assert world.network.texts() == [PUBLIC]
    assert (await web.get("/pauses"))["items"] == []


async def test_the_pauses_that_stand_are_listed_page_by_page(world: World, web: Web):
    scopes = ["all", "channel:x", "account:acc-x"]
    for scope in scopes:
        await web.post("/pauses", {"scope": scope, "reason": "recall"}, 201)
    path, cursor, found = "/pauses?limit=2", None, []
    while True:
        page = await web.get(path + (f"&cursor={cursor}" if cursor else ""))
        found.append([item["scope"] for item in page["items"]])
        cursor = page["next"]
        if cursor is None:
            break
    assert found == [scopes[:2], scopes[2:]]


async def test_one_text_that_was_not_seen_is_told_as_one(world: World, web: Web):
    (pause,) = (await web.post("/pauses", {"scope": "all", "reason": "recall"}, 201))["pauses"]
    await world.approve(PUBLIC)
    await world.run(seconds=60)
    refused = await web.post(f"/pauses/{pause['id']}/lift", {}, 409)
    assert refused["detail"].startswith("this pause holds a text that you have not seen")


async def test_what_a_pause_holds_is_shown_page_by_page_the_longest_due_first(world: World, web: Web):
    (pause,) = (await web.post("/pauses", {"scope": "all", "reason": "recall"}, 201))["pauses"]
    for number in range(3):
        await world.approve(f"Text {number}", author=f"author{number}")
        world.clock.turn(seconds=60)
    path, cursor, found = f"/pauses/{pause['id']}/held?limit=1", None, []
    while True:
        page = await web.get(path + (f"&cursor={cursor}" if cursor else ""))
        found += [item["publication"]["text"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert found == ["Text 0", "Text 1", "Text 2"]


async def test_who_paused_sending_is_told_by_name(world: World, web: Web):
    async with writing(world.engine) as session:
        session.add(_robin(world))
    (pause,) = (await web.post("/pauses", {"scope": "all", "reason": "recall"}, 201))["pauses"]
    assert pause["paused_by"] == {"id": "staff_1", "name": "Robin Vale"}
    assert (await web.get("/pauses"))["items"] == [pause]
    draft = await world.approve(PUBLIC)
    [row] = await world.publications(draft)
    await web.post(f"/publications/{row.id}/take-back", WHY)
    assert (await web.get(f"/publications/{row.id}"))["withdrawn_by"]["name"] == "Robin Vale"
    [listed] = (await web.get(f"/publications?draft={draft}"))["items"]
    assert listed["withdrawn_by"]["name"] == "Robin Vale"


def _robin(world: World) -> StaffRow:
    return StaffRow(
        id="staff_1",
        email="robin@example.com",
        name="Robin Vale",
        initials="RV",
        role=Role.SUPERVISOR,
        languages=["en"],
        created_at=world.clock(),
    )


async def test_a_brand_that_is_not_the_callers_cannot_be_paused(world: World, web: Web):
    told = await web.post("/pauses", {"scope": "all", "brand": "tarnlight", "reason": "x"}, 422)
    assert told["detail"] == "there is no account that this would pause"
    assert (await web.get("/pauses"))["items"] == []


async def test_what_belongs_to_another_brand_does_not_exist(world: World, web: Web):
    draft = await world.approve(PUBLIC)
    (row,) = await world.publications(draft)
    pause = (await web.post("/pauses", {"scope": "all", "reason": "recall"}, 201))["pauses"][0]["id"]
    web.be(Role.ADMIN, "tarnlight")
    settled = {"sent": False, "then": "queue", **WHY}
    for path, body in (("take-back", WHY), ("withdraw", WHY), ("correct", WHY), ("settle", settled)):
        there = await web.post(f"/publications/{row.id}/{path}", body, 404)
        nowhere = await web.post(f"/publications/publication_nowhere/{path}", body, 404)
        assert there["detail"] == nowhere["detail"]
    await web.get(f"/publications/{row.id}", 404)
    assert (await web.get("/publications"))["items"] == []
    await web.get(f"/pauses/{pause}/held", 404)
    await web.post(f"/pauses/{pause}/lift", {}, 404)
    assert (await web.get("/pauses"))["items"] == []


async def test_what_a_role_may_not_do_is_refused(world: World, web: Web):
    web.be(Role.DRAFTS_ONLY)
    settled = {"sent": False, "then": "queue", **WHY}
    refused = [
        await web.post(f"/publications/any/{path}", body, 403)
        for path, body in (("take-back", WHY), ("withdraw", WHY), ("correct", WHY), ("settle", settled))
    ]
    refused.append(await web.post("/pauses", {"scope": "all", "reason": "recall"}, 403))
    refused.append(await web.post("/pauses/any/lift", {}, 403))
    assert {told["code"] for told in refused} == {"not_allowed"}


async def test_the_undo_time_can_be_long(world: World, web: Web):
    draft = await world.approve(PUBLIC, undo=timedelta(minutes=5))
    (row,) = await world.publications(draft)
    shown = await web.get(f"/publications/{row.id}")
    assert (shown["state"], shown["send_after"]) == ("held", "2026-11-20T12:05:00Z")
