"""Reads what the page of a case holds: as the API answers it, in one look at the database."""

from sqlmodel.ext.asyncio.session import AsyncSession

from assistant.outcome import Part, Severity
from server.db import reading
from server.drafts import case_files, case_repository, repository
from server.drafts.case_views import NoteView
from server.drafts.deciding import OpenDraft, read_draft
from server.drafts.endpoints import view_draft
from server.drafts.lengths import TOO_LONG_SIGNED
from server.drafts.readers import reads
from server.drafts.views import DraftView
from server.errors import NotFound
from server.insights.noting import is_unseen, note_shown
from server.models import AccountRow
from server.pages.inbox.contexts import CaseNotes, CasePart, Sentence, Sources, TextPart
from server.pages.inbox.reading import read_colleagues
from server.pages.visit import Visit
from server.promises.repository import Wanted, actions_by_id, list_promises
from server.promises.views import PromiseView
from server.publications.repository import list_publications
from server.publications.views import PublicationView
from server.staff.naming import names_of
from server.staff.roles import Permission
from server.staff.views import ColleagueView

_SHOWN = 50
"""The most notes, promises and sent texts of a case that stand beside its draft."""


class NoDraft(NotFound):
    """Nothing has been drafted in this case."""

    def __init__(self) -> None:
        super().__init__("nothing has been drafted in this case yet")


async def read_case(visit: Visit, draft: str, *, seen: bool = True) -> CasePart:
    """The case of a draft; with `seen` it counts as shown to whoever visits.

    Raises:
        DraftNotFound: There is none, or none of the visitor's brands.
    """
    caller = visit.caller
    async with reading(visit.service.engine) as session:
        opened = await read_draft(session, caller, draft)
        view = await view_draft(session, visit.service, caller, opened, visit.now)
        file, sent = await _read_notes(session, visit, opened), await _read_sent(session, visit, opened)
        colleagues = await read_colleagues(session, visit, view.brand)
        unseen = seen and await is_unseen(session, caller, opened.draft)
    if unseen:
        await note_shown(visit.service, caller, draft, visit.now)
    return _part(visit, view, opened.account, file, sent, colleagues)


async def newest_draft(visit: Visit, case: str) -> str:
    """The newest draft of a case.

    Raises:
        CaseNotFound: There is no such case, or none of the visitor's brands.
        NoDraft: There is none yet.
    """
    async with reading(visit.service.engine) as session:
        row = await case_files.find(session, visit.caller, case)
        newest = await repository.drafts_of(session, row.id, limit=1)
    if not newest:
        raise NoDraft
    return newest[0].id


async def _read_notes(session: AsyncSession, visit: Visit, opened: OpenDraft) -> CaseNotes:
    case = opened.case.id
    notes = await case_repository.notes_of(session, case, limit=_SHOWN)
    promises = (
        await list_promises(session, Wanted(visit.caller.brands, case=case), after=None, limit=_SHOWN)
        if visit.caller.may(Permission.READ_PROMISES)
        else ()
    )
    promised = {row.action for row in promises if row.action}
    actions = await actions_by_id(session, promised) if promised else {}
    names = await names_of(session, {*(row.staff for row in notes), *(row.settled_by for row in promises)})
    return CaseNotes(
        [NoteView.of(row, names) for row in notes[::-1]],
        [PromiseView.of(row, actions, names, visit.now) for row in promises],
    )


async def _read_sent(session: AsyncSession, visit: Visit, opened: OpenDraft) -> list[PublicationView]:
    rows = await list_publications(session, brands=visit.caller.brands, case=opened.case.id, limit=_SHOWN)
    names = await names_of(session, {row.withdrawn_by for row in rows})
    return [PublicationView.of(row, names) for row in rows]


def _part(
    visit: Visit,
    draft: DraftView,
    account: AccountRow,
    file: CaseNotes,
    sent: list[PublicationView],
    colleagues: list[ColleagueView],
) -> CasePart:
    caller = visit.caller
    return CasePart(
        draft,
        file,
        account,
        _texts(draft),
        _sources(draft),
        draft.notes[len(draft.overdue) :],
        blocked=any(
            found["severity"] == Severity.BLOCK and found["rule"] != TOO_LONG_SIGNED for found in draft.findings
        ),
        sends=caller.may(Permission.APPROVE),
        unread=draft.language if draft.digests and not reads(caller, draft.language) else None,
        translates=visit.service.desk.translate is not None and caller.may(Permission.WORK_ON_DRAFTS),
        sent=sent,
        colleagues=colleagues,
    )


def _sources(draft: DraftView) -> Sources:
    named = {number for claim in draft.claims for number in claim["evidence"]}
    return Sources(
        [found for found in draft.evidence if found["id"] in named],
        [found for found in draft.evidence if found["id"] not in named],
    )


def _texts(draft: DraftView) -> list[TextPart]:
    texts = (("public", draft.public_text), ("private", draft.private_text))
    return [
        TextPart(name, text, draft.signatures.get(Part(name), ""), _sentences(draft, name))
        for name, text in texts
        if text is not None
    ]


def _sentences(draft: DraftView, part: str) -> list[Sentence]:
    return [
        Sentence(
            claim["sentence"],
            [found for found in draft.findings if found["part"] == part and found["sentence"] == claim["sentence"]],
            claim["evidence"],
        )
        for claim in draft.claims
        if claim["part"] == part
    ]
