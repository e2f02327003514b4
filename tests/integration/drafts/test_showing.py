"""What whoever decides sees: the customer's posts, what came with them, who did what, and no more than fits a page."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, update

from server.channels.protocol import Incoming, IncomingAttachment
from server.db import reading, writing
from server.drafts.threads import LONGEST_THREAD, read_case
from server.models import AttachmentRow, DecisionRow, DraftRow, NoteRow, PostRow, TokenRow
from server.models.ids import new_id
from server.staff.roles import Role
from tests.fakes.cases import BRAND, KNOWN, STRANGER, CaseWorld, person
from tests.integration.drafts.http import Desk, over_http

RETURNS = "Can I return unused goods after 50 days?"
REP = person("rep", Role.REP)
BOSS = person("supervisor", Role.SUPERVISOR)
HOUSE = "FernhollowHelp"
ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
PHOTO = IncomingAttachment("image", "a torn seam", "https://cdn.example/1.jpg")
FILM = IncomingAttachment("video", None, "https://10.0.0.1/2.mp4")


@pytest.fixture
async def desk(world: CaseWorld) -> AsyncIterator[Desk]:
    async with over_http(world) as desk:
        yield desk


async def whole(desk: Desk, path: str) -> list[Any]:
    """A list to its end, page by page."""
    found: list[Any] = []
    cursor: dict[str, str] = {}
    while True:
        page = (await desk.get(REP, path, limit=7, **cursor)).json()
        found += page["items"]
        if page["next"] is None:
            return found
        cursor = {"cursor": page["next"]}


async def discuss(world: CaseWorld, draft: DraftRow, count: int) -> None:
    """Notes and decisions, one of each a second."""
    about = {"brand": BRAND, "case": draft.case, "staff": REP.id}
    async with writing(world.engine) as session:
        for number in range(count):
            at = world.now + timedelta(seconds=number)
            session.add(NoteRow(id=new_id("note"), at=at, text=f"note {number}", **about))
            session.add(DecisionRow(id=new_id("decision"), at=at, kind="assign", **about))


async def test_the_queue_shows_how_the_answered_post_begins(world: CaseWorld, desk: Desk):
    long = f"{RETURNS} {'I bought a tent. ' * 40}"
    await world.drafted(long, attachments=(PHOTO, FILM))
    [item] = (await desk.get(REP, "/drafts")).json()["items"]
    post = item["post"]
    assert long.startswith(post["text"])
    assert (len(post["text"]), post["cut"]) == (240, True)
    assert (post["author"], post["private"], post["attachments"]) == (KNOWN, False, ["image", "video"])
    assert post["sent_at"] == (world.now - timedelta(minutes=3)).isoformat().replace("+00:00", "Z")


@ON_SQLITE
async def test_a_draft_stands_beside_the_posts_it_answers_in_order(world: CaseWorld, desk: Desk):
    await world.post("My tent is broken")
    await world.post("We are sorry, how can we help?", HOUSE, from_brand=True)
    await world.post("Same here", STRANGER)
    world.now += timedelta(seconds=1)
    await world.post("I bought it in May")
    world.now += timedelta(seconds=1)
    draft = await world.drafted(RETURNS)
    shown = (await desk.get(REP, f"/drafts/{draft.id}")).json()
    told = [(post["role"], post["text"], post["answered"]) for post in shown["posts"]]
    assert told == [
        ("customer", "My tent is broken", False),
        ("brand", "We are sorry, how can we help?", False),
        ("customer", "Same here", False),
        ("customer", "I bought it in May", True),
        ("customer", RETURNS, True),
    ]
    assert shown["earlier"] is False


@ON_SQLITE
async def test_an_edited_and_a_deleted_post_are_shown_as_such(world: CaseWorld, desk: Desk):
    first = await world.post("My order is FH-1")
    name = await world.post(RETURNS)
    world.wait()
    await world.work()
    draft = await world.newest()
    await world.edit(first, "My order is FH-2")
    await world.delete(name)
    posts = (await desk.get(REP, f"/drafts/{draft.id}")).json()["posts"]
    assert [(post["text"], post["edited_at"] is None, post["deleted_at"] is None) for post in posts] == [
        ("My order is FH-2", False, True),
        ("", True, False),
    ]


@ON_SQLITE
async def test_a_private_post_is_shown_and_marked_but_not_that_of_somebody_else(world: CaseWorld, desk: Desk):
    await world.post("my address is 5 Side Street", STRANGER, private_to=HOUSE)
    draft = await world.drafted(RETURNS, private_to=HOUSE)
    shown = (await desk.get(REP, f"/drafts/{draft.id}")).json()
    assert [(post["text"], post["private"]) for post in shown["posts"]] == [(RETURNS, True)]
    queue = (await desk.get(REP, "/drafts")).json()["items"]
    assert {item["post"]["private"] for item in queue} == {True}


@ON_SQLITE
async def test_what_came_with_a_post_is_told_with_our_own_address_or_why_there_is_none(world: CaseWorld, desk: Desk):
    draft = await world.drafted(RETURNS, attachments=(PHOTO, FILM))
    kept = {"state": "kept", "media_type": "image/jpeg", "size": 99, "file": "x"}
    refused = {"state": "refused", "reason": "its address is not a public one"}
    async with writing(world.engine) as session:
        for kind, values in (("image", kept), ("video", refused)):
            await session.exec(update(AttachmentRow).where(col(AttachmentRow.type) == kind).values(**values))
    [post] = (await desk.get(REP, f"/drafts/{draft.id}")).json()["posts"]
    image, video = post["attachments"]
    assert image["address"] == f"/api/v1/attachments/{image['id']}"
    assert (image["alt"], image["media_type"], image["state"]) == ("a torn seam", "image/jpeg", "kept")
    assert (video["address"], video["reason"]) == (None, "its address is not a public one")
    assert "10.0.0.1" not in str(post)
    [in_case] = (await desk.get(REP, f"/cases/{draft.case}")).json()["posts"]
    assert in_case["attachments"] == post["attachments"]


@ON_SQLITE
async def test_everybody_is_told_by_id_and_name(world: CaseWorld, desk: Desk):
    draft = await world.drafted(RETURNS)
    rep, boss = {"id": REP.id, "name": "Rep"}, {"id": BOSS.id, "name": "Supervisor"}
    path = f"/cases/{draft.case}"
    assert (await desk.post(REP, f"{path}/assign", {"staff": BOSS.id})).json()["assigned_to"] == boss
    assert (await desk.post(REP, f"{path}/notes", {"text": "rang twice"})).json()["by"] == rep
    edited = await desk.decide(REP, draft.id, "edit", public_text="Unused goods can be returned within 60 days.")
    assert (edited.json()["edited_by"], edited.json()["assigned_to"]) == (rep, boss)
    approved = await desk.decide(BOSS, draft.id, "approve", confirmed=True)
    assert [approval["by"] for approval in approved.json()["approvals"]] == [boss]
    file = (await desk.get(REP, path)).json()
    assert (file["case"]["assigned_to"], file["notes"][0]["by"]) == (boss, rep)
    told = {item["what"]: item["by"] for item in file["history"]}
    assert (told["assign"], told["approve"], told["finish"]) == (rep, boss, None)


@ON_SQLITE
async def test_a_machine_is_told_by_the_name_of_its_token(world: CaseWorld, desk: Desk):
    draft = await world.drafted(RETURNS)
    async with writing(world.engine) as session:
        ends = world.now + timedelta(days=1)
        token = {"id": "token_1", "kind": "machine", "name": "the helpdesk", "secret_hash": "x", "scopes": []}
        session.add(TokenRow(**token, brands=[BRAND], created_at=world.now, expires_at=ends))
        note = {"id": "note_1", "brand": BRAND, "case": draft.case, "staff": "token_1", "text": "from the helpdesk"}
        session.add(NoteRow(**note, at=world.now))
    [note] = (await desk.get(REP, f"/cases/{draft.case}")).json()["notes"]
    assert note["by"] == {"id": "token_1", "name": "the helpdesk"}


async def test_of_a_long_case_the_newest_is_shown_and_the_rest_page_by_page(world: CaseWorld, desk: Desk):
    await world.tell(*crowd(world, 60, author=STRANGER))
    draft = await world.drafted(RETURNS)
    path = f"/cases/{draft.case}"
    await discuss(world, draft, 60)
    file = (await desk.get(REP, path)).json()
    assert {name: len(file[name]) for name in ("posts", "notes", "history")} == dict.fromkeys(
        ("posts", "notes", "history"), 50
    )
    assert file["posts"][-1]["text"] == RETURNS
    assert file["earlier"]["drafts"] is None
    for name, newest in (("posts", RETURNS), ("notes", "note 59"), ("history", None), ("drafts", None)):
        items = await whole(desk, f"{path}/{name}")
        assert len(items) == {"posts": 61, "notes": 60, "history": 61, "drafts": 1}[name]
        assert len({item["id"] for item in items}) == len(items)
        if name != "drafts":
            assert [item["id"] for item in items[:50]] == [item["id"] for item in reversed(file[name])]
            rest = (await desk.get(REP, f"{path}/{name}", cursor=file["earlier"][name])).json()["items"]
            assert [item["id"] for item in rest] == [item["id"] for item in items[50:]]
        assert newest is None or items[0]["text"] == newest
    shown = (await desk.get(REP, f"/drafts/{draft.id}")).json()
    assert (len(shown["posts"]), shown["earlier"]) == (30, True)
    assert shown["posts"][-1]["id"] == draft.target_post


def crowd(world: CaseWorld, count: int, **who: Any) -> list[Incoming]:
    """Posts of one after another in the thread, a second apart."""
    told: list[Incoming] = []
    for number in range(count):
        world.now += timedelta(seconds=1)
        told.append(Incoming(f"{who['author']}-{number}", "t1", text=f"me too {number}", sent_at=world.now, **who))
    return told


async def test_of_a_thread_without_end_no_more_is_read_than_counts(world: CaseWorld):
    await world.post("My tent is broken")
    await world.tell(*crowd(world, LONGEST_THREAD + 20, author=STRANGER))
    world.now += timedelta(seconds=1)
    last = await world.post("Any news?")
    await world.tell(*crowd(world, 60, author=HOUSE, from_brand=True))
    case = await world.case()
    async with reading(world.engine) as session:
        found = await read_case(session, case)
    assert found is not None
    assert found.target.network_id == last
    texts = [post.text for post in found.thread.posts]
    assert (texts[0], found.thread.target.text) == ("My tent is broken", "Any news?")
    assert len(texts) == 1 + LONGEST_THREAD + 50


async def test_a_post_far_back_in_the_thread_still_holds_its_draft(world: CaseWorld, desk: Desk):
    draft = await world.drafted(RETURNS)
    await world.tell(*crowd(world, LONGEST_THREAD + 20, author=HOUSE, from_brand=True))
    approved = await desk.decide(BOSS, draft.id, "approve", confirmed=True)
    assert approved.json()["state"] == "approved", approved.text
    assert len(await world.rows(PostRow)) == LONGEST_THREAD + 21


@pytest.mark.parametrize(
    ("author", "customer"),
    [(KNOWN, {"id": "C-1", "known": "verified"}), (STRANGER, {"id": None, "known": "unknown"})],
)
async def test_the_queue_and_the_draft_tell_which_customer_wrote(
    world: CaseWorld, desk: Desk, author: str, customer: dict[str, str | None]
):
    draft = await world.drafted(RETURNS, author)
    [item] = (await desk.get(REP, "/drafts")).json()["items"]
    assert item["customer"] == customer
    assert (await desk.get(REP, f"/drafts/{draft.id}")).json()["customer"] == customer


@ON_SQLITE
async def test_of_a_possible_customer_no_id_is_told(world: CaseWorld, desk: Desk):
    draft = await world.drafted(RETURNS)
    async with writing(world.engine) as session:
        row = await session.get(DraftRow, draft.id)
        assert row is not None
        row.record = {**(row.record or {}), "customer": {"id": "C-1", "known": "possible"}}
    shown = (await desk.get(REP, f"/drafts/{draft.id}")).json()["customer"]
    assert shown == {"id": None, "known": "possible"}
