import pytest

from assistant.outcome import ClaimKind
from tests.unit.assistant.checks.sentences import policy, record, rules
from tools.context import Proposal

SHIPPED = record("Order FH-1: status shipped; sent with Parcelway on 10 November 2026; not delivered yet")
PROMISED_REFUND = record("Order FH-1, refund 1: refund of 40.00 GBP promised on 12 November 2026, not carried out yet")
PAID_REFUND = record("Order FH-1, refund 1: refund of 40.00 GBP to the credit card carried out on 13 November 2026")
RETURNS = policy(
    "Unused items can be returned within 60 days of delivery with proof of purchase. Gift cards cannot be returned. "
    "On request we can upgrade the next order to express shipping. A partial refund is possible for marks."
)


@pytest.mark.parametrize(
    "sentence",
    [
        "Your order has been delivered.",
        "Your order was cancelled.",
        "Ihre Bestellung wurde zugestellt.",
        "Votre colis a été livré.",
    ],
)
def test_what_no_record_tells_has_not_happened(sentence):
    assert "status" in rules(sentence, SHIPPED)


def test_a_denied_event_that_happened_is_marked():
    assert "status" in rules("Your order has not been shipped.", SHIPPED)
    assert rules("Your order hasn't been delivered yet.", SHIPPED) == set()


def test_a_promised_refund_is_not_a_refund():
    assert "status" in rules("Your £40.00 has been refunded.", PROMISED_REFUND)
    assert rules("Your £40.00 was refunded on 13 November.", PAID_REFUND) == set()


PAYMENT = record("Order FH-1, payment PAY-1: 89.00 GBP by credit card on 10 November 2026")


@pytest.mark.parametrize(
    "sentence",
    [
        "We refunded £89.00.",
        "Your refund is £89.00.",
        "Your refund of £89.00 is on its way.",
        "You'll get £89.00 back.",
        "£89.00 is going back to your card.",
        "Wir haben 89,00 £ erstattet.",
        "Du bekommst 89,00 £ zurück.",
        "Te devolvemos 89,00 £.",
        "Votre remboursement est de 89,00 £.",
    ],
)
@pytest.mark.parametrize("others", [(), (PAID_REFUND,)])
def test_what_was_paid_is_not_what_is_paid_back(sentence, others):
    assert {"status", "attachment"} & rules(sentence, PAYMENT, *others)


@pytest.mark.parametrize("sentence", ["You paid £89.00 by card.", "Du hast 89,00 £ bezahlt."])
def test_a_payment_is_told_as_one(sentence):
    assert rules(sentence, PAYMENT) == set()


@pytest.mark.parametrize(
    "sentence",
    [
        "We've passed this on to our team.",
        "We're looking into it.",
        "A colleague will call you today.",
        "I've sent you a replacement.",
        "Wir haben das an unser Team weitergeleitet.",
        "Eine Kollegin ruft Sie an.",
        "Hemos pasado su caso a nuestro equipo.",
        "Nous avons transmis votre demande.",
    ],
)
@pytest.mark.parametrize("kind", [ClaimKind.FACT, ClaimKind.COURTESY])
def test_work_that_nobody_does_is_not_claimed(sentence, kind):
    assert "promise" in rules(sentence, SHIPPED, kind=kind)


def test_an_action_that_was_carried_out_may_be_told():
    done = Proposal("upgrade_shipping", {"order": "FH-1"}, "late")
    assert "promise" not in rules("We've upgraded your shipping.", SHIPPED, done=(done,))


def test_a_promise_on_record_may_be_repeated():
    promise = record("Promise of 16 November 2026: a colleague will call back by 23 November 2026; state open.")
    assert rules("A colleague will call you back by 23 November.", promise) == set()


@pytest.mark.parametrize("kind", [ClaimKind.FACT, ClaimKind.COURTESY])
@pytest.mark.parametrize(
    "sentence",
    [
        "Your parcel will be with you soon.",
        "It's on its way back to you shortly.",
        "You'll hear from us.",
        "It won't take long.",
        "The refund will land in your account any moment.",
        "Ihr Paket ist bald bei Ihnen.",
        "Du hörst bald von uns.",
        "Es dauert nicht mehr lange.",
        "Tu paquete llegará pronto.",
        "Pronto tendrás noticias nuestras.",
        "Votre colis arrivera bientôt.",
        "Vous aurez bientôt de nos nouvelles.",
    ],
)
def test_soon_is_a_promise_that_needs_a_source(sentence, kind):
    assert "promise" in rules(sentence, SHIPPED, kind=kind)


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        ("You'll hear from us within 2 working days.", policy("We reply to messages within 2 working days.")),
        ("It should be with you soon.", record("Order FH-1, shipment S1: expected on 23 November 2026")),
        ("It will be with you soon.", record("Order FH-1, shipment S1: out for delivery")),
        ("Sie hören innerhalb von 2 Werktagen von uns.", policy("We reply to messages within 2 working days.")),
    ],
)
def test_soon_may_be_said_where_a_source_says_so(sentence, source):
    assert "promise" not in rules(sentence, source)


