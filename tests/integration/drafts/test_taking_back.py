import pytest

from server.drafts import review
from server.drafts.states import DraftState
from server.errors import NotAllowed
from server.models import PublicationRow
from server.staff.roles import Role
from tests.fakes.cases import CaseWorld, person
from tests.integration.drafts.reviewing import REP, RETURNS, approve, edit, otherwise

# what differs between databases, who is first and what is locked, is tested on both in test_at_once.py
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


async def test_what_is_taken_back_can_be_changed(world: CaseWorld):
    draft = await world.drafted(RETURNS)
    await approve(world, draft.id)
    back = await review.take_back(world.service, REP, draft.id, await world.seen(draft.id), "one more look")
    assert back.state == DraftState.PENDING
    assert {row.state for row in await world.rows(PublicationRow)} == {"withdrawn"}
    assert (await approve(world, draft.id)).state == DraftState.APPROVED


async def test_the_first_of_two_takes_their_approval_back(world: CaseWorld):
    draft = await otherwise(world, RETURNS, reach=10_001)
    await approve(world, draft.id)
    back = await review.take_back(world.service, REP, draft.id, await world.seen(draft.id), "one more look")
    assert back.state == DraftState.PENDING
    [approval] = await world.approvals(draft.id)
    assert approval.void_reason == "one more look"
    assert (await approve(world, draft.id)).state == DraftState.AWAITING_SECOND


async def test_who_may_not_stop_what_is_about_to_be_sent_changes_nothing_of_it(world: CaseWorld):
    draft = await world.drafted(RETURNS)
    await approve(world, draft.id)
    writer = person("drafts-only", Role.DRAFTS_ONLY)
    seen = await world.seen(draft.id)
    with pytest.raises(NotAllowed, match=r"a rep, a social-media colleague, a supervisor or an admin can stop it"):
        await edit(world, draft.id, writer, public="Unused goods can be returned within 60 days.")
    with pytest.raises(NotAllowed, match="about to be sent"):
        await review.redraft(world.service, writer, draft.id, seen, "shorter")
    assert (await world.draft(draft.id)).state == DraftState.APPROVED
    assert {row.state for row in await world.rows(PublicationRow)} == {"held"}
