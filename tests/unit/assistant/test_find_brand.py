from datetime import UTC, datetime

import pytest

from assistant.case import Post, Role, Thread
from assistant.guidance import Brand, Guidance
from assistant.turn import find_brand

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
GUIDANCE = Guidance(
    brands=(
        Brand(id="fernhollow", name="Fernhollow", accounts={"x": "FernhollowHelp"}, default=True),
        Brand(id="tarnlight", name="Tarnlight", accounts={"mastodon": "tarnlight@social.tarnlight.example"}),
    )
)


def addressed(text: str, brand: str | None = None) -> str | None:
    found = find_brand(Thread("t", "x", (Post("1", "mo", Role.CUSTOMER, NOW, text),), brand=brand), GUIDANCE)
    return found.id if found else None


@pytest.mark.parametrize(
    ("text", "brand"),
    [
        ("@tarnlight@social.tarnlight.example my lamp is dead", "tarnlight"),
        ("@Tarnlight, then @FernhollowHelp: who sells ropes?", "tarnlight"),
        ("my mate @tarnlightfans loves his tent", "fernhollow"),
        ("no handle at all", "fernhollow"),
    ],
)
def test_the_account_that_is_mentioned_first_is_addressed_else_the_default(text: str, brand: str):
    assert addressed(text) == brand


def test_another_company_is_nobody_of_ours_even_where_our_account_is_mentioned():
    assert addressed("@FernhollowHelp hi", brand="TeamYouTube") is None
