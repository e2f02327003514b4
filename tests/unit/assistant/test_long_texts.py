"""A post of 20,000 signs without a space must not hold everybody else up: reading it takes time in proportion."""

import time
from collections.abc import Callable

import pytest

from assistant.focus import named_orders
from assistant.language import detect_language
from assistant.masking import Mask
from assistant.plain_words import plain_words
from assistant.reading.contacts import find_ids, find_links
from assistant.screening.patterns import find_hit

_LONG = 20_000
_READERS: dict[str, Callable[[str], object]] = {
    "plain words": plain_words,
    "language": lambda text: detect_language(text, hint="en"),
    "links": find_links,
    "ids": find_ids,
    "mask": Mask().mask,
    "orders": named_orders,
    "danger": lambda text: find_hit(text, ("en",)),
}


@pytest.mark.parametrize("unit", ["a", "é", "1", "a.", "x-", "a1", "1-", "@", "a@", "(", "…", "/"])
@pytest.mark.parametrize("reader", _READERS)
def test_the_time_to_read_a_post_grows_with_its_length_not_with_the_square_of_it(reader: str, unit: str):
    text = unit * (_LONG // len(unit)) + " where is it"
    _READERS[reader]("warm")
    started = time.process_time()
    _READERS[reader](text)
    assert time.process_time() - started < 1.0
