"""Queries of what was offered and asked, of whom, and until when a person is left alone."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlmodel import col, or_, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from server.db import insert_into
from server.models import ConversationRow, CustomerFactRow, QuestionOfferRow, QuestionSpacingRow, SuggestionRow


async def find_conversation(
    session: AsyncSession, conversation: str, brands: Collection[str]
) -> ConversationRow | None:
    """The conversation of this id, if it is one of these brands."""
    query = select(ConversationRow).where(ConversationRow.id == conversation, col(ConversationRow.brand).in_(brands))
    return (await session.exec(query)).first()


async def offer_in(session: AsyncSession, conversation: ConversationRow) -> QuestionOfferRow | None:
    """What was offered in this conversation or, in another one, for the same case."""
    here = QuestionOfferRow.conversation == conversation.id
    query = select(QuestionOfferRow).where(
        here if conversation.case is None else or_(here, QuestionOfferRow.case == conversation.case)
    )
    return (await session.exec(query)).first()


async def lock_offer(session: AsyncSession, conversation: str) -> QuestionOfferRow | None:
    """The offer of this conversation as it stands, which nobody else changes until this transaction ends."""
    query = select(QuestionOfferRow).where(QuestionOfferRow.conversation == conversation)
    return (await session.exec(query.with_for_update().execution_options(populate_existing=True))).first()


async def suggestion_of(session: AsyncSession, offer: QuestionOfferRow) -> SuggestionRow | None:
    """The suggestion that the rep sees."""
    return await session.get(SuggestionRow, offer.suggestion, with_for_update=True)


async def offers_to(session: AsyncSession, customer: str) -> Sequence[QuestionOfferRow]:
    """Every question that was ever offered for this customer, newest first."""
    query = select(QuestionOfferRow).where(QuestionOfferRow.customer == customer)
    return (await session.exec(query.order_by(col(QuestionOfferRow.offered_at).desc()))).all()


async def was_asked(session: AsyncSession, customer: str, question: str) -> bool:
    """Whether this customer was asked this question, in whatever session."""
    query = select(QuestionOfferRow.id).where(
        QuestionOfferRow.customer == customer,
        QuestionOfferRow.question == question,
        col(QuestionOfferRow.asked_at).is_not(None),
    )
    return (await session.exec(query.limit(1))).first() is not None


async def facts_of(session: AsyncSession, customer: str) -> Sequence[CustomerFactRow]:
    """What the customer has answered, by name."""
    query = select(CustomerFactRow).where(CustomerFactRow.customer == customer)
    return (await session.exec(query.order_by(col(CustomerFactRow.fact)))).all()


async def lock_fact(session: AsyncSession, customer: str, fact: str) -> CustomerFactRow | None:
    """What the customer has answered under this name, locked."""
    query = select(CustomerFactRow).where(CustomerFactRow.customer == customer, CustomerFactRow.fact == fact)
    return (await session.exec(query.with_for_update().execution_options(populate_existing=True))).first()


async def spacings_of(session: AsyncSession, keys: Collection[str]) -> Sequence[QuestionSpacingRow]:
    """Until when the person of these keys is left alone."""
    return (await session.exec(select(QuestionSpacingRow).where(col(QuestionSpacingRow.key).in_(keys)))).all()


async def lock_spacings(session: AsyncSession, keys: Collection[str], customer: str) -> Sequence[QuestionSpacingRow]:
    """The same, made if need be: whoever has them is alone with this person until the transaction ends.

    They are taken in one order, or two that share only some could wait for each other.
    """
    insert = insert_into(session, QuestionSpacingRow)
    locked = insert.on_conflict_do_update(index_elements=["key"], set_={"key": insert.excluded.key})
    await session.exec(locked, params=[{"key": key, "customer": customer} for key in sorted(keys)])
    query = select(QuestionSpacingRow).where(col(QuestionSpacingRow.key).in_(keys))
    return (await session.exec(query.execution_options(populate_existing=True))).all()


async def leave_alone(session: AsyncSession, keys: Collection[str], *, offer: str, until: datetime) -> None:
    """The person of these keys, or for whom the offer keeps others from asking already, is left alone until then."""
    theirs = or_(col(QuestionSpacingRow.key).in_(keys), col(QuestionSpacingRow.offer) == offer)
    await session.exec(update(QuestionSpacingRow).where(theirs).values(offer=offer, until=until))


async def let_go(session: AsyncSession, offer: str) -> None:
    """Nobody is left alone for the sake of this offer: it was not asked."""
    query = update(QuestionSpacingRow).where(col(QuestionSpacingRow.offer) == offer)
    await session.exec(query.values(offer=None, until=None))


async def delete_fact(session: AsyncSession, row: CustomerFactRow) -> None:
    """Forget a fact."""
    await session.delete(row)


def add(session: AsyncSession, *rows: QuestionOfferRow | SuggestionRow | CustomerFactRow) -> None:
    """Put new or changed rows into this transaction."""
    session.add_all(rows)
