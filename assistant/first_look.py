"""The look at a post before anything else is done with it: danger goes to people, noise gets no answer."""

import asyncio

from assistant.case import Thread
from assistant.language import detect_language
from assistant.outcome import HandOver, NoReply
from assistant.screen import screen, screen_by_meaning
from assistant.turn import Desk, find_brand


async def look_first(thread: Thread, desk: Desk, dismissed: frozenset[str] = frozenset()) -> HandOver | NoReply | None:
    """What words find and, if that is no danger, what meaning finds; None if the post may be drafted.

    Args:
        thread: The posts.
        desk: Guidance, and what tells danger by its meaning. No model is asked, no record read.
        dismissed: Codes of dangers of which a person has said that they are none here.
    """
    brand = find_brand(thread, desk.guidance)
    language = detect_language(thread.request, hint=brand.languages[0] if brand else "en")
    # a millisecond of work for a post, tens for the longest, in which the loop goes on to answer others
    found = await asyncio.to_thread(
        screen, thread, language=language, brand=brand, guidance=desk.guidance, dismissed=dismissed
    )
    if desk.dangers is None or isinstance(found, HandOver):
        return found
    danger = await screen_by_meaning(
        thread,
        language=language,
        brand=brand,
        guidance=desk.guidance,
        recogniser=desk.dangers,
        dismissed=dismissed,
    )
    return danger or found
