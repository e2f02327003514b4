"""The head of the chain outside the database: a line in a file, by which a cut at the new end is seen."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from server.audit.seals import Head, Seals


class HeadNotOurs(Exception):
    """The file holds something else than a head that we have written."""

    def __init__(self, file: Path) -> None:
        super().__init__(f"{file} holds no head of this installation's audit: it was changed, or the secret was")


class HeadFile:
    """The file that tells how long the chain is. Processes may share it, and homes may have one each."""

    def __init__(self, path: Path, seals: Seals) -> None:
        self.path = path
        self._seals = seals

    def read(self) -> Head | None:
        """The head that is written there; None if there is no file.

        Raises:
            HeadNotOurs: Somebody else has written it.
        """
        try:
            line = self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        head = self._seals.read_head(line)
        if head is None:
            raise HeadNotOurs(self.path)
        return head

    def write(self, head: Head) -> None:
        """Write a head in the place of a shorter chain's. One of a longer chain is left: another process was faster.

        Raises:
            HeadNotOurs: What is there was written by somebody else.
        """
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._alone():
            there = self.read()
            if there is not None and there.number >= head.number:
                return
            part = self.path.with_name(f"{self.path.name}.{os.getpid()}.part")
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
                out.write(self._seals.write_head(head) + "\n")
            part.replace(self.path)

    def set_aside(self, at: datetime) -> Path | None:
        """Move the file out of the way, to be kept; its new name, None if there was none."""
        aside = self.path.with_name(f"{self.path.name}.{at:%Y%m%dT%H%M%S}")
        try:
            self.path.rename(aside)
        except FileNotFoundError:
            return None
        return aside

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Two processes that write at once must not put the older head over the newer."""
        with self.path.with_name(f"{self.path.name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
