"""What was said in a rep's session, as the assistant reads it: a case's posts, earlier turns, what was said now."""

from dataclasses import replace

from assistant.case import NothingToAnswer, Post, Role, Thread, is_between_two
from server.conversations import repository
from server.conversations.states import FOR_CUSTOMERS, SuggestionState, TurnState
from server.db import reading
from server.drafts.case_repository import find_case
from server.drafts.threads import read_case
from server.errors import Unprocessable
from server.models import ConversationRow, SuggestionRow, TurnRow
from server.service import Service
from server.shop.folding import fold_channel

_CUSTOMER = "customer"
_EARLIER = 10
_TAKEN = frozenset({SuggestionState.COPIED, SuggestionState.INSERTED, SuggestionState.EDITED})


class NothingSaid(Unprocessable):
    """There is nothing to answer or to sum up."""


async def thread_of_session(
    service: Service, conversation: ConversationRow, turn: TurnRow | None, *, just_now: str | None, private: bool
) -> Thread:
    """What was said to and by the customer: in the session's case or, where there is none, in its turns so far.

    Args:
        service: The process's.
        conversation: The session.
        turn: Those before it count; None: all of them.
        just_now: What the customer has said since, as the rep pasted or typed it.
        private: Whether they said it in private; on a channel between two it always is.

    Raises:
        NothingSaid: The customer has said nothing that is known.
    """
    private = private or is_between_two(conversation.channel)
    thread = await _case_thread(service, conversation)
    author = thread.target.author if thread else _CUSTOMER
    posts = list(thread.posts) if thread else await _turns_as_posts(service, conversation, turn, private)
    if just_now is not None:
        at = turn.started_at if turn else service.clock()
        posts.append(Post("said", author, Role.CUSTOMER, at, just_now, private=private))
    try:
        if thread is not None:
            return replace(thread, posts=tuple(posts))
        return Thread(conversation.id, conversation.channel, tuple(posts), conversation.brand)
    except NothingToAnswer:
        raise NothingSaid("nothing that the customer said is known here; say it in `text`") from None


async def _case_thread(service: Service, conversation: ConversationRow) -> Thread | None:
    """The case's posts, if the session is held where they were written: who rings up is not answered there."""
    if conversation.case is None:
        return None
    async with reading(service.engine) as session:
        case = await find_case(session, conversation.case, {conversation.brand})
        found = await read_case(session, case) if case is not None else None
    if found is None or fold_channel(found.account.channel) != fold_channel(conversation.channel):
        return None
    return found.thread


async def _turns_as_posts(
    service: Service, conversation: ConversationRow, now: TurnRow | None, private: bool
) -> list[Post]:
    """What the customer said earlier in the session, and what of our texts the rep took."""
    async with reading(service.engine) as session:
        turns = await repository.turns_of(session, conversation.id, limit=_EARLIER)
        began = await repository.parts_of(session, [turn.id for turn in turns], ("began",))
        suggested = await repository.suggestions_of(session, conversation.id, limit=5 * _EARLIER)
    in_public = {part.turn for part in began if not part.data.get("private")}
    posts: list[Post] = []
    for turn in reversed(turns):
        if (now is not None and turn.id >= now.id) or turn.kind not in FOR_CUSTOMERS or turn.state == TurnState.RUNNING:
            continue
        # what they once said to us alone is told to nobody else, however the session goes on
        alone = private or turn.id not in in_public
        if turn.kind == "reply" and turn.asked:
            posts.append(Post(turn.id, _CUSTOMER, Role.CUSTOMER, turn.started_at, turn.asked, private=alone))
        posts += [_as_post(turn, one, alone) for one in suggested if one.turn == turn.id and one.state in _TAKEN]
    return posts


def _as_post(turn: TurnRow, taken: SuggestionRow, private: bool) -> Post:
    return Post(taken.id, "us", Role.BRAND, turn.started_at, taken.used or taken.text, private=private)
