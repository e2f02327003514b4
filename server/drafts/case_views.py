"""What the API tells about cases."""

from datetime import datetime
from typing import Any, Self

from pydantic import BaseModel, Field

from server.actions.rules import ActionRules
from server.actions.views import OfferView
from server.drafts.case_files import CaseFile
from server.drafts.post_views import PostView, post_views
from server.drafts.views import QueuedDraft, claim_of
from server.models import CaseRow, DecisionRow, NoteRow
from server.promises.views import PromiseView
from server.staff.naming import Named, Names
from server.staff.roles import Caller, Permission


class DecisionView(BaseModel):
    """Something that was done: by whom (null: by the system), when, why; texts where they changed."""

    id: str
    draft: str | None
    what: str
    by: Named | None
    at: datetime
    reason: str | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None

    @classmethod
    def of(cls, row: DecisionRow, names: Names) -> Self:
        """The row with the person's name."""
        return cls(
            id=row.id,
            draft=row.draft,
            what=row.kind,
            by=Named.among(names, row.staff),
            at=row.at,
            reason=row.reason,
            before=row.before,
            after=row.after,
        )


class NoteView(BaseModel):
    """What a colleague wrote about a case."""

    id: str
    by: Named | None
    at: datetime
    text: str

    @classmethod
    def of(cls, row: NoteRow, names: Names) -> Self:
        """The row without its case."""
        return cls(id=row.id, by=Named.among(names, row.staff), at=row.at, text=row.text)


class CaseView(BaseModel):
    """What one person wants in one thread, and who sees to it."""

    id: str
    brand: str
    account: str
    author: str
    open: bool
    team: str | None
    assigned_to: Named | None
    claimed_by: Named | None
    claimed_until: datetime | None
    draft_after: datetime | None
    due_at: datetime | None
    danger: str | None
    opened_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, case: CaseRow, names: Names, now: datetime) -> Self:
        """The case; a claim that is over is none."""
        fields = {name: getattr(case, name) for name in CaseView.model_fields}
        return cls(**fields | claim_of(case, names, now) | {"assigned_to": Named.among(names, case.assigned_to)})


class EarlierView(BaseModel):
    """For each list of a case the cursor of what came before: under /cases/{case}/<name>; null: it is all there."""

    posts: str | None
    drafts: str | None
    notes: str | None
    history: str | None


class CaseFileView(BaseModel):
    """A case with the newest of its posts, drafts, notes and history."""

    case: CaseView
    posts: list[PostView] = Field(description="The thread as the case's author sees it, the oldest first.")
    drafts: list[QueuedDraft] = Field(description="The newest first.")
    notes: list[NoteView] = Field(description="The oldest first.")
    history: list[DecisionView] = Field(description="The oldest first.")
    promises: list[PromiseView] = Field(description="What was promised in it, the first due first; more: /promises.")
    actions: list[OfferView] = Field(description="What was proposed or done in it, the newest first; more: /actions.")
    earlier: EarlierView

    @classmethod
    def of(cls, file: CaseFile, earlier: EarlierView, caller: Caller, now: datetime, rules: ActionRules) -> Self:
        """Everything that was read of it."""
        names = file.beside.names
        return cls(
            case=CaseView.of(file.case, names, now),
            posts=post_views(file.posts[::-1], file.attachments),
            drafts=[QueuedDraft.of(draft, file.beside, caller, now) for draft in file.drafts],
            notes=[NoteView.of(row, names) for row in file.notes[::-1]],
            history=[DecisionView.of(row, names) for row in file.decisions[::-1]],
            promises=[
                PromiseView.of(row, file.promised, names, now)
                for row in file.promises
                if caller.may(Permission.READ_PROMISES)
            ],
            actions=[OfferView.of(row, caller, rules) for row in file.actions if caller.may(Permission.READ_ACTIONS)],
            earlier=earlier,
        )
