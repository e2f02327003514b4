"""Changes to the shop's records: proposed, approved, looked at, settled."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from sqlmodel.ext.asyncio.session import AsyncSession

from server.actions import approving, declining, repository
from server.actions.bodies import ConsentBody, NewAction, Seen, Settled, WithReason
from server.actions.consenting import record_consent
from server.actions.deciding import ActionNotFound
from server.actions.proposing import propose
from server.actions.rules import load_action_rules
from server.actions.settling import settle
from server.actions.states import ActionState
from server.actions.views import ActionView
from server.db import reading
from server.models import ActionRow
from server.service import Service
from server.staff.naming import names_of
from server.staff.roles import Caller, Permission
from server.web.dependencies import ServiceDep, allowed
from server.web.paging import Cursor, Limit, Page, cursors_of

router = APIRouter(prefix="/actions", tags=["actions"])
routers = (router,)

Reader = Annotated[Caller, Depends(allowed(Permission.READ_ACTIONS))]
Proposer = Annotated[Caller, Depends(allowed(Permission.PROPOSE_ACTIONS))]
Approver = Annotated[Caller, Depends(allowed(Permission.APPROVE_ACTIONS))]
Settler = Annotated[Caller, Depends(allowed(Permission.SETTLE_ACTIONS))]
OneId = Annotated[str | None, Query(max_length=100)]


@router.get("")
async def list_actions(
    caller: Reader,
    service: ServiceDep,
    request: Request,
    state: Annotated[list[ActionState] | None, Query(description="Only these states.")] = None,
    customer: OneId = None,
    case: OneId = None,
    draft: OneId = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[ActionView]:
    """Actions, the newest first."""
    states = sorted(set(state or ()))
    cursors = cursors_of(request, f"actions?{','.join(states)}&{customer}&{case}&{draft}")
    place = cursors.read(cursor)
    async with reading(service.engine) as session:
        found = await repository.list_actions(
            session,
            brands=caller.brands,
            states=states,
            customer=customer,
            case=case,
            draft=draft,
            before=place[0] if place else None,
            limit=limit + 1,
        )
        items, following = cursors.page(found, limit, lambda row: [row.id])
        views = [await _view(session, service, row) for row in items]
    return Page(items=views, next=following)


@router.post("", status_code=201)
async def propose_action(body: NewAction, caller: Proposer, service: ServiceDep) -> ActionView:
    """Put a change or a gesture before whoever may approve it. Nothing is done yet.

    Refused with 422 if it may not be done as the records and the rules stand: `broken` says every rule that it breaks.
    """
    return await _told(service, await propose(service, caller, body.proposed))


@router.get("/{action}")
async def get_action(action: str, caller: Reader, service: ServiceDep) -> ActionView:
    """An action, where it stands, and what came of it."""
    async with reading(service.engine) as session:
        row = await repository.find_action(session, action, caller.brands)
        if row is None:
            raise ActionNotFound
        return await _view(session, service, row)


@router.post("/{action}/consent")
async def add_consent(action: str, body: ConsentBody, caller: Proposer, service: ServiceDep) -> ActionView:
    """Record the customer's own yes to a proposed action. Approvals given before are void."""
    return await _told(service, await record_consent(service, caller, action, body.consent))


@router.post("/{action}/approve")
async def approve_action(action: str, caller: Approver, service: ServiceDep, body: Seen | None = None) -> ActionView:
    """Approve it, or give the second approval where one is needed; once that is enough, it is carried out.

    What it may cost, per customer and per month, is added up now; 422 says what it goes over.
    """
    seen = body.version if body else None
    return await _told(service, await approving.approve(service, caller, action, seen=seen))


@router.post("/{action}/reject")
async def reject_action(action: str, body: WithReason, caller: Approver, service: ServiceDep) -> ActionView:
    """It is not to be done."""
    return await _told(service, await declining.reject(service, caller, action, body.reason, seen=body.version))


@router.post("/{action}/take-back")
async def take_back_action(action: str, body: WithReason, caller: Approver, service: ServiceDep) -> ActionView:
    """Undo an approval before the shop was asked."""
    return await _told(service, await declining.take_back(service, caller, action, body.reason, seen=body.version))


@router.post("/{action}/settle")
async def settle_action(action: str, body: Settled, caller: Settler, service: ServiceDep) -> ActionView:
    """Say what became of an uncertain action, after looking in the shop oneself."""
    return await _told(service, await settle(service, caller, action, done=body.done, reason=body.reason))


async def _told(service: Service, row: ActionRow) -> ActionView:
    async with reading(service.engine) as session:
        return await _view(session, service, row)


async def _view(session: AsyncSession, service: Service, row: ActionRow) -> ActionView:
    approvals = await repository.standing_approvals(session, row.id)
    decisions = await repository.decisions_of(session, row.id)
    people: Sequence[str | None] = [
        row.proposed_by,
        *(approval.staff for approval in approvals),
        *(decision.staff for decision in decisions),
    ]
    rules = load_action_rules(service.settings.knowledge)
    return ActionView.of(row, approvals, decisions, await names_of(session, people), rules)
