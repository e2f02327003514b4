"""The one question worth asking in a conversation, offered to its rep at most once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from sqlmodel.ext.asyncio.session import AsyncSession

from server.db import reading, writing
from server.events.log import record
from server.models import ConversationRow, QuestionOfferRow, QuestionRow, SuggestionRow
from server.models.ids import new_id
from server.questions import offers_repository, repository
from server.questions.judging import Verdict, hindrance, judged
from server.questions.looking import Shop, Where, past_of, person_keys, read_records, situation_of
from server.questions.situation import Situation
from server.questions.spreading import drawn
from server.questions.states import OfferState
from server.secret import Secret
from server.service import Service
from server.settings import Settings
from tools.ports import PortUnavailable

STANDS = timedelta(days=1)
"""How long an offer that nobody decides on keeps others from asking."""

FULL = "its cap for today is reached"
_BEHIND = "drawn behind it this week"


@dataclass(frozen=True, slots=True)
class Chosen:
    """A question that was offered to a rep.

    `offer` and `suggestion` are the ids of its records. `text` is worded for this customer; `why` is what the company
    wants it for; `because` says in words which conditions held, `others` of each other question why it was not chosen.
    """

    offer: str
    suggestion: str
    question: str
    text: str
    language: str
    why: str
    because: tuple[str, ...]
    others: Mapping[str, str]

    @classmethod
    def of(cls, offer: QuestionOfferRow, question: QuestionRow) -> Self:
        """As it was offered."""
        return cls(
            offer=offer.id,
            suggestion=offer.suggestion,
            question=offer.question,
            text=offer.text,
            language=offer.language,
            why=question.why,
            because=tuple(offer.because),
            others=offer.others,
        )


async def choose_question(
    service: Service, conversation: ConversationRow, *, now: datetime, solved: bool = False, read: str | None = None
) -> Chosen | None:
    """Offer the question worth asking in this conversation, if one is; the same one when it is called again.

    The conversation must be committed. The customer's records are read through the desk's ports before the transaction
    in which the offer is made, with the suggestion (kind "question", `ref` the question's id) that a rep sees.

    Args:
        service: Whose database, ports and clock.
        conversation: About whom, where, by which rep.
        now: This moment.
        solved: Whether the rep says that what the customer came for is solved; a question that is offered already is
            judged by that from now on.
        read: The turn that was just read and is no complaint; its record is not written yet.

    Returns:
        The question, or None: nothing is worth asking now, a question was offered and decided on already, or whether
        the customer complains cannot be seen because records do not answer.
    """
    if solved:
        await _note_solved(service, conversation, now)
    async with reading(service.engine) as session:
        standing = await offers_repository.offer_in(session, conversation)
        if standing is not None:
            return await _as_it_stands(session, standing, conversation)
        if conversation.closed_at is not None or not await repository.list_questions(session, limit=1):
            return None
    try:
        records = await read_records(shop_of(service), conversation.customer)
    except PortUnavailable:
        return None
    if records is None:
        return None
    keys = person_keys(records.customer, key_of(service.settings))
    async with writing(service.engine) as session:
        await offers_repository.lock_spacings(session, keys, records.customer.id)
        standing = await offers_repository.offer_in(session, conversation)
        if standing is not None:
            return await _as_it_stands(session, standing, conversation)
        where = Where.of(conversation, solved_at=now if solved else None, read=read)
        situation = await situation_of(session, records, where, now)
        offer = await _offer(session, conversation, where, situation, keys)
    return offer


def shop_of(service: Service) -> Shop:
    """The ports of the service's desk."""
    ports = service.desk.ports
    return Shop(ports.customers, ports.orders, ports.promises, ports.conversations)


def key_of(settings: Settings) -> bytes:
    """The key of the digests by which a person is known."""
    return Secret.of(settings).derive("question spacing")


def in_line(verdicts: Sequence[Verdict], customer: str, now: datetime) -> Sequence[Verdict]:
    """Those that may be asked, in the order of this customer's draw of the week."""
    may = {verdict.question.id: verdict for verdict in verdicts if verdict.may_be_asked}
    return [may[question.id] for question in drawn((each.question for each in may.values()), customer, now)]


async def _note_solved(service: Service, conversation: ConversationRow, now: datetime) -> None:
    """What was said in the session until now stands in the way of the question that is offered in it no more."""
    async with writing(service.engine) as session:
        offer = await offers_repository.lock_offer(session, conversation.id)
        if offer is not None and offer.state in (OfferState.OFFERED, OfferState.ASKED):
            offer.solved_at = now
            offers_repository.add(session, offer)


async def _as_it_stands(session: AsyncSession, offer: QuestionOfferRow, conversation: ConversationRow) -> Chosen | None:
    if offer.state != OfferState.OFFERED or offer.conversation != conversation.id:
        return None
    question = await repository.find_question(session, offer.question, {offer.brand})
    return Chosen.of(offer, question) if question is not None else None


async def _offer(
    session: AsyncSession, conversation: ConversationRow, where: Where, situation: Situation, keys: Sequence[str]
) -> Chosen | None:
    """Offer the first in line of which the day's cap leaves one; the person is locked."""
    customer, now = situation.customer, situation.now
    past = await past_of(session, customer, keys, now)
    if hindrance(situation, past) is not None:
        return None
    questions = await repository.list_questions(session, brands={situation.brand})
    verdicts = judged(questions, situation, past)
    full: set[str] = set()
    for verdict in in_line(verdicts, customer.id, now):
        if await repository.take_place(session, verdict.question, now.date()):
            break
        full.add(verdict.question.id)
    else:
        return None
    offer = _offered(conversation, where, verdict, dict(_others(verdicts, verdict, full)), now)
    suggestion = SuggestionRow(
        id=offer.suggestion,
        brand=offer.brand,
        conversation=offer.conversation,
        kind="question",
        ref=offer.question,
        text=offer.text,
        offered_at=now,
    )
    offers_repository.add(session, suggestion, offer)
    await session.flush()
    await offers_repository.leave_alone(session, keys, offer=offer.id, until=now + STANDS)
    told = {"conversation": conversation.id, "case": conversation.case, "offer": offer.id}
    record(session, "question.offered", offer.question, brand=offer.brand, at=now, **told)
    return Chosen.of(offer, verdict.question)


def _offered(
    conversation: ConversationRow, where: Where, verdict: Verdict, others: dict[str, str], now: datetime
) -> QuestionOfferRow:
    return QuestionOfferRow(
        id=new_id("offer"),
        brand=conversation.brand,
        question=verdict.question.id,
        fact=verdict.question.fact,
        customer=conversation.customer,
        conversation=conversation.id,
        case=conversation.case,
        suggestion=new_id("suggestion"),
        channel=conversation.channel,
        staff=conversation.staff,
        language=verdict.language,
        text=verdict.text or "",
        because=list(verdict.because),
        others=others,
        day=now.date(),
        offered_at=now,
        solved_at=where.solved_at,
        read_turn=where.read,
    )


def _others(verdicts: Sequence[Verdict], chosen: Verdict, full: set[str]) -> Iterator[tuple[str, str]]:
    for verdict in verdicts:
        name = verdict.question.id
        if name != chosen.question.id:
            yield name, FULL if name in full else "; ".join(verdict.against) or _BEHIND
