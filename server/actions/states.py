"""The states of an action, and every move that is legal."""

from enum import StrEnum

from server.errors import Conflict


class ActionState(StrEnum):
    """Where an action stands. `running` is the written intent: the shop may have been asked."""

    PROPOSED = "proposed"
    AWAITING_SECOND = "awaiting_second_approval"
    APPROVED = "approved"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    REJECTED = "rejected"
    EXPIRED = "expired"


class ActionMove(StrEnum):
    """What can happen to an action."""

    CONSENT = "consent"
    ASK_SECOND = "ask_second"
    APPROVE = "approve"
    REJECT = "reject"
    TAKE_BACK = "take_back"
    VOID = "void"
    EXPIRE = "expire"
    BEGIN = "begin"
    PUT_BACK = "put_back"
    CARRY_OUT = "carry_out"
    FAIL = "fail"
    DOUBT = "doubt"


_S, _M = ActionState, ActionMove
MOVES: dict[tuple[ActionState, ActionMove], ActionState] = {
    (_S.PROPOSED, _M.CONSENT): _S.PROPOSED,
    (_S.PROPOSED, _M.ASK_SECOND): _S.AWAITING_SECOND,
    (_S.PROPOSED, _M.APPROVE): _S.APPROVED,
    (_S.PROPOSED, _M.REJECT): _S.REJECTED,
    (_S.PROPOSED, _M.VOID): _S.PROPOSED,
    (_S.PROPOSED, _M.EXPIRE): _S.EXPIRED,
    (_S.AWAITING_SECOND, _M.APPROVE): _S.APPROVED,
    (_S.AWAITING_SECOND, _M.REJECT): _S.REJECTED,
    (_S.AWAITING_SECOND, _M.TAKE_BACK): _S.PROPOSED,
    (_S.AWAITING_SECOND, _M.VOID): _S.PROPOSED,
    (_S.AWAITING_SECOND, _M.EXPIRE): _S.EXPIRED,
    # nobody has asked the shop yet
    (_S.APPROVED, _M.TAKE_BACK): _S.PROPOSED,
    (_S.APPROVED, _M.VOID): _S.PROPOSED,
    (_S.APPROVED, _M.BEGIN): _S.RUNNING,
    (_S.APPROVED, _M.FAIL): _S.FAILED,
    # the shop said that it has not done it, and may be asked again
    (_S.RUNNING, _M.PUT_BACK): _S.APPROVED,
    (_S.RUNNING, _M.CARRY_OUT): _S.DONE,
    (_S.RUNNING, _M.FAIL): _S.FAILED,
    # nobody knows: it ends only by finding it in the shop, or by a person's word
    (_S.RUNNING, _M.DOUBT): _S.UNCERTAIN,
    (_S.UNCERTAIN, _M.CARRY_OUT): _S.DONE,
    (_S.UNCERTAIN, _M.FAIL): _S.FAILED,
}

WAITING = frozenset({_S.PROPOSED, _S.AWAITING_SECOND})
"""Nobody, or not everybody who has to, has approved it."""

UNDER_WAY = frozenset({_S.APPROVED, _S.RUNNING, _S.UNCERTAIN})
"""Approved, and not known to have ended."""


class IllegalActionMove(Conflict):
    """An action in this state cannot do that."""


_PEOPLES = {
    _M.CONSENT: "have the customer's yes recorded",
    _M.APPROVE: "be approved",
    _M.REJECT: "be rejected",
    _M.TAKE_BACK: "be taken back",
}


def move(state: ActionState, what: ActionMove) -> ActionState:
    """The state after this move.

    Raises:
        IllegalActionMove: The table has no such move; the words name the state and what people can do in it.
    """
    after = MOVES.get((state, what))
    if after is None:
        possible = [words for other, words in _PEOPLES.items() if (state, other) in MOVES]
        words = (
            f"an action that is {state.replace('_', ' ')} cannot {_PEOPLES.get(what, what.replace('_', ' '))}; it can "
        )
        raise IllegalActionMove(words + (" or ".join(possible) or "do nothing more"), state=str(state))
    return after
