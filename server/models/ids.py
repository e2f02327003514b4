"""Ids of rows that we make ourselves."""

import secrets
import time

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's: nothing that is misread on the telephone


def new_id(kind: str) -> str:
    """An id such as `draft_01k7…`: 48 bits of milliseconds, so that ids sort by age, then 60 random bits."""
    value = (time.time_ns() // 1_000_000) << 60 | secrets.randbits(60)
    digits = ""
    for _ in range(22):
        value, rest = divmod(value, 32)
        digits = _ALPHABET[rest] + digits
    return f"{kind}_{digits}"
