"""What stands done, whoever is said to have done it, needs an action that was carried out or a record that says so."""

import pytest

from tests.unit.assistant.checks.sentences import policy, record, rules
from tools.context import Proposal

ORDER = record("Order FH-1000: status processing; placed on 3 November 2026 for 1 × Jacket; not sent yet")
# by kind: what says that it is done, or is being done at this moment
_SAID: dict[str, list[str]] = {
    "cancel_order": [
        "Your order FH-1000 is cancelled.",
        "Consider your order FH-1000 cancelled.",
        "Your order is cancelled, there is nothing you need to do.",
        "Good news: your order is cancelled; if anything is wrong, tell us.",
        "We are cancelling your order FH-1000 now.",
        "Deine Bestellung FH-1000 ist storniert.",
        "Wir stornieren gerade deine Bestellung FH-1000.",
        "Tu pedido FH-1000 está cancelado.",
        "Estamos cancelando tu pedido FH-1000.",
        "Votre commande FH-1000 est annulée.",
        "Nous annulons maintenant votre commande FH-1000.",
    ],
    "upgrade_shipping": [
        "Your order FH-1000 is now on express delivery.",
        "We moved your order FH-1000 to express delivery this morning.",
        "Your order FH-1000 now ships express.",
        "Express delivery is booked for your order FH-1000.",
        "Good news: express delivery, done!",
        "Deine Bestellung FH-1000 geht jetzt per Express.",
        "Tu pedido FH-1000 ya va por envío exprés.",
        "Votre commande FH-1000 part maintenant en express.",
    ],
    "refund": [
        "We are refunding you now.",
        "Your money is back on your card.",
        "We sent your money back today.",
        "Your refund went through this morning.",
        "Dein Geld ist zurück auf deiner Karte.",
        "Tu reembolso está en camino.",
        "Votre remboursement est en route.",
    ],
    "change_address": [
        "We changed your delivery address.",
        "Your new address is on the order now.",
        "Deine Lieferadresse ist geändert.",
        "Tu dirección está cambiada.",
        "Votre adresse est modifiée.",
    ],
    "replace_items": ["A replacement is on its way to you.", "Ersatz ist unterwegs.", "We posted a new jacket to you."],
}
CASES = [(kind, said) for kind, sayings in _SAID.items() for said in sayings]


def found(sentence: str, *sources, **facts: tuple[Proposal, ...]) -> bool:
    return bool(rules(sentence, *(sources or (ORDER,)), **facts) & {"promise", "status"})


def action(kind: str) -> tuple[Proposal, ...]:
    return (Proposal(kind, {"order": "FH-1000"}, "asked for"),)


@pytest.mark.parametrize(("kind", "said"), CASES)
def test_what_stands_done_is_said_once_an_action_was_carried_out_and_not_before(kind, said):
    assert found(said)
    assert found(said, approved=action(kind))
    other = "cancel_order" if kind != "cancel_order" else "refund"
    assert found(said, done=action(other))
    assert "promise" not in rules(said, ORDER, done=action(kind))


@pytest.mark.parametrize("said", ["Expect your refund by Friday.", "You can expect your refund by Friday."])
def test_what_is_to_be_expected_was_approved(said):
    assert found(said)
    assert not found(said, approved=action("refund"))


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Your order FH-1000 is cancelled.", "Order FH-1000: status cancelled; placed on 3 November 2026"),
        ("Tu pedido FH-1000 está cancelado.", "Order FH-1000: status cancelled; placed on 3 November 2026"),
        ("Your refund is on its way.", "Order FH-1000: refund of 20.00 GBP to card-1 on 3 November 2026: done"),
        (
            "Your order FH-1000 is now on express delivery.",
            "Order FH-1000, shipment S1: goes with express",
        ),
    ],
)
def test_a_record_that_says_so_bears_it_out(said, told):
    assert not found(said, record(told))


def test_a_record_of_another_order_does_not():
    other = record("Order FH-2000: status cancelled; placed on 2 November 2026 for 1 × Tent")
    assert found("Your order FH-1000 is cancelled.", ORDER, other)


@pytest.mark.parametrize(
    "said",
    [
        "Your order FH-1000 is not cancelled.",
        "Once your order is cancelled, the refund goes out.",
        "Your order can be cancelled and refunded until it is packed.",
        "If you like, your order is cancelled today.",
        "You asked for your order to be cancelled.",
        "Deine Bestellung ist nicht storniert.",
        "Tu pedido no está cancelado.",
        "Votre commande n'est pas annulée.",
    ],
)
def test_what_is_not_so_or_would_be_is_not_told_as_done(said):
    assert "promise" not in rules(said, ORDER)


def test_a_rule_for_everybody_is_told_of_nobody():
    rule = policy("Tickets are refunded up to four weeks after the day of travel, less a fee of £5.")
    assert not found("Tickets are refunded up to four weeks after the day of travel, less a fee of £5.", rule)
