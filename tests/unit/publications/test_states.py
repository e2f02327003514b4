import hypothesis.strategies as st
import pytest
from hypothesis import given

from server.publications.states import MOVES, IllegalPublicationMove, PublicationMove, PublicationState, move

BY_PEOPLE = {"take-back", "settle", "withdraw", "correct"}
states, moves = st.sampled_from(PublicationState), st.sampled_from(PublicationMove)


@given(states, moves)
def test_a_move_is_made_or_refused_with_what_could_be_done(state: PublicationState, what: PublicationMove):
    if (state, what) in MOVES:
        assert move(state, what) is MOVES[state, what]
        return
    with pytest.raises(IllegalPublicationMove) as refused:
        move(state, what)
    assert refused.value.details["state"] == state
    assert set(refused.value.details["moves"]) <= BY_PEOPLE
    assert "cannot" not in str(refused.value)


@given(st.lists(moves, max_size=30))
def test_a_call_follows_only_a_written_intent_and_what_is_sent_is_never_sent_again(tried: list[PublicationMove]):
    state, was_sent = PublicationState.HELD, False
    for what in tried:
        if (state, what) not in MOVES:
            continue
        before, state = state, move(state, what)
        if state is PublicationState.SENDING:
            assert before is PublicationState.QUEUED
            assert not was_sent
        if state is PublicationState.SENT:
            assert before in {PublicationState.SENDING, PublicationState.UNCERTAIN}
        if before is PublicationState.UNCERTAIN and state is PublicationState.QUEUED:
            assert what is PublicationMove.RETRY
        was_sent = was_sent or state is PublicationState.SENT


def test_every_state_can_be_reached_and_none_but_withdrawn_is_a_dead_end():
    reached = {PublicationState.HELD} | set(MOVES.values())
    assert reached == set(PublicationState)
    assert {state for state, _ in MOVES} == set(PublicationState) - {PublicationState.WITHDRAWN}
