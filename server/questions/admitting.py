"""What has to hold before anything that a customer says is kept: for a first answer, and for a correction of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from assistant.private_matters import private_matter_in
from server.conversations.opening import ConversationClosed, ConversationNotFound
from server.db import reading
from server.models import ConversationRow, QuestionOfferRow
from server.questions import offers_repository
from server.questions.choosing import key_of, shop_of
from server.questions.looking import Records, Where, person_keys, read_records, situation_of
from server.questions.states import NoSuchCustomer, NotConfirmed, NotToBeKept, RecordsDoNotAnswer, SaidInAComplaint
from server.service import Service
from server.staff.roles import Caller
from tools.ports import PortUnavailable
from tools.records import Known

Value = str | bool | int | float
"""What a customer answered."""


@dataclass(frozen=True, slots=True)
class Looked:
    """A conversation and the customer's records, as they were read before the transaction."""

    conversation: ConversationRow
    records: Records
    keys: Sequence[str]


async def look(service: Service, caller: Caller, conversation: str) -> Looked:
    """Read the session and the customer's records. No transaction may be open.

    Raises:
        ConversationNotFound, ConversationClosed: There is nobody to be asked.
        NoSuchCustomer: The shop knows nobody of this id any more.
        RecordsDoNotAnswer: Whether they complain cannot be seen.
    """
    async with reading(service.engine) as session:
        found = await conversation_of(session, caller, conversation)
    if found.closed_at is not None:
        raise ConversationClosed("this session is closed; nobody is there to be asked")
    try:
        records = await read_records(shop_of(service), found.customer)
    except PortUnavailable as away:
        words = (
            f"{away}: whether the customer has something to complain of cannot be seen; try again, or leave it aside"
        )
        raise RecordsDoNotAnswer(words) from away
    if records is None:
        raise NoSuchCustomer
    return Looked(found, records, person_keys(records.customer, key_of(service.settings)))


async def conversation_of(session: AsyncSession, caller: Caller, conversation: str) -> ConversationRow:
    """The session of this id.

    Raises:
        ConversationNotFound: None of the caller's brands.
    """
    found = await offers_repository.find_conversation(session, conversation, caller.brands)
    if found is None:
        raise ConversationNotFound
    return found


def check_words(value: Value | None) -> None:
    """Whether these words, or this number, may be kept of a customer.

    Raises:
        NotToBeKept: They are of a kind that is never kept.
    """
    if value is None or isinstance(value, bool):
        return
    # a card's or telephone's number is one, whether it is sent as words or as a number, which has no sign before it
    matter = private_matter_in(value if isinstance(value, str) else f"+{value:.0f}")
    if matter is not None:
        words = f"“{matter.words}” tells of {matter.kind.title}, which is never kept; leave it out"
        raise NotToBeKept(words, kind=matter.kind.name, word=matter.words)


def check_speaker(conversation: ConversationRow) -> None:
    """Whether somebody has made sure who speaks.

    Raises:
        NotConfirmed: Nobody has.
    """
    if conversation.confirmed_at is None and conversation.known != Known.VERIFIED:
        raise NotConfirmed("say first how you made sure who is speaking: what they answer is kept with the customer")


async def check_no_complaint(
    session: AsyncSession, looked: Looked, offer: QuestionOfferRow | None, now: datetime, *, otherwise: str
) -> None:
    """Whether the customer has nothing to complain of, so that what they say may be kept.

    It is judged by what the session's question was offered under, if one was.

    Raises:
        SaidInAComplaint: They have; `otherwise` says what the rep can do.
    """
    situation = await situation_of(session, looked.records, Where.under(looked.conversation, offer), now)
    if situation.complaint is not None:
        raise SaidInAComplaint(f"{situation.complaint}: nothing that is said in a complaint is kept; {otherwise}")
