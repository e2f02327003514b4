"""A draft that names a place goes back to review when customers are sent elsewhere."""

from server.drafts.states import DraftState
from server.models import RestRow
from tests.integration.destinations.world import HACKED, HEAD, RECOVERY, DestinationWorld

OTHERS_PAGE = "https://www.fernhollow.example/help"


async def test_a_pending_draft_that_names_a_retired_place_goes_back_to_review(world: DestinationWorld):
    draft = await world.cases.drafted(HACKED)
    assert "https://www.fernhollow.example/account/recover" in (draft.public_text or "")
    await world.look_again()
    assert await world.reasons(draft) == []
    await world.retire(RECOVERY)
    await world.look_again()
    assert await world.reasons(draft) == [f"customers are not sent to {RECOVERY} any more"]
    assert not (await world.cases.draft(draft.id)).one_click


async def test_an_approved_text_on_its_way_is_stopped(world: DestinationWorld):
    draft = await world.cases.drafted(HACKED)
    assert (await world.desk.decide(HEAD, draft.id, "approve")).status_code == 200
    await world.change(RECOVERY, target="https://www.fernhollow.example/locked-out")
    await world.look_again()
    assert (await world.cases.draft(draft.id)).state == DraftState.PENDING
    assert await world.reasons(draft) == [f"the destination {RECOVERY} has changed"]


async def test_nobody_approves_what_names_a_place_that_is_gone_before_it_was_looked_at(world: DestinationWorld):
    draft = await world.cases.drafted(HACKED)
    await world.retire(RECOVERY)
    refused = await world.desk.decide(HEAD, draft.id, "approve")
    assert refused.status_code == 409, refused.text
    assert await world.reasons(draft) == [f"customers are not sent to {RECOVERY} any more"]


async def test_a_change_of_another_place_touches_nothing(world: DestinationWorld):
    draft = await world.cases.drafted(HACKED)
    await world.retire("fernhollow-repairs-en")
    await world.look_again()
    assert await world.reasons(draft) == []


async def test_an_address_that_a_person_typed_by_heart_is_rested_on_too(world: DestinationWorld):
    draft = await world.cases.drafted(HACKED)
    text = f"Please look at {OTHERS_PAGE}."
    edited = await world.desk.decide(HEAD, draft.id, "edit", public_text=text, private_text=None)
    assert edited.status_code == 200, edited.text
    rests = {row.ref for row in await world.cases.rows(RestRow, draft=draft.id, kind="destination")}
    assert "fernhollow-help_centre-en" in rests
    await world.retire("fernhollow-help_centre-en")
    await world.look_again()
    assert await world.reasons(draft) == ["customers are not sent to fernhollow-help_centre-en any more"]


async def test_a_retired_address_in_a_persons_text_is_marked(world: DestinationWorld):
    draft = await world.cases.drafted(HACKED)
    await world.retire("fernhollow-help_centre-en")
    text = f"Please look at {OTHERS_PAGE}."
    await world.desk.decide(HEAD, draft.id, "edit", public_text=text, private_text=None)
    assert "link" in {finding["rule"] for finding in (await world.cases.draft(draft.id)).findings}
