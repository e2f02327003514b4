"""The private part is out and the public one waits: that can be stopped and decided again, and nothing goes twice."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from assistant.outcome import Part
from server.db import writing
from server.drafts import repository, review
from server.drafts.approvals import NothingToApprove, Terms
from server.drafts.deciding import AlreadyGone
from server.drafts.rests import LINK, ORDER
from server.drafts.states import DraftState, Move
from server.drafts.voiding import void_draft, void_resting_on
from server.models import DraftRow, PublicationRow, RestRow
from server.publications.publishing import AlreadyOnItsWay, ApprovalDoesNotFit
from server.publications.settling import settle_not_sent
from server.publications.states import PublicationState
from server.staff.roles import Role
from tests.fakes.cases import CaseWorld, changed_order, person
from tests.integration.drafts.http import Desk, over_http
from tools.records import OrderStatus

LATE = "Where is my order FH-10423? It is so late."
REP = person("rep", Role.REP)
BOSS = person("supervisor", Role.SUPERVISOR)
LOOKED = Terms(confirmed=True)
BETTER = "We are sorry about that. Please see your messages."
ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
async def desk(world: CaseWorld) -> AsyncIterator[Desk]:
    async with over_http(world) as desk:
        yield desk


async def set_state(world: CaseWorld, draft: str, part: str, state: PublicationState) -> None:
    """What became of the part on the network."""
    rows = await world.rows(PublicationRow, draft=draft, part=part)
    async with writing(world.engine) as session:
        row = await session.get_one(PublicationRow, max(rows, key=lambda row: row.id).id)
        row.state = state
        if state is PublicationState.SENT:
            row.sent_at, row.network_id = world.now, f"n-{row.id}"


async def half_out(world: CaseWorld, private: PublicationState = PublicationState.SENT) -> str:
    draft = await world.drafted(LATE)
    assert draft.public_text
    assert draft.private_text
    await approve(world, draft.id)
    await set_state(world, draft.id, "private", private)
    return draft.id


async def approve(world: CaseWorld, draft: str) -> DraftRow:
    return await review.approve(world.service, BOSS, draft, await world.seen(draft), LOOKED)


async def take_back(world: CaseWorld, draft: str) -> DraftRow:
    return await review.take_back(world.service, REP, draft, await world.seen(draft), "wait")


async def edit(world: CaseWorld, draft: str, **texts: str | None) -> DraftRow:
    changes = {Part(part): text for part, text in texts.items()}
    return await review.edit(world.service, REP, draft, await world.seen(draft), changes)


async def parts(world: CaseWorld, **of: Any) -> list[tuple[str, str]]:
    rows = await world.rows(PublicationRow, **of)
    return [(row.part, row.state) for row in sorted(rows, key=lambda row: row.id)]


STOPPED = [("private", "sent"), ("public", "withdrawn")]


async def test_what_waits_is_taken_back_and_only_that_is_approved_again(world: CaseWorld):
    draft = await half_out(world)
    done = await take_back(world, draft)
    assert (done.state, await parts(world, draft=draft)) == (DraftState.PENDING, STOPPED)
    assert all(row.voided_at is not None for row in await world.approvals(draft))
    await approve(world, draft)
    assert await parts(world, draft=draft) == [*STOPPED, ("public", "held")]
    standing = [row for row in await world.approvals(draft) if row.voided_at is None]
    assert [row.part for row in standing] == ["public"]
    [private] = await world.rows(PublicationRow, draft=draft, part="private")
    [public] = await world.rows(PublicationRow, draft=draft, state="held")
    assert public.waits_for == private.id


@ON_SQLITE
async def test_what_is_out_is_said_plainly(world: CaseWorld, desk: Desk):
    draft = await half_out(world)
    shown = (await desk.get(REP, f"/drafts/{draft}")).json()
    assert shown["moves"] == ["edit", "redraft", "take-back"]
    at = f"{world.now.day} {world.now:%B} at {world.now:%H:%M} UTC"
    assert shown["already_out"] == f"the private part was sent on {at}; the public part waits to be sent"
    told = f"the private part was sent on {at}; the public part has been stopped"
    taken = (await desk.decide(REP, draft, "take-back", reason="wait")).json()
    assert (taken["state"], taken["already_out"]) == ("pending", told)
    assert ((await world.decisions(draft))[-1].after or {})["out"] == told
    new = (await desk.decide(REP, draft, "redraft")).json()
    assert new["already_out"] == f"the private part of an earlier answer was sent on {at}"


@ON_SQLITE
async def test_an_edit_stops_what_waits_and_leaves_what_is_out(world: CaseWorld):
    draft = await half_out(world)
    with pytest.raises(AlreadyGone, match=r"private part was sent on .* leave the private text as it stands"):
        await edit(world, draft, private="Other words.")
    with pytest.raises(AlreadyGone, match="private part was sent"):
        await edit(world, draft, private=None)
    assert (await world.draft(draft)).state == DraftState.APPROVED
    private = (await world.draft(draft)).private_text
    done = await edit(world, draft, public=BETTER)
    assert (done.state, done.public_text, done.private_text) == (DraftState.PENDING, BETTER, private)
    assert await parts(world, draft=draft) == STOPPED
    await approve(world, draft)
    [public] = await world.rows(PublicationRow, draft=draft, state="held")
    assert (public.part, public.text) == ("public", BETTER)


async def test_an_answer_that_is_written_anew_does_not_repeat_what_is_out(world: CaseWorld):
    draft = await half_out(world)
    new = await review.redraft(world.service, REP, draft, await world.seen(draft), None)
    assert (await world.draft(draft)).state == DraftState.SUPERSEDED
    assert await parts(world, draft=draft) == STOPPED
    await world.work()
    written = await world.draft(new.id)
    assert written.private_text == (await world.draft(draft)).private_text
    await approve(world, new.id)
    assert await parts(world, draft=new.id) == [("public", "held")]
    assert {row.part for row in await world.approvals(new.id)} == {"public"}
    # other words in private are another matter
    other = await edit(world, new.id, private=f"{written.private_text} Thank you.")
    await approve(world, other.id)
    assert await parts(world, draft=new.id) == [("public", "withdrawn"), ("private", "held"), ("public", "held")]


async def test_a_changed_fact_brings_the_rest_back_to_review(world: CaseWorld):
    draft = await half_out(world)
    async with writing(world.engine) as session:
        assert await void_resting_on(session, ORDER, "FH-10423", "order FH-10423 has changed", world.now) == [draft]
    row = await world.draft(draft)
    assert (row.state, row.findings[-1]["rule"]) == (DraftState.PENDING, "stale")
    assert await parts(world, draft=draft) == STOPPED


@ON_SQLITE
async def test_facts_of_what_is_out_do_not_hold_back_the_rest(world: CaseWorld):
    draft = await half_out(world)
    world.shop["orders"].add(changed_order(status=OrderStatus.CANCELLED))
    async with writing(world.engine) as session:
        row = await repository.find_draft(session, draft)
        assert row is not None
        assert await void_draft(session, row, "order FH-10423 has changed", world.now)
    done = await edit(world, draft, public=BETTER)
    assert {finding["part"] for finding in done.findings} <= {"public"}
    assert {claim["part"] for claim in done.claims} == {"public"}
    assert (await approve(world, draft)).state == DraftState.APPROVED


@ON_SQLITE
async def test_a_lost_link_stops_the_rest_and_has_it_written_anew(world: CaseWorld):
    draft = await half_out(world)
    [link] = await world.rows(RestRow, draft=draft, kind=LINK)
    async with writing(world.engine) as session:
        assert await void_resting_on(session, LINK, link.ref, "not their account", world.now) == [draft]
    assert (await world.draft(draft)).state == DraftState.SUPERSEDED
    assert await parts(world, draft=draft) == STOPPED
    assert (await world.newest()).state == DraftState.DRAFTING


@ON_SQLITE
@pytest.mark.parametrize("state", [PublicationState.SENDING, PublicationState.UNCERTAIN])
async def test_the_rest_waits_for_what_nobody_knows_yet(world: CaseWorld, state: PublicationState):
    draft = await half_out(world, state)
    await take_back(world, draft)
    with pytest.raises(AlreadyOnItsWay, match=r"private part (is being|may have been) sent"):
        await approve(world, draft)
    async with over_http(world) as desk:
        moves = (await desk.get(BOSS, f"/drafts/{draft}")).json()["moves"]
    assert "approve" not in moves
    assert {"edit", "reject", "redraft", "hand-over"} <= set(moves)
    await set_state(world, draft, "private", PublicationState.SENT)
    await approve(world, draft)
    assert await parts(world, draft=draft) == [*STOPPED, ("public", "held")]


@ON_SQLITE
async def test_what_turns_out_not_to_have_been_sent_is_approved_again_with_the_rest(world: CaseWorld):
    draft = await half_out(world, PublicationState.UNCERTAIN)
    await take_back(world, draft)
    [private] = await world.rows(PublicationRow, draft=draft, part="private")
    async with writing(world.engine) as session:
        about = {"brands": BOSS.brands, "by": BOSS.id, "reason": "it is not there", "now": world.now}
        await settle_not_sent(session, private.id, send_again=False, **about)
    assert (await world.draft(draft)).state == DraftState.PENDING
    await approve(world, draft)
    assert await parts(world, draft=draft, state="held") == [("private", "held"), ("public", "held")]


@ON_SQLITE
async def test_the_second_person_approves_no_part_that_the_first_did_not(world: CaseWorld):
    draft = await half_out(world)
    await take_back(world, draft)
    async with writing(world.engine) as session:
        (await session.get_one(DraftRow, draft)).reach = 5_000_000
    assert (await approve(world, draft)).state == DraftState.AWAITING_SECOND
    await set_state(world, draft, "private", PublicationState.WITHDRAWN)
    other = person("supervisor-2", Role.SUPERVISOR)
    with pytest.raises(ApprovalDoesNotFit, match="take that back and approve it anew"):
        await review.approve(world.service, other, draft, await world.seen(draft), LOOKED)
    await take_back(world, draft)
    assert (await approve(world, draft)).state == DraftState.AWAITING_SECOND
    done = await review.approve(world.service, other, draft, await world.seen(draft), LOOKED)
    assert done.state == DraftState.APPROVED
    assert await parts(world, draft=draft, state="held") == [("private", "held"), ("public", "held")]


@ON_SQLITE
async def test_the_rest_can_be_left(world: CaseWorld):
    draft = await half_out(world)
    await take_back(world, draft)
    seen = await world.seen(draft)
    done = await review.put_aside(world.service, REP, draft, seen, Move.NO_REPLY, "the message says it all")
    assert (done.state, (await world.case()).open) == (DraftState.NO_REPLY, False)


@ON_SQLITE
async def test_nothing_is_approved_where_nothing_is_left_to_send(world: CaseWorld):
    draft = await half_out(world)
    await take_back(world, draft)
    await edit(world, draft, public=None)
    with pytest.raises(NothingToApprove, match="there is nothing else to send"):
        await approve(world, draft)


@ON_SQLITE
@pytest.mark.parametrize("step", ["take-back", "edit", "redraft"])
async def test_what_is_out_as_a_whole_cannot_be_stopped(world: CaseWorld, desk: Desk, step: str):
    draft = await half_out(world)
    await set_state(world, draft, "public", PublicationState.SENDING)
    more = {"take-back": {"reason": "wait"}, "edit": {"public_text": BETTER}, "redraft": {}}[step]
    answer = await desk.decide(REP, draft, step, **more)
    assert answer.status_code == 409
    assert "the public part is being sent; correct it instead" in answer.json()["detail"]
    assert (await world.draft(draft)).state == DraftState.APPROVED
