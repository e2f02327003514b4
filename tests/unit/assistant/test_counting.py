import pytest

from assistant.counting import count, limit
from assistant.outcome import Part

PUBLIC, PRIVATE = Part.PUBLIC, Part.PRIVATE
LINK = "https://www.fernhollow.example/help/returns-and-refunds"


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("abc", 3),
        ("e\u0301", 1),
        ("漢字", 4),
        ("👨‍👩‍👧", 2),
        ("🇩🇪", 2),
        ("don’t – “yes”", 13),
        (f"see {LINK}", 27),
        ("see fernhollow.example/help.", 28),
    ],
)
def test_x_weighs_signs_and_links(text, length):
    assert count(text, "x", PUBLIC) == length


def test_bluesky_counts_graphemes_and_bytes():
    assert count("👨‍👩‍👧é", "bluesky", PUBLIC) == 2
    assert count("👨‍👩‍👧" * 200, "bluesky", PUBLIC) > limit("bluesky", PUBLIC)


def test_mastodon_counts_every_link_alike():
    assert count(f"{LINK} {LINK}", "mastodon", PUBLIC) == 47
    assert count(f"{LINK} {LINK}", "mastodon", PRIVATE) == 47


def test_a_private_text_is_counted_as_it_is():
    assert count(LINK, "x", PRIVATE) == len(LINK)


@pytest.mark.parametrize(
    ("channel", "public", "private"),
    [
        ("x", 280, 10_000),
        ("bluesky", 300, 1000),
        ("mastodon", 500, 500),
        ("instagram", 2200, 1000),
        ("facebook", 8000, 2000),
        ("webhook", 2000, 2000),
    ],
)
def test_limits(channel, public, private):
    assert (limit(channel, PUBLIC), limit(channel, PRIVATE)) == (public, private)
