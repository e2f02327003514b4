import pytest

from tests.unit.assistant.checks.sentences import findings, policy, record, rules

ORDER = record(
    "Order FH-10423: status shipped; placed on 2 November 2026; 1 × Ridgeline 2 (colour moss); 329.00 GBP for all lines"
)
SHIPMENT = record(
    "Order FH-10423, shipment S1 (1 × Ridgeline 2 (colour moss)): sent with Parcelway on 10 November 2026; "
    "tracking number PW4471900213; promised for 14 November 2026; not delivered yet, 6 days late as of 20 November 2026"
)
REFUND = record(
    "Order FH-10423, refund 1: refund of 40.00 GBP to the credit card promised on 12 November 2026, not carried out yet"
)
OTHER = record("Order FH-10999: status delivered; placed on 1 September 2026; 75.00 GBP for all lines")
RETURNS = policy(
    "Unused items can be returned within 60 days of delivery with proof of purchase. "
    "Sale items can be returned within 14 days. Refunds take 3 to 5 business days. We answer letters within 2 weeks."
)


@pytest.mark.parametrize(
    "sentence",
    [
        "Your order FH-10423 was sent on 10 November and was promised for 14 November.",
        "You ordered on Nov 2nd and it went out on the 10th.",
        "Deine Bestellung wurde am 10.11. verschickt und war für den 14. November zugesagt.",
        "Su pedido se envió el 10 de noviembre de 2026.",
        "Votre commande a été envoyée le 10 novembre.",
        "The order was placed eighteen days ago.",
        "It came to £329.00.",
        "Sale items can be returned within two weeks.",
        "We reply to letters within 14 days.",
        "Refunds take 3–5 working days.",
    ],
)
def test_a_value_in_another_form_is_found(sentence):
    assert rules(sentence, ORDER, SHIPMENT, REFUND, RETURNS) == set()


@pytest.mark.parametrize(
    ("sentence", "rule"),
    [
        ("Your order was sent on 11 November.", "date"),
        ("It came to £392.00.", "money"),
        ("It came to €329.00.", "money"),
        ("Refunds take 3 to 6 business days.", "duration"),
        ("Sale items can be returned within 14 business days.", "duration"),
        ("Your tracking number is PW4471900214.", "reference"),
        ("It should arrive tomorrow.", "date"),
        ("Your order was sent on Wednesday.", "date"),
    ],
)
def test_a_value_that_no_source_names_is_marked(sentence, rule):
    assert rule in rules(sentence, ORDER, SHIPMENT, REFUND, RETURNS)


@pytest.mark.parametrize(
    "sentence",
    [
        "Your order was sent on 2 November.",
        "Your order was placed on 10 November.",
        "Your order was sent on Monday.",
        "Deine Bestellung wurde am 2. November verschickt.",
        "Su pedido se envió el 2 de noviembre.",
        "Your refund of £329.00 is on record.",
        "Sale items can be returned within 60 days.",
        "Refunds take 60 days.",
        "Order FH-10423 was placed on 1 September 2026.",
        "Order FH-10999 was placed on 2 November 2026.",
    ],
)
def test_a_right_value_in_the_wrong_place_is_marked(sentence):
    assert "attachment" in rules(sentence, ORDER, SHIPMENT, REFUND, OTHER, RETURNS)


def test_two_products_keep_their_prices():
    lines = (
        record("Order 7, line 1: 1 × Kestrel 40 (slate), 149.00 GBP"),
        record("Order 7, line 2: 3 × Merino Socks (M), 18.50 GBP each, 55.50 GBP together"),
    )
    assert rules("The Kestrel 40 was £149.00 and the Merino Socks £18.50 each.", *lines) == set()
    assert "attachment" in rules("The Kestrel 40 was £18.50.", *lines)
    assert "attachment" in rules("The Merino Socks were £149.00.", *lines)


def test_json_is_read_by_its_keys():
    order = record(
        '{"order_id": "#W11", "status": "delivered", "items": [{"name": "Desk Lamp", "price": 135.24, '
        '"options": {"color": "black"}}, {"name": "Tea Kettle", "price": 100.62, "options": {"material": "glass"}}]}'
    )
    assert rules("The Desk Lamp cost 135.24 and the Tea Kettle 100.62.", order) == set()
    assert "attachment" in rules("The Desk Lamp cost $100.62.", order)


def test_a_currency_that_no_source_names_is_marked():
    dollars = record("Order 7: total 59.00; refund of 12.00 USD: done on 3 November 2026")
    assert "money" in rules("The total is £59.00.", dollars)
    assert "money" not in rules("The total is $59.00.", dollars)


