"""The initials of who approves a text, at its end: what is approved and sent is the draft's words with them.

They are no part of the draft: it is edited, written anew and corrected without them, and whoever approves it adds
their own.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from assistant.outcome import Part

INITIALS = "{initials}"
"""Where they stand in an account's form."""
_MARKS = r"[\^~/*(–—-]"


@dataclass(frozen=True, slots=True)
class Signing:
    """Who would sign a draft: `initials` are the viewer's, `form` how the account puts them (None: it does not).

    `approved` is what stands at the end of the parts that somebody has approved: another's yes does not change it.
    """

    initials: str = ""
    form: str | None = None
    approved: Mapping[Part, str] = field(default_factory=dict)


def ending(text: str, initials: str, form: str | None) -> str:
    """What signs a text; nothing where the account's texts are not signed, or somebody has typed their initials."""
    end = signed(initials, form) if text.strip() else ""
    if not end or text.rstrip().endswith(end) or _typed(initials).search(text):
        return ""
    return f" {end}"


def signed(initials: str, form: str | None) -> str:
    """Initials in an account's form; nothing where its texts are not signed."""
    return form.replace(INITIALS, initials) if form and initials else ""


def _typed(initials: str) -> re.Pattern[str]:
    return re.compile(rf"(?:^|\s){_MARKS}\s?{re.escape(initials)}[.)]?\s*\Z", re.IGNORECASE)
