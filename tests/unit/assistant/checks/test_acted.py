"""“We will” is said of what was approved, “we have” of what is done: of that kind and order, in four languages."""

import pytest

from tests.unit.assistant.checks.sentences import record, rules
from tools.context import Proposal

ORDER = record("Order FH-1000: status processing; placed on 3 November 2026 for 1 × Jacket; not sent yet")
LANGUAGES = ("en", "de", "es", "fr")
# by kind, in each language: what was done, what will be, what can be
_SAID: dict[str, list[tuple[str, str, str]]] = {
    "upgrade_shipping": [
        (
            "We have upgraded your order FH-1000 to express delivery.",
            "We will upgrade your order FH-1000 to express delivery.",
            "We can upgrade your order to express delivery.",
        ),
        (
            "Wir haben deine Bestellung FH-1000 auf Expressversand umgestellt.",
            "Wir werden deine Bestellung FH-1000 auf Expressversand umstellen.",
            "Wir können deine Bestellung auf Expressversand umstellen.",
        ),
        (
            "Hemos cambiado tu pedido FH-1000 a envío exprés.",
            "Vamos a cambiar tu pedido FH-1000 a envío exprés.",
            "Podemos cambiar tu pedido a envío exprés.",
        ),
        (
            "Nous avons passé votre commande FH-1000 en livraison express.",
            "Nous allons passer votre commande FH-1000 en livraison express.",
            "Nous pouvons passer votre commande en livraison express.",
        ),
    ],
    "refund": [
        ("We have refunded your order FH-1000.", "We will refund your order FH-1000.", "We can refund your order."),
        (
            "Wir haben dir die Bestellung FH-1000 erstattet.",
            "Wir werden dir die Bestellung FH-1000 erstatten.",
            "Wir können dir die Bestellung erstatten.",
        ),
        (
            "Te hemos reembolsado el pedido FH-1000.",
            "Te reembolsaremos el pedido FH-1000.",
            "Podemos reembolsarte el pedido.",
        ),
        (
            "Nous avons remboursé votre commande FH-1000.",
            "Nous rembourserons votre commande FH-1000.",
            "Nous pouvons rembourser votre commande.",
        ),
    ],
    "cancel_order": [
        ("We have cancelled your order FH-1000.", "We will cancel your order FH-1000.", "We can cancel your order."),
        (
            "Wir haben deine Bestellung FH-1000 storniert.",
            "Wir werden deine Bestellung FH-1000 stornieren.",
            "Wir können deine Bestellung stornieren.",
        ),
        ("Hemos cancelado tu pedido FH-1000.", "Cancelaremos tu pedido FH-1000.", "Podemos cancelar tu pedido."),
        (
            "Nous avons annulé votre commande FH-1000.",
            "Nous annulerons votre commande FH-1000.",
            "Nous pouvons annuler votre commande.",
        ),
    ],
    "credit": [
        (
            "We have added a credit to your account.",
            "We will add a credit to your account.",
            "We can add a credit to your account.",
        ),
        (
            "Wir haben dir einen Gutschein ausgestellt.",
            "Wir werden dir einen Gutschein ausstellen.",
            "Wir können dir einen Gutschein ausstellen.",
        ),
        ("Te hemos emitido un vale.", "Te emitiremos un vale.", "Podemos emitirte un vale."),
        (
            "Nous avons émis un bon d'achat.",
            "Nous allons émettre un bon d'achat.",
            "Nous pouvons émettre un bon d'achat.",
        ),
    ],
    "replace_items": [
        (
            "We have sent a replacement for order FH-1000.",
            "We will send a replacement for order FH-1000.",
            "We can send a replacement.",
        ),
        (
            "Wir haben dir Ersatz für die Bestellung FH-1000 geschickt.",
            "Wir werden dir Ersatz für die Bestellung FH-1000 schicken.",
            "Wir können dir Ersatz schicken.",
        ),
        (
            "Hemos reemplazado el artículo del pedido FH-1000.",
            "Reemplazaremos el artículo del pedido FH-1000.",
            "Podemos reemplazar el artículo.",
        ),
        (
            "Nous avons remplacé l'article de la commande FH-1000.",
            "Nous remplacerons l'article de la commande FH-1000.",
            "Nous pouvons remplacer l'article.",
        ),
    ],
    "exchange_items": [
        (
            "We have exchanged the jacket of order FH-1000.",
            "We will exchange the jacket of order FH-1000.",
            "We can exchange the jacket.",
        ),
        (
            "Wir haben die Jacke der Bestellung FH-1000 umgetauscht.",
            "Wir werden die Jacke der Bestellung FH-1000 umtauschen.",
            "Wir können die Jacke umtauschen.",
        ),
        (
            "Hemos canjeado la chaqueta del pedido FH-1000.",
            "Canjearemos la chaqueta del pedido FH-1000.",
            "Podemos canjear la chaqueta.",
        ),
        (
            "Nous avons échangé la veste de la commande FH-1000.",
            "Nous échangerons la veste de la commande FH-1000.",
            "Nous pouvons échanger la veste.",
        ),
    ],
    "change_address": [
        (
            "We have changed the delivery address of order FH-1000.",
            "We will change the delivery address of order FH-1000.",
            "We can change the delivery address.",
        ),
        (
            "Wir haben die Lieferadresse der Bestellung FH-1000 geändert.",
            "Wir werden die Lieferadresse der Bestellung FH-1000 ändern.",
            "Wir können die Lieferadresse ändern.",
        ),
        (
            "Hemos cambiado la dirección del pedido FH-1000.",
            "Cambiaremos la dirección del pedido FH-1000.",
            "Podemos cambiar la dirección.",
        ),
        (
            "Nous avons modifié l'adresse de la commande FH-1000.",
            "Nous modifierons l'adresse de la commande FH-1000.",
            "Nous pouvons modifier l'adresse.",
        ),
    ],
    "change_payment": [
        (
            "We have changed the payment method of order FH-1000.",
            "We will change the payment method of order FH-1000.",
            "We can change the payment method.",
        ),
        (
            "Wir haben die Zahlungsart der Bestellung FH-1000 geändert.",
            "Wir werden die Zahlungsart der Bestellung FH-1000 ändern.",
            "Wir können die Zahlungsart ändern.",
        ),
        (
            "Hemos cambiado el método de pago del pedido FH-1000.",
            "Cambiaremos el método de pago del pedido FH-1000.",
            "Podemos cambiar el método de pago.",
        ),
        (
            "Nous avons modifié le moyen de paiement de la commande FH-1000.",
            "Nous modifierons le moyen de paiement de la commande FH-1000.",
            "Nous pouvons modifier le moyen de paiement.",
        ),
    ],
    "change_items": [
        (
            "We have changed order FH-1000 to the other size.",
            "We will change order FH-1000 to the other size.",
            "We can change it to the other size.",
        ),
        (
            "Wir haben die Bestellung FH-1000 auf die andere Größe geändert.",
            "Wir werden die Bestellung FH-1000 auf die andere Größe ändern.",
            "Wir können sie auf die andere Größe ändern.",
        ),
        (
            "Hemos cambiado el pedido FH-1000 a la otra talla.",
            "Cambiaremos el pedido FH-1000 a la otra talla.",
            "Podemos cambiarlo a la otra talla.",
        ),
        (
            "Nous avons passé la commande FH-1000 à l'autre taille.",
            "Nous passerons la commande FH-1000 à l'autre taille.",
            "Nous pouvons la passer à l'autre taille.",
        ),
    ],
    "return_items": [
        (
            "We have accepted the return of order FH-1000.",
            "We will accept the return of order FH-1000.",
            "We can accept the return.",
        ),
        (
            "Wir haben das Rücksendeetikett für FH-1000 erstellt.",
            "Wir werden das Rücksendeetikett für FH-1000 erstellen.",
            "Wir können ein Rücksendeetikett erstellen.",
        ),
        (
            "Hemos creado la etiqueta de devolución de FH-1000.",
            "Crearemos la etiqueta de devolución de FH-1000.",
            "Podemos crear la etiqueta de devolución.",
        ),
        (
            "Nous avons créé l'étiquette de retour de FH-1000.",
            "Nous créerons l'étiquette de retour de FH-1000.",
            "Nous pouvons créer l'étiquette de retour.",
        ),
    ],
}

