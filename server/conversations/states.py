"""The states of a turn and of a suggestion, and every move that is legal."""

from enum import StrEnum

from server.errors import Conflict


class TurnKind(StrEnum):
    """What a rep asks for."""

    QUESTION = "question"
    REPLY = "reply"
    OFFERS = "offers"
    SUMMARY = "summary"
    REWRITE = "rewrite"
    SAVED_REPLY = "saved_reply"


FOR_CUSTOMERS = frozenset({TurnKind.REPLY, TurnKind.REWRITE, TurnKind.SAVED_REPLY})
"""Those whose text is for the customer; what the others come to is for the rep."""


SAVED_REPLY = "saved_reply"
"""The kind of a suggestion that is a saved reply, counted apart from what is written for the customer."""


class TurnState(StrEnum):
    """Where a turn stands."""

    RUNNING = "running"
    CHECKED = "checked"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"
    FAILED = "failed"


class TurnMove(StrEnum):
    """What can happen to a turn."""

    FINISH = "finish"
    CANCEL = "cancel"
    INTERRUPT = "interrupt"
    FAIL = "fail"


TURN_MOVES: dict[tuple[TurnState, TurnMove], TurnState] = {
    (TurnState.RUNNING, TurnMove.FINISH): TurnState.CHECKED,
    (TurnState.RUNNING, TurnMove.CANCEL): TurnState.CANCELLED,
    # the process that wrote it is gone: whoever notices puts the composer's text there
    (TurnState.RUNNING, TurnMove.INTERRUPT): TurnState.INTERRUPTED,
    (TurnState.RUNNING, TurnMove.FAIL): TurnState.FAILED,
}


class SuggestionState(StrEnum):
    """What a rep did with what was offered."""

    OFFERED = "offered"
    COPIED = "copied"
    INSERTED = "inserted"
    EDITED = "edited"
    DISMISSED = "dismissed"


TAKEN = frozenset({SuggestionState.COPIED, SuggestionState.INSERTED, SuggestionState.EDITED})
"""The rep took it, to say it to the customer."""

SUGGESTION_MOVES: dict[SuggestionState, frozenset[SuggestionState]] = {
    SuggestionState.OFFERED: TAKEN | {SuggestionState.DISMISSED},
    SuggestionState.COPIED: TAKEN | {SuggestionState.DISMISSED},
    SuggestionState.INSERTED: TAKEN,
    SuggestionState.EDITED: TAKEN,
    # somebody thinks better of it
    SuggestionState.DISMISSED: TAKEN | {SuggestionState.DISMISSED},
}
"""What may follow what; what was put before the customer cannot be dismissed any more."""


class TurnHasEnded(Conflict):
    """Nothing can happen to a turn that has ended."""


class SuggestionTaken(Conflict):
    """What was inserted cannot be dismissed."""


def move_turn(state: TurnState, what: TurnMove) -> TurnState:
    """The state after this move.

    Raises:
        TurnHasEnded: The table has no such move.
    """
    after = TURN_MOVES.get((state, what))
    if after is None:
        raise TurnHasEnded(f"this turn is {state} already; ask anew", state=str(state))
    return after


def move_suggestion(state: SuggestionState, to: SuggestionState) -> SuggestionState:
    """The state to go to, if it may follow.

    Raises:
        SuggestionTaken: It may not.
    """
    if to not in SUGGESTION_MOVES[state]:
        raise SuggestionTaken(f"this suggestion was {state}; it cannot be {to} any more", state=str(state))
    return to
