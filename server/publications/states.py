"""The states of a publication, and every move that is legal."""

from enum import StrEnum

from server.errors import Conflict


class PublicationState(StrEnum):
    """Where a part stands. `sending` is the written intent: a call may be under way or may have been made."""

    HELD = "held"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    WITHDRAWN = "withdrawn"


class PublicationMove(StrEnum):
    """What can happen to it."""

    QUEUE = "queue"
    BEGIN = "begin"
    ARRIVE = "arrive"
    DELAY = "delay"
    FAIL = "fail"
    DOUBT = "doubt"
    STOP = "stop"
    WITHDRAW = "withdraw"
    RETRY = "retry"


_S, _M = PublicationState, PublicationMove
MOVES: dict[tuple[PublicationState, PublicationMove], PublicationState] = {
    (_S.HELD, _M.QUEUE): _S.QUEUED,
    (_S.HELD, _M.STOP): _S.WITHDRAWN,
    (_S.QUEUED, _M.BEGIN): _S.SENDING,
    (_S.QUEUED, _M.STOP): _S.WITHDRAWN,
    (_S.SENDING, _M.ARRIVE): _S.SENT,
    # the network said that it has not taken it
    (_S.SENDING, _M.DELAY): _S.QUEUED,
    (_S.SENDING, _M.FAIL): _S.FAILED,
    (_S.SENDING, _M.STOP): _S.WITHDRAWN,
    # nobody knows: it ends only by finding the text, or by a person's word
    (_S.SENDING, _M.DOUBT): _S.UNCERTAIN,
    (_S.UNCERTAIN, _M.ARRIVE): _S.SENT,
    (_S.UNCERTAIN, _M.RETRY): _S.QUEUED,
    (_S.UNCERTAIN, _M.STOP): _S.WITHDRAWN,
    # its draft is back in review: what is approved there is a publication of its own
    (_S.FAILED, _M.STOP): _S.WITHDRAWN,
    (_S.SENT, _M.WITHDRAW): _S.WITHDRAWN,
}

# what people do with it: the end of its address, and how a refusal says it
_BY_PEOPLE = {
    _S.HELD: {"take-back": "taken back"},
    _S.QUEUED: {"take-back": "taken back"},
    _S.UNCERTAIN: {"settle": "settled"},
    _S.SENT: {"withdraw": "withdrawn", "correct": "corrected"},
}

UNSENT = frozenset({_S.HELD, _S.QUEUED, _S.FAILED})


class IllegalPublicationMove(Conflict):
    """A publication in this state cannot do that."""


def move(state: PublicationState, what: PublicationMove) -> PublicationState:
    """The state after this move.

    Raises:
        IllegalPublicationMove: The table has no such move; the words name the state and what people can do then.
    """
    after = MOVES.get((state, what))
    if after is None:
        possible = _BY_PEOPLE.get(state, {})
        instead = f"it can be {' or '.join(possible.values())}" if possible else "there is nothing to be done with it"
        words = f"this is not possible with a text that is {state}; {instead}"
        raise IllegalPublicationMove(words, state=str(state), moves=list(possible))
    return after
