"""How far a rule reaches: whom it is for, what it leaves out, and what must not be told more widely than it says."""

import pytest

from tests.unit.assistant.checks.sentences import policy, record, rules

MASKS = policy("# Lens returns in Portugal\nOpened lenses can be returned within 20 days. Return postage is free.")
MASKS_ES = policy("# Lens returns in Spain\nOpened lenses cannot be returned. Return postage costs €6.40.")
LIBRARY = policy(
    "# Loans for members\nBooks are lent for 28 days. Laptops are lent from the desk in Corran.\n"
    "# Loans for visitors\nBooks are lent for 5 days. Laptops are lent from the desk in Ashby."
)
BILLS = policy("You can spread a bill over £80 across up to 4 instalments. Paper bills cost £2.25 each.")
POOL = policy(
    "The outdoor pool opens on 1 May. You can move to a faster plan straight away. Roaming is off by default."
)
RATES = policy("Fares:\n- up to 5 kg: €4.20, 6 days\n- 5 to 20 kg: €7.90, 9 days\n- over 20 kg: €15.60, 12 days")
KEEPS = policy("You get £3.60 per jar back, without a receipt. A student card is only issued with proof of enrolment.")


@pytest.mark.parametrize(
    "sentence",
    [
        "In Portugal, return postage costs €6.40.",
        "In Portugal kostet die Rücksendung 6,40 €.",
        "En Portugal, la devolución cuesta 6,40 €.",
        "Au Portugal, le retour coûte 6,40 €.",
        "In Portugal opened lenses cannot be returned.",
        "In Spain opened lenses can be returned.",
        "In Spain you have 20 days to return opened lenses.",
    ],
)
def test_what_one_section_says_is_not_told_of_the_place_in_another_heading(sentence):
    assert rules(sentence, MASKS, MASKS_ES)


@pytest.mark.parametrize(
    "sentence",
    [
        "In Portugal opened lenses can be returned within 20 days.",
        "In Spain return postage costs €6.40.",
        "In Spanien kostet das Rückporto 6,40 €.",
        "Au Portugal, vous avez 20 jours.",
        "Opened lenses can be returned within 20 days in Portugal, but not in Spain.",
    ],
)
def test_what_a_section_says_of_its_own_place_is_left_alone(sentence):
    assert rules(sentence, MASKS, MASKS_ES) == set()


@pytest.mark.parametrize(
    "sentence",
    [
        "Visitors can keep books for 28 days.",
        "Visitors get laptops from the desk in Corran.",
        "As a member you can keep a book for 5 days.",
    ],
)
def test_sections_of_one_document_are_kept_apart_too(sentence):
    assert "attachment" in rules(sentence, LIBRARY)


@pytest.mark.parametrize(
    "sentence",
    [
        "You can spread any bill across 4 instalments.",
        "You can spread every bill across up to 4 instalments.",
        "You can spread your bill across 4 instalments, no matter how small it is.",
        "Sie können jede Rechnung auf 4 Raten verteilen.",
        "Sie können Ihre Rechnung auf 4 Raten verteilen, egal wie hoch sie ist.",
        "Puedes repartir cualquier factura en 4 plazos.",
        "Puedes repartir tu factura en 4 plazos, sea cual sea el importe.",
        "Vous pouvez étaler toutes les factures en 4 fois.",
        "Vous pouvez étaler votre facture en 4 fois, quel que soit le montant.",
    ],
)
def test_any_and_whenever_need_a_source_that_leaves_nothing_out(sentence):
    assert rules(sentence, BILLS)


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        ("You can stop at any time.", "You may stop whenever you wish."),
        ("Jeder kann mitmachen.", "The course is open to everyone."),
        ("If you have any questions about pausing, write to us.", "Pausing is possible twice a year."),
        ("Pausing doesn't cost anything.", "Pausing is free of charge, twice a year."),
        ("Le cours est ouvert à tous.", "The course is open to everybody."),
        ("Puedes cancelar cuando quieras.", "You can cancel at any time."),
        ("The fee is taken on the 3rd of every month.", "The fee is taken on the 3rd of each month."),
    ],
)
def test_words_for_all_that_the_source_means_as_well_are_left_alone(sentence, source):
    assert rules(sentence, policy(source)) == set()


@pytest.mark.parametrize(
    "sentence",
    [
        "The indoor pool opens on 1 May.",
        "Das Hallenbad öffnet am 1. Mai.",
        "La piscina cubierta abre el 1 de mayo.",
        "You can move to a slower plan at once.",
        "Roaming is on by default.",
    ],
)
def test_a_word_whose_opposite_the_source_says_is_marked(sentence):
    assert rules(sentence, POOL)


FLIGHT = record("Booking QF8TLM: Oslo – Porto; outbound 12 December 2026 07:35, return flight 19 December 2026 18:20")


