"""Cases: one for each person in a thread. What the arrival, edit or deletion of posts means for theirs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from assistant.case import Role
from server.actions.falling import void_consents, void_elsewhere
from server.channels.hours import answer_due
from server.channels.protocol import Happened
from server.drafts import case_repository, repository
from server.drafts.case_repository import Key
from server.drafts.requesting import ask_for_draft, ask_for_first_drafts
from server.drafts.states import DraftState
from server.drafts.voiding import supersede_open
from server.events.log import record
from server.models import AccountRow, CaseRow, PostRow
from server.models.ids import new_id

_LONGEST_BURST = 10
"""Quiet times after which a burst is answered although it goes on."""

_WORDS = {
    Happened.POSTED: "the customer wrote again",
    Happened.EDITED: "the customer edited a post",
    Happened.DELETED: "the customer deleted a post",
}


@dataclass(frozen=True, slots=True)
class Changed:
    """A post as it stands now, and what the network told of it."""

    post: PostRow
    happened: Happened


async def posts_changed(
    session: AsyncSession, account: AccountRow, changed: Sequence[Changed], now: datetime, quiet: timedelta
) -> None:
    """Posts have come in, were edited or were deleted: what their authors' cases rest on is not the same any more.

    Drafts of these cases are superseded, approvals with them, unless they are being sent; a new one is asked for when
    the author has been quiet. Other people's cases in the thread are not touched.

    Args:
        session: The transaction in which the posts were stored.
        account: Whose posts they are.
        changed: What has happened, in its order. The brand's own posts belong to no case.
        now: This moment.
        quiet: How long an author has to be quiet before their posts are answered as one.
    """
    of_case = _by_case(changed)
    if not of_case:
        return
    await void_elsewhere(session, account, _wrote(of_case), now)
    fresh = {key: _new_case(account, those, now, quiet) for key, those in of_case.items()}
    opened = await case_repository.open_cases(session, list(fresh.values()))
    await _begin(session, [(fresh[key], of_case[key]) for key in of_case if key in opened], now, quiet)
    if of_case.keys() - opened:
        for case in await case_repository.lock_cases(session, of_case.keys() - opened):
            await _go_on(session, case, account, of_case[case.thread, case.folded_author], now, quiet)


def _by_case(changed: Sequence[Changed]) -> dict[Key, list[Changed]]:
    of_case: dict[Key, list[Changed]] = {}
    for one in changed:
        # a post without an author is the memory of one that was deleted before it was told
        if one.post.role == Role.CUSTOMER and one.post.author:
            of_case.setdefault((one.post.thread, one.post.folded_author), []).append(one)
    return of_case


def _wrote(of_case: Mapping[Key, Sequence[Changed]]) -> dict[Key, datetime]:
    """Who has written something new, and when the last of it was sent."""
    sent = {
        key: [one.post.sent_at for one in those if one.happened is Happened.POSTED] for key, those in of_case.items()
    }
    return {key: max(moments) for key, moments in sent.items() if moments}


def _new_case(account: AccountRow, changed: Sequence[Changed], now: datetime, quiet: timedelta) -> CaseRow:
    """The case as it is if the author has none yet: then these are all their posts."""
    newest = _newest(changed)
    post = newest or changed[0].post
    return CaseRow(
        id=new_id("case"),
        brand=account.brand,
        account=account.id,
        thread=post.thread,
        author=changed[0].post.author,
        folded_author=post.folded_author,
        open=newest is not None,
        draft_after=now + quiet if newest else None,
        due_at=_due(account, changed, now) if newest else None,
        opened_at=now,
        updated_at=now,
    )


async def _begin(
    session: AsyncSession, opened: Iterable[tuple[CaseRow, Sequence[Changed]]], now: datetime, quiet: timedelta
) -> None:
    """Have those just opened drafted for the first time, but where nothing is left to answer."""
    asked = [(case, newest) for case, changed in opened if (newest := _newest(changed)) is not None]
    if not asked:
        return
    for case, _ in asked:
        record(session, "case.opened", case.id, brand=case.brand, at=now, account=case.account)
    await ask_for_first_drafts(session, asked, now, after=now + quiet)


async def _go_on(
    session: AsyncSession,
    case: CaseRow,
    account: AccountRow,
    changed: Sequence[Changed],
    now: datetime,
    quiet: timedelta,
) -> None:
    """What it means for a case that there was before."""
    await void_consents(session, case, now)
    wrote = any(one.happened is Happened.POSTED for one in changed)
    newest = await case_repository.newest_post_of(session, case)
    under_way = await repository.lock_drafts_of(session, case.id, {DraftState.DRAFTING})
    why = _WORDS[Happened.POSTED if wrote else changed[0].happened]
    gone = await supersede_open(session, case, why, now, drafting_too=newest is None)
    if not (wrote or gone or under_way):
        # what was answered and is corrected later is no new question
        record(session, "case.post_changed", case.id, brand=case.brand, at=now, post=changed[0].post.id)
        return
    if newest is None:
        await close_case(session, case, now)
        return
    if not (gone or under_way):
        case.due_at = _due(account, changed, now)
    if not case.open:
        case.open = True
        record(session, "case.opened", case.id, brand=case.brand, at=now, account=case.account)
    began = min((draft.created_at for draft in under_way), default=now)
    after = min(now + quiet, max(now, began + _LONGEST_BURST * quiet))
    await ask_for_draft(session, case, newest, now, after=after)
    session.add(case)


def _newest(changed: Sequence[Changed]) -> PostRow | None:
    """The last of these posts that stands, if any does."""
    standing = [one.post for one in changed if one.post.deleted_at is None]
    return max(standing, key=lambda post: (post.sent_at, post.id), default=None)


def _due(account: AccountRow, changed: Sequence[Changed], now: datetime) -> datetime:
    """When an answer is due by the account's goal, counted from the first of what has come in."""
    return answer_due(account.hours, min(changed[0].post.sent_at, now))


async def close_case(session: AsyncSession, case: CaseRow, now: datetime) -> None:
    """Nothing of this case waits for an answer any more."""
    if case.open:
        case.open, case.draft_after, case.updated_at = False, None, now
        case.claimed_by = case.claimed_until = None
        session.add(case)
        record(session, "case.closed", case.id, brand=case.brand, at=now)
