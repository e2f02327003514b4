"""Incidents: opened, their cases confirmed, answered with one approved text, closed."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlmodel.ext.asyncio.session import AsyncSession

from server.db import reading
from server.incidents import (
    answering,
    approving,
    closing,
    confirming,
    leaving,
    opening,
    promise_repository,
    repository,
    telling,
    text_repository,
    texts,
    widening,
)
from server.incidents.bodies import (
    Closing,
    Confirmation,
    IncidentText,
    NewAnswer,
    NewIncident,
    Release,
    Telling,
    TextApproval,
    Widening,
)
from server.incidents.finding import get_incident
from server.incidents.states import IncidentState, InIncident
from server.incidents.views import (
    AnsweringView,
    ClosedView,
    ConfirmedView,
    ListedIncident,
    ListingView,
    PromisedView,
    ReleasedView,
    Standing,
    TextView,
    WholeIncident,
    who_of,
)
from server.limits.holding import review_rules
from server.models import IncidentRow, IncidentTextRow
from server.service import Service
from server.staff.naming import names_of
from server.staff.roles import Caller, Permission
from server.web.dependencies import ServiceDep, allowed
from server.web.paging import Cursor, Limit, Page, cursors_of

router = APIRouter(prefix="/incidents", tags=["incidents"])

Reader = Annotated[Caller, Depends(allowed(Permission.READ_INCIDENTS))]
Manager = Annotated[Caller, Depends(allowed(Permission.MANAGE_INCIDENTS))]


@router.get("")
async def list_incidents(
    caller: Reader,
    service: ServiceDep,
    request: Request,
    state: IncidentState | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[ListedIncident]:
    """Incidents, the newest first."""
    cursors = cursors_of(request, f"incidents?{state}")
    place = cursors.read(cursor)
    async with reading(service.engine) as session:
        found = await repository.list_incidents(
            session, caller.brands, state=state, before=place[0] if place else None, limit=limit + 1
        )
        items, following = cursors.page(found, limit, lambda row: [row.id])
        counts = {row.id: await repository.count_cases(session, row.id) for row in items}
        names = await names_of(session, [who for row in items for who in (row.opened_by, row.closed_by)])
    return Page(items=[ListedIncident.of(row, counts[row.id], names) for row in items], next=following)


@router.post("", status_code=201)
async def open_incident(body: NewIncident, caller: Manager, service: ServiceDep) -> WholeIncident:
    """Open an incident. What waits is looked through for it at once, in the background (`listed_at`).

    From now on a post that belongs to it, and holds nothing else, is held for it instead of being drafted.
    """
    row = await opening.open_incident(
        service,
        caller,
        brand=body.brand,
        title=body.title,
        match=body.match.match,
        kind=body.kind,
        known=body.known,
    )
    async with reading(service.engine) as session:
        return await _whole(session, service, row)


@router.get("/{incident}")
async def get_one(incident: str, caller: Reader, service: ServiceDep) -> WholeIncident:
    """An incident with its texts, and how many cases stand where."""
    async with reading(service.engine) as session:
        return await _whole(session, service, await get_incident(session, caller, incident))


@router.post("/{incident}/widen")
async def widen_incident(incident: str, body: Widening, caller: Manager, service: ServiceDep) -> WholeIncident:
    """Add signs by which posts belong to it. What waits is looked through again at once (`listed_at`).

    What is listed stays so, under the same ids.
    """
    row = await widening.widen(service, caller, incident, body.version, body.match, likeness=body.likeness)
    async with reading(service.engine) as session:
        return await _whole(session, service, row)


@router.get("/{incident}/cases")
async def list_cases(
    incident: str,
    caller: Reader,
    service: ServiceDep,
    request: Request,
    state: InIncident | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[ListingView]:
    """The cases that belong to it, with why, in the order they were found in; those that stay in the queue, too."""
    cursors = cursors_of(request, f"incidents/{incident}/cases?{state}")
    place = cursors.read(cursor)
    async with reading(service.engine) as session:
        await get_incident(session, caller, incident)
        found = await repository.page_of_cases(
            session, incident, state=state, after=place[0] if place else None, limit=limit + 1
        )
        items, following = cursors.page(found, limit, lambda row: [row[0].id])
        names = await names_of(session, [row[0].confirmed_by for row in items])
    return Page(items=[ListingView.of(*row, names=names) for row in items], next=following)


@router.post("/{incident}/confirm")
async def confirm_cases(incident: str, body: Confirmation, caller: Manager, service: ServiceDep) -> ConfirmedView:
    """Say that these cases belong to it: their drafts leave the queue, and its text will answer them.

    Whoever has written again since is not confirmed, and neither is what has come in since.
    """
    return ConfirmedView.of(await confirming.confirm(service, caller, incident, body.seen))


@router.post("/{incident}/release")
async def release_cases(incident: str, body: Release, caller: Manager, service: ServiceDep) -> ReleasedView:
    """Say that these cases do not belong to it: they go back to the queue, and are never put to it again.

    An answer that has not left is stopped. Whatever could not be released is named, with why.
    """
    return ReleasedView.of(await leaving.release(service, caller, incident, body.seen, body.reason))


@router.post("/{incident}/texts", status_code=201)
async def write_text(incident: str, body: IncidentText, caller: Manager, service: ServiceDep) -> TextView:
    """Write what is said to everybody in one language. It is checked as drafts are, and has to be approved.

    It takes the place of the text before it, whose approval counts no more.
    """
    text = await texts.write_text(service, caller, incident, body.new)
    return await _told_text(service, caller, incident, text)


@router.post("/{incident}/texts/{text}/approve")
async def approve_text(incident: str, text: str, body: TextApproval, caller: Manager, service: ServiceDep) -> TextView:
    """Approve a text: the first time or, where a rule asks for two people, as the second."""
    row = await approving.approve_text(service, caller, incident, text, body.yes)
    return await _told_text(service, caller, incident, row)


@router.post("/{incident}/answer", status_code=202)
async def answer_everybody(incident: str, body: NewAnswer, caller: Manager, service: ServiceDep) -> AnsweringView:
    """Answer everybody who was confirmed, spread over time, each with the approved text in their language.

    Whoever writes again before theirs is sent does not get it. With `pinned` nobody gets a reply of their own.
    """
    return AnsweringView.of(await answering.answer(service, caller, incident, body.version, body.wanted))


@router.get("/{incident}/promised")
async def list_promised(
    incident: str, caller: Reader, service: ServiceDep, request: Request, limit: Limit = 50, cursor: Cursor = None
) -> Page[PromisedView]:
    """Everybody who was promised an update and has not been told, in the order in which it was sent to them."""
    cursors = cursors_of(request, f"incidents/{incident}/promised")
    place = cursors.read(cursor)
    async with reading(service.engine) as session:
        await get_incident(session, caller, incident)
        found = await promise_repository.promised(session, incident, after=place[0] if place else None, limit=limit + 1)
    items, following = cursors.page(found, limit, lambda row: [row[0].id])
    return Page(items=[PromisedView.of(*row) for row in items], next=following)


@router.post("/{incident}/tell-promised", status_code=202)
async def tell_promised(incident: str, body: Telling, caller: Manager, service: ServiceDep) -> AnsweringView:
    """Send the closing text to those who were promised an update; before or after the incident is closed.

    Whoever has written again meanwhile is left to a person, and the promise stays open.
    """
    spread = timedelta(minutes=body.spread_minutes)
    return AnsweringView.of(
        await telling.tell_promised(
            service, caller, incident, {str(name): digest for name, digest in body.texts.items()}, body.seen, spread
        )
    )


@router.post("/{incident}/close")
async def close_incident(incident: str, body: Closing, caller: Manager, service: ServiceDep) -> ClosedView:
    """Close it: nothing more is put to it. Refused while somebody waits, unless they go back to the queue."""
    return ClosedView.of(
        await closing.close(service, caller, incident, body.version, body.outcome, release_rest=body.release_rest)
    )


async def _whole(session: AsyncSession, service: Service, row: IncidentRow) -> WholeIncident:
    standing = Standing(
        await repository.count_cases(session, row.id),
        await repository.count_publications(session, row.id),
        await promise_repository.count_promised(session, row.id),
    )
    said = await text_repository.texts_of(session, row.id)
    names = await names_of(session, [row.opened_by, row.closed_by, *who_of(said)])
    rules = await review_rules(session, service.settings.knowledge, row.brand)
    return WholeIncident.whole(row, said, standing, rules, names)


async def _told_text(service: Service, caller: Caller, incident: str, text: IncidentTextRow) -> TextView:
    async with reading(service.engine) as session:
        row = await get_incident(session, caller, incident)
        names = await names_of(session, who_of([text]))
        rules = await review_rules(session, service.settings.knowledge, row.brand)
    return TextView.of(row, text, rules, names)
