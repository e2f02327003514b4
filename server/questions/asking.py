"""What a rep does with the question that was offered: asks it, leaves it aside, or says what the customer said."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from assistant.private_matters import private_matter_in
from server.db import reading, writing
from server.events.log import record
from server.models import ConversationRow, CustomerFactRow, QuestionOfferRow, QuestionRow
from server.models.ids import new_id
from server.questions import offers_repository, repository
from server.questions.admitting import (
    Looked,
    Value,
    check_no_complaint,
    check_speaker,
    check_words,
    conversation_of,
    look,
)
from server.questions.judging import against_asking, unwanted
from server.questions.looking import Where, customer_key, past_of, situation_of
from server.questions.states import (
    FactKnown,
    NoQuestionOffered,
    NotToBeAsked,
    NotToBeAskedNow,
    SkipReason,
    Step,
    take,
)
from server.service import Service
from server.staff.roles import Caller

SPACING = timedelta(days=30)
"""How long a person who was asked something is left alone."""


async def offered_in(service: Service, caller: Caller, conversation: str) -> tuple[QuestionOfferRow, QuestionRow]:
    """What was offered in this conversation.

    Raises:
        NoQuestionOffered: Nothing, or it is none of the caller's brands'.
    """
    async with reading(service.engine) as session:
        found = await offers_repository.find_conversation(session, conversation, caller.brands)
        offer = await offers_repository.offer_in(session, found) if found is not None else None
        if offer is None or offer.conversation != conversation:
            raise NoQuestionOffered
        return offer, await _question_of(session, offer)


async def ask(
    service: Service, caller: Caller, conversation: str, *, text: str | None, now: datetime
) -> QuestionOfferRow:
    """The rep asks it, in its own words or in `text`. From now on the person is left alone, whoever else calls them.

    Raises:
        ConversationNotFound, NoQuestionOffered, ConversationClosed, AlreadyDecided: There is nothing to ask.
        NotToBeAsked: The rep's words ask for what is never kept.
        NotToBeAskedNow: The customer complains, was asked elsewhere meanwhile, or the day's cap is reached.
        RecordsDoNotAnswer: Whether they complain cannot be seen.
    """
    looked = await look(service, caller, conversation)
    async with writing(service.engine) as session:
        offer = await _lock(session, looked.conversation)
        if text is not None and (matter := private_matter_in(text)) is not None:
            words = f"“{matter.words}” asks about {matter.kind.title}, of which nothing is kept; ask it without"
            raise NotToBeAsked(words, kind=matter.kind.name, word=matter.words)
        take(offer, Step.ASK)
        await offers_repository.lock_spacings(session, looked.keys, offer.customer)
        await _check_moment(session, offer, looked, now)
        await _make_asked(session, offer, looked.keys, now)
        offer.asked_text = text if text not in (None, offer.text) else None
        await _tell_suggestion(session, offer, "edited" if offer.asked_text else "inserted", now, used=text)
        _write(session, offer, "question.asked", caller, now)
    return offer


async def skip(
    service: Service, caller: Caller, conversation: str, *, reason: SkipReason, words: str | None, now: datetime
) -> QuestionOfferRow:
    """The rep does not ask it. The person may be asked something else; this question rests for a month.

    Raises:
        ConversationNotFound, NoQuestionOffered, AlreadyDecided: There is nothing to leave aside.
        NotToBeKept: The rep's reason is of a kind that is never kept.
    """
    async with writing(service.engine) as session:
        offer = await _lock(session, await conversation_of(session, caller, conversation))
        check_words(words)
        take(offer, Step.SKIP)
        offer.decided_at, offer.decided_by = now, caller.id
        offer.skip_reason, offer.skip_words = reason, words
        await offers_repository.let_go(session, offer.id)
        await repository.give_back_place(session, offer.question, offer.day)
        await _tell_suggestion(session, offer, "dismissed", now, reason=words or reason)
        _write(session, offer, "question.skipped", caller, now, reason=str(reason))
    return offer


async def refuse(service: Service, caller: Caller, conversation: str, *, now: datetime) -> QuestionOfferRow:
    """The customer does not want to answer it: it ends for good, and so does every question after the same fact.

    Raises:
        ConversationNotFound, NoQuestionOffered, AlreadyDecided: There is nothing to decline.
    """
    async with writing(service.engine) as session:
        found = await conversation_of(session, caller, conversation)
        offer = await _lock(session, found)
        take(offer, Step.REFUSE)
        if offer.asked_at is None:
            await _note_asked_with(session, offer, now)
            await _tell_suggestion(session, offer, "inserted", now)
        offer.decided_at, offer.decided_by = now, caller.id
        _write(session, offer, "question.refused", caller, now)
    return offer


async def answer(
    service: Service, caller: Caller, conversation: str, *, value: Value | None, confirmed: bool, now: datetime
) -> tuple[QuestionOfferRow, CustomerFactRow | None]:
    """The customer has answered: a fact if the rep confirms that it was answered to the purpose of the question.

    Args:
        service: The service.
        caller: The rep.
        conversation: Where it was asked.
        value: What they said, in few words.
        confirmed: Whether it was said as an answer, knowing what for. If not, it is noted that they answered; the
            words are not kept.
        now: This moment.

    Raises:
        ConversationNotFound, NoQuestionOffered, ConversationClosed, AlreadyDecided: It was not asked, or is decided.
        NotConfirmed: Nobody has said how they know who is speaking.
        NotToBeKept: The words are of a kind that is never kept.
        SaidInAComplaint: The customer complains.
        FactKnown: Somebody else has learned it meanwhile.
        RecordsDoNotAnswer: Whether they complain cannot be seen.
    """
    keep = confirmed and value is not None
    looked = await look(service, caller, conversation)
    async with writing(service.engine) as session:
        offer = await _lock(session, looked.conversation)
        if keep:
            check_words(value)
            check_speaker(looked.conversation)
        take(offer, Step.ANSWER)
        offer.decided_at, offer.decided_by = now, caller.id
        fact = None
        if keep:
            await check_no_complaint(session, looked, offer, now, otherwise="record it as not confirmed")
            if await offers_repository.lock_fact(session, offer.customer, offer.fact) is not None:
                raise FactKnown("this is known of them already; correct it there")
            fact = _learn(offer, await _question_of(session, offer), value, caller, now)
            offers_repository.add(session, fact)
            about = {"customer": fact.customer, "offer": offer.id, "conversation": offer.conversation}
            record(session, "fact.learned", fact.id, brand=offer.brand, at=now, by=caller.id, **about)
        _write(session, offer, "question.answered", caller, now, kept=fact is not None)
    return offer, fact


def _learn(
    offer: QuestionOfferRow, question: QuestionRow, value: Value | None, caller: Caller, now: datetime
) -> CustomerFactRow:
    return CustomerFactRow(
        id=new_id("fact"),
        brand=offer.brand,
        customer=offer.customer,
        fact=question.fact,
        value=value.strip() if isinstance(value, str) else value,
        purpose=question.purpose,
        offer=offer.id,
        learned_at=now,
        learned_by=caller.id,
    )


async def _lock(session: AsyncSession, conversation: ConversationRow) -> QuestionOfferRow:
    offer = await offers_repository.lock_offer(session, conversation.id)
    if offer is None:
        raise NoQuestionOffered
    return offer


async def _question_of(session: AsyncSession, offer: QuestionOfferRow) -> QuestionRow:
    question = await repository.find_question(session, offer.question, {offer.brand})
    if question is None:
        raise NoQuestionOffered
    return question


async def _check_moment(session: AsyncSession, offer: QuestionOfferRow, looked: Looked, now: datetime) -> None:
    """Whether what held when it was offered still does; the person is locked."""
    customer = looked.records.customer
    situation = await situation_of(session, looked.records, Where.under(looked.conversation, offer), now)
    if situation.complaint is not None:
        raise NotToBeAskedNow(f"{situation.complaint}: nothing is asked of who complains")
    spacings = await offers_repository.spacings_of(session, looked.keys)
    if any(each.until and each.until > now and each.offer != offer.id for each in spacings):
        raise NotToBeAskedNow("they were asked something else meanwhile")
    question = await _question_of(session, offer)
    past = await past_of(session, customer, looked.keys, now)
    against = [*unwanted(situation), *against_asking(question, situation, past)]
    if against:
        raise NotToBeAskedNow("; ".join(against))
    if offer.day != now.date():
        if not await repository.take_place(session, question, now.date()):
            raise NotToBeAskedNow("its cap for today is reached")
        offer.day = now.date()


async def _make_asked(session: AsyncSession, offer: QuestionOfferRow, keys: Sequence[str], now: datetime) -> None:
    """Leave the person of these keys alone from now on, and whoever is left alone for the offer's sake."""
    offer.asked_at = now
    await offers_repository.leave_alone(session, keys, offer=offer.id, until=now + SPACING)


