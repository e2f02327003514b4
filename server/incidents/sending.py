"""Sending an incident's text in answer to one case: on the way that every approved text goes, once."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from assistant.counting import count, limit
from assistant.incidents import REASON
from assistant.outcome import Part
from server.drafts import case_repository, repository
from server.drafts.digests import digest
from server.drafts.moving import advance, already_decided
from server.drafts.rests import rests_of_draft
from server.drafts.states import DraftState, Move
from server.drafts.threads import read_case
from server.models import (
    AccountRow,
    ApprovalRow,
    CaseRow,
    DraftRow,
    IncidentRow,
    IncidentTextRow,
    PostRow,
    PublicationRow,
)
from server.models.ids import new_id
from server.publications.publishing import publish
from server.service import Service

TEXT, KEEPS, UPDATE_DUE = "incident_text", "keeps_promise", "update_due"
"""In a draft's record: which of an incident's texts it says, which promise that keeps, by when it promises more."""


async def send_to(
    session: AsyncSession,
    service: Service,
    incident: IncidentRow,
    text: IncidentTextRow,
    case: CaseRow,
    draft: DraftRow,
    now: datetime,
    *,
    by: str,
    at: datetime,
    keeps: str | None = None,
) -> PublicationRow | str:
    """Approve the text as the answer to a case and have it sent.

    Args:
        session: The transaction; the case and the draft are locked in it.
        service: The service.
        incident: What it is about.
        text: What is said; approved.
        case: Who is answered.
        draft: Held, or pending; it takes the text.
        now: This moment.
        by: Who has it sent.
        at: When.
        keeps: The promise that is kept by it.

    Returns:
        What is on its way; or in words why this case cannot be answered with it.
    """
    found = await read_case(session, case)
    account = await case_repository.account_of(session, draft.account)
    if found is None or account is None or found.target.id != draft.target_post:
        return "the post that it would answer is not there any more, or not the newest"
    part = Part.PRIVATE if found.target.private_to is not None else Part.PUBLIC
    if count(text.text, account.channel, part) > limit(account.channel, part):
        return f"the text is too long for {account.channel}"
    turn = _turn(draft, incident, text, part, keeps) | {"channel": account.channel}
    await _put_in(session, incident, draft, case, turn, now, by=by)
    rests = rests_of_draft(draft.id, _of_nobody(turn), turn["claims"], found.spoken, None)
    await repository.replace_rests(session, draft.id, rests)
    return await _approve(session, service, text, draft, account, found.target, now, by=by, at=at)


async def _put_in(
    session: AsyncSession,
    incident: IncidentRow,
    draft: DraftRow,
    case: CaseRow,
    turn: Mapping[str, Any],
    now: datetime,
    *,
    by: str,
) -> None:
    """Put the text into the draft, which is pending then, and due as any other if anything becomes of it."""
    texts = {name: turn[name] for name in ("public_text", "private_text", "claims", "findings")}
    values = texts | {"one_click": False, "record": dict(turn), "due_at": draft.due_at or case.due_at or now}
    if draft.state == DraftState.HELD:
        before = {"public": draft.public_text, "private": draft.private_text}
        why = f"answered with the text of “{incident.title}”"
        await advance(session, draft, Move.RELEASE, now, by=by, reason=why, before=before, **values)
    elif not await repository.change_draft(session, draft, now, **values):
        raise await already_decided(session, draft.id, draft.version)


async def _approve(
    session: AsyncSession,
    service: Service,
    text: IncidentTextRow,
    draft: DraftRow,
    account: AccountRow,
    target: PostRow,
    now: datetime,
    *,
    by: str,
    at: datetime,
) -> PublicationRow:
    """Approve it in the names of those who approved the words, for this target; the decision tells who had it sent."""
    part = Part.PRIVATE if draft.private_text else Part.PUBLIC
    bound = digest(
        brand=draft.brand,
        account=account.id,
        reply_to=target.network_id,
        recipient=target.author,
        part=part,
        text=text.text,
    )
    approvals = [
        ApprovalRow(
            id=new_id("approval"),
            brand=draft.brand,
            draft=draft.id,
            part=part,
            step=step,
            digest=bound,
            staff=staff,
            at=now,
        )
        for step, staff in ((1, text.approved_by), (2, text.seconded_by))
        if staff is not None
    ]
    session.add_all(approvals)
    await session.flush()
    after = {"digests": {str(part): bound}, TEXT: text.id}
    await advance(session, draft, Move.APPROVE, now, by=by, reason=text.override, after=after)
    undo = timedelta(seconds=service.settings.undo_seconds)
    [made] = await publish(session, draft, approvals, account, target, now, undo=undo, at=max(at, now))
    return made


def _turn(
    draft: DraftRow, incident: IncidentRow, text: IncidentTextRow, part: Part, keeps: str | None
) -> dict[str, Any]:
    """The draft's record with this text in it; what was proposed with the words before is not approved with these."""
    claims = [{**claim, "part": str(part)} for claim in text.checked["claims"]]
    findings = [{**finding, "part": str(part)} for finding in text.checked["findings"]]
    return {
        **(draft.record or {}),
        "brand": draft.brand,
        "language": text.language,
        "started_at": text.checked["checked_at"],
        "outcome": "hold",
        "incident": incident.id,
        "public_text": text.text if part is Part.PUBLIC else None,
        "private_text": text.text if part is Part.PRIVATE else None,
        "claims": claims,
        "evidence": text.checked["evidence"],
        "findings": findings,
        "actions": [],
        TEXT: text.id,
        KEEPS: keeps,
        UPDATE_DUE: text.checked["update_due"] if text.promises_update else None,
    }


def _of_nobody(turn: Mapping[str, Any]) -> Mapping[str, Any]:
    """The turn as of a text that tells nothing of anybody: it rests on no link to a customer."""
    return {**turn, "customer": {"id": None, "known": "unknown"}}


def closing_draft(
    incident: IncidentRow, case: CaseRow, target: PostRow, language: str | None, now: datetime
) -> DraftRow:
    """A draft for the word to somebody who was answered and promised more; the text is put in when it is sent."""
    return DraftRow(
        id=new_id("draft"),
        brand=case.brand,
        case=case.id,
        account=case.account,
        state=DraftState.PENDING,
        due_at=case.due_at or now,
        assigned_to=case.assigned_to,
        case_team=case.team,
        target_post=target.id,
        target_version=target.version,
        outcome="hold",
        reason_code=REASON,
        reason_words=f"the end of “{incident.title}”",
        language=language,
        reach=target.reach,
        claims=[],
        findings=[],
        written_by="composer",
        created_at=now,
        updated_at=now,
    )
