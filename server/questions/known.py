"""What customers have answered, beside what the shop's records say of them."""

from dataclasses import replace

from sqlmodel.ext.asyncio.session import AsyncSession

from server.questions import offers_repository
from server.questions.conditions import PURPOSES
from tools.records import Customer


async def with_answers(session: AsyncSession, customer: Customer) -> Customer:
    """The customer, and among the facts what they have answered to be used in what is written to them.

    Of a fact that the shop's records name too, the answer counts: a person has confirmed it.
    """
    answered = await offers_repository.facts_of(session, customer.id)
    told = {fact.fact: fact.value for fact in answered if PURPOSES.get(fact.purpose, False)}
    return replace(customer, facts={**customer.facts, **told}) if told else customer
