"""Rules 4 and 5: what stands in no evidence, or belongs to something else, is never one click from being sent."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from assistant.outcome import ClaimKind, Writer
from tests.integration.adversary.attacks import PRIVATE_LIES, PUBLIC_LIES, QUESTION, cite, says
from tests.integration.adversary.conftest import Play
from tests.integration.adversary.world import STRANGER, VERIFIED, World

_FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
_markers = st.sampled_from(["", " [{ship}]", " [{order}, {ship}]", " [{policy}]", " [{form}]", " [E99]", " [E1"])


def stands(played) -> bool:
    return played.one_click and played.record.written_by is Writer.MODEL


@pytest.mark.parametrize("lie", PRIVATE_LIES)
async def test_rule_4_a_private_lie_is_not_one_click(play: Play, lie: str):
    assert not stands(await play(QUESTION, says("Sorry about the wait.", lie)))


@pytest.mark.parametrize("lie", PUBLIC_LIES)
@pytest.mark.parametrize("author", [VERIFIED, STRANGER])
async def test_rule_4_a_public_lie_is_not_one_click(play: Play, lie: str, author: str):
    assert not stands(await play(QUESTION, says(lie), author=author))


async def test_rule_4_the_truth_rightly_told_is_one_click(play: Play):
    told = "Your parcel was promised for 14 November 2026 and is 6 days late. [{ship}]"
    assert stands(await play(QUESTION, says("Unused goods can be returned within 60 days. [{policy}]", told)))


_invented = st.one_of(
    st.integers(100, 99999).map(lambda pence: f"Your refund is £{pence // 100}.{pence % 100:02}."),
    st.integers(0, 900).map(lambda days: f"It arrives on {date(2027, 1, 1) + timedelta(days):%d %B %Y}."),
    st.integers(61, 900).map(lambda days: f"You have {days} days to return it."),
    st.integers(10500, 99999).map(lambda number: f"Your order is FH-{number}."),
    st.from_regex(r"[a-z]{3,8}\.(com|net|io|shop)/[a-z]{1,8}", fullmatch=True).map(lambda link: f"See https://{link}"),
    st.from_regex(r"[a-z]{3,8}@[a-z]{3,8}\.(com|net)", fullmatch=True).map(lambda email: f"Write to {email}."),
    st.from_regex(r"0800 [1-9]\d{2} \d{4}", fullmatch=True).map(lambda phone: f"Call {phone}."),
    st.integers(2, 99).map(lambda percent: f"Here are {percent}% off your next order."),
)


@_FEW
@given(invented=_invented, marker=_markers, private=st.booleans(), author=st.sampled_from([VERIFIED, STRANGER]))
async def test_rule_4_an_invented_value_is_not_one_click(play: Play, invented, marker, private, author):
    assume(not any(known in invented for known in ("£40.00", "£64.50", "£69.50", "£129.00", "£329.00", "£200.00")))
    text = invented + marker
    script = says("Sorry about the wait.", text) if private else says(text)
    assert not stands(await play(QUESTION, script, author=author))


@_FEW
@given(
    text=st.text(max_size=200)
    | st.lists(
        st.sampled_from(["PUBLIC:", "PRIVATE:", "[E1]", "[E9", "{", "}", "**", "\n", "?", ".", "Thanks", "é", "😀"])
    ).map(" ".join)
)
async def test_whatever_it_writes_every_sentence_of_the_texts_is_claimed_once_in_order(play: Play, text):
    played = await play(QUESTION, cite(text))
    reply = played.record.outcome.reply
    for part, whole in (("public", reply.public_text), ("private", reply.private_text)):
        claimed = "".join(claim.sentence for claim in reply.claims if claim.part == part)
        assert "".join(claimed.split()) == "".join((whole or "").split())


@_FEW
@given(
    claim=st.sampled_from(
        [*PUBLIC_LIES, "Unused goods can be returned within 60 days.", "Returns are free within a month."]
    ),
    author=st.sampled_from([VERIFIED, STRANGER]),
)
async def test_rule_5_without_passages_no_policy_is_told(play: Play, claim, author):
    world = World(with_policies=False)
    composed = await play(QUESTION, author=author, world=world)
    assert all(item.kind is not ClaimKind.POLICY for item in composed.record.outcome.reply.claims)
    assert not stands(await play(QUESTION, says(claim), author=author, world=World(with_policies=False)))
