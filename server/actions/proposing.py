"""Proposing an action: what may not be done is refused before anybody is asked to approve it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from server.actions import consent_repository, repository
from server.actions.arguments import Arguments, read_arguments
from server.actions.broken import ActionBreaksRules
from server.actions.completing import completed
from server.actions.consent import MISSING, Asked, Consent, find_said, refuse_other_order, refuse_outdated
from server.actions.effects import effect_of
from server.actions.judging import brand_of as rules_of
from server.actions.kinds import ActionKind
from server.actions.moving import write_down
from server.actions.preconditions import broken
from server.actions.records import no_such_customer, order_of, read_shop
from server.actions.rules import ActionRule
from server.actions.shop import Effect, Shop, Wanted
from server.actions.states import ActionState
from server.db import reading, writing
from server.errors import NotFound, Unavailable
from server.events.log import record
from server.jobs.queue import enqueue
from server.limits.holding import action_rules
from server.models import ActionRow, PostRow
from server.models.ids import new_id
from server.service import Service
from server.staff.roles import Caller
from tools.ports import PortUnavailable

EXPIRE_LANE = "deadlines"


class ShopUnreachable(Unavailable):
    """The shop's records cannot be read: nothing can be said about what may be done."""


class NoSuchCase(NotFound):
    """There is no such case, or not of the caller's brands."""

    def __init__(self) -> None:
        super().__init__("there is no such case")


class NoSuchDraft(NotFound):
    """There is no such draft of this customer's brand, or it was written to somebody else."""

    def __init__(self) -> None:
        super().__init__("there is no such draft for this customer")


@dataclass(frozen=True, slots=True)
class Proposed:
    """What somebody proposes. `case` and `draft` are what it came up in."""

    customer: str
    kind: ActionKind
    arguments: Mapping[str, Any]
    consent: Consent | None = None
    case: str | None = None
    draft: str | None = None
    reason: str | None = None
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """An action that may be done as things stand: what it was told, the rule, the records, and what it would do.

    `earlier` are the customer's other actions that were approved or done.
    """

    arguments: Arguments
    rule: ActionRule
    shop: Shop
    effect: Effect
    earlier: Sequence[ActionRow] = ()

    def asked(self, proposed: Proposed) -> Asked:
        """What the customer's yes has to be to."""
        order = self.shop.order
        return Asked(
            customer=proposed.customer,
            kind=proposed.kind,
            order=order.id if order else order_of(self.arguments),
            lasts=timedelta(days=self.rule.consent_days),
            placed_at=order.placed_at if order else None,
        )


async def judge(
    service: Service, action: str, proposed: Proposed, *, brands: frozenset[str] | None = None
) -> Judgement:
    """Hold an action against the rules and the shop's records. Call it within no transaction.

    Args:
        service: The process's.
        action: The action's own id: it does not stand in its own way.
        proposed: What is to be done.
        brands: Those whose records exist for who asks; None for all.

    Raises:
        ActionBreaksRules: It may not be done; every rule that it breaks is told.
        ShopUnreachable: The records cannot be read.
    """
    arguments = read_arguments(proposed.kind, proposed.arguments)
    now = service.clock()
    async with reading(service.engine) as session:
        rules = await action_rules(session, service.settings.knowledge)
        earlier = await repository.that_count(session, proposed.customer, but=action)
    try:
        shop = await read_shop(service.desk.ports, proposed.customer, arguments, earlier)
    except PortUnavailable as away:
        raise ShopUnreachable(f"{away}: nothing can be said about what may be done; try again later") from away
    if brands is not None and rules_of(shop) not in {None, *brands}:
        # before anything that the records say: of another brand's a refusal tells nothing
        raise no_such_customer()
    wanted = Wanted(action, proposed.kind, proposed.customer, arguments)
    against = broken(wanted, shop, rules, now)
    if against:
        raise ActionBreaksRules(against)
    meant = completed(wanted, shop, rules, now)
    rule = rules.rule(proposed.kind, rules_of(shop))
    assert rule is not None, "without a rule it breaks one"
    return Judgement(meant.arguments, rule, shop, effect_of(meant, shop, rules, now), earlier)