async def _note_asked_with(session: AsyncSession, offer: QuestionOfferRow, now: datetime) -> None:
    """It was asked with the refusal itself, unless this customer had been asked it elsewhere: that asking stands.

    The shop's records are not needed to take down a no: of the person the customer alone is locked.
    """
    keys = [customer_key(offer.customer)]
    await offers_repository.lock_spacings(session, keys, offer.customer)
    if not await offers_repository.was_asked(session, offer.customer, offer.question):
        await _make_asked(session, offer, keys, now)


async def _tell_suggestion(
    session: AsyncSession,
    offer: QuestionOfferRow,
    state: str,
    now: datetime,
    *,
    used: str | None = None,
    reason: str | None = None,
) -> None:
    suggestion = await offers_repository.suggestion_of(session, offer)
    if suggestion is not None:
        suggestion.state, suggestion.decided_at, suggestion.reason = state, now, reason
        suggestion.used = used if state == "edited" else None
        offers_repository.add(session, suggestion)


def _write(
    session: AsyncSession,
    offer: QuestionOfferRow,
    kind: str,
    caller: Caller,
    now: datetime,
    *,
    reason: str | None = None,
    kept: bool | None = None,
) -> None:
    offers_repository.add(session, offer)
    told = {"conversation": offer.conversation, "case": offer.case, "offer": offer.id, "reason": reason, "kept": kept}
    given = {name: value for name, value in told.items() if value is not None}
    record(session, kind, offer.question, brand=offer.brand, at=now, by=caller.id, **given)
