from datetime import UTC, datetime

import pytest

from assistant.case import Post, Role, Thread
from assistant.turn import Desk
from server.drafts import service
from server.drafts.reading import BadLine, GoodLine

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def line(number: int, text: str) -> GoodLine:
    return GoodLine(number, Thread(f"t{number}", "x", (Post("1", "mo", Role.CUSTOMER, NOW, text),)))


async def test_a_fault_in_one_thread_is_told_in_its_place_and_the_others_get_theirs(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    async def turn(thread: Thread, desk: Desk, *, now: datetime | None) -> str:
        if thread.target.text == "break":
            raise ZeroDivisionError
        return thread.id

    monkeypatch.setattr(service, "run_turn", turn)
    lines = [line(1, "hi"), BadLine(2, None, "not JSON"), line(3, "break"), line(4, "hello")]
    done = [each async for each in service.draft_all(lines, None, at_once=2)]  # type: ignore[arg-type]
    assert done[0] == "t1"
    assert done[1] == lines[1]
    assert isinstance(done[2], BadLine)
    assert (done[2].line, done[2].id) == (3, "t3")
    assert done[3] == "t4"
    assert "t3" in caplog.text
