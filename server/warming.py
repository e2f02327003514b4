"""What a process that goes on for long makes ready before its first draft.

Two things would hold up its loop, and with it everybody else's requests, for tenths of a second: the first post, for
which the intents' examples are learned and patterns made, and the collector of garbage, which goes through all that was
ever loaded to find what nobody uses any more.
"""

import asyncio
import gc
import logging

from assistant.guidance import LANGUAGES
from assistant.language import detect_language
from assistant.regions import named_country
from assistant.turn import Desk

_logger = logging.getLogger(__name__)


async def warm_up(desk: Desk) -> None:
    """Make ready what drafts need, beside other work, and let the collector leave alone what is here for good."""
    gc.freeze()
    try:
        await asyncio.to_thread(_make_patterns)
        await desk.recogniser.guess("where is my order", "en")
    except Exception:
        _logger.exception("cannot make ready for the first draft, which will be slower")
    gc.freeze()


def _make_patterns() -> None:
    detect_language("where is my order", hint="en")
    for language in LANGUAGES:
        named_country("here", language)
