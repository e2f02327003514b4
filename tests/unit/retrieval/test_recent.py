from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from retrieval.recent import Recent


def test_who_asks_meanwhile_waits_for_the_one_that_is_worked_out():
    recent, begun, go_on, worked_out = Recent[str, int](2), Event(), Event(), list[str]()

    def slowly() -> int:
        worked_out.append("once")
        begun.set()
        go_on.wait()
        return 7

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(recent.get, "a", slowly)
        begun.wait()
        second = threads.submit(recent.get, "a", slowly)
        go_on.set()
        assert (first.result(), second.result()) == (7, 7)
    assert worked_out == ["once"]


def test_the_oldest_is_forgotten():
    recent = Recent[str, int](2)
    for key in ("a", "b", "a", "c"):
        recent.get(key, lambda: 1)
    assert recent.get("a", lambda: 2) == 1
    assert recent.get("b", lambda: 2) == 2


def test_what_failed_is_tried_again():
    recent = Recent[str, int](2)
    with pytest.raises(ZeroDivisionError):
        recent.get("a", lambda: 1 // 0)
    assert recent.get("a", lambda: 3) == 3
