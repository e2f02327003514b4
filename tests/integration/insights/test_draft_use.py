"""What becomes of the drafts that people see: by hand from rows, and from what people do over HTTP."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from server.models import AnswerRow, DraftFactsRow
from server.staff.roles import PERMISSIONS, Caller, Role
from tests.fakes.cases import KNOWN, STRANGER, person
from tests.integration.drafts.http import Desk, over_http
from tests.integration.insights.week import Week, at
from tests.integration.promises.world import PromiseWorld

REP, BOSS = person("rep", Role.REP), person("supervisor")
MACHINE = Caller("token_1", "robot", None, frozenset({"fernhollow"}), PERMISSIONS[Role.SUPERVISOR])
LATE = "where is my order FH-10423? it was due on the 17th"
DANGER = "I burned my hand, the stove exploded!"


async def numbers(week: Week) -> dict[str, float]:
    return {name: part.numerator for name, part in (await week.measure("draft_use")).items() if part.numerator}


def drafted(week: Week, author: str, **more: Any) -> None:
    case = week.case(author)
    week.draft(case, week.post(case, at(0)), **more)


async def test_each_post_counts_once_by_what_was_sent(week: Week):
    seen = {"shown_at": at(0, 1), "shown_to": "staff_ann"}
    for number, used in enumerate(["unchanged"] * 4 + ["light"] * 2 + ["heavy", "saved_reply"]):
        drafted(week, f"sent{number}", used=used, **seen)
    drafted(week, "no", state="rejected")  # whoever rejects it has seen it
    drafted(week, "quiet", state="no_reply", **seen)
    drafted(week, "old", state="expired", **seen)
    drafted(week, "unseen", state="pending")
    drafted(week, "open", state="pending", **seen)
    drafted(week, "alone", proposed=False, used="none", **seen)
    drafted(week, "handed", proposed=False, state="handed_over", **seen)  # there was nothing to be shown
    # written anew as somebody wished, and sent: the post counts by what was sent
    case = week.case("anew")
    post = week.post(case, at(0))
    week.draft(case, post, state="superseded", **seen)
    week.draft(case, post, used="light", **seen)
    # the customer wrote again: the first post was overtaken
    case = week.case("again")
    week.draft(case, week.post(case, at(0)), state="superseded", **seen)
    week.draft(case, week.post(case, at(1)), used="unchanged", **seen)
    # in the week: 5 unchanged, 3 light, 1 heavy, 1 with a saved reply, 3 discarded, 2 undecided: 15 posts; and one
    # without a draft
    parts = await week.measure("draft_use")
    assert {name: part.numerator for name, part in parts.items()} == {
        "unchanged": 5, "light": 3, "heavy": 1, "saved_reply": 1, "discarded": 3, "undecided": 2, "no_draft": 1
    }  # fmt: skip
    assert {part.denominator for name, part in parts.items() if name != "no_draft"} == {15}
    assert (parts["no_draft"].denominator, parts["unchanged"].value) == (16, 5 / 15)


@pytest.fixture
async def world(engine: AsyncEngine) -> PromiseWorld:
    world = PromiseWorld(engine)
    await world.open()
    return world


@pytest.fixture
async def desk(world: PromiseWorld) -> AsyncIterator[Desk]:
    async with over_http(world) as desk:
        yield desk


async def facts(world: PromiseWorld, draft: str) -> DraftFactsRow:
    [row] = await world.rows(DraftFactsRow, draft=draft)
    return row


async def test_a_draft_is_shown_when_a_person_first_opens_it(world: PromiseWorld, desk: Desk):
    draft = await world.asked(LATE)
    await desk.get(REP, "/drafts")
    await desk.get(MACHINE, f"/drafts/{draft.id}")
    assert (await facts(world, draft.id)).shown_at is None
    first = world.now
    await desk.get(REP, f"/drafts/{draft.id}")
    world.now += timedelta(minutes=5)
    await desk.get(BOSS, f"/drafts/{draft.id}")
    seen = await facts(world, draft.id)
    assert (seen.shown_at, seen.shown_to) == (first, REP.id)


async def test_a_draft_tells_what_it_was_about_and_not_a_word_of_it(world: PromiseWorld):
    draft = await world.asked(LATE)
    told = await facts(world, draft.id)
    assert (told.intent, told.customer, told.proposed, told.danger) == ("order_late", "C-1", True, None)
    assert told.posted_at == (await world.stored("n1")).sent_at
    assert not {value for value in told.model_dump().values() if isinstance(value, str) and " " in value}


async def test_what_is_sent_is_held_against_what_was_drafted(world: PromiseWorld, desk: Desk):
    plain = await world.asked(LATE)
    sent = await desk.decide(BOSS, plain.id, "approve", confirmed=True)
    assert sent.json()["state"] == "approved", sent.text
    await world.pass_time(timedelta(minutes=1))
    assert (await facts(world, plain.id)).used == "unchanged"
    other = await world.asked("can I bring back an unused tent?", STRANGER)
    await world.answer(desk, other.id, "Please have a look at our page about that.")
    assert (await facts(world, other.id)).used == "heavy"


async def test_a_holding_text_is_told_from_an_answer(world: PromiseWorld, desk: Desk):
    draft = await world.asked(DANGER, STRANGER)
    assert (await facts(world, draft.id)).danger is not None
    released = await desk.decide(BOSS, draft.id, "release", reason="somebody is looking")
    assert released.status_code == 200, released.text
    for who in (BOSS, person("supervisor-2")):
        sent = await desk.decide(who, draft.id, "approve", confirmed=True, override="it is the holding text")
        assert sent.status_code == 200, sent.text
        if sent.json()["state"] == "approved":
            break
    await world.pass_time(timedelta(minutes=1))
    [holding] = await world.rows(AnswerRow, draft=draft.id)
    assert holding.holding
    [answer] = [row for row in await world.rows(AnswerRow) if row.draft != draft.id] or [None]
    assert answer is None


async def test_an_answer_tells_whose_it_is_and_where_it_leads(world: PromiseWorld, desk: Desk):
    draft = await world.asked(LATE, KNOWN)
    await desk.decide(BOSS, draft.id, "approve", confirmed=True)
    await world.pass_time(timedelta(minutes=1))
    answers = {row.part: row for row in await world.rows(AnswerRow, draft=draft.id)}
    assert set(answers) == {"public", "private"}
    assert {row.staff for row in answers.values()} == {BOSS.id}
    assert not any(row.holding or row.repeats or row.asked_in_private for row in answers.values())
    assert answers["public"].posted_at == (await world.stored("n1")).sent_at
