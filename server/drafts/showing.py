"""What is read beside drafts to show them: the posts they answer, whose their cases are, who decided."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from server.actions.repository import actions_beside
from server.drafts import case_repository, repository
from server.drafts.case_repository import Opening
from server.drafts.customers_repository import TakenFor, customers_of, taken_for
from server.drafts.deciding import OpenDraft
from server.drafts.owed import Owed, read_owed
from server.models import ActionRow, ApprovalRow, AttachmentRow, CaseRow, DraftRow, PostRow
from server.staff.naming import Names, names_of

_POSTS_SHOWN = 30
"""The most posts of a thread before and with the answered one, and the most after it, that stand beside a draft."""

_APPROVALS_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Beside:
    """Of drafts in a list: their cases and the posts they answer by id, and the names of who is told of.

    `customers` are the drafts' own, by the draft: who its record takes the author for. `owed` was promised there.
    """

    cases: Mapping[str, CaseRow]
    openings: Mapping[str, Opening]
    names: Names
    customers: Mapping[str, TakenFor]
    owed: Owed


@dataclass(frozen=True, slots=True)
class Around:
    """Of one draft: the thread around the post it answers, the oldest first, its approvals and its actions, likewise.

    `earlier`: there is more of the thread before it.
    """

    posts: Sequence[PostRow]
    attachments: Sequence[AttachmentRow]
    earlier: bool
    approvals: Sequence[ApprovalRow]
    actions: Sequence[ActionRow]


async def read_beside(
    session: AsyncSession, drafts: Sequence[DraftRow], *, people: Collection[str | None] = ()
) -> Beside:
    """What lists tell of these drafts, with the names of these people and of those the cases name."""
    cases = await case_repository.cases_of(session, {draft.case for draft in drafts})
    openings = await case_repository.openings_of(session, {draft.target_post for draft in drafts})
    who = {id_ for case in cases.values() for id_ in (case.claimed_by, case.assigned_to)}
    customers = await customers_of(session, [draft.id for draft in drafts])
    owed = await read_owed(session, drafts, customers)
    return Beside(cases, openings, await names_of(session, who | set(people)), customers, owed)


async def read_beside_one(
    session: AsyncSession, opened: OpenDraft, around: Around, *, people: Collection[str | None] = ()
) -> Beside:
    """The same of one draft, which was read with its case, its post and what stands around that."""
    draft, case, target = opened.draft, opened.case, opened.target
    taken = taken_for(draft)
    customers = {draft.id: taken} if taken is not None else {}
    kinds = [row.type for row in around.attachments if row.post == target.id]
    who = {case.claimed_by, case.assigned_to, draft.edited_by, *(row.staff for row in around.approvals), *people}
    return Beside(
        cases={case.id: case},
        openings={target.id: case_repository.opening_of(target, target.text, kinds)},
        names=await names_of(session, who),
        customers=customers,
        owed=await read_owed(session, [draft], customers),
    )


async def read_around(session: AsyncSession, opened: OpenDraft) -> Around:
    """What one draft is shown with."""
    case, target = opened.case, opened.target
    before = await case_repository.posts_seen(session, case, until=target, limit=_POSTS_SHOWN + 1)
    after = await case_repository.posts_seen_after(session, case, target, limit=_POSTS_SHOWN)
    posts = [*before[:_POSTS_SHOWN][::-1], *after]
    return Around(
        posts=posts,
        attachments=await case_repository.attachments_of(session, [post.id for post in posts]),
        earlier=len(before) > _POSTS_SHOWN,
        approvals=await repository.approvals_of(session, opened.draft.id, limit=_APPROVALS_SHOWN),
        actions=await actions_beside(session, opened.draft.id),
    )
