"""What is said to customers of an action: a text that tells it as done waits until it is, and falls if it is not.

A draft's rest of kind "action" says which action its words count on, and how far that must have come.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from server.actions import repository
from server.actions.states import UNDER_WAY, WAITING, ActionState
from server.db import reading
from server.drafts.repository import lock_drafts_resting_on, rests_of
from server.drafts.rests import ACTION, ORDER, digest_now
from server.drafts.states import DraftState
from server.drafts.voiding import return_to_review
from server.models import ActionRow, DraftRow, RestRow
from server.publications.publishing import enqueue_send
from server.publications.repository import lock_publications_of
from server.publications.returning import review_again
from server.publications.states import PublicationState
from server.service import Service
from tools.ports import PortUnavailable

APPROVED, DONE = "approved", "done"
"""How far an action must have come for the words of a draft to be true."""

_COUNTED_ON = frozenset({DraftState.AWAITING_SECOND, DraftState.APPROVED})
_UNSENT = frozenset({PublicationState.HELD, PublicationState.QUEUED})


@dataclass(frozen=True, slots=True)
class OrderNow:
    """The order of an action as the drafts that tell of it would read it now: their digests, by the draft."""

    order: str
    digests: Mapping[str, str]


async def read_order_again(service: Service, action: ActionRow) -> OrderNow | None:
    """The order as it stands, for the drafts that count on the action. Asks the shop: within no transaction.

    None if nothing counts on it, or the shop does not answer: then whatever rests on the order is looked at as usual.
    """
    if action.order_id is None:
        return None
    async with reading(service.engine) as session:
        drafts = await repository.drafts_counting_on(session, action.id, _COUNTED_ON)
    try:
        digests = {
            draft.id: await digest_now(draft.record, draft.claims, action.order_id, service.desk.ports)
            for draft in drafts
            if draft.record is not None
        }
    except PortUnavailable:
        return None
    return OrderNow(action.order_id, digests) if digests else None


async def fallen_before(service: Service, action: ActionRow) -> list[str]:
    """The drafts that count on the action and whose order has changed before it is carried out, by whatever else."""
    seen = await read_order_again(service, action)
    if seen is None:
        return []
    async with reading(service.engine) as session:
        rests = {id_: await rests_of(session, id_) for id_ in seen.digests}
    return [
        id_
        for id_, digest in seen.digests.items()
        if any((rest.kind, rest.ref) == (ORDER, seen.order) and rest.digest != digest for rest in rests[id_])
    ]


async def let_go(session: AsyncSession, action: ActionRow, order: OrderNow | None, now: datetime) -> None:
    """The action is done: what it has changed of the order voids no draft that tells of it, and these are sent."""
    for draft in await lock_drafts_resting_on(session, ACTION, action.id, _COUNTED_ON):
        if order is not None and draft.id in order.digests:
            await _rebase(session, draft, order)
        for publication in await lock_publications_of(session, draft.id):
            if publication.state in _UNSENT:
                publication.send_after = max(now, publication.send_after)
                session.add(publication)
                if publication.waits_for is None:
                    await enqueue_send(session, publication, now, publication.send_after)


async def give_back(session: AsyncSession, action: ActionRow, reason: str, now: datetime) -> None:
    """The action is not, or not yet, to be done: drafts that count on it are looked at again, and nothing is sent."""
    words = f"{action.kind.replace('_', ' ')}: {reason}"
    for draft in await lock_drafts_resting_on(session, ACTION, action.id, _COUNTED_ON):
        if draft.state == DraftState.APPROVED:
            await review_again(session, draft.id, words, now)
        else:
            await return_to_review(session, draft, words, now)


async def what_is_missing(session: AsyncSession, draft: str) -> tuple[bool, str] | None:
    """What a draft's words count on and is not so: whether it may still become so, and in words; None: nothing."""
    wanted = {rest.ref: rest.digest for rest in await rests_of(session, draft) if rest.kind == ACTION}
    missing: tuple[bool, str] | None = None
    for action in await repository.find_actions(session, wanted):
        state = ActionState(action.state)
        enough = state is ActionState.DONE or (wanted[action.id] == APPROVED and state in UNDER_WAY)
        if enough:
            continue
        words = f"{action.kind.replace('_', ' ')} is {state.replace('_', ' ')}"
        if wanted[action.id] == APPROVED or state not in UNDER_WAY | (WAITING - {ActionState.PROPOSED}):
            return False, words
        missing = True, words
    return missing


async def _rebase(session: AsyncSession, draft: DraftRow, order: OrderNow) -> None:
    rest = await session.get(RestRow, (draft.id, ORDER, order.order))
    if rest is not None:
        rest.digest = order.digests[draft.id]
        session.add(rest)
