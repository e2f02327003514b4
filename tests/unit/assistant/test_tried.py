from datetime import UTC, datetime

import pytest

from assistant.case import Post, Role, Thread
from assistant.tried import steps_tried
from tools.records import PastPost

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "sentence",
    [
        "I already restarted the app twice.",
        "tried reinstalling, no luck",
        "Ich habe das schon dreimal versucht.",
        "Ya he reiniciado el móvil.",
        "J'ai déjà essayé de réinstaller.",
    ],
)
def test_steps_the_customer_took_are_kept_in_their_words(sentence: str):
    thread = Thread("t", "x", (Post("1", "mo", Role.CUSTOMER, NOW, f"My lamp is dead. {sentence}"),))
    assert steps_tried(thread) == (sentence,)


def test_our_own_advice_counts_as_tried_in_this_thread_and_in_earlier_cases():
    posts = (Post("1", "brand", Role.BRAND, NOW, "Please reset it."), Post("2", "mo", Role.CUSTOMER, NOW, "Hm."))
    earlier = [PastPost("0", "x", "brand", NOW, "Try another cable."), PastPost("9", "x", "customer", NOW, "ok")]
    assert steps_tried(Thread("t", "x", posts), earlier) == ("Please reset it.", "Try another cable.")
