"""Many texts are sent evenly, each at a moment of its own, and no faster than the account may."""

import json
import random
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from server.incidents.spreading import Spread

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@given(count=st.integers(1, 500), minutes=st.integers(1, 1440), seed=st.integers(0, 99))
def test_each_slot_has_one_text_at_any_moment_of_it(count: int, minutes: int, seed: int):
    spread = Spread.over(NOW, timedelta(minutes=minutes), count, per_minute=60)
    chance = random.Random(seed).random
    moments = [spread.next(chance) for _ in range(count)]
    bounds = [NOW + number * spread.slot for number in range(count + 1)]
    assert bounds[-1] == spread.ends
    assert all(low <= moment <= high for low, moment, high in zip(bounds, moments, bounds[1:], strict=False))


def test_a_span_too_short_for_the_pace_is_stretched_and_leaves_room_for_others():
    spread = Spread.over(NOW, timedelta(minutes=1), 480, per_minute=60)
    assert spread.ends == NOW + timedelta(minutes=10)


def test_the_job_that_goes_on_gives_the_next_slot():
    spread = Spread.over(NOW, timedelta(minutes=10), 10, per_minute=60)
    spread.next(lambda: 0.5)
    gone_on = Spread.from_json(json.loads(json.dumps(spread.as_json())))
    assert gone_on.next(lambda: 0.0) == NOW + timedelta(minutes=1)
