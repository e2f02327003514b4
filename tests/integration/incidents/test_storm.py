"""A storm on a small scale: danger on top at once, one decision empties the rest, nobody is lost, all are told."""

import pytest

from tests.benchmarks.storm import weather
from tests.fakes.storms import StormWorld

POSTS = 60


@pytest.mark.slow
@pytest.mark.timeout(400)
async def test_a_storm(world: StormWorld):
    figures = await weather(world.engine, world.service.desk, posts=POSTS, seconds=60)
    assert figures["danger_on_top_s"]["missed"] == 0
    assert figures["danger_on_top_s"]["max"] < 30
    assert figures["on_top"]["first"] == figures["on_top"]["dangerous"] >= 1
    assert sum(figures["standing_after_the_storm"].values()) == POSTS
    assert sum(figures["standing_at_the_end"].values()) == POSTS
    assert figures["cases"]["besides"].get("confirmed", 0) == 0
    down = figures["cases"]["down"]
    assert down["confirmed"] > 0.8 * sum(down.values())
    assert figures["queue_after_the_storm"] < POSTS / 2
    assert figures["answered"] == figures["promised_an_update"] == figures["told_of_the_end"] > 0
    assert figures["promises_left_open"] == figures["sent_twice"] == 0
    assert figures["sends_a_minute"]["minutes"] >= 55
    assert figures["sends_a_minute"]["most"] <= 4
