"""Passwords: which are good enough, and how they are kept (argon2id)."""

import asyncio
import unicodedata
from base64 import b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar, TypeVarTuple

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from server.errors import Unprocessable

Given = TypeVarTuple("Given")
Done = TypeVar("Done")

SHORTEST = 12
LONGEST = 256
_FEWEST_DIFFERENT = 5

# Twice what OWASP asks for at least (46 MiB, one pass): a tenth of a second, which a person does not notice once a day.
# One lane, because several sign-ins already share the cores.
_HASHER = PasswordHasher(memory_cost=46 * 1024, time_cost=2, parallelism=1)

# What a password is compared with where there is none, so that the answer takes as long. Nothing hashes to it: it is
# written down and not computed.
_NOBODYS = "$argon2id$v=19$m={m},t={t},p={p}${salt}${hash}".format(
    m=_HASHER.memory_cost,
    t=_HASHER.time_cost,
    p=_HASHER.parallelism,
    salt=b64encode(b"nobody's salt...").decode().rstrip("="),
    hash=b64encode(bytes(_HASHER.hash_len)).decode().rstrip("="),
)

# Each takes 46 MiB; a flood of sign-ins must not take the machine's memory.
_TWO_AT_ONCE = ThreadPoolExecutor(max_workers=2, thread_name_prefix="passwords")


class PasswordTooWeak(Unprocessable):
    """A password that is guessed early."""


def check_good_enough(password: str, *, email: str) -> None:
    """Length counts, and that it is not the first guess.

    Raises:
        PasswordTooWeak: saying what is asked for.
    """
    plain = _normal(password)
    if not SHORTEST <= len(plain) <= LONGEST:
        raise PasswordTooWeak(f"a password has {SHORTEST} to {LONGEST} characters; several words are easy to remember")
    if len(set(plain)) < _FEWEST_DIFFERENT:
        raise PasswordTooWeak(f"a password has at least {_FEWEST_DIFFERENT} different characters")
    if plain.casefold() == email.casefold():
        raise PasswordTooWeak("a password is not the email")


async def hash_password(password: str) -> str:
    """What is stored: parameters, salt and hash in one text."""
    return await _elsewhere(_HASHER.hash, _normal(password))


async def is_right(password: str, password_hash: str | None) -> bool:
    """Whether it is the password; takes as long if there is none to compare with."""
    try:
        return await _elsewhere(_HASHER.verify, password_hash or _NOBODYS, _normal(password))
    except VerifyMismatchError:
        return False


def is_outdated(password_hash: str) -> bool:
    """Whether it was made with other parameters than today's; the next sign-in can make it anew."""
    return _HASHER.check_needs_rehash(password_hash)


async def _elsewhere(work: Callable[[*Given], Done], *given: *Given) -> Done:
    """In a thread: it takes a tenth of a second, and nobody else is to wait for it."""
    return await asyncio.get_running_loop().run_in_executor(_TWO_AT_ONCE, work, *given)


def _normal(password: str) -> str:
    """The same letters typed on another keyboard are the same password."""
    return unicodedata.normalize("NFKC", password)
