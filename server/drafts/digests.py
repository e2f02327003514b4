"""What an approval binds to, as one value."""

import hashlib
import json


def digest(*, brand: str, account: str, reply_to: str, recipient: str, part: str, text: str) -> str:
    """The SHA-256 of exactly what will be posted, as whom, in answer to what, and for whose eyes."""
    bound = {
        "account": account,
        "brand": brand,
        "part": part,
        "recipient": recipient,
        "reply_to": reply_to,
        "text": text,
    }
    return hashlib.sha256(json.dumps(bound, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
