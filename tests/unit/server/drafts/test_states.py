import hypothesis.strategies as st
import pytest
from hypothesis import given

from server.drafts.possible import Step
from server.drafts.states import MOVES, DraftState, IllegalMove, Move, move

OF_DESKSIDE = ("finish", "ask_second", "approved once", "void", "expire", "supersede", "_")
OF_PEOPLE = sorted(set(Move) - {Move.FINISH, Move.ASK_SECOND, Move.VOID, Move.EXPIRE})


@given(st.sampled_from(DraftState), st.sampled_from(OF_PEOPLE))
def test_a_refusal_names_what_people_can_do_and_nothing_else(state: DraftState, what: Move):
    if (state, what) in MOVES:
        return
    with pytest.raises(IllegalMove) as refused:
        move(state, what)
    words = str(refused.value).removeprefix(f"a draft that is {state.replace('_', ' ')} cannot be ")
    assert not any(word in words for word in OF_DESKSIDE)
    named = {Step(name) for name in refused.value.details["moves"]}
    assert named or words.endswith("it is done with")


def test_what_is_approved_once_or_twice_can_be_taken_back():
    for state in (DraftState.AWAITING_SECOND, DraftState.APPROVED):
        assert move(state, Move.TAKE_BACK) is DraftState.PENDING