@pytest.mark.parametrize(
    "sentence",
    [
        "Hope to see you on the trail soon!",
        "We hope it's with you soon.",
        "Please write to us as soon as you can.",
        "Bis bald!",
        "Wir hoffen, es ist bald bei dir.",
        "¡Hasta pronto!",
        "À bientôt !",
    ],
)
def test_a_wish_is_no_promise(sentence):
    assert rules(sentence, kind=ClaimKind.COURTESY) == set()


@pytest.mark.parametrize("kind", [ClaimKind.FACT, ClaimKind.COURTESY])
@pytest.mark.parametrize(
    "sentence",
    [
        "Your refund has been settled.",
        "Your order has been paused.",
        "We've put your order on hold.",
        "Your order has been scrapped.",
        "The charge was reversed.",
        "Your shipping was comped.",
        "We've written off the balance.",
        "I've bumped you up to express.",
        "Your delivery has been rescheduled.",
        "We're fast-tracking your order.",
        "I've pulled some strings for you.",
        "We'll make it right.",
        "I'll stay on top of it.",
        "You have my word.",
        "Deine Bestellung wurde auf Eis gelegt.",
        "Die Rechnung wurde beglichen.",
        "Wir haben die Gebühr gestrichen.",
        "Wir bringen das in Ordnung.",
        "Ich setze mich dafür ein.",
        "Hemos puesto tu pedido en pausa.",
        "Te hemos perdonado la tarifa.",
        "Lo arreglaremos.",
        "Nous avons mis votre commande en pause.",
        "Nous vous avons fait cadeau des frais.",
        "La facture a été réglée.",
        "On s'en charge.",
    ],
)
def test_unusual_verbs_claim_as_much_as_the_usual_ones(sentence, kind):
    assert {"promise", "status"} & rules(sentence, SHIPPED, kind=kind)


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        ("Your subscription is paused.", record("Subscription 7: status on hold since 2 November 2026")),
        ("Dein Abo ist pausiert.", record("Subscription 7: status paused since 2 November 2026")),
        ("Your delivery was rescheduled.", record("Booking 7: delivery postponed by the carrier")),
        ("The delivery fee has been waived.", record("Order 7: delivery fee waived on 2 November 2026")),
    ],
)
def test_the_same_event_in_another_verb_stands(sentence, source):
    assert not {"promise", "status"} & rules(sentence, source)


@pytest.mark.parametrize(
    ("sentence", "rule"),
    [
        ("Gift cards can be returned.", "negation"),
        ("Geschenkkarten können zurückgegeben werden.", "negation"),
        ("Items can be returned within 60 days of delivery with proof of purchase.", "condition"),
        ("Unused items can be returned within 60 days of delivery.", "condition"),
        ("We can upgrade the next order to express shipping.", "condition"),
        ("A full refund is possible for marks.", "extent"),
        ("All items can be returned within 60 days of delivery, unused and with proof of purchase.", "extent"),
    ],
)
def test_a_policy_is_not_turned_round(sentence, rule):
    assert rule in rules(sentence, RETURNS)


@pytest.mark.parametrize(
    "sentence",
    [
        "Gift cards can't be returned, sorry.",
        "You can return unused items within 60 days of delivery if you have proof of purchase.",
        "On request we can upgrade your next order to express shipping.",
        "Unbenutzte Artikel können Sie mit Kaufbeleg innerhalb von 60 Tagen nach der Lieferung zurückgeben.",
    ],
)
def test_a_policy_in_other_words_stands(sentence):
    assert rules(sentence, RETURNS) == set()


def test_possible_is_not_done():
    assert {"modality", "promise"} & rules("On request we have upgraded the next order to express shipping.", RETURNS)


def test_nothing_stands_without_a_source():
    assert "unsupported" in rules("We ship to Norway.")
    assert "unsupported" in rules("Great news, your tent ships soon and is covered!", kind=ClaimKind.COURTESY)
    assert rules("Sorry about the wait!", kind=ClaimKind.COURTESY) == set()
    assert rules("Which size are you looking for?", kind=ClaimKind.QUESTION) == set()


def test_another_product_is_marked():
    line = record("Order FH-1, line 1: 1 × Ridgeline 2 (green), 329.00 GBP")
    assert "name" in rules("Your Falcon 65 was 329.00 GBP.", line)
    assert rules("Your Ridgeline 2 was 329.00 GBP.", line) == set()


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        ("You don't need to pay for postage, the label's included.", "A prepaid label is included for postage."),
        (
            "A postponed show doesn't change anything about your ticket.",
            "If the show is postponed your ticket stays valid.",
        ),
        ("Can't make it? Your ticket can be resold until noon.", "Your ticket can be resold until noon."),
        ("Sell your ticket any time before noon.", "You can sell your ticket until noon on the day of the show."),
        ("All our tariffs are on this page.", "See all tariffs on this page."),
        (
            "We pay up to £3,000 if you are called for jury service.",
            "We pay up to £3,000 if you fall ill or are called for jury service.",
        ),
        ("There are no Sunday or Monday deliveries.", "Delivery runs Tuesday to Saturday."),
    ],
)
def test_the_same_in_other_words_is_left_alone(sentence, source):
    assert rules(sentence, policy(source)) == set()


def test_never_is_more_than_free_for_a_time():
    source = policy("Fault call-outs within the first 2 years are free.")
    assert "negation" in rules("You'll never pay for a fault call-out, whatever the year.", source)
