"""What a draft's view lists is what its endpoints do, for this caller and now; the rest they refuse."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, update

from server.db import writing
from server.drafts.possible import Step
from server.models import DraftRow, PublicationRow, SessionRow, StaffRow
from server.settings import Settings
from server.staff.roles import PERMISSIONS, Caller, Role
from tests.fakes.cases import STRANGER, CaseWorld, person
from tests.integration.drafts.http import Desk, over_http
from tests.integration.drafts.reviewing import otherwise

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

RETURNS = "Can I return unused goods after 50 days?"
DANGER = "The stove exploded and burned my hand, I am in hospital"
BOSS = person("supervisor", Role.SUPERVISOR)
MORE: dict[Step, dict[str, Any]] = {
    Step.APPROVE: {"confirmed": True, "override": "it is right all the same"},
    Step.EDIT: {"public_text": "You have 60 days to send unused goods back."},
    Step.REDRAFT: {"words": "shorter"},
    Step.HAND_OVER: {"team": "orders", "reason": "theirs"},
}
WITH_REASON = {"reason": "because"}
# how a draft comes to stand where it does
WAYS: dict[str, tuple[str, tuple[Step, ...]]] = {
    "pending": (RETURNS, ()),
    "approved": (RETURNS, (Step.APPROVE,)),
    "rejected": (RETURNS, (Step.REJECT,)),
    "held": (RETURNS, (Step.HOLD,)),
    "no_reply": (RETURNS, (Step.NO_REPLY,)),
    "superseded": (RETURNS, (Step.REDRAFT,)),
    "handed_over": (DANGER, ()),
    "awaiting_second_approval": (DANGER, (Step.RELEASE, Step.EDIT, Step.APPROVE)),
}


async def take(desk: Desk, who: Caller, draft: str, step: Step) -> int:
    answer = await desk.decide(who, draft, step, **MORE.get(step, WITH_REASON))
    return answer.status_code


async def brought(world: CaseWorld, desk: Desk, state: str, *, thread: str = "t1") -> str:
    text, steps = WAYS[state]
    draft = (await world.drafted(text, f"{STRANGER}.{thread}", thread=thread)).id
    for step in steps:
        assert await take(desk, BOSS, draft, step) < 300
    assert (await world.draft(draft)).state == state
    return draft


@pytest.mark.parametrize("state", WAYS)
async def test_what_is_not_listed_is_refused_and_what_is_listed_is_done(world: CaseWorld, state: str):
    world.service = replace(world.service, settings=Settings(address_rate=10_000))
    async with over_http(world) as desk:
        draft = await brought(world, desk, state)
        listed: dict[Role, set[Step]] = {}
        for role in Role:
            who = person(f"{role.value}-2", role)
            shown = (await desk.get(who, f"/drafts/{draft}")).json()
            listed[role] = {Step(name) for name in shown["moves"]}
            assert bool(shown["moves"]) != bool(shown["no_moves"])
            for step in set(Step) - listed[role]:
                assert await take(desk, who, draft, step) in {403, 409, 422}
        assert listed[Role.DRAFTS_ONLY] <= listed[Role.REP] <= listed[Role.SOCIAL] <= listed[Role.SUPERVISOR]
        for step in listed[Role.SUPERVISOR]:
            again = await brought(world, desk, state, thread=f"for-{step}")
            assert await take(desk, person("supervisor-2"), again, step) < 300


async def test_a_machine_is_told_that_people_decide(world: CaseWorld):
    draft = await world.drafted(RETURNS)
    machine = replace(person("robot"), role=None, permissions=PERMISSIONS[Role.REP])
    async with over_http(world) as desk:
        shown = (await desk.get(machine, f"/drafts/{draft.id}")).json()
    assert (shown["moves"], shown["no_moves"]) == ([], "a person decides on drafts; use a personal token or sign in")


async def test_whoever_does_not_have_the_case_is_told_who_has_it(world: CaseWorld):
    draft = await world.drafted(RETURNS)
    async with over_http(world) as desk:
        claimed = await desk.post(person("rep", Role.REP), f"/cases/{draft.case}/claim", {})
        assert claimed.status_code < 300
        shown = (await desk.get(BOSS, f"/drafts/{draft.id}")).json()
    assert shown["moves"] == []
    assert shown["no_moves"].startswith("Rep has this case until")


async def test_the_first_of_two_cannot_be_the_second(world: CaseWorld):
    async with over_http(world) as desk:
        draft = await brought(world, desk, "awaiting_second_approval")
        first = (await desk.get(BOSS, f"/drafts/{draft}")).json()["moves"]
        second = (await desk.get(person("supervisor-2"), f"/drafts/{draft}")).json()["moves"]
    assert "approve" not in first
    assert "approve" in second


async def test_what_is_being_sent_cannot_be_changed_any_more(world: CaseWorld):
    async with over_http(world) as desk:
        draft = await brought(world, desk, "approved")
        assert (await desk.get(BOSS, f"/drafts/{draft}")).json()["moves"] == ["edit", "redraft", "take-back"]
        [publication] = await world.rows(PublicationRow, draft=draft)
        async with writing(world.engine) as session:
            publication.state = "sending"
            session.add(publication)
        shown = (await desk.get(BOSS, f"/drafts/{draft}")).json()
    assert shown["moves"] == []
    assert "correct it instead" in shown["no_moves"]


async def test_who_does_not_read_a_language_is_told_what_pressing_would_tell(world: CaseWorld):
    draft = (await otherwise(world, RETURNS, language="fr")).id
    who = person("social", Role.SOCIAL)
    async with over_http(world) as desk:
        shown = (await desk.get(who, f"/drafts/{draft}")).json()
        refused = (await desk.decide(who, draft, "approve", confirmed=True)).json()
        assert "approve" not in shown["moves"]
        assert not shown["in_the_way"]["confirmable"]
        assert (refused["code"], refused["detail"]) == (shown["in_the_way"]["code"], shown["in_the_way"]["words"])
        assert refused["code"] == "nobody_reads_it"
        assert "reads French" in refused["detail"]
        async with writing(world.engine) as session:
            await session.exec(update(StaffRow).where(col(StaffRow.id) == "staff_rep-2").values(languages=["fr"]))
            times = {"created_at": world.now, "used_at": world.now, "expires_at": world.now + timedelta(days=1)}
            session.add(SessionRow(id_hash="x", staff="staff_rep-2", csrf="", **times))
        shown = (await desk.get(who, f"/drafts/{draft}")).json()
        refused = (await desk.decide(who, draft, "approve")).json()
        assert "approve" in shown["moves"]
        assert shown["in_the_way"]["confirmable"]
        assert (refused["code"], refused["detail"]) == (shown["in_the_way"]["code"], shown["in_the_way"]["words"])
        assert refused["code"] == "not_read"
        assert (await desk.decide(who, draft, "approve", confirmed=True)).status_code == 200


async def test_a_draft_whose_facts_have_changed_cannot_be_approved_as_it_is(world: CaseWorld):
    draft = await world.drafted("Where is my order FH-10423? It is so late.")
    async with writing(world.engine) as session:
        row = await session.get(DraftRow, draft.id)
        assert row is not None
        row.findings = [{"rule": "stale", "severity": "block", "part": "public", "sentence": "", "reason": "changed"}]
        session.add(row)
    async with over_http(world) as desk:
        shown = (await desk.get(BOSS, f"/drafts/{draft.id}")).json()
    assert "approve" not in shown["moves"]
    assert {"edit", "redraft"} <= set(shown["moves"])
    assert (shown["in_the_way"]["code"], shown["in_the_way"]["details"]["findings"][0]["rule"]) == ("blocked", "stale")
