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


def test_a_shipment_is_told_of_the_lines_it_names():
    assert rules("The linen shade was shipped on 12 November 2026.", ORDER) == set()
    assert "attachment" in rules("The arc floor lamp was shipped on 12 November 2026.", ORDER)


def test_a_return_is_told_of_the_lines_it_names():
    order = record(
        json.dumps(
            {
                "id": "NP-66120",
                "lines": [{"id": "1", "title": "Ridge backpack"}, {"id": "2", "title": "Trail socks"}],
                "returns": [{"id": "RT-41", "requested_at": "2026-11-16T09:00:00Z", "lines": ["1"]}],
            }
        )
    )
    assert rules("Your return RT-41 is for the Ridge backpack.", order) == set()
    assert "attachment" in rules("Your return RT-41 is for the trail socks.", order)
