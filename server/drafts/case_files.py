"""A case with everything that belongs to it: the newest of each first, the rest page by page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from server.drafts import case_repository, repository
from server.drafts.deciding import CaseNotFound
from server.drafts.showing import Beside, read_beside
from server.models import ActionRow, AttachmentRow, CaseRow, DecisionRow, DraftRow, NoteRow, PostRow, PromiseRow
from server.promises.repository import Wanted, actions_by_id, actions_in_case, list_promises
from server.staff.roles import Caller

_SHOWN = 50
"""The most of each list that stands in a case's file."""


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case with the newest posts that its author can see, its drafts, notes and decisions; each newest first.

    `promises` are those that were made in it, the first due first, and `actions` those that belong to it, the newest
    first; `promised` are the actions that promises name. `longer` names the lists of which there is more.
    """

    case: CaseRow
    posts: Sequence[PostRow]
    attachments: Sequence[AttachmentRow]
    drafts: Sequence[DraftRow]
    notes: Sequence[NoteRow]
    decisions: Sequence[DecisionRow]
    promises: Sequence[PromiseRow]
    actions: Sequence[ActionRow]
    promised: Mapping[str, ActionRow]
    longer: frozenset[str]
    beside: Beside


async def find(session: AsyncSession, caller: Caller, case_id: str) -> CaseRow:
    """The case.

    Raises:
        CaseNotFound: None of the caller's brands.
    """
    case = await case_repository.find_case(session, case_id, caller.brands)
    if case is None:
        raise CaseNotFound
    return case


async def read_file(session: AsyncSession, caller: Caller, case_id: str) -> CaseFile:
    """The case with the newest of what belongs to it. Private posts of other people in the thread are none of it.

    Raises:
        CaseNotFound: None of the caller's brands.
    """
    case = await find(session, caller, case_id)
    asked = _SHOWN + 1
    posts = await case_repository.posts_seen(session, case, limit=asked)
    drafts = await repository.drafts_of(session, case.id, limit=asked)
    notes = await case_repository.notes_of(session, case.id, limit=asked)
    decisions = await repository.decisions_about(session, case.id, limit=asked)
    wanted = Wanted(caller.brands, case=case.id)
    promises = await list_promises(session, wanted, after=None, limit=_SHOWN)
    lists = {"posts": posts, "drafts": drafts, "notes": notes, "history": decisions}
    people = {case.claimed_by, case.assigned_to, *(row.staff for row in notes), *(row.staff for row in decisions)}
    people |= {row.settled_by for row in promises}
    shown = posts[:_SHOWN]
    return CaseFile(
        case=case,
        posts=shown,
        attachments=await case_repository.attachments_of(session, [post.id for post in shown]),
        drafts=drafts[:_SHOWN],
        notes=notes[:_SHOWN],
        decisions=decisions[:_SHOWN],
        promises=promises,
        actions=await actions_in_case(session, case.id, limit=_SHOWN),
        promised=await actions_by_id(session, {row.action for row in promises if row.action}),
        longer=frozenset(name for name, found in lists.items() if len(found) > _SHOWN),
        beside=await read_beside(session, drafts, people=people),
    )
