"""Ids of rows that we make ourselves."""

import secrets
import threading
import time

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's: nothing that is misread on the telephone

_alone = threading.Lock()
_newest = 0


def new_id(kind: str) -> str:
    """An id such as `draft_01k7…`: 48 bits of milliseconds, so that ids sort by age, then 60 random bits.

    Those of one process sort in the order they were made in, within a millisecond too: posts of one second would
    otherwise be read in any order.
    """
    global _newest
    with _alone:
        value = _newest = max((time.time_ns() // 1_000_000) << 60 | secrets.randbits(60), _newest + 1)
    digits = ""
    for _ in range(22):
        value, rest = divmod(value, 32)
        digits = _ALPHABET[rest] + digits
    return f"{kind}_{digits}"
