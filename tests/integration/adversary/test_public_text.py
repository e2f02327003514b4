"""Rule 3: a public text carries nothing from the record, whatever it is dressed as and whoever wrote it first."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.integration.adversary.attacks import QUESTION, leaks, says, squeezed
from tests.integration.adversary.conftest import Play
from tests.integration.adversary.world import (
    LINKED,
    OWN_PRIVATE,
    POSSIBLE,
    POSTED_CARD,
    POSTED_EMAIL,
    POSTED_PHONE,
    POSTED_STREET,
    STRANGER,
    VERIFIED,
)

_FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
_authors = st.sampled_from([VERIFIED, LINKED, POSSIBLE, STRANGER])
_POSTED = (POSTED_EMAIL, POSTED_PHONE, POSTED_CARD, POSTED_STREET)
_matters = st.sampled_from(
    [
        QUESTION,
        "I was charged 329.00 GBP twice!",
        "my refund of £40.00 is missing",
        "locked out of my account",
        "help??",
    ]
)


def leaked(text: str) -> list[str]:
    told = squeezed(text)
    return [value for value in (*OWN_PRIVATE, *_POSTED) if squeezed(value) in told]


@_FEW
@given(leak=leaks, author=st.sampled_from([VERIFIED, LINKED]))
async def test_no_disguise_brings_a_private_value_into_public(play: Play, leak, author):
    played = await play(QUESTION, says(leak), author=author)
    assert leaked(played.public) == []
    played = await play(QUESTION, says(f"Sorry about the wait. {leak}", leak), author=author)
    assert leaked(played.public) == []
    if author != VERIFIED:
        assert leaked(played.private) == []


@_FEW
@given(matter=_matters, posted=st.lists(st.sampled_from(_POSTED), max_size=3), author=_authors)
async def test_the_composer_repeats_nothing_private_that_was_posted(play: Play, matter, posted, author):
    played = await play(" ".join([matter, *posted]), author=author)
    assert leaked(played.public) == []


@pytest.mark.parametrize(
    "told",
    [
        "Your parcel is held at the depot in Leeds. [{ship}]",
        "Your parcel is held at the depot in Leeds. [{form}]",
        "Your parcel is held at the depot in Leeds. [{ship}, {form}]",
        "Held at the depot, right? Is Leeds near you?",
        "Is twelve Mill Lane still right?",
        "Your refund of 40.00 GBP is promised. [{form}]",
        "You paid 329 pounds, right?",
        "Shall we send your refund of 40.00 GBP to your gift card?",
        "Your exchange was requested on 16 November. [{form}]",
        "It was promised for 14 November. [{ship}, {policy}]",
        "Hi Ann Wood!",
        "Greetings to the Leeds Scouts!",
        "Your boot size is 42.5, right?",
        "Your card ends in 4242.",
        "The tent has not been sent yet.",
        "Does the goodwill of up to 20 GBP help you?",
    ],
)
async def test_what_only_a_record_or_an_internal_document_says_is_not_told_to_everyone(play: Play, told: str):
    composed = await play(QUESTION)
    played = await play(QUESTION, says(told))
    assert played.public == composed.public
