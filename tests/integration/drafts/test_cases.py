from datetime import timedelta

import pytest

from server.db import writing
from server.drafts import review
from server.drafts.approvals import Terms
from server.drafts.drafting import draft_case
from server.drafts.rests import LINK, ORDER, POST
from server.drafts.states import DraftState
from server.models import CaseRow, DraftRow, PublicationRow, RestRow
from server.publications.states import PublicationState
from tests.fakes.cases import KNOWN, QUIET, STRANGER, CaseWorld, person

LATE = "Where is my order FH-10423? It is so late."


async def test_a_post_becomes_a_draft_after_the_quiet_time(world: CaseWorld):
    await world.post(LATE)
    assert (await world.newest()).state == DraftState.DRAFTING
    assert await world.work() == 0
    world.wait()
    await world.work()
    draft = await world.newest()
    assert draft.state == DraftState.PENDING
    assert draft.public_text
    assert draft.written_by == "composer"
    kinds = {row.kind for row in await world.rows(RestRow, draft=draft.id)}
    assert {POST, ORDER, LINK} <= kinds


async def test_a_burst_becomes_one_draft_that_answers_its_last_post(world: CaseWorld):
    await world.post("Where is my order?")
    world.wait(QUIET - timedelta(seconds=1))
    last = await world.post("It is FH-10423")
    world.wait(timedelta(minutes=1))
    assert await world.work() == 0
    world.wait()
    await world.work()
    [draft] = await world.rows(DraftRow)
    assert draft.state == DraftState.PENDING
    assert draft.target_post == (await world.stored(last)).id


async def test_a_burst_that_does_not_end_is_answered_all_the_same(world: CaseWorld):
    for _ in range(20):
        await world.post("hello? where is my order FH-10423?")
        world.wait(timedelta(minutes=2))
    assert await world.work() >= 1


async def test_other_people_in_the_thread_get_their_own_case(world: CaseWorld):
    first = await world.drafted(LATE)
    await world.post("Same here, my tent is broken", STRANGER)
    world.wait()
    await world.work()
    assert {case.author for case in await world.rows(CaseRow)} == {KNOWN, STRANGER}
    assert (await world.draft(first.id)).state == DraftState.PENDING
    theirs = await world.newest(STRANGER)
    assert theirs.state != DraftState.DRAFTING
    assert theirs.record is not None
    assert theirs.record["customer"]["id"] is None


async def test_a_newer_post_supersedes_the_draft_and_says_why(world: CaseWorld):
    old = await world.drafted(LATE)
    await world.post("Never mind, it is here but broken")
    assert (await world.draft(old.id)).state == DraftState.SUPERSEDED
    assert (await world.decisions(old.id))[-1].reason == "the customer wrote again"
    new = await world.newest()
    assert (new.id != old.id, new.state) == (True, DraftState.DRAFTING)


async def test_an_edited_post_supersedes_the_draft(world: CaseWorld):
    name = await world.post(LATE)
    world.wait()
    await world.work()
    old = await world.newest()
    await world.edit(name, "Where is my order FH-9000?")
    assert (await world.draft(old.id)).state == DraftState.SUPERSEDED
    assert (await world.decisions(old.id))[-1].reason == "the customer edited a post"
    world.wait()
    await world.work()
    assert (await world.newest()).state == DraftState.PENDING


async def test_a_deleted_post_leaves_nothing_to_answer(world: CaseWorld):
    name = await world.post(LATE)
    world.wait()
    await world.work()
    old = await world.newest()
    await world.delete(name)
    assert (await world.draft(old.id)).state == DraftState.SUPERSEDED
    assert not (await world.case()).open
    world.wait()
    await world.work()
    assert [row.id for row in await world.rows(DraftRow)] == [old.id]


