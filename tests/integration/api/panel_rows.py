"""Rows of a rep's session: one turn that is checked, one that is being written, and what was suggested."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlmodel import SQLModel

from server.models import ConversationRow, SuggestionRow, TurnPartRow, TurnRow
from server.staff.roles import Role
from tests.integration.api.records import NOW
from tests.integration.api.row import row

STATES = ("checked", "running")


def panel(brand: str) -> Iterator[list[SQLModel]]:
    """In groups that can be put in one after the other."""
    yield [
        row(
            ConversationRow,
            "conversation",
            brand,
            "open",
            customer=f"C-{brand}",
            channel="phone",
            staff=f"staff_{brand}_{Role.REP}",
            found_by="customer",
            known="possible",
            opened_at=NOW,
        )
    ]
    yield [_turn(brand, state) for state in STATES]
    yield [
        TurnPartRow(turn=f"turn_{brand}_{state}", number=1, kind="began", data={"turn": f"turn_{brand}_{state}"})
        for state in STATES
    ]
    yield [
        TurnPartRow(turn=f"turn_{brand}_checked", number=2, kind="checked", data=_ended(brand)),
        row(
            SuggestionRow,
            "suggestion",
            brand,
            "reply",
            conversation=f"conversation_{brand}_open",
            turn=f"turn_{brand}_checked",
            kind="reply",
            ref="private",
            text=f"{brand} is sorry.",
            offered_at=NOW,
        ),
    ]


def _ended(brand: str) -> dict[str, Any]:
    told = {"id": "E1", "kind": "record", "source": "Order", "ref": "order", "text": f"of {brand}"}
    return {
        "text": f"{brand} is sorry.",
        "evidence": [{**told, "visibility": "customer", "as_of": NOW.isoformat()}],
    }


def _turn(brand: str, state: str) -> TurnRow:
    return row(
        TurnRow,
        "turn",
        brand,
        state,
        conversation=f"conversation_{brand}_open",
        staff=f"staff_{brand}_{Role.REP}",
        kind="reply",
        asked=f"what of {brand}?",
        state=state,
        text=f"{brand} is sorry." if state == "checked" else None,
        record={"private_text": f"{brand} is sorry.", "intent": None} if state == "checked" else None,
        runs_until=NOW + timedelta(days=3650) if state == "running" else None,
        started_at=NOW,
    )
