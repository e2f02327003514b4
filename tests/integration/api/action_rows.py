"""The rows of actions, promises and an incident."""

from collections.abc import Iterator
from datetime import timedelta

from sqlmodel import SQLModel

from server.models import ActionRow, IncidentCaseRow, PromiseRow
from tests.integration.api.records import AUTHOR, NOW, storm_text
from tests.integration.api.row import row


def actions(brand: str) -> Iterator[ActionRow]:
    """One that is proposed, and others further on."""
    for name in ("proposed", "approved", "uncertain"):
        yield row(
            ActionRow,
            "action",
            brand,
            name,
            customer=f"C-{brand}",
            kind="credit" if name == "proposed" else "cancel_order",
            case=f"case_{brand}_sent",
            arguments={"amount": 100, "currency": "GBP"},
            amount=100,
            currency="GBP",
            evidence=[],
            state=name,
            proposed_by=f"staff_{brand}_rep",
            proposed_at=NOW,
        )


def promise(brand: str) -> PromiseRow:
    """What was promised before anything else was sent, to be done by an action."""
    return row(
        PromiseRow,
        "promise",
        brand,
        "open",
        customer=f"C-{brand}",
        author=AUTHOR.format(brand),
        what=f"We'll see to your {brand} tent.",
        said=f"We'll see to your {brand} tent.",
        case=f"case_{brand}_sent",
        draft=f"draft_{brand}_approved",
        action=f"action_{brand}_approved",
        made_at=NOW - timedelta(hours=1),
        first_due=NOW - timedelta(minutes=1),
        due=NOW - timedelta(minutes=1),
        state="open",
    )


def storm(brand: str) -> Iterator[SQLModel]:
    """What hangs on the incident: a case that is listed, one that waits for its text, one that was promised more."""
    yield storm_text(brand, "answer")
    yield storm_text(brand, "closing")
    for name, state in (("pending", "listed"), ("held", "confirmed")):
        yield row(
            IncidentCaseRow,
            "listing",
            brand,
            state,
            incident=f"storm_{brand}_open",
            case=f"case_{brand}_{name}",
            draft=f"draft_{brand}_{name}",
            seen_version=1,
            post=f"post_{brand}_{name}",
            state=state,
            why=f"says “{brand}”",
            listed_at=NOW,
        )
    yield row(
        PromiseRow,
        "promise",
        brand,
        "storm",
        author=AUTHOR.format(brand),
        what=f"an update about {brand}",
        case=f"case_{brand}_sent",
        draft=f"draft_{brand}_sent",
        publication=f"publication_{brand}_sent",
        incident=f"storm_{brand}_open",
        made_at=NOW,
        due=NOW + timedelta(hours=6),
        state="open",
    )