CASES = [
    pytest.param(kind, *said, id=f"{kind}-{language}")
    for kind, languages in _SAID.items()
    for language, said in zip(LANGUAGES, languages, strict=True)
]


def found(sentence: str, **facts: tuple[Proposal, ...]) -> bool:
    return bool(rules(sentence, ORDER, **facts) & {"promise", "status"})


def action(kind: str, order: str = "FH-1000") -> tuple[Proposal, ...]:
    return (Proposal(kind, {"order": order}, "late"),)


@pytest.mark.parametrize(("kind", "done", "will", "can"), CASES)
def test_what_can_be_done_may_be_said_before_anybody_has_approved_it(kind, done, will, can):
    assert not found(can)
    assert found(will)
    assert found(done)


@pytest.mark.parametrize(("kind", "done", "will", "can"), CASES)
def test_what_was_approved_will_be_done_and_has_not_been(kind, done, will, can):
    assert not found(will, approved=action(kind))
    assert found(done, approved=action(kind))


@pytest.mark.parametrize(("kind", "done", "will", "can"), CASES)
def test_what_was_carried_out_has_been_done(kind, done, will, can):
    assert not found(done, done=action(kind))
    assert not found(will, done=action(kind))


@pytest.mark.parametrize(("kind", "done", "will", "can"), CASES)
def test_an_action_of_another_kind_or_order_stands_behind_nothing(kind, done, will, can):
    other = action("refund" if kind != "refund" else "cancel_order")
    assert found(done, done=other)
    assert found(will, approved=other)
    if "FH-1000" in done:
        assert found(done, done=action(kind, "FH-2000"))
        assert found(will, approved=action(kind, "FH-2000"))


@pytest.mark.parametrize(
    "said",
    [
        "We refunded order FH-1000 and will write to you.",
        "Order FH-1000 was refunded and you will get an email.",
        "We upgraded order FH-1000 to express and will keep you posted.",
    ],
)
def test_what_is_over_is_not_made_a_plan_by_what_is_still_to_come(said):
    assert found(said, approved=(*action("refund"), *action("upgrade_shipping")))


def test_each_of_several_acts_needs_its_own_action():
    both = "We have cancelled your order FH-1000 and refunded it."
    assert found(both, done=action("cancel_order"))
    assert not found(both, done=(*action("cancel_order"), *action("refund")))
