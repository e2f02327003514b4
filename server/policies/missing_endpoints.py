"""What customers ask and no policy answers."""

from datetime import date, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, Field

from server.db import reading, writing
from server.errors import NotFound, Unprocessable
from server.policies import missing_repository
from server.policies.bodies import Name, NewId, Word
from server.policies.changing import begin_sketch
from server.policies.dependencies import PoliciesDep
from server.policies.missing import Theme, sketch_of, themes_of
from server.policies.texts import read_as
from server.policies.views import VersionDetail
from server.staff.roles import Caller, Permission
from server.web.bodies import Body
from server.web.dependencies import NowDep, ServiceDep, allowed
from server.web.paging import Cursor, Limit, Page, cursors_of

router = APIRouter(prefix="/missing-policies", tags=["policies"])

_LONGEST = timedelta(days=365)


class NoSuchQuestion(NotFound):
    """There is none, or it is none of the caller's brands."""


class SeveralBrands(Unprocessable):
    """The questions are those of several brands' customers."""


class ThemeView(BaseModel):
    """Questions that are alike, for which nothing was found."""

    brand: str
    intent: str | None
    title: str | None = Field(description="What the intent is called.")
    asked: int = Field(description="How often it was asked and nothing was found.")
    first_at: datetime
    last_at: datetime
    languages: list[str]
    examples: list[str] = Field(description="How it is asked, without what tells who asked.")
    cases: list[str]
    conversations: list[str]
    questions: list[str] = Field(description="Their ids: name them to begin a document.")
    documents: list[str] = Field(description="The documents that were begun.")


class NewSketch(Body):
    """A document to be begun for these questions."""

    questions: Annotated[list[Word], Field(min_length=1, max_length=200)]
    id: NewId
    title: Annotated[Name, Field(examples=["Second-hand tents"])]
    category: Word
    owner: Name


@router.get("")
async def list_missing(
    caller: Annotated[Caller, Depends(allowed(Permission.READ_POLICIES))],
    service: ServiceDep,
    request: Request,
    now: NowDep,
    brand: Annotated[str | None, Query(max_length=100, description="Only this brand's customers.")] = None,
    days: Annotated[int, Query(ge=1, le=_LONGEST.days, description="How far back.")] = 30,
    begun: Annotated[bool, Query(description="Those for which a document was begun, instead of the others.")] = False,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[ThemeView]:
    """What was asked and nothing was found, by theme, the most asked first."""
    cursors = cursors_of(request, f"missing-policies?{brand}&{days}&{begun}")
    place = cursors.read(cursor)
    brands = caller.brands & {brand} if brand is not None else caller.brands
    async with reading(service.engine) as session:
        rows = await missing_repository.list_missing(session, brands, since=now - timedelta(days=days), begun=begun)
    themes = themes_of(rows)[(start := place[0] if place else 0) :]
    items, following = cursors.page(themes[: limit + 1], limit, lambda _: [start + limit])
    return Page(items=[_view(theme, service) for theme in items], next=following)


@router.post("/sketch", status_code=201)
async def begin_document(
    body: NewSketch,
    caller: Annotated[Caller, Depends(allowed(Permission.MANAGE_POLICIES))],
    service: ServiceDep,
    now: NowDep,
    policies: PoliciesDep,
) -> VersionDetail:
    """Begin a document that answers these questions. It is a sketch, in effect never, until its text is put in."""
    today = policies.calendar.first_today(at=now)
    async with writing(service.engine) as session:
        rows = await missing_repository.find_missing(session, body.questions, caller.brands)
        if len(rows) < len(set(body.questions)):
            raise NoSuchQuestion("not all of these questions are there")
        if len({row.brand for row in rows}) > 1:
            raise SeveralBrands("they are of several brands; begin one document for each")
        whole = _sketch(body, rows[0].brand, rows[0].intent, service, today)
        document = read_as(f"{body.id}.md", whole)
        row = await begin_sketch(session, caller, document, whole, policies.calendar, asked=len(rows), now=now)
        await session.flush()
        await missing_repository.begin_document(session, body.questions, body.id)
    return VersionDetail.whole(row, today, {caller.id: caller.name})


def _sketch(body: NewSketch, brand: str, intent: str | None, service: ServiceDep, today: date) -> str:
    known = service.desk.guidance.intent(intent) if intent is not None else None
    fields = {
        "id": body.id,
        "title": body.title,
        "brand": brand,
        "category": body.category,
        "audience": "public",
        "effective_from": today,
        "owner": body.owner,
    }
    return sketch_of(fields, body.title, known.title if known else None)


def _view(theme: Theme, service: ServiceDep) -> ThemeView:
    rows = theme.questions
    intent = service.desk.guidance.intent(rows[0].intent) if rows[0].intent is not None else None
    return ThemeView(
        brand=rows[0].brand,
        intent=rows[0].intent,
        title=intent.title if intent else None,
        asked=len(rows),
        first_at=min(row.at for row in rows),
        last_at=max(row.at for row in rows),
        languages=sorted({row.language for row in rows}),
        examples=theme.examples,
        cases=[row.case for row in rows if row.case],
        conversations=[row.conversation for row in rows if row.conversation],
        questions=[row.id for row in rows],
        documents=sorted({row.document for row in rows if row.document}),
    )
