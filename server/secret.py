"""The one secret of an installation, and the keys that are derived from it."""

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from server.settings import Settings

_LEAST_CHARACTERS = 32
_FILE = "secret"


class SecretTooShort(ValueError):
    """DESKSIDE_SECRET could be guessed."""

    def __init__(self) -> None:
        super().__init__(f"DESKSIDE_SECRET needs {_LEAST_CHARACTERS} random characters or more: openssl rand -hex 32")


class NoOldSecret(ValueError):
    """What stands in DESKSIDE_OLD_SECRETS was never a secret of ours: a line was cut off, or is something else."""

    def __init__(self, line: int) -> None:
        words = f"line {line} of DESKSIDE_OLD_SECRETS has fewer than the {_LEAST_CHARACTERS} characters of a secret"
        super().__init__(f"{words}: one stands on each line")


class SecretReadByOthers(PermissionError):
    """Other users of the machine can read the file."""

    def __init__(self, file: Path) -> None:
        super().__init__(f"{file} can be read by others; if none has, chmod 600 it, else delete it for a new one")


@dataclass(frozen=True, slots=True)
class Secret:
    """What nobody outside may know. Never used itself: each purpose has its own key, which tells nothing of the others.

    Who loses it loses no records: links to accounts that were signed with it, and remembered browsers, no longer count.
    """

    _key: bytes = field(repr=False)

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """DESKSIDE_SECRET, or else the home's own, made on first use and readable by its owner alone.

        Processes that share a database and no home have to be given the same one.

        Raises:
            SecretTooShort: if the one that was set could be guessed.
            SecretReadByOthers: if the home's file is open to others.
        """
        if settings.secret is None:
            return cls.of_text(_kept(settings.home / _FILE))
        return cls.of_text(settings.secret.get_secret_value())

    @classmethod
    def before(cls, settings: Settings) -> tuple[Self, ...]:
        """Those that the installation had before: what was written under them is known by them.

        Raises:
            NoOldSecret: if a line is too short to have been one.
        """
        told = settings.old_secrets.get_secret_value().splitlines() if settings.old_secrets else ()
        found = []
        for number, line in enumerate(told, start=1):
            if line.strip():
                try:
                    found.append(cls.of_text(line))
                except SecretTooShort:
                    raise NoOldSecret(number) from None
        return tuple(found)

    @classmethod
    def of_text(cls, material: str) -> Self:
        """One that is written like this.

        Raises:
            SecretTooShort: It could be guessed.
        """
        if len(material.strip()) < _LEAST_CHARACTERS:
            raise SecretTooShort
        return cls(hmac.digest(b"deskside", material.strip().encode(), hashlib.sha256))

    def derive(self, purpose: str) -> bytes:
        """The 32-byte key for a purpose, always the same; HKDF (RFC 5869) with SHA-256, one block."""
        return hmac.digest(self._key, purpose.encode() + b"\x01", hashlib.sha256)


def _kept(file: Path) -> str:
    if not file.exists():
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _put_first(file, secrets.token_hex(32))
    if file.stat().st_mode & 0o077:
        raise SecretReadByOthers(file)
    return file.read_text(encoding="ascii").strip()


def _put_first(file: Path, material: str) -> None:
    """Write the file whole or, if another process was first, not at all."""
    new = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as out:
        out.write(material)
    try:
        os.link(new, file)
    except FileExistsError:
        return
    finally:
        new.unlink()
