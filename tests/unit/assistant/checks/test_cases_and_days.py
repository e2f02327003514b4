"""Rules of two cases, values side by side, days beside their events, rules told in general, bounds of others."""

import pytest

from assistant.outcome import Part
from tests.unit.assistant.checks.sentences import policy, record, rules

CHECK_IN = policy("Check-in opens 30 days before departure if you bought a seat, otherwise 24 hours before.")
COURSES = policy("Die Abmeldung kostet 15 €, wenn Sie ein Attest vorlegen, sonst 40 €.")
GYM = policy("La baja es efectiva en 3 días si la pides en la app, de lo contrario en 15 días.")
LIBRARY = policy("Le prêt dure 6 semaines si vous avez la carte Or, sinon 3 semaines.")
CLOSING = policy("The bag drop closes 45 minutes, the gate 20 minutes before departure.")
POOL = policy("Das Becken schließt 30 Minuten, die Sauna 50 Minuten vor Betriebsende.")
SPACES = policy("El taller cierra 40 minutos, la tienda 10 minutos antes de la hora.")
DISTANCES = policy("Towing costs £80 for up to 15 miles, £120 for 15 to 50 miles and £190 for longer ones.")
CLAIMS = record(
    "Member 2209; claim MM-4071 for AU 418 of 24 April 2026: 312 miles credited Monday 11 May 2026; level Silver."
)
GRANT = record(
    "Claim DR-116-40 of 27 April 2026: journey on 26 April 2026; amount £19.00, approved Tuesday 28 April 2026."
)
LAPTOP = record(
    "Auftrag ML-20655 vom 12. März 2026: 1 × Spiegel Runa 64,00 €; Erstattung 64,00 € veranlasst am 4. Mai 2026."
)
PARCEL = record("Parcel PX-77120 sent on 2 November 2026; delivered on 5 November 2026.")
LOST = policy("A parcel not found after 21 days counts as lost; we then pay its value up to €1,500.")
STUDENTS = policy("Students under 26 pay 34 % less.")
CLAIM_TIME = policy("Den Antrag stellen Sie innerhalb von 3 Monaten nach der Fahrt.")
SHOWING = policy("Vous pouvez reporter le rendez-vous une seule fois, au moins 2 jours avant.")
BICYCLES = policy("Bicycles travel free outside 7:00–9:30.")
TICKETS = policy(
    "- **Flexi:** refund less £5 up to 28 days after the date.\n- **Saver:** refund less £10 before departure only."
)
RECORD_OF_TICKET = record("Booking NR-48-20917: 1 × Saver single £41.00; status paid.")


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        ("Without a bought seat, check-in opens 24 hours before departure.", CHECK_IN),
        ("If you bought a seat, check-in opens 30 days before departure.", CHECK_IN),
        ("Otherwise check-in opens 24 hours before departure.", CHECK_IN),
        ("If you haven't bought a seat, it opens 24 hours before departure.", CHECK_IN),
        ("Ohne Attest kostet die Abmeldung 40 €.", COURSES),
        ("Wenn Sie ein Attest vorlegen, kostet die Abmeldung 15 €.", COURSES),
        ("Si la pides en la app, la baja es efectiva en 3 días.", GYM),
        ("Si no la pides en la app, la baja es efectiva en 15 días.", GYM),
        ("Sans la carte Or, le prêt dure 3 semaines.", LIBRARY),
        ("Si vous avez la carte Or, le prêt dure 6 semaines.", LIBRARY),
    ],
)
def test_each_case_of_a_rule_has_its_value(sentence, source):
    assert rules(sentence, source, part=Part.PUBLIC) == set()


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        ("Without a bought seat, check-in opens 30 days before departure.", CHECK_IN),
        ("If you bought a seat, check-in opens 24 hours before departure.", CHECK_IN),
        ("Ohne Attest kostet die Abmeldung 15 €.", COURSES),
        ("Wenn Sie ein Attest vorlegen, kostet die Abmeldung 40 €.", COURSES),
        ("Si la pides en la app, la baja es efectiva en 15 días.", GYM),
        ("Sans la carte Or, le prêt dure 6 semaines.", LIBRARY),
    ],
)
def test_the_value_of_the_other_case_is_found(sentence, source):
    assert "attachment" in rules(sentence, source, part=Part.PUBLIC)


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        ("Be at the bag drop no later than 45 minutes before departure.", CLOSING),
        ("The gate closes 20 minutes before departure.", CLOSING),
        ("The bag drop closes 45 minutes before departure.", CLOSING),
        ("Das Becken schließt 30 Minuten vor Betriebsende.", POOL),
        ("Die Sauna schließt 50 Minuten vor Betriebsende.", POOL),
        ("El taller cierra 40 minutos antes de la hora.", SPACES),
        ("La tienda cierra 10 minutos antes de la hora.", SPACES),
        ("For 15 to 50 miles towing costs £120.", DISTANCES),
        ("Towing costs £80 for up to 15 miles.", DISTANCES),
        ("Towing for between 15 and 50 miles is £120.", DISTANCES),
    ],
)
def test_what_shares_a_verb_has_values_of_its_own(sentence, source):
    assert rules(sentence, source, part=Part.PUBLIC) == set()


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        ("We credited 312 miles for flight AU 418 on Monday 11 May.", CLAIMS),
        ("Wir haben 312 Meilen am 11. Mai gutgeschrieben.", CLAIMS),
        ("Les 312 miles ont été crédités le 11 mai.", CLAIMS),
        ("Your claim DR-116-40 was approved on 28 April.", GRANT),
        ("Ihr Antrag DR-116-40 wurde am 28. April genehmigt.", GRANT),
        ("Tu solicitud DR-116-40 se aprobó el martes 28 de abril.", GRANT),
        ("Votre demande DR-116-40 a été acceptée le 28 avril.", GRANT),
        ("Die 64,00 € für den Spiegel Runa haben wir am 4. Mai 2026 angewiesen.", LAPTOP),
        ("Your parcel PX-77120 was delivered on 5 November.", PARCEL),
        ("Ihr Paket PX-77120 wurde am 5. November zugestellt.", PARCEL),
    ],
)
def test_a_day_is_that_of_the_event_beside_it(sentence, source):
    assert rules(sentence, source) == set()


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        ("Your claim was approved on 26 April.", GRANT),
        ("Ihr Antrag wurde am 26. April genehmigt.", GRANT),
        ("Tu solicitud se aprobó el 26 de abril.", GRANT),
        ("Votre demande a été approuvée le 26 avril.", GRANT),
    ],
)
def test_the_day_of_another_event_is_found(sentence, source):
    assert "attachment" in rules(sentence, source)


