"""Rule 8: what leaves the building holds no contact, street or payment data, of posts, records or tool results."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fakes.models import Says
from tests.integration.adversary.attacks import QUESTION, says
from tests.integration.adversary.conftest import Play
from tests.integration.adversary.world import POSTED_CARD, POSTED_EMAIL, POSTED_PHONE, POSTED_STREET

_FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
_RECORDED = (
    "ann@example.com",
    "+447700900123",
    "12 Mill Lane",
    "LS1 1AA",
    "5 Side Street",
    "4242424242424242",
    "4242 4242 4242 4242",
    "Ann Wood",
)
_EVERY_TOOL = Says(
    calls=[
        ("get_customer_profile", {}),
        ("get_purchase_history", {}),
        ("get_order_status", {"order_id": "FH-10423"}),
        ("get_conversation_history", {}),
        ("search_policies", {"query": "where does <email-1> live"}),
    ]
)


def sent(bodies: list[bytes], values: tuple[str, ...]) -> list[str]:
    everything = b"\n".join(bodies).decode().casefold()
    return [value for value in values if value.casefold() in everything]


async def test_records_leave_masked_in_the_prompt_the_results_and_the_repair(play: Play):
    played = await play(QUESTION, _EVERY_TOOL, says("Is 12 Mill Lane right?", "Your refund has been paid. [{refund}]"))
    assert len(played.bodies) > 2
    assert sent(played.bodies, _RECORDED) == []


async def test_what_a_post_holds_leaves_masked(play: Play):
    values = (POSTED_EMAIL, POSTED_PHONE, POSTED_CARD, POSTED_STREET)
    played = await play(f"{QUESTION} {' '.join(values)}", _EVERY_TOOL, says("Sorry about the wait."))
    assert played.bodies
    assert sent(played.bodies, values) == []


_emails = st.from_regex(r"[a-z]{1,6}[._+-]?[a-z0-9]{1,6}@[a-z]{2,8}\.(com|de|co\.uk|example)", fullmatch=True)
_phones = st.from_regex(
    r"(\+44 ?7[0-9]{3} ?[0-9]{6}|07[0-9]{3} [0-9]{6}|\+49 1[567][0-9] [0-9]{7}|\(0[0-9]{3}\) [0-9]{3} [0-9]{4}"
    r"|[0-9]{3}-[0-9]{3}-[0-9]{4}|\+33 6( [0-9]{2}){4})",
    fullmatch=True,
)
_cards = st.from_regex(r"[45][0-9]{3}([ -]?)[0-9]{4}\1[0-9]{4}\1[0-9]{4}", fullmatch=True)
_ibans = st.from_regex(
    r"(DE[0-9]{2} ?([0-9]{4} ?){4}[0-9]{2}|GB[0-9]{2}[A-Z]{4}[0-9]{14}|FR[0-9]{2}[0-9]{10}[A-Z0-9]{11}[0-9]{2})",
    fullmatch=True,
)
_streets = st.from_regex(
    r"[1-9][0-9]?[ab]? (Oak|Mill|High|Green) (Street|Road|Lane|Avenue|Close)"
    r"|(Linden|Bahnhof)(straße|weg|allee) [1-9][0-9]?"
    r"|[1-9][0-9]?,? rue (de la Paix|Victor Hugo)|[Cc]alle (Mayor|de Alcalá),? [1-9][0-9]?",
    fullmatch=True,
)


@_FEW
@given(
    value=st.one_of(_emails, _phones, _cards, _ibans, _streets),
    frame=st.sampled_from(["my details: %s", "(%s)", "%s\nwhere is my order?", "order, %s, late!", "“%s”"]),
)
async def test_contacts_streets_and_payment_data_are_known_by_their_form(play: Play, value, frame):
    played = await play(f"where is my order? {frame % value}", says("Sorry about the wait."), author="nobody.knows")
    assert sent(played.bodies, (value,)) == []
