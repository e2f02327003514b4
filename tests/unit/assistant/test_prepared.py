"""An account that only looks like ours tells what a post is about."""

from datetime import UTC, datetime

import pytest

from assistant.case import Post, Role, Thread
from assistant.guidance import Brand
from assistant.prepared import names_look_alike

BRAND = Brand(id="fernhollow", name="Fernhollow", accounts={"x": "FernhollowHelp"})


def thread(text: str) -> Thread:
    return Thread("t", "x", (Post("1", "mo", Role.CUSTOMER, datetime(2026, 11, 20, tzinfo=UTC), text),))


@pytest.mark.parametrize(
    ("text", "fake"),
    [
        ("@fernhollow_refunds_uk0 wants a code from me, is that you?", True),
        ("@FernhollowHelp where is my order", False),
        ("@fernhollow is this you", False),
        ("I wrote to help@fernhollow.example last week", False),
        ("@someone_else says hi", False),
    ],
)
def test_a_handle_like_ours_that_is_none_of_ours_is_noticed(text: str, fake: bool) -> None:
    assert names_look_alike(thread(text), BRAND) == fake
