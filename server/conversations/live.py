"""A turn while it is written: what is put into it is kept first, then told to whoever listens."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from server.conversations.ending import End, Told
from server.models import TurnPartRow

ENDS = frozenset({"checked", "cancelled", "interrupted", "failed"})
"""The parts after which nothing comes."""

# Text that follows within this time is told in one piece; the first piece never waits.
_TOGETHER_S = 0.1


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a turn's stream."""

    number: int
    kind: str
    data: Mapping[str, Any]

    @classmethod
    def of(cls, row: TurnPartRow) -> "Part":
        """As it was kept."""
        return cls(row.number, row.kind, row.data)


class LiveTurn:
    """A turn that this process writes. What is put into it is told once it is kept; `told` is all that was.

    `dirty` is called when there is something to keep; `fails_since` is when that began to fail (`time.monotonic`).
    """

    def __init__(self, id_: str, told: list[Part], *, dirty: Callable[[], None]) -> None:
        self.id = id_
        self.told = told
        self.ended = False
        self.task: asyncio.Task[None] | None = None
        self.fails_since: float | None = None
        self._dirty = dirty
        self._waiting: list[Told] = []
        self._text = self._shown = ""
        self._shown_at = 0.0
        self._end: End | None = None
        self._news = asyncio.Event()
        self._over = asyncio.Event()

    def put(self, kind: str, data: Mapping[str, Any]) -> None:
        """Tell something, behind all text so far."""
        self._settle()
        self._waiting.append((kind, data))
        self._dirty()

    def say(self, text: str) -> None:
        """The provisional text as it stands by now."""
        self._text = text
        self._dirty()

    def stands(self, text: str) -> None:
        """The text that stands in the end; where another one was shown, it is replaced."""
        self._text = text
        if text != self._shown:
            self._show()
        self._dirty()

    def end(self, end: End) -> None:
        """Nothing more comes."""
        self._settle()
        self._end = end
        self._dirty()

    def due_in(self, now: float) -> float | None:
        """Seconds until something is to be kept; None: nothing is."""
        if self._waiting or self._end is not None:
            return 0.0
        if not self._waiting_text():
            return None
        return max(0.0, self._shown_at + _TOGETHER_S - now)

    def take(self, now: float) -> tuple[list[Told], End | None]:
        """What is to be kept now."""
        if self.due_in(now) == 0.0:
            self._settle(now)
        taken, self._waiting = self._waiting, []
        return taken, self._end

    def put_back(self, taken: Sequence[Told]) -> None:
        """What could not be kept comes first the next time."""
        self._waiting = [*taken, *self._waiting]

    def tell(self, parts: Sequence[Part], *, ended: bool) -> None:
        """These are kept; `ended`: there will be none from here."""
        self.told.extend(parts)
        self.ended = ended
        if ended:
            self._over.set()
        self._news.set()
        self._news = asyncio.Event()

    async def behind(self, number: int) -> AsyncGenerator[Part, None]:
        """What is told behind this number, until it has ended here."""
        while True:
            for part in self.told[number:]:
                yield part
                number = part.number
            if self.ended and number >= len(self.told):
                return
            if number >= len(self.told):
                await self._news.wait()

    def done(self) -> asyncio.Task[bool]:
        """Done when it has ended here."""
        return asyncio.create_task(self._over.wait())

    def _waiting_text(self) -> bool:
        """Whether there is text that is not told; a new beginning of what is shown waits until it differs."""
        return self._text != self._shown and not self._shown.startswith(self._text)

    def _settle(self, now: float | None = None) -> None:
        if self._waiting_text():
            self._show(now)

    def _show(self, now: float | None = None) -> None:
        if self._text.startswith(self._shown):
            self._waiting.append(("text", {"add": self._text[len(self._shown) :]}))
        else:
            self._waiting.append(("replaced", {"text": self._text}))
        self._shown, self._shown_at = self._text, now or time.monotonic()
