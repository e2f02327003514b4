"""Which question a customer would get, and why, and why not each of the others. Nothing is offered by it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncEngine

from server.db import reading
from server.models import ConversationRow, QuestionRow
from server.questions import offers_repository, repository
from server.questions.choosing import FULL, in_line, key_of, shop_of
from server.questions.judging import Verdict, hindrance, judged
from server.questions.looking import Shop, Where, past_of, person_keys, read_records, situation_of
from server.service import Service
from tools.ports import PortUnavailable
from tools.records import Customer


@dataclass(frozen=True, slots=True)
class Explained:
    """One customer and every question.

    `hindrance` is why nothing at all is asked; `line` are the questions that may be asked, in the order of this week's
    draw; `full` the ids of those whose cap is reached; `others` what stands against each of the rest.
    """

    customer: Customer
    channel: str
    hindrance: str | None
    line: Sequence[Verdict] = ()
    full: frozenset[str] = frozenset()
    others: Sequence[Verdict] = ()

    @property
    def chosen(self) -> Verdict | None:
        """The question that they would get."""
        if self.hindrance is not None:
            return None
        return next((verdict for verdict in self.line if verdict.question.id not in self.full), None)

    @property
    def why_none(self) -> str | None:
        """In words, why they would get none; None: they would get one."""
        if self.chosen is not None:
            return None
        return self.hindrance or (FULL if self.line else "no question fits them now")


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked, by whom it may be, and how often it was today: what explanations are made of.

    `key` is the one of the digests by which a person is known.
    """

    engine: AsyncEngine
    shop: Shop
    questions: Sequence[QuestionRow]
    taken: Mapping[str, int]
    key: bytes
    brand: str
    channel: str
    now: datetime


async def why_none_in(service: Service, conversation: ConversationRow, now: datetime, *, solved: bool = False) -> str:
    """In words, why no question is offered in this session.

    Args:
        service: Whose database, ports and clock.
        conversation: In which none is.
        now: This moment.
        solved: Whether the rep says that what the customer came for is solved.
    """
    if conversation.closed_at is not None:
        return "the session is closed"
    async with reading(service.engine) as session:
        if await offers_repository.offer_in(session, conversation) is not None:
            return "one was offered in another session about this case"
        questions = await repository.list_questions(session, brands={conversation.brand})
        taken = await repository.taken_on(session, now.date())
    if not questions:
        return "nothing is asked of anybody now"
    shop, key = shop_of(service), key_of(service.settings)
    asking = Asking(service.engine, shop, questions, taken, key, conversation.brand, conversation.channel, now)
    where = Where.of(conversation, solved_at=now if solved else None)
    found = await explain(asking, conversation.customer, where)
    if found is None:
        return "the shop knows nobody of this id any more"
    return found.why_none or "none has been looked for yet"


async def explain(asking: Asking, customer: str, where: Where | None = None) -> Explained | None:
    """What this customer would be asked, in a new session or `where` it would be; None: there is no such customer."""
    now = asking.now
    try:
        records = await read_records(asking.shop, customer)
    except PortUnavailable as away:
        words = f"{away}: whether they complain cannot be seen"
        return Explained(Customer(customer, customer), asking.channel, words)
    if records is None:
        return None
    who = records.customer
    async with reading(asking.engine) as session:
        here = where or Where(who.brand or asking.brand, asking.channel)
        situation = await situation_of(session, records, here, now)
        past = await past_of(session, who, person_keys(who, asking.key), now)
    verdicts = judged(asking.questions, situation, past)
    return Explained(
        customer=who,
        channel=asking.channel,
        hindrance=hindrance(situation, past),
        line=in_line(verdicts, who.id, now),
        full=frozenset(each.id for each in asking.questions if asking.taken.get(each.id, 0) >= each.cap_per_day),
        others=[verdict for verdict in verdicts if not verdict.may_be_asked],
    )
