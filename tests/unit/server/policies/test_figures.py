"""Numbers are found whatever the language, and two statements about one thing must not differ in them."""

import pytest

from server.policies.figures import contradiction, numbers, statements

SPELLINGS = [
    ("costs £4.95", "kostet 4,95 £"),
    ("up to £1,500", "hasta 1.500 £"),
    ("up to 1,500", "jusqu'à 1 500"),
    ("before 14:00", "vor 14 Uhr"),
    ("before 14:00", "avant 14 h"),
    ("before 2pm", "vor 14 Uhr"),
    ("60-day returns", "in 60 Tagen"),
    ("€99.00", "99 €"),
]


@pytest.mark.parametrize(("one", "other"), SPELLINGS)
def test_a_number_is_the_same_in_every_spelling(one: str, other: str) -> None:
    assert numbers(other) <= numbers(one)


CONTRADICTING = [
    (
        "You can return unused items within 30 days of delivery.",
        "Unused items can be returned within 60 days of delivery.",
    ),
    ("You have 30 days to return an item.", "Items can be returned within 45 days."),
    ("Standard delivery costs £4.95.", "Standard delivery costs £5.95."),
    ("Refunds take 3 to 5 working days.", "A refund takes 7 to 10 working days."),
    (
        "| Region | Time |\n| --- | --- |\n| UK | 5 working days |",
        "| Region | Time |\n| --- | --- |\n| UK | 6 working days |",
    ),
    ("- Students get 10% off.", "Students get 15% off."),
]

AGREEING = [
    (
        "You can return unused items within 60 days of delivery.",
        "Unused items can be returned within 60 days of delivery.",
    ),
    ("You can return unused items within 60 days.", "Faulty stoves are collected within 2 days of your call."),
    ("Delivery takes 3 working days in Germany.", "Delivery takes 5 working days in Poland."),
    ("Refunds take 5 working days.", "Refunds take 3 to 5 working days."),
    ("The code is valid for 30 minutes.", "The code is valid for 24 hours."),
    ("# 30 days\n\nText without figures.", "# 60 days\n\nText without figures."),
]


def _contradict(one: str, other: str) -> bool:
    return any(contradiction(a, b) for a in statements(one, 1) for b in statements(other, 1))


@pytest.mark.parametrize(("one", "other"), CONTRADICTING)
def test_different_numbers_for_one_thing_contradict(one: str, other: str) -> None:
    assert _contradict(one, other)
    assert _contradict(other, one)


@pytest.mark.parametrize(("one", "other"), AGREEING)
def test_numbers_for_different_things_do_not(one: str, other: str) -> None:
    assert not _contradict(one, other)
    assert not _contradict(other, one)
