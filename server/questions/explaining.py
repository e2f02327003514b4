"""Which question a customer would get, and why, and why not each of the others. Nothing is offered by it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncEngine

from server.db import reading
from server.models import QuestionRow
from server.questions.choosing import FULL, in_line
from server.questions.judging import Verdict, hindrance, judged
from server.questions.looking import Shop, Where, past_of, person_keys, read_records, situation_of
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


async def explain(asking: Asking, customer: str) -> Explained | None:
    """What this customer would be asked; None: there is no such customer."""
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
        situation = await situation_of(session, records, Where(who.brand or asking.brand, asking.channel), now)
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
