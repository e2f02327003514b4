"""Keeping what a turn saw and did, in the transaction that stores what it came to."""

import hashlib
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from assistant.outcome import TurnRecord
from server.drafts.writing import record_as_json
from server.models import KeptTurnRow, ModelRequestRow


def keep_turn(
    session: AsyncSession,
    turn: TurnRecord,
    *,
    id_: str,
    brand: str,
    now: datetime,
    case: str | None = None,
    conversation: str | None = None,
) -> None:
    """Keep a turn as it ended, with every tool call, and each request byte for byte as it left.

    The index follows the event that whoever calls this records of the draft or the conversation.

    Args:
        session: The transaction of the draft's or the turn's own row.
        turn: What it saw and did.
        id_: The draft's id, or that of the turn in a rep's session.
        brand: Whose.
        now: This moment.
        case: The case that it belongs to, if it does.
        conversation: The rep's session that it belongs to, if it does.
    """
    session.add(
        KeptTurnRow(
            id=id_,
            brand=brand,
            case=case,
            conversation=conversation,
            customer=turn.identity.customer,
            at=now,
            record=_as_kept(turn),
        )
    )
    session.add_all(
        ModelRequestRow(
            turn=id_, number=number, brand=brand, at=now, digest=hashlib.sha256(body).hexdigest(), body=body
        )
        for number, body in enumerate(turn.requests, start=1)
    )


def _as_kept(turn: TurnRecord) -> dict[str, Any]:
    return {**record_as_json(turn), "started_at": turn.started_at.isoformat()}