@pytest.mark.parametrize(
    ("sentence", "marked"),
    [
        ("Your return flight is on 12 December.", True),
        ("Ihr Rückflug geht um 7:35 Uhr.", True),
        ("Votre vol retour part à 7 h 35.", True),
        ("Your return flight is on 19 December.", False),
        ("Ihr Hinflug geht um 7:35 Uhr.", False),
        ("You fly out on 12 December, and your return flight is on the 19th.", False),
    ],
)
def test_the_day_of_one_way_is_not_that_of_the_other(sentence, marked):
    assert bool(rules(sentence, FLIGHT)) is marked


@pytest.mark.parametrize(
    "sentence",
    [
        "The outdoor pool opens on 1 May.",
        "Das Freibad öffnet am 1. Mai.",
        "Roaming isn't on by default.",
        "You can move to a faster plan at once.",
    ],
)
def test_the_same_side_and_a_denied_opposite_are_left_alone(sentence):
    assert rules(sentence, POOL) == set()


@pytest.mark.parametrize(
    "sentence", ["From 5 to 20 kg it's €4.20.", "Zwischen 5 und 20 kg kostet es 15,60 €.", "It is €7.90 for 12 days."]
)
def test_values_of_two_rows_do_not_make_one(sentence):
    assert rules(sentence, RATES)


def test_values_of_one_row_are_left_alone():
    assert rules("From 5 to 20 kg it's €7.90 and takes 9 days.", RATES) == set()


TICKETS = policy(
    "Adults EUR 16; students and pensioners EUR 10; lockers EUR 2. The motor is covered for 10 years, the lid for 3."
)
LINES = record("Work: brake pads front (GBP 118.00), brake fluid (GBP 45.00), wiper blades (GBP 54.85)")


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("Students pay €16.", TICKETS),
        ("Studierende zahlen 16 €.", TICKETS),
        ("Lockers are €10.", TICKETS),
        ("The wiper blades set you back £45.00.", LINES),
        ("The brake fluid was £54.85.", LINES),
    ],
)
def test_the_value_of_one_entry_is_not_told_of_another(sentence, evidence):
    assert "attachment" in rules(sentence, evidence)


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("Students pay €10.", TICKETS),
        ("It's €16 for adults.", TICKETS),
        ("Pensioners pay €10 just like students.", TICKETS),
        ("The brake fluid was £45.00.", LINES),
        ("Changing the fluid in your brakes cost £45.00.", LINES),
    ],
)
def test_the_value_of_its_own_entry_is_left_alone(sentence, evidence):
    assert rules(sentence, evidence) == set()


@pytest.mark.parametrize(
    ("sentence", "marked"),
    [
        ("You need the receipt to get £3.60 per jar back.", True),
        ("The student card is issued without proof of enrolment.", True),
        ("You get £3.60 per jar back, and you don't need a receipt.", False),
        ("The student card is only issued with proof of enrolment.", False),
    ],
)
def test_what_must_be_there_is_not_told_of_what_goes_without(sentence, marked):
    assert bool(rules(sentence, KEEPS)) is marked


CASE = record("Case 5518 for the dishwasher, opened 6 November 2026; engineer visit booked for 23 November 2026")
PARCELS = record(
    "Order 7731. Parcel 1: lamp, sent 9 November 2026, delivered 12 November 2026. Parcel 2: rug, packed, not sent yet."
)
PARTLY = record("Order 7731 of 3 November 2026, total £96.00; status partly delivered")


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("Your dishwasher has been repaired.", CASE),
        ("Your dishwasher has already been fixed.", CASE),
        ("Ihr Geschirrspüler ist schon repariert.", CASE),
        ("Parcel 2 has been sent.", PARCELS),
        ("Parcel 1 has not been sent yet.", PARCELS),
        ("Order 7731 has been delivered in full.", PARTLY),
    ],
)
def test_begun_is_not_done_part_is_not_all_and_one_is_not_the_other(sentence, evidence):
    assert rules(sentence, evidence)


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("The engineer is booked for 23 November.", CASE),
        ("Parcel 1 was delivered on 12 November.", PARCELS),
        ("Parcel 2 hasn't been sent yet.", PARCELS),
        ("Part of order 7731 has been delivered.", PARTLY),
    ],
)
def test_how_far_a_case_has_come_may_be_told(sentence, evidence):
    assert rules(sentence, evidence) == set()


@pytest.mark.parametrize(
    ("sentence", "source", "marked"),
    [
        ("The pass gives you 3 GB.", "The pass costs £3.00 and gives 1 GB.", True),
        ("Beyond 5 floors it is left downstairs.", "Beyond 3 floors it is left downstairs. Order before 17:00.", True),
        ("Five hundred points are a £5 voucher.", "500 points are worth a £5 voucher.", False),
        ("Fünfhundert Punkte sind 5 £ wert.", "500 points are worth £5.", False),
        ("Cinq cents points valent 5 £.", "500 points are worth £5.", False),
        ("Irish cards run for five years.", "Cards bought in Ireland run for 5 years.", False),
        ("Your Norwegian cards run for five years.", "Cards bought in Ireland run for 5 years.", True),
    ],
)
def test_numbers_that_measure_numbers_in_words_and_what_comes_from_a_country(sentence, source, marked):
    assert bool(rules(sentence, policy(source))) is marked