def test_days_listed_together_share_their_month():
    stay = record("Booking 8: arrival 2026-12-11; departure 2026-12-14")
    assert rules("You are booked from 11 to 14 December.", stay) == set()
    assert "date" in rules("You are booked from 14 to 11 December.", stay)


def test_what_one_tariff_includes_is_not_told_of_another():
    levels = policy("Bronze £49 a year: roadside repair. Silver £79: home start, tow to any garage.")
    assert rules("Silver includes home start.", levels) == set()
    assert "attachment" in rules("Bronze includes home start.", levels)


def test_other_words_for_what_a_source_says_are_no_fault():
    rule = policy("Late check-out until 14:00 costs 35 CHF, subject to availability.")
    assert rules("If a room is free, you can stay until 2pm for 35 CHF.", rule) == set()


def test_the_most_is_not_the_least():
    limit = policy("An overdraft of up to $500 can be granted. Repairs cost from £25.")
    assert rules("An overdraft of up to $500 can be granted.", limit) == set()
    assert "bound" in rules("An overdraft of at least $500 can be granted.", limit)
    assert "bound" in rules("Repairs cost up to £25.", limit)
    assert "bound" in rules("Repairs cost £25.", limit)


def test_names_of_one_day_agree():
    assert "date" in rules("It was promised for Monday, 14 November.", SHIPMENT)
    assert rules("It was promised for Saturday, 14 November.", SHIPMENT) == set()


def test_the_reason_says_what_the_source_says():
    (finding,) = findings("Your order was sent on 12 October.", SHIPMENT)
    assert finding.reason == "12 October is not in the sources; E1 says 10 November 2026"


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        ("There are five lessons left of your twelve.", "course: maths; lessons bought: 12; lessons used: 7"),
        ("You're on the half eleven tour.", "tour: Below Decks, 2026-11-22, 11:30"),
        ("You're seeing Mr Dunmore at twenty to ten.", "visit with Mr Dunmore on 24 November 2026 at 09:40"),
        ("Tiene cita a las cinco y veinte.", "cita: 24 de noviembre de 2026, 17:20"),
        ("El ferry sale el sábado 28.", "ferry: salida 28/11/2026 22:30"),
        ("Den Rest überweisen Sie bitte bis zum 27.", "Restzahlung 972,00 EUR fällig am 27.11.2026"),
        ("They arrived on the 12th of Nov.", "delivered 12 November 2026"),
    ],
)
def test_a_value_said_as_people_say_it_is_found(sentence, source):
    assert rules(sentence, record(source)) == set()


def test_what_is_left_must_be_the_rest():
    lessons = record("course: maths; lessons bought: 12; lessons used: 7")
    assert "number" in rules("There are four lessons left of your twelve.", lessons)


SCANNED = record(
    "shipment S1: sent on 10 November 2026; promised for 14 November 2026; last scan 19 November 2026, Leeds"
)


@pytest.mark.parametrize(
    "sentence",
    [
        "It will arrive on Thursday.",
        "Expect it on Thursday.",
        "It was last scanned on Thursday and should be with you on Saturday.",
        "It will arrive on 19 November.",
        "Deine Sendung kommt am Donnerstag an.",
        "Llegará el jueves.",
        "Il arrivera jeudi.",
    ],
)
def test_a_day_gone_by_is_not_told_as_to_come(sentence):
    assert "attachment" in rules(sentence, SCANNED)


def test_a_weekday_told_as_gone_is_not_told_as_to_come():
    source = record("Shipment S1: last scanned in Leeds on Thursday")
    assert "attachment" in rules("It will arrive on Thursday.", source)


@pytest.mark.parametrize(
    "sentence",
    [
        "It was last scanned on Thursday.",
        "It was due on Saturday, 14 November.",
        "It was to arrive on Saturday.",
        "Sie wurde zuletzt am Donnerstag in Leeds gescannt.",
        "It has been in Leeds since Thursday.",
    ],
)
def test_a_day_gone_by_may_be_told_as_gone(sentence):
    assert rules(sentence, SCANNED) == set()


@pytest.mark.parametrize("sentence", ["It will arrive on Thursday.", "Llegará el jueves.", "Il arrivera jeudi."])
def test_a_day_to_come_may_be_told_as_to_come(sentence):
    assert rules(sentence, record("shipment S1: last scan 19 November 2026; expected on 26 November 2026")) == set()


def test_hours_are_no_days_between_two_dates_of_a_record():
    rule = policy("Flexi: refund up to 28 days after the travel date.")
    booking = record("Booking NR-48: paid on 15 April 2026, travel on 27 April 2026.")
    assert "duration" in rules("Flexi is refunded up to 28 hours after the travel date.", rule, booking)
