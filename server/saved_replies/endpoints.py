"""Replies that teams keep ready: who reads, changes and uses them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from assistant.guidance import Language
from assistant.outcome import Part
from server.db import reading
from server.models import SavedReplyRow
from server.models.ids import new_id
from server.policies.calendar import Calendar
from server.saved_replies import managing, offering, repository
from server.saved_replies.bodies import ChangedSavedReply, NewSavedReply, RetiredSavedReply, ToFill
from server.saved_replies.in_sessions import fill_in_session, offer_in_session
from server.saved_replies.managing import Change
from server.saved_replies.reading import as_views
from server.saved_replies.refusals import NoSuchSavedReply
from server.saved_replies.repository import Wanted
from server.saved_replies.views import FilledView, OfferedView, SavedReplyVersionView, SavedReplyView
from server.service import Service
from server.staff.naming import names_of
from server.staff.roles import Caller, Permission
from server.web.dependencies import NowDep, ServiceDep, allowed
from server.web.paging import Cursor, Limit, Page, cursors_of
from tools.proposals import Team

router = APIRouter(prefix="/saved-replies", tags=["saved replies"])
of_drafts = APIRouter(prefix="/drafts", tags=["saved replies"])
of_sessions = APIRouter(prefix="/conversations", tags=["saved replies"])
routers = (router, of_drafts, of_sessions)

_NEW = "new"

Reader = Annotated[Caller, Depends(allowed(Permission.READ_SAVED_REPLIES))]
User = Annotated[Caller, Depends(allowed(Permission.USE_PANEL))]
Manager = Annotated[Caller, Depends(allowed(Permission.MANAGE_SAVED_REPLIES))]


@router.get("")
async def list_saved_replies(
    caller: Reader,
    service: ServiceDep,
    request: Request,
    now: NowDep,
    brand: Annotated[str | None, Query(max_length=100, description="Only this brand's.")] = None,
    team: Annotated[Team | None, Query(description="Only this team's.")] = None,
    language: Annotated[Language | None, Query(description="Only those with a text in it.")] = None,
    retired: Annotated[bool, Query(description="Those that are offered no more, too.")] = False,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[SavedReplyView]:
    """Your brands' saved replies by title: what expires within 14 days first, what is over last."""
    brands = caller.brands if brand is None else caller.brands & {brand}
    cursors = cursors_of(request, f"saved-replies?{sorted(brands)}{team}&{language}&{retired}")
    place = cursors.read(cursor)
    after = (int(place[0]), str(place[1]), str(place[2])) if place else None
    today = Calendar.of(service.desk.guidance.brands).first_today(sorted(brands), now)
    async with reading(service.engine) as session:
        wanted = Wanted(brands, team, language, retired)
        found = await repository.list_saved_replies(session, wanted, today, after=after, limit=limit + 1)
        items, following = cursors.page(found, limit, lambda one: [one[1], one[0].title, one[0].id])
        views = await as_views(session, service, [row for row, _ in items], now)
    return Page(items=views, next=following)


@router.post("", status_code=201)
async def add_saved_reply(body: NewSavedReply, caller: Manager, service: ServiceDep, now: NowDep) -> SavedReplyView:
    """Keep another reply ready. One that could not be sent as it is is refused, field by field."""
    change = Change(caller, now, body.why or _NEW)
    row = await managing.add_saved_reply(service, change, body.entry(body.id or new_id("saved_reply")))
    return await _told(service, row, now)


@router.get("/{saved_reply}")
async def get_saved_reply(saved_reply: str, caller: Reader, service: ServiceDep, now: NowDep) -> SavedReplyView:
    """A saved reply, retired ones too."""
    async with reading(service.engine) as session:
        row = await repository.find(session, saved_reply, caller.brands)
    if row is None:
        raise NoSuchSavedReply
    return await _told(service, row, now)


@router.get("/{saved_reply}/versions")
async def list_versions(saved_reply: str, caller: Reader, service: ServiceDep) -> list[SavedReplyVersionView]:
    """Everything that it has said, who changed it and why, the newest first."""
    async with reading(service.engine) as session:
        if await repository.find(session, saved_reply, caller.brands) is None:
            raise NoSuchSavedReply
        rows = await repository.versions_of(session, saved_reply)
        names = await names_of(session, [row.staff for row in rows])
    return [SavedReplyVersionView.of(row, names) for row in rows]


@router.put("/{saved_reply}")
async def change_saved_reply(
    saved_reply: str, body: ChangedSavedReply, caller: Manager, service: ServiceDep, now: NowDep
) -> SavedReplyView:
    """Let it say this from now on. Drafts that hold its words keep them as they are."""
    change = Change(caller, now, body.why)
    row = await managing.change_saved_reply(service, change, body.entry(saved_reply), version=body.version)
    return await _told(service, row, now)


@router.post("/{saved_reply}/retire")
async def retire_saved_reply(
    saved_reply: str, body: RetiredSavedReply, caller: Manager, service: ServiceDep, now: NowDep
) -> SavedReplyView:
    """Offer it no more."""
    change = Change(caller, now, body.reason)
    return await _told(
        service, await managing.retire_saved_reply(service, change, saved_reply, version=body.version), now
    )


@router.post("/{saved_reply}/fill")
async def fill_saved_reply(
    saved_reply: str, body: ToFill, caller: Reader, service: ServiceDep, now: NowDep
) -> FilledView:
    """Its text for a part of a draft or for a session, filled in from what is known there. Nothing is kept of it.

    Of a draft: name it in `saved_replies` when the text is sent along with an edit or an approval. In a session a turn
    of the kind `saved_reply` does the same and has it checked and written down as well.
    """
    if body.conversation is not None:
        found = await fill_in_session(service, caller, saved_reply, body.conversation, now, part=body.part)
        one, filled = found[0]
    else:
        part = body.part or Part.PUBLIC
        one, filled = await offering.fill(service, caller, saved_reply, body.draft or "", part, now)
    return FilledView.of(one, filled, one.part)


@of_drafts.get("/{draft}/saved-replies")
async def list_offered(
    draft: str,
    caller: Reader,
    service: ServiceDep,
    now: NowDep,
    part: Annotated[Part, Query(description="Where it would stand.")] = Part.PUBLIC,
) -> list[OfferedView]:
    """The saved replies of a draft's brand, at most 300: what fits its language, channel and part first.

    Of what fits, what is nearest to what the customer wants comes first.
    """
    return [OfferedView.of(one) for one in await offering.offer(service, caller, draft, part, now)]


@of_sessions.get("/{conversation}/saved-replies")
async def list_offered_in_session(
    conversation: str,
    caller: User,
    service: ServiceDep,
    now: NowDep,
    part: Annotated[Part | None, Query(description="Left out: any that its channel has.")] = None,
) -> list[OfferedView]:
    """The saved replies of a session's brand, what fits its channel and the customer's language first; at most 300."""
    return [OfferedView.of(one) for one in await offer_in_session(service, caller, conversation, now, part=part)]


async def _told(service: Service, row: SavedReplyRow, now: NowDep) -> SavedReplyView:
    async with reading(service.engine) as session:
        return (await as_views(session, service, [row], now))[0]
