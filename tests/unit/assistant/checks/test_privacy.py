import pytest

from assistant.checks import private_values
from assistant.outcome import ClaimKind, Part
from tests.unit.assistant.checks.sentences import policy, record, rules, spoken
from tools.evidence import Visibility
from tools.records import Address, Customer, Known

ORDER = record("Order FH-10423: status shipped; placed on 2 November 2026; 329.00 GBP for all lines")
ANN = Customer(
    "C-1",
    "Ann Wood",
    emails=("ann@mail.example",),
    address=Address("14 Mill Lane", "Leeds", "GB", postal_code="LS1 4AB"),
)


@pytest.mark.parametrize(
    "sentence",
    [
        "Your order was placed on 2 November 2026.",
        "Your order FH-10423 has shipped.",
        "Your order is on its way.",
        "You paid £329.00.",
    ],
)
def test_a_record_is_told_in_private_only(sentence):
    assert "private_data" in rules(sentence, ORDER, part=Part.PUBLIC)


@pytest.mark.parametrize(
    "sentence", ["We will write to ann@mail.example.", "It goes to 14 Mill Lane.", "Is LS1 4AB right?"]
)
def test_what_stands_in_the_record_is_no_public_text(sentence):
    assert "private_data" in rules(sentence, part=Part.PUBLIC, private_values=private_values(ANN))


def test_an_order_number_stays_private_though_the_customer_posted_it():
    posts = spoken("Where is FH-10423?")
    assert "private_data" in rules("We see FH-10423.", part=Part.PUBLIC, posts=posts, kind=ClaimKind.COURTESY)


@pytest.mark.parametrize(
    "sentence",
    ["Could you send us your order number?", "Schick uns bitte deine E-Mail-Adresse.", "¿Cuál es su número de pedido?"],
)
def test_personal_data_is_not_asked_for_in_public(sentence):
    assert "asks_private_data" in rules(sentence, part=Part.PUBLIC, kind=ClaimKind.QUESTION)


def test_personal_data_may_be_asked_for_by_private_message():
    assert rules("Please send us your order number by DM.", part=Part.PUBLIC, kind=ClaimKind.QUESTION) == set()


def test_records_are_told_to_verified_customers_only():
    assert rules("Your order was placed on 2 November 2026.", ORDER) == set()
    assert "private_data" in rules("Your order was placed on 2 November 2026.", ORDER, known=Known.LINKED)


def test_internal_documents_are_not_told():
    limits = policy("Agents may grant up to £20 for an order more than 3 days late.", Visibility.INTERNAL)
    assert "internal" in rules("We may grant up to £20 for an order more than 3 days late.", limits)
