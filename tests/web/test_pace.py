from server.web.limits import Pace


def test_a_pace_lets_a_burst_through_and_then_its_rate():
    now = 0.0
    pace = Pace(rate=2, burst=3, clock=lambda: now)
    assert [pace.take("a") for _ in range(4)] == [0, 0, 0, 0.5]
    now = 0.5
    assert pace.take("a") == 0
    assert pace.take("a") == 0.5
    now = 1_000
    assert [pace.take("a") for _ in range(4)] == [0, 0, 0, 0.5]
