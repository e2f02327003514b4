"""A model has to begin within a moment for whoever waits, and then to end within another."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

OnText = Callable[[str], None]


@asynccontextmanager
async def until_first_word(
    whole_s: float, first_word_s: float | None, on_text: OnText | None
) -> AsyncIterator[OnText | None]:
    """Give a block so many seconds to tell the beginning of a text, and so many in all.

    The block tells its text through what it is given, which passes it on.

    Raises:
        TimeoutError: It did not.
    """
    if first_word_s is None:
        async with asyncio.timeout(max(0.0, whole_s)):
            yield on_text
        return
    loop = asyncio.get_running_loop()
    end = loop.time() + max(0.0, whole_s)
    async with asyncio.timeout(max(0.0, min(first_word_s, whole_s))) as limit:
        begun = False

        def told(text: str) -> None:
            nonlocal begun
            if text and not begun and not limit.expired():
                begun = True
                limit.reschedule(end)
            if on_text is not None:
                on_text(text)

        yield told
