"""The process that holds this home's index, and the way to it for other commands of the same person.

Its address and a secret of this run stand in a file that only its owner can read.
"""

import os
import secrets
from pathlib import Path

from pydantic import BaseModel, ValidationError

_FILE = "serving.json"


class Holder(BaseModel, frozen=True):
    """Where the process can be asked on this machine, and what it wants to see."""

    address: str
    token: str
    pid: int


def new_holder(address: str) -> Holder:
    """This process, at this address."""
    return Holder(address=address, token=secrets.token_urlsafe(32), pid=os.getpid())


def announce(home: Path, holder: Holder) -> None:
    """Say that this process holds the home's index and can be asked."""
    file = home / _FILE
    new = file.with_name(f"{_FILE}.{holder.pid}")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        out.write(holder.model_dump_json())
    new.replace(file)


def withdraw(home: Path, holder: Holder) -> None:
    """Take back what was said, if another process has not said otherwise since."""
    if find_holder(home) == holder:
        (home / _FILE).unlink(missing_ok=True)


def is_alive(holder: Holder) -> bool:
    """Whether there is a process of this number, which may be another one by now."""
    try:
        os.kill(holder.pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def find_holder(home: Path) -> Holder | None:
    """What the file says; the process may have ended without a word since."""
    try:
        return Holder.model_validate_json((home / _FILE).read_bytes())
    except (FileNotFoundError, ValidationError):
        return None
