"""The sums behind figures, against values worked out by hand."""

import pytest

from server.insights.measured import median, ninth_tenth, wilson


@pytest.mark.parametrize(
    ("found", "of", "low", "high"),
    [
        # (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n) with z² = 3.8415
        (0, 3, 0.0, 0.5615),
        (3, 3, 0.4385, 1.0),
        (1, 10, 0.0179, 0.4042),
        (0, 100, 0.0, 0.0370),
        (50, 100, 0.4038, 0.5962),
    ],
)
def test_the_interval_of_a_share_of_few(found: int, of: int, low: float, high: float):
    assert wilson(found, of) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(
    ("values", "middle", "ninth"),
    [([5], 5, 5), ([1, 3], 2, 3), ([1, 2, 9], 2, 9), (list(range(1, 11)), 5.5, 9), (list(range(1, 21)), 10.5, 18)],
)
def test_half_and_nine_in_ten(values: list[float], middle: float, ninth: float):
    assert median(values)[0] == middle
    assert ninth_tenth(values)[0] == ninth
