"""Cases: one for each person in a thread. What a post's arrival, edit or deletion means for theirs."""

from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from assistant.case import Role
from server.channels.hours import answer_due
from server.channels.protocol import Happened
from server.drafts import case_repository, repository
from server.drafts.requesting import ask_for_draft
from server.drafts.states import DraftState
from server.drafts.threads import newest_spoken
from server.drafts.voiding import supersede_open
from server.events.log import record
from server.models import AccountRow, CaseRow, PostRow

_LONGEST_BURST = 10
"""Quiet times after which a burst is answered although it goes on."""

_WORDS = {
    Happened.POSTED: "the customer wrote again",
    Happened.EDITED: "the customer edited a post",
    Happened.DELETED: "the customer deleted a post",
}


async def post_changed(
    session: AsyncSession, post: PostRow, account: AccountRow, happened: Happened, now: datetime, quiet: timedelta
) -> str | None:
    """A post has come in, was edited or was deleted: what its author's case rests on is not the same any more.

    Drafts of this case are superseded, approvals with them, unless they are being sent; a new one is asked for when the
    author has been quiet. Other people's cases in the thread are not touched.

    Args:
        session: The transaction in which the post was stored.
        post: As it stands now.
        account: Whose post it is.
        happened: What the network told.
        now: This moment.
        quiet: How long the author has to be quiet before their posts are answered as one.

    Returns:
        The case's id; None for a post of the brand's own.
    """
    if post.role == Role.BRAND:
        return None
    case = await case_repository.lock_case_of(session, post, now)
    newest = newest_spoken(await case_repository.posts_of(session, case.thread), case)
    under_way = await repository.lock_drafts_of(session, case.id, {DraftState.DRAFTING})
    gone = await supersede_open(session, case, _WORDS[happened], now, drafting_too=newest is None)
    if happened is not Happened.POSTED and not (gone or under_way):
        # what was answered and is corrected later is no new question
        record(session, "case.post_changed", case.id, brand=case.brand, at=now, post=post.id)
        return case.id
    if newest is None:
        await close_case(session, case, now)
        return case.id
    if not (gone or under_way):
        case.due_at = _due(account, post, now)
    if not case.open:
        case.open = True
        record(session, "case.opened", case.id, brand=case.brand, at=now, account=case.account)
    began = min((draft.created_at for draft in under_way), default=now)
    after = min(now + quiet, max(now, began + _LONGEST_BURST * quiet))
    await ask_for_draft(session, case, newest, now, after=after)
    session.add(case)
    return case.id


def _due(account: AccountRow, post: PostRow, now: datetime) -> datetime:
    """When an answer is due by the account's goal."""
    return answer_due(account.hours, min(post.sent_at, now))


async def close_case(session: AsyncSession, case: CaseRow, now: datetime) -> None:
    """Nothing of this case waits for an answer any more."""
    if case.open:
        case.open, case.draft_after, case.updated_at = False, None, now
        case.claimed_by = case.claimed_until = None
        session.add(case)
        record(session, "case.closed", case.id, brand=case.brand, at=now)
