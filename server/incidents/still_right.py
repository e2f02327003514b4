"""Whether an incident's text may still be said, asked right before each of its answers is sent."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from assistant.incidents import REASON
from server.incidents import text_repository
from server.incidents.sending import TEXT, UPDATE_DUE
from server.models import DraftRow


async def why_not_any_more(session: AsyncSession, draft: DraftRow | None, now: datetime) -> str | None:
    """Why the incident's text that a draft says is not right any more; None if it is, and for any other draft."""
    turn = (draft.record or {}) if draft is not None and draft.reason_code == REASON else {}
    if not turn.get(TEXT):
        return None
    text = await text_repository.find_text(session, str(turn.get("incident")), turn[TEXT])
    if text is None or text.replaced_at is not None:
        return "the incident's text was replaced by another"
    due = turn.get(UPDATE_DUE)
    if due is not None and datetime.fromisoformat(due) <= now:
        return f"it promises an update by {datetime.fromisoformat(due):%H:%M} UTC, and that time is over"
    return None
