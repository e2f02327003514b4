"""Recording the customer's yes to an action that was proposed without one, or whose yes has become void."""

from server.actions import repository
from server.actions.approving import proposed_as
from server.actions.consent import Consent
from server.actions.deciding import ActionNotFound, lock_for
from server.actions.moving import advance, void_approvals
from server.actions.proposing import judge, keep_consent, said_in
from server.actions.states import ActionMove, ActionState, move
from server.db import reading, writing
from server.models import ActionRow
from server.service import Service
from server.staff.roles import Caller


async def record_consent(service: Service, caller: Caller, action_id: str, consent: Consent) -> ActionRow:
    """Keep the customer's own words with the action.

    Raises:
        ActionNotFound: None of the caller's brands.
        IllegalActionMove: It has been approved, or ended.
        ActionBreaksRules: It may not be done any more, or the words are no yes to it, or not this customer's.
        ShopUnreachable: The records, or whose words they are, cannot be read.
    """
    async with reading(service.engine) as session:
        found = await repository.find_action(session, action_id, caller.brands)
    if found is None:
        raise ActionNotFound
    move(ActionState(found.state), ActionMove.CONSENT)
    judgement = await judge(service, found.id, proposed_as(found))
    said = await said_in(service, consent, judgement.asked(proposed_as(found)), caller.brands)
    async with writing(service.engine) as session:
        now = service.clock()
        action = await lock_for(session, caller, action_id, None)
        await keep_consent(session, action, consent, said, now)
        await void_approvals(session, action, "the customer said yes anew", now)
        advance(session, action, ActionMove.CONSENT, now, by=caller.id)
    return action
