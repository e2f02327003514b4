"""What one click may give away: each action, all of them together, and what the customer had before."""

from server.actions import approving
from server.actions.kinds import ActionKind
from server.actions.proposing import Proposed, propose
from server.actions.states import ActionState
from server.drafts.states import DraftState
from server.staff.roles import Role
from tests.fakes.cases import person
from tests.integration.drafts.deeds import BOSS, DeedWorld

REP = person("rep", Role.REP)  # who may give 25.00
WE_HAVE = "We have upgraded your order FH-10423 to express delivery."


async def test_all_of_a_click_waits_where_it_is_too_much_with_what_was_given_before(engine):
    world = await DeedWorld(engine).open()
    draft, upgrade = await world.late()  # 8.95

    async def give(amount, **more):
        wanted = Proposed(upgrade.customer, ActionKind.CREDIT, {"amount": amount, "currency": "GBP"}, **more)
        return await propose(world.service, BOSS, wanted)

    beside = await give(700, draft=draft.id, case=draft.case)
    before = Proposed(upgrade.customer, ActionKind.REFUND, {"order": "FH-10423", "amount": 1000, "method": "card-1"})
    given = await propose(world.service, BOSS, before)
    await approving.approve(world.service, REP, given.id)

    clicked = await world.approve(draft.id, upgrade.id, beside.id, by=REP, private=WE_HAVE)
    assert clicked.state == DraftState.AWAITING_SECOND
    states = [(await world.act(action.id)).state for action in (upgrade, beside)]
    assert states == [ActionState.AWAITING_SECOND] * 2
