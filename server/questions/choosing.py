"""The one question worth asking in a conversation, offered to its rep at most once."""

from dataclasses import dataclass
from datetime import datetime

from server.models import ConversationRow
from server.service import Service


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
    others: dict[str, str]


async def choose_question(
    service: Service, conversation: ConversationRow, *, now: datetime, solved: bool = False
) -> Chosen | None:
    """Offer the question worth asking in this conversation, if one is; the same one when it is called again.

    The conversation must be committed. The customer's records are read through the desk's ports before the transaction
    in which the offer is made, with the suggestion (kind "question", `ref` the question's id) that a rep sees.

    Args:
        service: Whose database, ports and clock.
        conversation: About whom, where, by which rep.
        now: This moment.
        solved: Whether the rep says that what the customer came for is solved.

    Returns:
        The question, or None: nothing is worth asking now, a question was offered and decided on already, or whether
        the customer complains cannot be seen because records do not answer.
    """
    raise NotImplementedError
