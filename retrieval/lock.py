"""One process holds the index's folder: Chroma gives wrong answers, without an error, when two do."""

import fcntl
import os
from pathlib import Path
from typing import TextIO

_FILE = "holder"


class FolderHeld(Exception):
    """Another process holds the folder."""

    def __init__(self, folder: Path, pid: int | None) -> None:
        who = f"process {pid}" if pid else "another process"
        super().__init__(f"{folder} is held by {who}; end it, or work through it")
        self.folder = folder
        self.pid = pid


class FolderLock:
    """Holds `folder` from the moment it is made until `release`; the system frees it when the process ends, however."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file: TextIO = (folder / _FILE).open("a+")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.seek(0)
            holder = self._file.read().strip()
            self._file.close()
            raise FolderHeld(folder, int(holder) if holder.isdigit() else None) from None
        self._file.truncate(0)
        self._file.write(str(os.getpid()))
        self._file.flush()

    def release(self) -> None:
        """Let another process have the folder."""
        self._file.close()
