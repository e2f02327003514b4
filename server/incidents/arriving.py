"""What follows once an incident's text stands on a network: an update is promised with it, or the promise is kept."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from assistant.incidents import REASON
from server.drafts import case_repository
from server.drafts.repository import find_draft
from server.incidents import repository, text_repository
from server.incidents.promising import update_in
from server.incidents.sending import KEEPS, TEXT
from server.models import DraftRow, IncidentRow, IncidentTextRow, PromiseRow, PublicationRow
from server.models.ids import new_id
from server.promises.making import add_promise
from server.promises.repository import lock_promise
from server.promises.settling import settle
from server.promises.states import PromiseState


async def note_arrival(session: AsyncSession, publication: PublicationRow, now: datetime) -> None:
    """Note what was promised, or kept, with a text that has just arrived; nothing for any other text.

    Args:
        session: The transaction of the arrival; the publication's case is locked in it.
        publication: It is sent.
        now: This moment.
    """
    draft = await find_draft(session, publication.draft)
    turn = (draft.record or {}) if draft is not None and draft.reason_code == REASON else {}
    incident = await repository.find_incident(session, turn["incident"]) if turn.get(TEXT) else None
    text = await text_repository.find_text(session, incident.id, turn[TEXT]) if incident is not None else None
    if draft is None or incident is None or text is None:
        return
    if text.promises_update:
        await _promise(session, incident, text, draft, publication, now)
    if turn.get(KEEPS):
        await _keep(session, incident, publication, turn[KEEPS], now)


async def _promise(
    session: AsyncSession,
    incident: IncidentRow,
    text: IncidentTextRow,
    draft: DraftRow,
    publication: PublicationRow,
    now: datetime,
) -> None:
    case = await case_repository.find_case(session, draft.case)
    due = datetime.fromisoformat(text.checked["update_due"])
    row = PromiseRow(
        id=new_id("promise"),
        brand=draft.brand,
        customer=(draft.record or {}).get("customer", {}).get("id"),
        author=case.author if case is not None else None,
        what=f"an update about “{incident.title}”",
        said=update_in(text.text) or text.text,
        case=draft.case,
        draft=draft.id,
        publication=publication.id,
        incident=incident.id,
        made_at=publication.sent_at or now,
        first_due=due,
        due=due,
        state=PromiseState.OPEN,
    )
    await add_promise(session, row, now)


async def _keep(
    session: AsyncSession, incident: IncidentRow, publication: PublicationRow, promise: str, now: datetime
) -> None:
    row = await lock_promise(session, promise)
    if row is not None and row.state == PromiseState.OPEN:
        reason = f"told of the end of “{incident.title}”"
        settle(session, row, PromiseState.KEPT, now, kept_with=publication.id, reason=reason)
