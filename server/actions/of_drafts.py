"""The actions that were proposed with a draft: judged before it is written, and what becomes of them when it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from server.actions import repository
from server.actions.broken import ActionBreaksRules
from server.actions.kinds import ActionKind
from server.actions.moving import advance, void_approvals
from server.actions.proposing import Judgement, Proposed, ShopUnreachable, add_proposed, judge
from server.actions.states import WAITING, ActionMove, ActionState
from server.models import ActionRow, DraftRow
from server.models.ids import new_id
from server.service import Service
from tools.context import Proposal

_KINDS = frozenset(ActionKind)


@dataclass(frozen=True, slots=True)
class Offer:
    """An action that the assistant proposes and that may be done as things stand."""

    id: str
    proposed: Proposed
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class Offers:
    """What of an assistant's proposals can be put before people; `notes` say of the others why they cannot."""

    able: tuple[Offer, ...] = ()
    notes: tuple[str, ...] = ()


NO_OFFERS = Offers()


async def judge_offers(
    service: Service, brand: str, customer: str | None, proposals: Sequence[Proposal], *, case: str, draft: str
) -> Offers:
    """Hold an assistant's proposals against the rules and the shop's records. Call it within no transaction."""
    able: list[Offer] = []
    notes: list[str] = []
    for proposal in proposals:
        if customer is None or proposal.type not in _KINDS:
            notes.append(f"{_name(proposal.type)} is for people to do: {proposal.reason}")
            continue
        proposed = Proposed(
            customer=customer,
            kind=ActionKind(proposal.type),
            arguments=proposal.arguments,
            case=case,
            draft=draft,
            reason=proposal.reason,
            evidence=proposal.evidence,
        )
        id_ = new_id("action")
        try:
            judgement = await judge(service, id_, proposed)
        except (ActionBreaksRules, ShopUnreachable) as refused:
            notes.append(f"{_name(proposal.type)} was not proposed: {refused}")
            continue
        if _brand_of(judgement) in (None, brand):
            able.append(Offer(id_, proposed, judgement))
        else:
            notes.append(f"{_name(proposal.type)} was not proposed: the order is another brand's")
    return Offers(tuple(able), tuple(notes))


async def propose_offers(
    session: AsyncSession, service: Service, offers: Offers, brand: str, now: datetime
) -> list[ActionRow]:
    """Put them before people, in the transaction in which their draft is written."""
    return [
        await add_proposed(session, service, offer.id, offer.proposed, offer.judgement, now, brand=brand, by=None)
        for offer in offers.able
    ]


async def expire_offers(session: AsyncSession, draft: DraftRow, reason: str, now: datetime) -> None:
    """A draft is put aside: what was proposed with it and nobody has approved yet is not proposed any more.

    What a person has proposed beside it stands: they have their own reasons.
    """
    for action in await repository.lock_of_draft(session, draft.id, WAITING):
        if action.proposed_by is None:
            await void_approvals(session, action, reason, now)
            advance(session, action, ActionMove.EXPIRE, now, reason=reason)


async def loosen(session: AsyncSession, draft: DraftRow, reason: str, now: datetime) -> None:
    """The first of two yeses to a draft is void: so is that to the actions that were approved with it."""
    for action in await repository.lock_resting_under(session, draft.id, {ActionState.AWAITING_SECOND}):
        await void_approvals(session, action, reason, now)
        advance(session, action, ActionMove.VOID, now, reason=reason)


def _brand_of(judgement: Judgement) -> str | None:
    shop = judgement.shop
    return (shop.order.brand if shop.order else None) or shop.customer.brand


def _name(kind: str) -> str:
    return kind.replace("_", " ")
