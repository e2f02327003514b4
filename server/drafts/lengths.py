"""How long a text is as it will be sent: with the initials at its end, as its network counts."""

from typing import Any

from assistant.counting import count, limit
from assistant.outcome import Severity
from server.drafts.deciding import OpenDraft

TOO_LONG_SIGNED = "length_signed"
"""The rule of the finding that a text fits, and does not fit with the initials of who looks at it."""


def too_long_signed(opened: OpenDraft) -> list[dict[str, Any]]:
    """A finding for each part that is too long only with the initials; what is too long without, a check has found."""
    return [
        {
            "rule": TOO_LONG_SIGNED,
            "severity": Severity.BLOCK,
            "part": part,
            "sentence": opened.texts[part],
            "reason": f"with “{end.strip()}” it has {signed} characters as {channel} counts; {most} fit",
            "signature": end.strip(),
            "length": signed,
            "most": most,
        }
        for part, end in opened.signatures.items()
        if end and part not in opened.out
        for channel in [opened.account.channel]
        for most in [limit(channel, part)]
        for signed in [count(opened.texts[part] + end, channel, part)]
        if count(opened.texts[part], channel, part) <= most < signed
    ]