async def propose(service: Service, caller: Caller, proposed: Proposed) -> ActionRow:
    """Put an action before whoever may approve it.

    Raises:
        ActionBreaksRules: It may not be done as things stand.
        NoSuchCase: The case that it is said to belong to.
        ShopUnreachable: The records cannot be read.
    """
    id_ = new_id("action")
    judgement = await judge(service, id_, proposed, brands=caller.brands)
    brand = brand_of(judgement.shop, caller)
    if judgement.rule.consent and proposed.consent is None:
        raise ActionBreaksRules([MISSING])
    said = await said_in(service, proposed.consent, judgement.asked(proposed), caller.brands)
    now = service.clock()
    async with writing(service.engine) as session:
        proposed = await _placed(session, proposed, brand)
        row = await add_proposed(session, service, id_, proposed, judgement, now, brand=brand, by=caller.id)
        if proposed.consent is not None:
            await keep_consent(session, row, proposed.consent, said, now)
    return row


async def _placed(session: AsyncSession, proposed: Proposed, brand: str) -> Proposed:
    """The same in the case of its draft.

    Raises:
        NoSuchCase: The case is of another brand, or there is none.
        NoSuchDraft: The draft is of another brand or case, or was written to somebody else.
    """
    if proposed.case is not None and await repository.find_case(session, proposed.case, {brand}) is None:
        raise NoSuchCase
    if proposed.draft is None:
        return proposed
    draft = await consent_repository.find_draft(session, proposed.draft, {brand})
    of_whom = (draft.record or {}).get("customer", {}).get("id") if draft is not None else None
    if draft is None or of_whom not in (None, proposed.customer) or proposed.case not in (None, draft.case):
        raise NoSuchDraft
    return replace(proposed, case=draft.case)


async def add_proposed(
    session: AsyncSession,
    service: Service,
    id_: str,
    proposed: Proposed,
    judgement: Judgement,
    now: datetime,
    *,
    brand: str,
    by: str | None,
) -> ActionRow:
    """Write a judged action down, to be approved within the time that drafts have."""
    amount = judgement.effect.amount
    row = ActionRow(
        id=id_,
        brand=brand,
        customer=proposed.customer,
        kind=proposed.kind,
        order_id=judgement.shop.order.id if judgement.shop.order else order_of(judgement.arguments),
        case=proposed.case,
        draft=proposed.draft,
        arguments=judgement.arguments.as_json(),
        amount=amount.amount if amount else None,
        currency=amount.currency if amount else None,
        difference=judgement.effect.result.get("difference"),
        reason=proposed.reason,
        evidence=list(proposed.evidence),
        state=ActionState.PROPOSED,
        proposed_by=by,
        proposed_at=now,
        expires_at=now + timedelta(days=service.settings.draft_expiry_days),
        updated_at=now,
    )
    session.add(row)
    await session.flush()
    write_down(session, row, "propose", now, by=by, reason=proposed.reason)
    record(session, "action.proposed", row.id, brand=brand, at=now, action_kind=row.kind, case=row.case, by=by)
    await enqueue(
        session,
        "action_due",
        lane=EXPIRE_LANE,
        payload={"action": row.id},
        now=now,
        brand=brand,
        key=f"action_due:{row.id}",
        after=row.expires_at,
    )
    return row


async def said_in(service: Service, consent: Consent | None, asked: Asked, brands: frozenset[str]) -> PostRow | None:
    """The post that a consent stands in, if it is one of ours.

    Raises:
        ActionBreaksRules: It is no consent.
        ShopUnreachable: Whose words they are cannot be known.
    """
    if consent is None:
        return None
    try:
        return await find_said(service, consent, asked, brands)
    except PortUnavailable as away:
        raise ShopUnreachable(f"{away}: whose words these are cannot be looked up; try again later") from away


async def keep_consent(
    session: AsyncSession, action: ActionRow, consent: Consent, said: PostRow | None, now: datetime
) -> None:
    """Write the customer's yes to an action, and where it was said, into the action.

    Raises:
        ActionBreaksRules: They have written again since, or edited or deleted what they said.
    """
    if said is not None:
        await refuse_outdated(session, said, action.customer)
        await refuse_other_order(session, said, consent.quote, action.id, action.order_id)
    action.consent_quote, action.consent_source = consent.quote, consent.source
    action.consent_post = said.id if said is not None else None
    action.consent_at = now
    if said is not None and action.case is None:
        case = await repository.case_of_post(session, said)
        action.case = case.id if case is not None else None
    session.add(action)


def brand_of(shop: Shop, caller: Caller) -> str:
    """Whose records the action belongs to; a shop without brands is any brand's.

    Raises:
        ActionBreaksRules: It is of none of the caller's brands.
    """
    brand = rules_of(shop)
    if brand is None:
        if not caller.brands:
            raise no_such_customer()
        return min(caller.brands)
    if brand not in caller.brands:
        raise no_such_customer()
    return brand
