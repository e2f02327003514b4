"""The plainest things customers write are understood with the shipped intents and weights."""

from pathlib import Path

import pytest

from assistant.intents import IntentRecogniser
from server.policies.files import load_guidance
from server.policies.vectors import local_vectors
from server.settings import SHIPPED_KNOWLEDGE


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("where is my tent", "en"),
        ("where are my boots??", "en"),
        ("when will my backpack arrive", "en"),
        ("my order hasn't arrived", "en"),
        ("Wo ist meine Jacke?", "de"),
        ("¿dónde está mi mochila?", "es"),
        ("où est mon sac ?", "fr"),
    ],
)
async def test_who_asks_where_something_is_waits_for_an_order(text: str, language: str, tmp_path: Path):
    recogniser = IntentRecogniser(load_guidance(SHIPPED_KNOWLEDGE).intents, local_vectors(tmp_path))
    guesses = await recogniser.guess(text, language)
    assert guesses[0].intent.id in ("order_late", "order_status", "order_lost")
