"""The parts of a journey, and amounts that a record labels."""

import pytest

from assistant.outcome import Part
from tests.unit.assistant.checks.sentences import policy, record, rules

FLIGHTS = record(
    "Booking K7QPZM of 2 April 2026: AU 418 Porto–Hamburg, Friday 24 April 2026, 09:35; "
    "AU 421 Hamburg–Porto, Tuesday 28 April 2026, 17:10; status confirmed."
)
TRAINS = record(
    "Auftrag RX-70418 vom 1. April 2026: RX 554 Köln – Leipzig, 17. April 2026, Abfahrt 8:46 Uhr; "
    "RX 559 Leipzig – Köln, 19. April 2026, Abfahrt 18:10 Uhr."
)
FERRIES = record(
    "Reserva LW4T9C del 6 de abril de 2026: Denia–Palma, 9 de mayo de 2026, 12:15; "
    "Palma–Denia, 13 de mayo de 2026, 20:40."
)
COACHES = record(
    "Dossier QX-8123 du 20 avril 2026 : Nantes–Lyon, vendredi 15 mai 2026, 7 h 12 ; "
    "Lyon–Nantes, dimanche 17 mai 2026, 18 h 40."
)
EXPENSES = record("Report BX-2771: Purchases claimed: €94.30; accepted: €71.80; paid on 8 May 2026.")
SIDEBOARD = record("Commande MP-14092 du 18 avril 2026, total 524,00 € : 1 × Buffet Alba 465,00 €, livraison 59,00 €.")
TENT = record("Order TN-31170, total £189.00: 1 × Ridge Tent £174.00, delivery £15.00.")
LAMP = record("Bestellung LM-20455, Summe 88,00 €: 1 × Lampe Runa 79,00 €, Lieferung 9,00 €.")
PLAN = record("Instalment plan IP-30088: Dining Table £540.00; 6 × £90.00; remaining £450.00; status in order.")
TIMES = policy("Claims must reach us within 6 years (Scotland: 5 years). Parcels cost €6 (Malta: €11).")


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        ("Your flight to Hamburg leaves on Friday 24 April 2026.", FLIGHTS),
        ("Your flight back to Porto leaves on Tuesday 28 April 2026.", FLIGHTS),
        ("Your flight from Hamburg leaves at 17:10.", FLIGHTS),
        ("AU 418 leaves at 09:35.", FLIGHTS),
        ("Ihr Zug nach Leipzig fährt am 17. April um 8:46 Uhr.", TRAINS),
        ("Ihr Zug von Leipzig fährt am 19. April um 18:10 Uhr.", TRAINS),
        ("Tu ferry a Palma sale el 9 de mayo.", FERRIES),
        ("Tu ferry de Palma sale el 13 de mayo a las 20:40.", FERRIES),
        ("Votre car pour Lyon part le 15 mai.", COACHES),
        ("Votre car de Lyon part le 17 mai.", COACHES),
    ],
)
def test_each_part_of_a_journey_has_its_day(sentence, source):
    assert rules(sentence, source) == set()


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        ("Your flight to Hamburg leaves on 28 April 2026.", FLIGHTS),
        ("Your flight back to Porto leaves on 24 April 2026.", FLIGHTS),
        ("Your flight from Hamburg leaves at 09:35.", FLIGHTS),
        ("AU 421 leaves at 09:35.", FLIGHTS),
        ("Ihr Zug nach Leipzig fährt am 19. April.", TRAINS),
        ("Ihr Zug von Leipzig fährt um 8:46 Uhr.", TRAINS),
        ("Tu ferry a Palma sale el 13 de mayo.", FERRIES),
        ("Tu ferry de Palma sale a las 12:15.", FERRIES),
        ("Votre car pour Lyon part le 17 mai.", COACHES),
        ("Votre car de Lyon part le 15 mai.", COACHES),
    ],
)
def test_the_day_of_the_other_way_is_found(sentence, source):
    assert "attachment" in rules(sentence, source)


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        ("We're paying you €71.80 for your purchases.", EXPENSES),
        ("You claimed €94.30 and we accepted €71.80.", EXPENSES),
        ("Le buffet a coûté 465,00 €.", SIDEBOARD),
        ("Votre commande a coûté 524,00 € au total.", SIDEBOARD),
        ("The tent cost £174.00.", TENT),
        ("Your order came to £189.00.", TENT),
        ("Die Lampe Runa hat 79,00 € gekostet.", LAMP),
        ("Ihre Bestellung kostet insgesamt 88,00 €.", LAMP),
        ("You still have to pay £450.00.", PLAN),
        ("Every instalment is £90.00.", PLAN),
    ],
)
def test_an_amount_is_told_by_its_label(sentence, source):
    assert "attachment" not in rules(sentence, source)


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        ("We're paying you €94.30 for your purchases.", EXPENSES),
        ("Wir zahlen Ihnen 94,30 € für Ihre Einkäufe.", EXPENSES),
        ("We've refunded €94.30 for your purchases.", EXPENSES),
        ("Le buffet a coûté 524,00 €.", SIDEBOARD),
        ("The tent cost £189.00.", TENT),
        ("Die Lampe Runa hat 88,00 € gekostet.", LAMP),
        ("You still have to pay £540.00.", PLAN),
        ("Sie müssen noch 540,00 £ zahlen.", PLAN),
    ],
)
def test_an_amount_under_another_label_is_found(sentence, source):
    assert "attachment" in rules(sentence, source)


def test_a_value_in_brackets_is_of_what_it_names():
    for sentence in ("In Scotland claims must reach us within 5 years.", "Claims must reach us within 6 years."):
        assert "attachment" not in rules(sentence, TIMES, part=Part.PUBLIC)
    for sentence in ("In Scotland claims must reach us within 6 years.", "Parcels to Malta cost €6."):
        assert "attachment" in rules(sentence, TIMES, part=Part.PUBLIC)
