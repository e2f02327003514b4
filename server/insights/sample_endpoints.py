"""Samples of sent replies and of unflagged posts, and what people say of them."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlmodel.ext.asyncio.session import AsyncSession

from server.db import reading, writing
from server.errors import NotFound
from server.insights import sample_repository as repository
from server.insights.kinds import SampleKind
from server.insights.rating import rate
from server.insights.sample_views import Found, ItemView, SampleView, Wanted
from server.insights.sampling import draw
from server.models import SampleItemRow, SampleRow
from server.staff.roles import Caller, Permission
from server.web.dependencies import NowDep, ServiceDep, allowed
from server.web.paging import Cursor, Limit, Page, cursors_of

router = APIRouter(prefix="/insights/samples", tags=["insights"])

Rater = Annotated[Caller, Depends(allowed(Permission.SCORE_TRANSCRIPTS))]


class NoSuchSample(NotFound):
    """There is no such sample, or none of the caller's brands."""


class NoSuchBrand(NotFound):
    """There is no such brand, or none of the caller's."""


@router.get("")
async def list_samples(
    caller: Rater, service: ServiceDep, request: Request, limit: Limit = 50, cursor: Cursor = None
) -> Page[SampleView]:
    """Samples, the newest first, and how far each is rated."""
    cursors = cursors_of(request, "insights/samples")
    place = cursors.read(cursor)
    async with reading(service.engine) as session:
        before = place[0] if place else None
        rows = await repository.list_samples(session, caller.brands, before=before, limit=limit + 1)
        items, following = cursors.page(rows, limit, lambda row: [row.id])
        progress = await repository.progress_of(session, [row.id for row in items])
    return Page(items=[SampleView.of(row, progress) for row in items], next=following)


@router.post("", status_code=201)
async def draw_sample(body: Wanted, caller: Rater, service: ServiceDep, now: NowDep) -> SampleView:
    """Draw the sample of a week that is over; a week that was drawn before keeps its sample."""
    if body.brand not in caller.brands:
        raise NoSuchBrand("there is no such brand")
    async with writing(service.engine) as session:
        size = service.settings.insights_sample
        row = await draw(session, body.brand, body.kind, body.week, by=caller.id, size=size, now=now)
        await session.flush()
        progress = await repository.progress_of(session, [row.id])
    return SampleView.of(row, progress)


@router.get("/{sample}")
async def get_sample(sample: str, caller: Rater, service: ServiceDep) -> SampleView:
    """A sample, and how far it is rated."""
    async with reading(service.engine) as session:
        row = await repository.find_sample(session, sample, caller.brands)
        if row is None:
            raise NoSuchSample("there is no such sample")
        return SampleView.of(row, await repository.progress_of(session, [row.id]))


@router.get("/{sample}/items")
async def items_of_sample(
    sample: str, caller: Rater, service: ServiceDep, request: Request, limit: Limit = 50, cursor: Cursor = None
) -> Page[ItemView]:
    """What is in a sample, in the order of the draw; nothing tells who wrote or sent it."""
    cursors = cursors_of(request, f"insights/samples/{sample}")
    place = cursors.read(cursor)
    async with reading(service.engine) as session:
        row = await repository.find_sample(session, sample, caller.brands)
        if row is None:
            raise NoSuchSample("there is no such sample")
        found = await repository.items_of(session, sample, after=int(place[0]) if place else 0, limit=limit + 1)
        items, following = cursors.page(found, limit, lambda item: [item.position])
        views = await _views(session, row, items, caller)
    return Page(items=views, next=following)


@router.post("/items/{item}/rate", status_code=201)
async def rate_item(item: str, body: Found, caller: Rater, service: ServiceDep, now: NowDep) -> ItemView:
    """Say what you found. Two people rate each item; neither sees what the other says before both have."""
    async with writing(service.engine) as session:
        row = await rate(session, caller, item, found=body.found, kinds=body.kinds, now=now)
        sample = await repository.find_sample(session, row.sample, caller.brands)
        if sample is None:
            raise NoSuchSample("there is no such sample")
        [view] = await _views(session, sample, [row], caller)
    return view


async def _views(
    session: AsyncSession, sample: SampleRow, items: Sequence[SampleItemRow], caller: Caller
) -> list[ItemView]:
    kind, subjects = SampleKind(sample.kind), [item.subject for item in items]
    texts = await repository.texts_of(session, subjects) if kind is SampleKind.SENT_REPLIES else {}
    posts = await repository.posts_by_id(session, [*subjects, *(post for _, post in texts.values())])
    own = await repository.had_a_hand_in(session, caller.id, subjects)
    ratings = await repository.ratings_of(session, [item.id for item in items])
    views: list[ItemView] = []
    for item in items:
        reply, post = texts.get(item.subject, (None, item.subject))
        mine = [row for row in ratings if row.item == item.id]
        shown = posts.get(post), reply
        views.append(ItemView.of(item, kind, shown, mine, caller=caller.id, yours=item.subject in own))
    return views
