"""What makes a draft void, and what becomes of it then. The reason is always said.

A draft whose posts have changed is superseded: a new one is written. One whose facts have changed goes back to review
with a finding that blocks it, so that a person's own words are not lost; it is approved only after it was edited,
which reads the facts again, or written anew. One that rested on a link to a customer which was taken back is not shown
as a proposal any more, as it may tell somebody else's affairs.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from server.actions.of_drafts import expire_offers, loosen
from server.actions.repository import orders_being_changed
from server.db import reading
from server.drafts import case_repository, repository
from server.drafts.moving import advance, decide
from server.drafts.requesting import ask_again
from server.drafts.rests import LINK, ORDER, POST, digest_of_post, what_has_changed
from server.drafts.states import DraftState, Move
from server.events.log import record
from server.models import CaseRow, DraftRow
from server.policies.calendar import Calendar
from server.publications.publishing import stop_unsent
from server.service import Service

STALE = "stale"
"""The rule of the finding that a fact has changed since the draft was written."""

LIVE = frozenset(
    {
        DraftState.PENDING,
        DraftState.AWAITING_SECOND,
        DraftState.APPROVED,
        DraftState.HANDED_OVER,
        DraftState.HELD,
        DraftState.NO_REPLY,
    }
)
"""The states of drafts that are shown as proposals, or could become one again."""

_APPROVED = frozenset({DraftState.AWAITING_SECOND, DraftState.APPROVED})


async def still_rests(draft: DraftRow, service: Service) -> str | None:
    """What is not any more as it was when the draft was written; None if everything it rests on still stands.

    An order that an action which it tells of is changing at this moment is looked at when that has ended. Reads the
    database and asks the shop and the index: no transaction may be open.

    Raises:
        PortUnavailable: It cannot be known now.
    """
    async with reading(service.engine) as session:
        case = await case_repository.find_case(session, draft.case)
        newest = await case_repository.newest_post_of(session, case) if case else None
        # before the rests: what the end of an action writes anew in them is read, or the action is seen under way
        changing = await orders_being_changed(session, draft.id)
        rests = await repository.rests_of(session, draft.id)
        rests = [rest for rest in rests if rest.kind != ORDER or rest.ref not in changing]
        posts = await case_repository.posts_by_id(session, [rest.ref for rest in rests if rest.kind == POST])
    if case is None or draft.record is None:
        return "it was never written"
    if newest is None:
        return "the post it answers was deleted"
    if newest.id != draft.target_post:
        return "the customer wrote again"
    now_said = {post.id: digest_of_post(post) for post in posts}
    if any(now_said.get(rest.ref) != rest.digest for rest in rests if rest.kind == POST):
        return "a post it answers was edited or deleted"
    today = Calendar.of(service.desk.guidance.brands, service.clock).today(draft.brand)
    return await what_has_changed(draft.record, draft.claims, rests, case.author, service.desk.ports, today)


async def void_draft(session: AsyncSession, draft: DraftRow, reason: str, now: datetime) -> bool:
    """Take back the approval of a draft, whose facts have changed or which could not be sent as approved.

    What of it is unsent is stopped; the draft is looked at again. A draft that nobody has approved keeps its state, and
    gets the finding all the same.

    Returns:
        False if all of it is being sent or has been: then the draft stays as it is.
    """
    if draft.state == DraftState.APPROVED and not await stop_unsent(session, draft.id, reason, now):
        return False
    await return_to_review(session, draft, reason, now)
    return True


async def return_to_review(session: AsyncSession, draft: DraftRow, reason: str, now: datetime) -> None:
    """The same where the caller has seen to the publications: a private part that has gone out, say, stays out."""
    findings = [*(item for item in draft.findings if item["rule"] != STALE), _stale(draft, reason)]
    await void_approvals(session, draft, reason, now)
    if draft.state in _APPROVED:
        await advance(session, draft, Move.VOID, now, reason=reason, findings=findings, one_click=False)
    elif await repository.change_draft(session, draft, now, findings=findings, one_click=False):
        decide(session, draft, "void", now, by=None, reason=reason, after={"version": draft.version})
        record(session, "draft.voided", draft.id, brand=draft.brand, at=now, case=draft.case, version=draft.version)


async def void_resting_on(session: AsyncSession, kind: str, ref: str, reason: str, now: datetime) -> list[str]:
    """Make void every draft that rests on this and has not been sent; their ids.

    Args:
        session: The transaction of the change itself.
        kind: "post", "order", "policy" or "link".
        ref: The id of what has changed.
        reason: What has changed, for people to read.
        now: This moment.
    """
    voided: list[str] = []
    # cases before drafts, as everywhere: two transactions that lock in another order would wait for one another
    for case in sorted(await repository.cases_resting_on(session, kind, ref, LIVE)):
        await case_repository.lock_case(session, case)
    for draft in await repository.lock_drafts_resting_on(session, kind, ref, LIVE):
        if kind == LINK:
            done = await supersede(session, draft, reason, now)
            if done:
                await ask_again(session, draft, now)
        else:
            done = await void_draft(session, draft, reason, now)
        if done:
            voided.append(draft.id)
    return voided


async def supersede(
    session: AsyncSession, draft: DraftRow, reason: str, now: datetime, *, by: str | None = None
) -> bool:
    """Put a draft aside for good, as the post it answers is not what it was. False if all of it is out."""
    if draft.state == DraftState.APPROVED and not await stop_unsent(session, draft.id, reason, now, by=by):
        return False
    await void_approvals(session, draft, reason, now)
    await expire_offers(session, draft, reason, now)
    await advance(session, draft, Move.SUPERSEDE, now, by=by, reason=reason, one_click=False)
    return True


async def supersede_open(
    session: AsyncSession, case: CaseRow, reason: str, now: datetime, *, drafting_too: bool
) -> Sequence[DraftRow]:
    """Supersede every draft of the case of which a part could still be sent; which those were."""
    states = LIVE | ({DraftState.DRAFTING} if drafting_too else frozenset())
    drafts = await repository.lock_drafts_of(session, case.id, states)
    return [draft for draft in drafts if await supersede(session, draft, reason, now)]


async def void_approvals(session: AsyncSession, draft: DraftRow, reason: str, now: datetime) -> None:
    """No approval of this draft stands any more, nor a first one of the actions that was given with it."""
    for approval in await repository.standing_approvals(session, draft.id):
        approval.voided_at, approval.void_reason = now, reason
        session.add(approval)
    await session.flush()
    await loosen(session, draft, reason, now)


def _stale(draft: DraftRow, reason: str) -> dict[str, Any]:
    part = "public" if draft.public_text else "private"
    return {"rule": STALE, "severity": "block", "part": part, "sentence": "", "reason": reason}
