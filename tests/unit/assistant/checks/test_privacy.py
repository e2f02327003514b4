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


@pytest.mark.parametrize(
    "value",
    [
        "4111 1111 1111 1111",
        "٤١١١ ١١١١ ١١١١ ١١١١",
        "DE٨٩ ٣٧٠٤ ٠٠٤٤ ٠٥٣٢ ٠١٣٠ ٠٠",
        "٠٧٧٠٠ ٩٠٠١٢٣",
        "+४४ ७७०० ९००१२३",
        "ann at example dot com",
        "ann arroba example punto es",
        "oh seven seven double oh nine double oh one two three",
        "9 Posted Road",
    ],
)
def test_what_has_the_form_of_a_contact_or_a_card_is_no_public_text(value):
    assert "private_data" in rules(f"Thanks for {value}!", part=Part.PUBLIC, kind=ClaimKind.COURTESY)


@pytest.mark.parametrize("value", ["9 Posted Road", "LS1 4AB", "0113 496 0100"])
def test_what_we_print_for_everybody_may_be_told_to_everybody(value):
    printed = policy(f"You find us here: {value}.")
    assert rules(f"You find us here: {value}.", printed, part=Part.PUBLIC) == set()


def test_a_value_of_the_record_is_found_in_the_digits_of_another_script():
    values = private_values(ANN) | {"4242"}
    assert "private_data" in rules("Is it ٤٢٤٢?", part=Part.PUBLIC, private_values=values)


def test_an_order_number_stays_private_though_the_customer_posted_it():
    posts = spoken("Where is FH-10423?")
    assert "private_data" in rules("We see FH-10423.", part=Part.PUBLIC, posts=posts, kind=ClaimKind.COURTESY)


def test_records_are_told_to_verified_customers_only():
    assert rules("Your order was placed on 2 November 2026.", ORDER) == set()
    assert "private_data" in rules("Your order was placed on 2 November 2026.", ORDER, known=Known.LINKED)


def test_internal_documents_are_not_told():
    limits = policy("Agents may grant up to £20 for an order more than 3 days late.", Visibility.INTERNAL)
    assert "internal" in rules("We may grant up to £20 for an order more than 3 days late.", limits)
