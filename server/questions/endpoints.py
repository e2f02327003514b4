"""Questions and who manages them; the one of a rep's session; and what customers have answered."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from server.conversations.opening import ConversationNotFound
from server.db import reading, writing
from server.models import ConversationRow
from server.questions import asking, keeping, managing, offers_repository, repository
from server.questions.bodies import (
    AnswerGiven,
    Asked,
    ChangedQuestion,
    Corrected,
    NewQuestion,
    Retired,
    Skipped,
    Wanted,
)
from server.questions.choosing import choose_question
from server.questions.explaining import why_none_in
from server.questions.states import NoQuestionOffered, NoSuchQuestion
from server.questions.views import AnsweredView, FactsView, FactView, OfferView, QuestionView
from server.service import Service
from server.staff.naming import names_of
from server.staff.roles import Caller, Permission
from server.web.dependencies import NowDep, ServiceDep, allowed
from server.web.paging import Cursor, Limit, Page, cursors_of

questions_router = APIRouter(prefix="/questions", tags=["questions"])
session_router = APIRouter(prefix="/conversations/{conversation}/question", tags=["questions"])
facts_router = APIRouter(prefix="/customers/{customer}/facts", tags=["questions"])
routers = (questions_router, session_router, facts_router)

Reader = Annotated[Caller, Depends(allowed(Permission.READ_QUESTIONS))]
Manager = Annotated[Caller, Depends(allowed(Permission.MANAGE_QUESTIONS))]
User = Annotated[Caller, Depends(allowed(Permission.USE_PANEL))]


@questions_router.get("")
async def list_questions(
    caller: Reader,
    service: ServiceDep,
    request: Request,
    now: NowDep,
    retired: Annotated[bool, Query(description="Those that are asked no more, too.")] = False,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[QuestionView]:
    """What your brands want to learn, by id."""
    cursors = cursors_of(request, f"questions?{retired}")
    place = cursors.read(cursor)
    async with reading(service.engine) as session:
        found = await repository.list_questions(
            session, brands=caller.brands, retired=retired, after=place[0] if place else None, limit=limit + 1
        )
        items, following = cursors.page(found, limit, lambda row: [row.id])
        names = await names_of(session, [row.changed_by for row in items])
        taken = await repository.taken_on(session, now.date())
    return Page(items=[QuestionView.of(row, names, taken.get(row.id, 0)) for row in items], next=following)


@questions_router.post("", status_code=201)
async def add_question(body: NewQuestion, caller: Manager, service: ServiceDep, now: NowDep) -> QuestionView:
    """Ask this, too, from now on. What could never be asked is refused, field by field."""
    async with writing(service.engine) as session:
        entry = body.entry(body.id)
        row = await managing.add_question(session, caller, entry, service.desk.guidance, now)
        return QuestionView.of(row, await names_of(session, [caller.id]), 0)


@questions_router.get("/{question}")
async def get_question(question: str, caller: Reader, service: ServiceDep, now: NowDep) -> QuestionView:
    """A question, retired ones too."""
    async with reading(service.engine) as session:
        row = await repository.find_question(session, question, caller.brands)
        if row is None:
            raise NoSuchQuestion
        taken = await repository.taken_on(session, now.date())
        return QuestionView.of(row, await names_of(session, [row.changed_by]), taken.get(row.id, 0))


@questions_router.put("/{question}")
async def change_question(
    question: str, body: ChangedQuestion, caller: Manager, service: ServiceDep, now: NowDep
) -> QuestionView:
    """Ask it this way from now on. What is offered already stays as it was worded."""
    async with writing(service.engine) as session:
        row = await managing.change_question(
            session,
            caller,
            body.entry(question),
            version=body.version,
            guidance=service.desk.guidance,
            now=now,
        )
        taken = await repository.taken_on(session, now.date())
        return QuestionView.of(row, await names_of(session, [caller.id]), taken.get(row.id, 0))


@questions_router.post("/{question}/retire")
async def retire_question(
    question: str, body: Retired, caller: Manager, service: ServiceDep, now: NowDep
) -> QuestionView:
    """Ask it no more. What was learned stays with the customers."""
    async with writing(service.engine) as session:
        row = await managing.retire_question(
            session,
            caller,
            question,
            version=body.version,
            reason=body.reason,
            guidance=service.desk.guidance,
            now=now,
        )
        taken = await repository.taken_on(session, now.date())
        return QuestionView.of(row, await names_of(session, [caller.id]), taken.get(row.id, 0))


@session_router.get("")
async def get_offered(conversation: str, caller: User, service: ServiceDep, now: NowDep) -> OfferView:
    """The question that was offered in this session, why, and what became of it; 404 says why there is none."""
    found = await _session(service, caller, conversation)
    return await _show_or_say_why(service, caller, found, now)


@session_router.post("")
async def offer_question(conversation: str, body: Wanted, caller: User, service: ServiceDep, now: NowDep) -> OfferView:
    """Have the question worth asking looked for; 404 says why none is. Asking again gives the one that was offered."""
    found = await _session(service, caller, conversation)
    await choose_question(service, found, now=now, solved=body.solved)
    return await _show_or_say_why(service, caller, found, now, solved=body.solved)


@session_router.post("/asked")
async def say_asked(conversation: str, body: Asked, caller: User, service: ServiceDep, now: NowDep) -> OfferView:
    """You have asked it, as it was suggested or in your own words."""
    await asking.ask(service, caller, conversation, text=body.text, now=now)
    return await _show(service, caller, conversation)


@session_router.post("/skipped")
async def say_skipped(conversation: str, body: Skipped, caller: User, service: ServiceDep, now: NowDep) -> OfferView:
    """You do not ask it, and why. The customer may be asked something else another time."""
    await asking.skip(service, caller, conversation, reason=body.reason, words=body.words, now=now)
    return await _show(service, caller, conversation)


@session_router.post("/answered")
async def say_answered(
    conversation: str, body: AnswerGiven, caller: User, service: ServiceDep, now: NowDep
) -> AnsweredView:
    """The customer has answered; what you confirm is kept, and used when they are written to.

    What tells of health, belief, politics, children, hardship and the like is refused, in any language: leave it out.
    Of who complains nothing is kept.
    """
    _, fact = await asking.answer(service, caller, conversation, value=body.value, confirmed=body.confirmed, now=now)
    async with reading(service.engine) as session:
        names = await names_of(session, [caller.id])
    return AnsweredView(
        question=await _show(service, caller, conversation), kept=FactView.of(fact, names) if fact is not None else None
    )


@session_router.post("/refused")
async def say_refused(conversation: str, caller: User, service: ServiceDep, now: NowDep) -> OfferView:
    """The customer does not want to answer it. They are never asked it again."""
    await asking.refuse(service, caller, conversation, now=now)
    return await _show(service, caller, conversation)


@facts_router.get("")
async def list_facts(customer: str, caller: User, service: ServiceDep) -> FactsView:
    """What a customer has answered. What the shop's records say besides stands there."""
    async with reading(service.engine) as session:
        rows = await keeping.facts_of(session, caller, customer)
        names = await names_of(session, [name for row in rows for name in (row.learned_by, row.changed_by)])
    return FactsView(customer=customer, facts=[FactView.of(row, names) for row in rows])


