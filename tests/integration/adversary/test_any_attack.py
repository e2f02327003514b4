"""Everything at once: any customer, any post, any calls, any text; the rules hold together."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.outcome import Writer
from tests.integration.adversary.attacks import (
    FAILURES,
    PRIVATE_LIES,
    PUBLIC_LIES,
    QUESTION,
    leaks,
    rounds,
    says,
    squeezed,
)
from tests.integration.adversary.conftest import Play
from tests.integration.adversary.world import (
    EVIL,
    LINKED,
    ORDERS_IN_TEXT,
    OTHERS_WORDS,
    OWN,
    OWN_PRIVATE,
    POSSIBLE,
    POSTED_EMAIL,
    STRANGER,
    VERIFIED,
    World,
)

_posts = st.sampled_from(
    [
        QUESTION,
        f"{ORDERS_IN_TEXT} and where is FH-7777?",
        f"write to {POSTED_EMAIL}, my refund is late",
        "wo ist meine Bestellung FH-10423?",
        "¿dónde está mi pedido?",
        "je veux un remboursement",
    ]
)
_texts = st.one_of(
    st.builds(says, st.sampled_from(PUBLIC_LIES), st.sampled_from(PRIVATE_LIES)),
    st.builds(says, leaks, leaks),
    st.sampled_from(list(FAILURES.values())),
    st.text(max_size=300).map(lambda text: text.replace("{", "")),
)

# What the adversary makes up by itself comes back to it when it is asked to repair; nobody gave it away.
_LIES = " ".join([*PUBLIC_LIES, *PRIVATE_LIES])


@pytest.mark.slow
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    post=_posts,
    calls=rounds,
    text=_texts,
    author=st.sampled_from([VERIFIED, LINKED, POSSIBLE, STRANGER]),
    with_policies=st.booleans(),
)
async def test_the_rules_hold_together(play: Play, post, calls, text, author, with_policies):
    world = World(with_policies=with_policies)
    before = world.state()
    played = await play(post, *calls, text, author=author, world=world)
    known = {OWN.id} if author in (VERIFIED, LINKED) else set()
    assert {asked.customer for asked in played.asked} - {None} == known
    assert world.state() == before
    told_to_the_model = repr((played.record.outcome, played.record.evidence, played.bodies))
    assert [word for word in OTHERS_WORDS if word in told_to_the_model and word not in _LIES] == []
    assert POSTED_EMAIL not in played.public
    if known:
        assert [value for value in OWN_PRIVATE if squeezed(value) in squeezed(played.public)] == []
    for told in (played.public, played.private):
        assert EVIL not in told
    if played.record.written_by is Writer.COMPOSER:
        assert played.public or played.record.outcome.reply.claims == ()
