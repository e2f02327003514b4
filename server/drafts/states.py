"""The states of a draft, and every move that is legal."""

from collections.abc import Sequence
from enum import StrEnum

from server.errors import Conflict


class DraftState(StrEnum):
    """Where a draft stands."""

    DRAFTING = "drafting"
    PENDING = "pending"
    AWAITING_SECOND = "awaiting_second_approval"
    APPROVED = "approved"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"
    HANDED_OVER = "handed_over"
    NO_REPLY = "no_reply"
    HELD = "held"
    EXPIRED = "expired"


class Move(StrEnum):
    """What can happen to a draft."""

    FINISH = "finish"
    HAND_OVER = "hand_over"
    NO_REPLY = "no_reply"
    HOLD = "hold"
    RELEASE = "release"
    EDIT = "edit"
    APPROVE = "approve"
    ASK_SECOND = "ask_second"
    REJECT = "reject"
    SUPERSEDE = "supersede"
    VOID = "void"
    TAKE_BACK = "take_back"
    EXPIRE = "expire"


_S, _M = DraftState, Move
MOVES: dict[tuple[DraftState, Move], DraftState] = {
    (_S.DRAFTING, _M.FINISH): _S.PENDING,
    (_S.DRAFTING, _M.HAND_OVER): _S.HANDED_OVER,
    (_S.DRAFTING, _M.NO_REPLY): _S.NO_REPLY,
    (_S.DRAFTING, _M.HOLD): _S.HELD,
    (_S.DRAFTING, _M.SUPERSEDE): _S.SUPERSEDED,
    (_S.PENDING, _M.EDIT): _S.PENDING,
    (_S.PENDING, _M.APPROVE): _S.APPROVED,
    (_S.PENDING, _M.ASK_SECOND): _S.AWAITING_SECOND,
    (_S.PENDING, _M.REJECT): _S.REJECTED,
    (_S.PENDING, _M.HAND_OVER): _S.HANDED_OVER,
    (_S.PENDING, _M.NO_REPLY): _S.NO_REPLY,
    (_S.PENDING, _M.HOLD): _S.HELD,
    (_S.PENDING, _M.SUPERSEDE): _S.SUPERSEDED,
    (_S.PENDING, _M.EXPIRE): _S.EXPIRED,
    # an approval that is void leaves a draft to be looked at again
    (_S.AWAITING_SECOND, _M.EDIT): _S.PENDING,
    (_S.AWAITING_SECOND, _M.VOID): _S.PENDING,
    (_S.AWAITING_SECOND, _M.TAKE_BACK): _S.PENDING,
    (_S.AWAITING_SECOND, _M.APPROVE): _S.APPROVED,
    (_S.AWAITING_SECOND, _M.REJECT): _S.REJECTED,
    (_S.AWAITING_SECOND, _M.HAND_OVER): _S.HANDED_OVER,
    (_S.AWAITING_SECOND, _M.SUPERSEDE): _S.SUPERSEDED,
    (_S.AWAITING_SECOND, _M.EXPIRE): _S.EXPIRED,
    # as long as something of it can be stopped
    (_S.APPROVED, _M.EDIT): _S.PENDING,
    (_S.APPROVED, _M.VOID): _S.PENDING,
    (_S.APPROVED, _M.TAKE_BACK): _S.PENDING,
    (_S.APPROVED, _M.SUPERSEDE): _S.SUPERSEDED,
    # somebody takes up what the screen or a person has put aside
    (_S.HANDED_OVER, _M.RELEASE): _S.PENDING,
    (_S.HANDED_OVER, _M.SUPERSEDE): _S.SUPERSEDED,
    (_S.HANDED_OVER, _M.NO_REPLY): _S.NO_REPLY,
    (_S.NO_REPLY, _M.RELEASE): _S.PENDING,
    # a person agrees with the screen
    (_S.NO_REPLY, _M.NO_REPLY): _S.NO_REPLY,
    (_S.NO_REPLY, _M.SUPERSEDE): _S.SUPERSEDED,
    (_S.HELD, _M.RELEASE): _S.PENDING,
    (_S.HELD, _M.SUPERSEDE): _S.SUPERSEDED,
    # somebody has it written anew
    (_S.REJECTED, _M.SUPERSEDE): _S.SUPERSEDED,
    (_S.EXPIRED, _M.SUPERSEDE): _S.SUPERSEDED,
}

# what people do: the end of its address, and how a refusal says it
_BY_PEOPLE = {
    Move.APPROVE: ("approve", "approved"),
    Move.EDIT: ("edit", "edited"),
    Move.REJECT: ("reject", "rejected"),
    Move.SUPERSEDE: ("redraft", "written anew"),
    Move.HAND_OVER: ("hand-over", "handed over"),
    Move.NO_REPLY: ("no-reply", "left unanswered"),
    Move.HOLD: ("hold", "held"),
    Move.RELEASE: ("release", "taken up again"),
    Move.TAKE_BACK: ("take-back", "taken back"),
}
_BY_DESKSIDE = {
    Move.FINISH: "finished",
    Move.ASK_SECOND: "approved once",
    Move.VOID: "made void",
    Move.EXPIRE: "ended by time",
}

OPEN = frozenset({_S.DRAFTING, _S.PENDING, _S.AWAITING_SECOND, _S.APPROVED, _S.HANDED_OVER, _S.HELD})


class IllegalMove(Conflict):
    """A draft in this state cannot do that."""


def move(state: DraftState, what: Move) -> DraftState:
    """The state after this move.

    Raises:
        IllegalMove: The table has no such move; the words name the state and what people can do with it there.
    """
    after = MOVES.get((state, what))
    if after is None:
        possible = [_BY_PEOPLE[other] for start, other in MOVES if start is state and other in _BY_PEOPLE]
        told = _BY_PEOPLE[what][1] if what in _BY_PEOPLE else _BY_DESKSIDE[what]
        words = f"a draft that is {say(state)} cannot be {told}; "
        words += f"it can be {_either([said for _, said in possible])}" if possible else "it is done with"
        raise IllegalMove(words, state=str(state), moves=[address for address, _ in possible])
    return after


def say(state: DraftState) -> str:
    """The state as people read it."""
    return state.replace("_", " ")


def _either(words: Sequence[str]) -> str:
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))
