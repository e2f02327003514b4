"""What needs no answer is left unanswered in one go; what changed meanwhile, or is more than noise, never with it."""

import asyncio
from typing import Any

import pytest

from server.db import writing
from server.drafts.working import claim
from server.models import CaseRow, DecisionRow, DraftRow, EventRow, PromiseRow
from server.staff.roles import Role
from tests.fakes.cases import BRAND, CaseWorld, person
from tests.integration.drafts.http import Desk

SPAM = "Follow me for free crypto giveaway, DM me on WhatsApp to double your bitcoin now"
THANKS = "Thank you so much!"
RETURNS = "Can I return unused goods after 50 days?"
REP, OTHER = person("rep", Role.REP), person("rep-2", Role.REP)


async def left(world: CaseWorld, text: str, *authors: str) -> list[DraftRow]:
    drafts = [await world.drafted(text, author, thread=f"t-{author}") for author in authors]
    assert {draft.state for draft in drafts} == {"no_reply"}
    return drafts


async def offered(desk: Desk, reason: str) -> list[dict[str, Any]]:
    answer = await desk.get(REP, "/queue/no-replies", reason=reason)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


def named(items: list[dict[str, Any]]) -> dict[str, Any]:
    seen = [{name: item[name] for name in ("draft", "version", "digests")} for item in items]
    return {"items": seen, "reason": "looked through: spam"}


async def test_each_is_decided_by_itself_with_its_reason_and_can_be_taken_up_again(world: CaseWorld, desk: Desk):
    drafts = await left(world, SPAM, "winner1", "winner2")
    [thanks] = await left(world, THANKS, "happy")
    assert (await desk.get(REP, "/queue/counts")).json()["left"] == {"spam": 2, "thanks": 1}
    items = await offered(desk, "spam")
    assert [(item["draft"], item["author"], item["posts"][0]["text"]) for item in items] == [
        (draft.id, author, SPAM) for draft, author in zip(drafts, ("winner1", "winner2"), strict=True)
    ]
    answer = (await desk.post(REP, "/queue/no-replies", named(items))).json()
    assert [one["draft"] for one in answer["done"]] == [draft.id for draft in drafts]
    assert answer["left"] == []
    for draft in drafts:
        decided = [row for row in await world.rows(DecisionRow, draft=draft.id) if row.staff == REP.id]
        assert [(row.kind, row.reason) for row in decided] == [("no_reply", "looked through: spam")]
        events = [row for row in await world.rows(EventRow, subject=draft.id) if row.data.get("by") == REP.id]
        assert [row.kind for row in events] == ["draft.left_unanswered"]
    assert (await desk.get(REP, "/queue/counts")).json()["left"] == {"thanks": 1}
    again = await desk.decide(REP, drafts[0].id, "release", reason="no spam after all")
    assert (again.status_code, again.json()["state"]) == (200, "pending")
    assert (await world.draft(thanks.id)).state == "no_reply"


async def test_two_who_clear_the_same_posts_at_once_decide_each_of_them_once(world: CaseWorld, desk: Desk):
    await left(world, SPAM, "winner1", "winner2", "winner3")
    body = named(await offered(desk, "spam"))
    first, second = await asyncio.gather(
        desk.post(REP, "/queue/no-replies", body), desk.post(REP, "/queue/no-replies", body)
    )
    done = [one["draft"] for answer in (first, second) for one in answer.json()["done"]]
    kept = [one for answer in (first, second) for one in answer.json()["left"]]
    assert sorted(done) == sorted(item["draft"] for item in body["items"])
    assert {one["code"] for one in kept} == {"already_decided"}
    assert len(kept) == 3
    people = [row for row in await world.rows(DecisionRow, kind="no_reply") if row.staff is not None]
    assert len(people) == 3


async def test_what_changed_since_it_was_seen_is_left_and_told(world: CaseWorld, desk: Desk):
    mine, theirs, writes_on = await left(world, SPAM, "winner1", "winner2", "winner3")
    body = named(await offered(desk, "spam"))
    async with writing(world.engine) as session:
        await claim(session, OTHER, theirs.case, world.now, None)
    await world.post("Where is my order FH-10423?", "winner3", thread="t-winner3")
    answer = (await desk.post(REP, "/queue/no-replies", body)).json()
    assert [one["draft"] for one in answer["done"]] == [mine.id]
    assert {one["draft"]: one["code"] for one in answer["left"]} == {
        theirs.id: "case_claimed",
        writes_on.id: "already_decided",
    }
    assert all(one["why"] for one in answer["left"])


async def promise(world: CaseWorld, draft: DraftRow) -> None:
    async with writing(world.engine) as session:
        session.add(
            PromiseRow(id="promise_1", brand=BRAND, case=draft.case, author="x", what="a refund", made_at=world.now)
        )


async def endanger(world: CaseWorld, draft: DraftRow) -> None:
    async with writing(world.engine) as session:
        (await session.get_one(CaseRow, draft.case)).danger = "danger_threat"


async def ask(world: CaseWorld, draft: DraftRow) -> None:
    await world.edit("t-winner1-1", f"{SPAM} – or where is my parcel?", "winner1", thread="t-winner1")


async def name_an_order(world: CaseWorld, draft: DraftRow) -> None:
    async with writing(world.engine) as session:
        post = await world.stored("t-winner1-1")
        post.text = f"{SPAM} FH-10423"
        await session.merge(post)


@pytest.mark.parametrize("happens", [promise, endanger, ask, name_an_order])
async def test_nothing_that_is_more_than_noise_is_offered_or_decided(world: CaseWorld, desk: Desk, happens: Any):
    [draft] = await left(world, SPAM, "winner1")
    body = named(await offered(desk, "spam"))
    await happens(world, draft)
    assert await offered(desk, "spam") == []
    answer = (await desk.post(REP, "/queue/no-replies", body)).json()
    assert answer["done"] == []
    assert answer["left"][0]["code"] in {"more_than_noise", "already_decided"}
    assert not [row for row in await world.rows(DecisionRow, draft=draft.id) if row.staff is not None]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_draft_that_waits_is_never_left_with_the_noise_and_no_more_than_some_at_once(
    world: CaseWorld, desk: Desk
):
    waits = await world.drafted(RETURNS, "asker")
    seen = await world.seen(waits.id)
    item = {"draft": waits.id, "version": seen.version, "digests": dict(seen.digests)}
    answer = (await desk.post(REP, "/queue/no-replies", {"items": [item], "reason": "spam"})).json()
    assert (answer["done"], answer["left"][0]["code"]) == ([], "more_than_noise")
    assert (await world.draft(waits.id)).state == "pending"
    many = {"items": [item] * 51, "reason": "spam"}
    assert (await desk.post(REP, "/queue/no-replies", many)).status_code == 422
