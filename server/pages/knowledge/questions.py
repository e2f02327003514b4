"""Questions to customers: listed, read, and changed by whoever serves the brands that ask them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from assistant.guidance import LANGUAGES
from server.pages.knowledge.reading import all_brands_of, brands_of
from server.pages.rendering import show
from server.pages.visit import Visit, visiting
from server.questions import endpoints
from server.questions.conditions import NEVER, PURPOSES
from server.questions.situation import Moment
from server.questions.views import QuestionView
from server.staff.roles import Permission
from server.web.paging import Cursor

router = APIRouter(prefix="/knowledge/questions")

Reading = Annotated[Visit, Depends(visiting(Permission.READ_QUESTIONS))]
Managing = Annotated[Visit, Depends(visiting(Permission.MANAGE_QUESTIONS))]

NAMES = ("family", "product", "channel", "language", "country", "tier")
"""Conditions that are lists of names."""
LEAST = ("orders_at_least", "customer_days_at_least")


@dataclass(frozen=True, slots=True)
class QuestionsPage:
    """All of them; `retired`: those that are asked no more, too."""

    items: Sequence[QuestionView]
    next: str | None
    retired: bool
    manages: bool
    brands: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """One, or None for another one; `manages`: whether the viewer may change it. `everywhere`: for every brand."""

    question: QuestionView | None
    manages: bool
    everywhere: bool
    brands: Mapping[str, str]
    intents: Sequence[str]
    languages: Sequence[str] = LANGUAGES
    purposes: Sequence[str] = tuple(PURPOSES)
    moments: Sequence[str] = tuple(Moment)
    never: Sequence[str] = NEVER
    names: Sequence[str] = NAMES
    least: Sequence[str] = LEAST


@router.get("")
async def questions_page(visit: Reading, retired: bool = False, cursor: Cursor = None) -> HTMLResponse:
    """What the viewer's brands want to learn."""
    page = await endpoints.list_questions(
        visit.caller, visit.service, visit.request, visit.now, retired=retired, cursor=cursor
    )
    manages = visit.caller.may(Permission.MANAGE_QUESTIONS)
    context = QuestionsPage(page.items, page.next, retired, manages, brands_of(visit))
    return show(visit.request, "knowledge/questions", context)


@router.get("/new")
async def new_page(visit: Managing) -> HTMLResponse:
    """For another question."""
    return show(visit.request, "knowledge/question", _page(visit, None))


@router.get("/one/{question}")
async def question_page(question: str, visit: Reading) -> HTMLResponse:
    """One question, whole."""
    view = await endpoints.get_question(question, visit.caller, visit.service, visit.now)
    return show(visit.request, "knowledge/question", _page(visit, view))


def _page(visit: Visit, view: QuestionView | None) -> QuestionPage:
    everywhere = all_brands_of(visit) <= visit.caller.brands
    theirs = view is None or view.brand is not None or everywhere
    standing = view is None or view.retired_at is None
    return QuestionPage(
        view,
        visit.caller.may(Permission.MANAGE_QUESTIONS) and theirs and standing,
        everywhere,
        brands_of(visit),
        sorted(intent.id for intent in visit.service.desk.guidance.intents),
    )