async def half_sent(world: CaseWorld) -> tuple[str, DraftRow]:
    """A post whose answer is approved: the private part is out, the public one waits."""
    name = await world.post(LATE)
    world.wait()
    await world.work()
    draft = await world.newest()
    seen = await world.seen(draft.id)
    await review.approve(world.service, person("supervisor"), draft.id, seen, Terms(confirmed=True))
    [private] = await world.rows(PublicationRow, draft=draft.id, part="private")
    async with writing(world.engine) as session:
        row = await session.get_one(PublicationRow, private.id)
        row.state, row.sent_at, row.network_id = PublicationState.SENT, world.now, "1"
    return name, draft


async def test_an_answer_of_which_one_part_was_stopped_by_an_edit_is_asked_for_anew(world: CaseWorld):
    name, old = await half_sent(world)
    await world.edit(name, "Where is my order FH-10423? We leave on Saturday.")
    [public] = await world.rows(PublicationRow, draft=old.id, part="public")
    assert (public.state, public.withdraw_reason) == (PublicationState.WITHDRAWN, "the customer edited a post")
    world.wait()
    await world.work()
    new = await world.newest()
    assert (new.id != old.id, new.state) == (True, DraftState.PENDING)


async def test_an_answer_of_which_one_part_was_stopped_by_a_deletion_leaves_nothing_to_do(world: CaseWorld):
    name, old = await half_sent(world)
    await world.delete(name)
    [public] = await world.rows(PublicationRow, draft=old.id, part="public")
    assert public.state == PublicationState.WITHDRAWN
    assert not (await world.case()).open
    assert [row.id for row in await world.rows(DraftRow)] == [old.id]


async def test_a_post_deleted_before_it_was_drafted_is_not_drafted(world: CaseWorld):
    name = await world.post(LATE)
    await world.delete(name)
    world.wait()
    await world.work()
    assert (await world.newest()).state == DraftState.SUPERSEDED


async def test_other_peoples_posts_void_nothing(world: CaseWorld):
    draft = await world.drafted(LATE)
    name = await world.post("me too", STRANGER)
    await world.edit(name, "me too!!", STRANGER)
    await world.delete(name, STRANGER)
    assert (await world.draft(draft.id)).state == DraftState.PENDING


async def test_danger_is_handed_over_and_comes_first(world: CaseWorld):
    draft = await world.drafted("The stove exploded and burned my hand, I am in hospital")
    assert draft.state == DraftState.HANDED_OVER
    assert draft.danger == "danger_injury"
    assert draft.rank == 0
    assert (await world.case()).danger == "danger_injury"


async def test_a_post_between_the_claim_and_the_reading_is_waited_for(world: CaseWorld):
    await world.post(LATE)
    world.wait()
    [job] = [job for job in await world.due() if job.kind == "draft"]
    await world.post("I mean FH-9000")
    await draft_case(world.service, job)
    assert (await world.newest()).state == DraftState.DRAFTING
    world.wait()
    await world.work()
    assert (await world.newest()).state == DraftState.PENDING


async def test_what_comes_in_while_a_draft_is_written_is_not_lost(world: CaseWorld, monkeypatch: pytest.MonkeyPatch):
    await world.post(LATE)
    world.wait()
    [job] = [job for job in await world.due() if job.kind == "draft"]
    orders = world.shop["orders"]
    latest = orders.latest

    async def interrupted(customer: str, *, limit: int):
        monkeypatch.setattr(orders, "latest", latest)
        await world.post("I mean FH-9000")
        return await latest(customer, limit=limit)

    monkeypatch.setattr(orders, "latest", interrupted)
    await draft_case(world.service, job)
    assert (await world.newest()).state == DraftState.DRAFTING
    world.wait()
    await world.work()
    [draft] = await world.rows(DraftRow)
    assert draft.state == DraftState.PENDING
    assert draft.target_post == (await world.stored("t1-2")).id


async def test_a_draft_expires_when_nobody_decides(world: CaseWorld):
    draft = await world.drafted(LATE)
    world.wait(timedelta(days=6))
    await world.work()
    assert (await world.draft(draft.id)).state == DraftState.PENDING
    world.wait(timedelta(days=1, minutes=1))
    await world.work()
    expired = await world.draft(draft.id)
    assert expired.state == DraftState.EXPIRED
    assert (await world.decisions(draft.id))[-1].reason == "nobody decided in 7 days"
