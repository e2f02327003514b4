"""Which of several things a record's values belong to, and what is no price."""

import pytest

from assistant.outcome import Part
from tests.unit.assistant.checks.sentences import policy, record, rules

CLAIMS = record(
    "Policy HV-6021, cat Mog. Claim CL-10 of 3 March 2026, ear infection, treated 1 March 2026; vet's notes missing. "
    "Claim CL-11 of 9 March 2026, broken tooth, treated 8 March 2026, status open."
)
CARDS = record("Card ending 4410 blocked on 2 March 2026. Replacement card ending 7823 ordered on 3 March 2026.")
TRIPS = record("Trip RT-501 of 4 May 2026, booked. Trip RT-498 of 1 May 2026: 20 minutes late, surcharge £9.00.")
LATE = policy("Whoever is late pays £9 for every half hour.")
DATA = policy("Abroad data costs £5.00 per MB. Delivery within 3 to 4 working days, free of charge.")


@pytest.mark.parametrize(
    ("sentence", "sources"),
    [
        ("The vet's notes are missing for claim CL-11.", [CLAIMS]),
        ("It's the card ending 7823 that you blocked.", [CARDS]),
        ("The surcharge of £9.00 is for trip RT-501.", [TRIPS, LATE]),
    ],
)
def test_what_a_record_tells_of_another_thing_is_found(sentence, sources):
    assert "attachment" in rules(sentence, *sources, part=Part.PRIVATE)


@pytest.mark.parametrize(
    ("sentence", "sources"),
    [
        ("The vet's notes are missing for claim CL-10.", [CLAIMS]),
        ("Poor Mog! Claim CL-11 is dated 9 March.", [CLAIMS]),
        ("It's the card ending 4410 that you blocked.", [CARDS]),
        ("The surcharge of £9.00 is for trip RT-498.", [TRIPS, LATE]),
    ],
)
def test_what_it_tells_of_this_one_stands(sentence, sources):
    assert "attachment" not in rules(sentence, *sources, part=Part.PRIVATE)


@pytest.mark.parametrize(
    "sentence",
    [
        "Daher kostet es 3 bis 4 Werktage.",
        "Delivery costs 3 to 4 working days.",
        "El envío cuesta 3 días.",
        "La livraison coûte entre 3 et 4 jours ouvrés.",
    ],
)
def test_a_span_of_time_is_no_price(sentence):
    assert "duration" in rules(sentence, DATA)


@pytest.mark.parametrize(
    "sentence",
    ["Delivery costs nothing within 3 to 4 working days.", "El enlace vale 3 días.", "It costs £5.00 for 3 days."],
)
def test_what_stays_valid_or_costs_nothing_has_a_span(sentence):
    assert "duration" not in rules(sentence, DATA, policy("El enlace vale 3 días. 3 days cost £5.00."))


@pytest.mark.parametrize(
    ("sentence", "found"), [("Data costs £5.00 per GB.", True), ("Data costs £5.00 per MB.", False)]
)
def test_an_amount_is_for_the_unit_of_its_source(sentence, found):
    assert ("unit" in rules(sentence, DATA)) is found


@pytest.mark.parametrize(("sentence", "found"), [('Gebucht ist der Bus "Otto".', True), ('Gebucht ist "Mira".', False)])
def test_a_quoted_name_stands_in_a_source(sentence, found):
    assert ("name" in rules(sentence, record('Buchung FA-20: Kombi "Mira", Status gebucht.'))) is found
