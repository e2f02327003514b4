from dataclasses import replace
from datetime import date

import pytest

from server.db import writing
from server.drafts import repository
from server.drafts.rests import LINK, ORDER, POLICY
from server.drafts.states import DraftState
from server.drafts.voiding import still_rests, void_draft, void_resting_on
from server.models import DraftRow, RestRow
from tests.fakes.cases import CaseWorld, changed_order
from tests.fakes.policies import MemoryPassages
from tests.fakes.small_shop import ANN, EARLIER, PASSAGES
from tools.ports import PortUnavailable
from tools.records import OrderStatus

LATE = "Where is my order FH-10423? It is so late."
RETURNS = "Can I return unused goods after 50 days?"


async def changed(world: CaseWorld, draft: DraftRow) -> str | None:
    return await still_rests(draft, world.service)


async def test_a_draft_rests_as_long_as_nothing_changes(world: CaseWorld):
    for text, thread in ((LATE, "t1"), (RETURNS, "t2")):
        draft = await world.drafted(text, thread=thread)
        assert await changed(world, draft) is None


async def test_it_does_not_rest_on_an_order_that_has_changed(world: CaseWorld):
    draft = await world.drafted(LATE)
    world.shop["orders"].add(changed_order(status=OrderStatus.DELIVERED))
    assert await changed(world, draft) == "order FH-10423 has changed"


async def test_an_order_that_it_does_not_speak_of_may_change(world: CaseWorld):
    draft = await world.drafted(LATE)
    world.shop["orders"].add(replace(EARLIER, status=OrderStatus.RETURNED))
    assert await changed(world, draft) is None


async def test_it_does_not_rest_on_a_policy_that_was_replaced(world: CaseWorld):
    draft = await world.drafted(RETURNS)
    assert {row.ref for row in await world.rows(RestRow, draft=draft.id, kind=POLICY)} == {"returns-2026"}
    newer = replace(PASSAGES[0], text="Unused goods can be returned within 30 days.")
    world.shop["passages"]._filed = MemoryPassages([newer])._filed
    assert await changed(world, draft) == "the policy returns-2026 has changed"


RULE = replace(PASSAGES[0], text="You can return unused goods within 60 days of delivery.", category="returns")


async def _with_a_day_for_a_return(world: CaseWorld) -> DraftRow:
    """A draft that tells until when something can be returned."""
    world.shop["passages"]._filed = MemoryPassages([RULE])._filed
    draft = await world.drafted("Return policy for my FH-10423 please")
    assert draft.record is not None
    cited = {number for claim in draft.claims for number in claim["evidence"]}
    worked_out = [item["id"] for item in draft.record["evidence"] if item["ref"].endswith("/return_until")]
    assert cited & set(worked_out), draft.claims
    return draft


async def test_a_day_for_a_return_rests_as_long_as_nothing_changes(world: CaseWorld):
    draft = await _with_a_day_for_a_return(world)
    assert await changed(world, draft) is None


async def test_a_day_for_a_return_rests_on_the_order(world: CaseWorld):
    draft = await _with_a_day_for_a_return(world)
    world.shop["orders"].add(changed_order(status=OrderStatus.DELIVERED))
    assert await changed(world, draft) == "order FH-10423 has changed"


async def test_a_day_for_a_return_rests_on_the_rule(world: CaseWorld):
    draft = await _with_a_day_for_a_return(world)
    shorter = replace(RULE, text=RULE.text.replace("60", "30"))
    world.shop["passages"]._filed = MemoryPassages([shorter])._filed
    assert await changed(world, draft) == "the policy returns-2026 has changed"


async def test_it_does_not_rest_on_a_policy_that_has_ended(world: CaseWorld):
    draft = await world.drafted(RETURNS)
    ended = replace(PASSAGES[0], effective_to=date(2026, 11, 19))
    world.shop["passages"]._filed = MemoryPassages([ended])._filed
    assert await changed(world, draft) == "the policy returns-2026 does not hold any more"


async def test_it_does_not_rest_on_a_link_that_is_lost(world: CaseWorld):
    draft = await world.drafted(LATE)
    world.shop["customers"].add(replace(ANN, handles=()))
    assert "linked otherwise" in (await changed(world, draft) or "")


async def test_a_shop_that_does_not_answer_is_not_taken_for_no_change(world: CaseWorld):
    draft = await world.drafted(LATE)
    world.shop["orders"].go_down()
    with pytest.raises(PortUnavailable):
        await changed(world, draft)


async def test_a_changed_order_blocks_what_rests_on_it_and_says_why(world: CaseWorld):
    draft = await world.drafted(LATE)
    other = await world.drafted(RETURNS, thread="t2")
    async with writing(world.engine) as session:
        assert await void_resting_on(session, ORDER, "FH-10423", "order FH-10423 has changed", world.now) == [draft.id]
    draft = await world.draft(draft.id)
    assert (draft.state, draft.one_click) == (DraftState.PENDING, False)
    assert draft.findings[-1] | {"sentence": ""} == {
        "rule": "stale",
        "severity": "block",
        "part": "public",
        "sentence": "",
        "reason": "order FH-10423 has changed",
    }
    assert (await world.decisions(draft.id))[-1].reason == "order FH-10423 has changed"
    assert (await world.draft(other.id)).findings == other.findings


async def test_a_lost_link_supersedes_what_rests_on_it_and_drafts_anew(world: CaseWorld):
    draft = await world.drafted(LATE)
    [link] = await world.rows(RestRow, draft=draft.id, kind=LINK)
    world.shop["customers"].add(replace(ANN, handles=()))
    async with writing(world.engine) as session:
        await void_resting_on(session, LINK, link.ref, "not their account", world.now)
    assert (await world.draft(draft.id)).state == DraftState.SUPERSEDED
    await world.work()
    new = await world.newest()
    assert new.record is not None
    assert new.record["customer"]["id"] is None


async def test_what_was_voided_twice_says_the_last_reason_once(world: CaseWorld):
    draft = await world.drafted(LATE)
    for reason in ("first", "second"):
        async with writing(world.engine) as session:
            found = await repository.find_draft(session, draft.id)
            assert found is not None
            await void_draft(session, found, reason, world.now)
    stale = [item for item in (await world.draft(draft.id)).findings if item["rule"] == "stale"]
    assert [item["reason"] for item in stale] == ["second"]