@pytest.mark.parametrize(
    "sentence",
    [
        "If a parcel isn't found after 21 days, it counts as lost.",
        "If it hasn't been delivered after three weeks, it counts as lost.",
        "Wenn das Paket nach 21 Tagen nicht zugestellt ist, gilt es als verloren.",
        "Si un paquete no ha llegado tras 21 días, se considera perdido.",
        "Si le colis n'est pas livré après 21 jours, il est considéré comme perdu.",
    ],
)
def test_a_rule_with_an_if_is_no_status_of_one_parcel(sentence):
    assert "status" not in rules(sentence, LOST, PARCEL)


def test_a_bound_is_of_the_number_right_after_it():
    assert rules("As a student under 26 you'd pay 34 % less.", STUDENTS) == set()


def test_a_span_after_an_event_is_not_bounded_by_it():
    assert rules("Für den Antrag haben Sie nach der Fahrt drei Monate Zeit.", CLAIM_TIME) == set()


def test_restricting_is_not_denying_in_french():
    assert rules("Vous ne pouvez reporter le rendez-vous qu'une fois, au plus tard deux jours avant.", SHOWING) == set()
    assert "negation" in rules("Vous ne pouvez pas reporter le rendez-vous.", SHOWING)


def test_the_month_of_may_allows_nothing():
    claim = record("Claim MM-4102: rejected 12 May 2026, boarding pass missing.")
    assert rules("Your claim MM-4102 was turned down as the boarding pass was missing.", claim) == set()


def test_what_a_rule_does_is_not_held_against_the_amounts_of_one_booking():
    assert rules("A Flexi ticket is refunded less £5.", TICKETS, RECORD_OF_TICKET, part=Part.PUBLIC) == set()


def test_an_entry_of_a_marked_list_keeps_its_own_value():
    assert "attachment" in rules("Saver tickets are refunded up to 28 days after the date.", TICKETS, part=Part.PUBLIC)
    table = policy(
        "| Fare | Change |\n|---|---|\n| Eco | $15 up to 7 days before |\n| Plus | free up to 3 days before |"
    )
    assert "attachment" in rules("On Plus you can change up to 7 days before.", table, part=Part.PUBLIC)


def test_a_part_paid_back_is_told_by_its_amount():
    order = record(
        "Order HY-55: 2 × Side Table £62.00 each. One side table scratched; partial refund £15.00 issued 9 April 2026."
    )
    assert rules("For the scratched side table we refunded £15.00 on 9 April.", order) == set()
