"""One brand's records, of every kind and in every state that a request needs; two brands are two times the same.

Every id and every text holds the brand's name. So what a request for one brand asks is what a request for another asks
with the name replaced, and whether an answer tells anything of a brand is whether its name is in it.
"""

import hashlib
from datetime import UTC, datetime
from typing import Any

from server.drafts.digests import digest
from server.incidents.digests import digest_of
from server.models import IncidentRow, IncidentTextRow
from server.staff.roles import ONLY_PEOPLE, Permission, Role

BRANDS = ("fernhollow", "tarnlight")
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
MACHINE = frozenset(Permission) - ONLY_PEOPLE
STATES = {
    "pending": "pending",
    "held": "held",
    "danger": "handed_over",
    "blocked": "pending",
    "second": "awaiting_second_approval",
    "approved": "approved",
    "leaving": "approved",
    "sent": "approved",
    "uncertain": "approved",
}
"""The drafts, each with a case and a post of its own, by name; and where each stands."""
PUBLICATIONS = {"approved": "held", "leaving": "held", "sent": "sent", "uncertain": "uncertain"}
AUTHOR = "anna-{}"


def text(brand: str, name: str) -> str:
    """What stands in a draft."""
    return f"Thanks, {brand} sees to your {name} tent."


def seen(brand: str, name: str) -> dict[str, Any]:
    """What a decision on a draft names."""
    bound = digest(
        brand=brand,
        account=f"{brand}-x",
        reply_to=f"net-{brand}-{name}",
        recipient=AUTHOR.format(brand),
        part="public",
        text=text(brand, name),
    )
    return {"version": 1, "digests": {"public": bound}}


def storm_row(brand: str) -> IncidentRow:
    """The brand's open incident."""
    return IncidentRow(
        id=f"storm_{brand}_open",
        brand=brand,
        title=f"{brand} is down",
        match={"intents": [], "words": ["down"], "accounts": [], "since": None, "like": [], "likeness": 0.9},
        opened_by=f"staff_{brand}_supervisor",
        opened_at=NOW,
    )


def storm_text(brand: str, purpose: str) -> IncidentTextRow:
    """What is said for it; approved."""
    row = IncidentTextRow(
        id=f"text_{brand}_{purpose}",
        brand=brand,
        incident=f"storm_{brand}_open",
        language="en",
        purpose=purpose,
        text=f"{brand} is sorry.",
        digest="",
        checked={"claims": [], "evidence": [], "findings": [], "checked_at": NOW.isoformat(), "update_due": None},
        written_by=f"staff_{brand}_supervisor",
        written_at=NOW,
        approved_by=f"staff_{brand}_colleague",
        approved_at=NOW,
    )
    row.digest = digest_of(storm_row(brand), row)
    return row


def storm_digest(brand: str, purpose: str) -> str:
    """What a decision on that text names."""
    return storm_text(brand, purpose).digest


def cookie(brand: str, role: Role) -> str:
    """What the browser of this brand's person of this role keeps."""
    return f"cookie-{brand}-{role}"


def csrf(brand: str, role: Role) -> str:
    """What it sends with a change."""
    return f"csrf-{brand}-{role}"


def secret(brand: str, name: str) -> str:
    """A token: "machine", or the admin's own with every scope but one, by the name of that one."""
    return f"dsk_{brand}_{name}"


def photo(brand: str) -> bytes:
    """The bytes of the attachment."""
    return b"\x89PNG" + hashlib.sha256(brand.encode()).digest()
