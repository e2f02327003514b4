"""What is told of one line, level or order and what of another one beside it."""

import json

from tests.unit.assistant.checks.sentences import policy, record, rules

ORDER = record(
    json.dumps(
        {
            "id": "LL-5520",
            "status": "partly_shipped",
            "lines": [
                {"id": "1", "title": "Arc floor lamp", "options": {"colour": "brass"}},
                {"id": "2", "title": "Linen shade", "options": {"colour": "ecru"}},
            ],
            "shipments": [{"id": "S1", "carrier": "GLS", "shipped_at": "2026-11-12T08:00:00Z", "lines": ["2"]}],
        }
    )
)
FARES = policy("Fare Basic: a handbag. Fare Plus: also a cabin case. Fare Total: also a hold case.")


def test_a_line_and_its_shipment_are_one_thing():
    assert rules("The linen shade in ecru was shipped with GLS on 12 November.", ORDER) == set()


def test_a_line_is_not_told_of_the_shipment_of_another():
    assert "attachment" in rules("The arc floor lamp in brass is with GLS.", ORDER)


def test_a_line_does_not_take_the_colour_of_another():
    assert "attachment" in rules("The arc floor lamp comes in ecru.", ORDER)


def test_a_level_has_what_the_levels_before_it_have():
    assert rules("With Plus you get a cabin case and a handbag.", FARES) == set()


def test_what_is_denied_is_not_told_of_another():
    line = record("Pending: card purchase at Marrow Butchers, 48.15 USD. Posted: incoming wire of 900.00 USD")
    assert rules("The 48.15 USD at Marrow hasn't posted yet.", line) == set()