@facts_router.put("/{fact}")
async def correct_fact(
    customer: str, fact: str, body: Corrected, caller: User, service: ServiceDep, now: NowDep
) -> FactView:
    """The customer says that it is otherwise now.

    As of a first answer: you have made sure who speaks, nothing is kept of who complains, nor what is never kept.
    """
    row = await keeping.correct_fact(service, caller, customer, fact, body.correction(), now)
    async with reading(service.engine) as session:
        return FactView.of(row, await names_of(session, [row.learned_by, row.changed_by]))


@facts_router.delete("/{fact}", status_code=204)
async def forget_fact(customer: str, fact: str, caller: User, service: ServiceDep, now: NowDep) -> None:
    """Keep it no more. The question that it answers is not asked again."""
    async with writing(service.engine) as session:
        await keeping.forget_fact(session, caller, customer, fact, now)


async def _session(service: Service, caller: Caller, conversation: str) -> ConversationRow:
    async with reading(service.engine) as session:
        found = await offers_repository.find_conversation(session, conversation, caller.brands)
    if found is None:
        raise ConversationNotFound
    return found


async def _show_or_say_why(
    service: Service, caller: Caller, conversation: ConversationRow, now: datetime, *, solved: bool = False
) -> OfferView:
    try:
        return await _show(service, caller, conversation.id)
    except NoQuestionOffered:
        raise NoQuestionOffered(await why_none_in(service, conversation, now, solved=solved)) from None


async def _show(service: Service, caller: Caller, conversation: str) -> OfferView:
    offer, question = await asking.offered_in(service, caller, conversation)
    async with reading(service.engine) as session:
        return OfferView.of(offer, question, await names_of(session, [offer.decided_by]))
