"""What the API tells about drafts and cases."""

from datetime import datetime
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from assistant.outcome import Part
from server.drafts.approvals import TRANSLATION
from server.drafts.deciding import OpenDraft
from server.drafts.possible import Possible, Step
from server.drafts.readers import reads
from server.drafts.states import DraftState
from server.drafts.working import CaseFile
from server.models import ApprovalRow, CaseRow, DecisionRow, DraftRow, NoteRow, PostRow, StaffRow
from server.staff.roles import Caller

_DRAFT: dict[str, JsonValue] = {
    "id": "draft_01kcs3v8q2m5n7p9r1t3w5",
    "case": "case_01kcs3v8q2m5n7p9r1t3w5",
    "brand": "fernhollow",
    "account": "fernhollow-x",
    "state": "pending",
    "version": 2,
    "rank": 2,
    "due_at": "2026-11-20T13:00:00Z",
    "author": "annwood",
    "outcome": "draft",
    "reason": None,
    "team": None,
    "danger": None,
    "language": "en",
    "reach": 210,
    "public_text": "You have 60 days to send it back.",
    "private_text": None,
    "one_click": True,
    "written_by": "composer",
    "claimed_by": None,
    "claimed_until": None,
    "assigned_to": None,
    "created_at": "2026-11-20T12:00:00Z",
    "updated_at": "2026-11-20T12:03:00Z",
}


class ReasonView(BaseModel):
    """Why an outcome is no draft."""

    code: str
    words: str | None = None


class QueuedDraft(BaseModel):
    """A draft as the queue shows it. `rank` is 0 for danger, 1 for an overdue promise, 2 for the rest."""

    model_config = ConfigDict(json_schema_extra={"examples": [_DRAFT]})

    id: str
    case: str
    brand: str
    account: str
    state: DraftState
    version: int
    rank: int
    due_at: datetime | None
    author: str = Field(description="Who is answered: a handle without @.")
    outcome: str | None
    reason: ReasonView | None
    team: str | None
    danger: str | None
    language: str | None
    reach: int | None
    public_text: str | None
    private_text: str | None
    one_click: bool = Field(description="Whether you may approve it as it is, without having confirmed anything.")
    written_by: str | None
    claimed_by: str | None = Field(description="Who has the case, as long as the claim lasts.")
    claimed_until: datetime | None
    assigned_to: str | None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, draft: DraftRow, case: CaseRow, caller: Caller, now: datetime) -> Self:
        """The draft with what of its case matters in a list."""
        return cls(**_fields(draft, case, caller, now))


class ApprovalView(BaseModel):
    """A yes, whether it still stands or not."""

    part: Part
    step: int
    digest: str
    by: str
    at: datetime
    voided_at: datetime | None
    void_reason: str | None

    @classmethod
    def of(cls, row: ApprovalRow) -> Self:
        """The row without what is its draft's."""
        return cls(
            part=Part(row.part),
            step=row.step,
            digest=row.digest,
            by=row.staff,
            at=row.at,
            voided_at=row.voided_at,
            void_reason=row.void_reason,
        )


class DecisionView(BaseModel):
    """Something that was done: by whom (null: by the system), when, why; texts where they changed."""

    id: str
    draft: str | None
    what: str
    by: str | None
    name: str | None
    at: datetime
    reason: str | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None

    @classmethod
    def of(cls, row: DecisionRow, people: dict[str, StaffRow]) -> Self:
        """The row with the person's name."""
        name = people[row.staff].name if row.staff in people else None
        return cls(
            id=row.id,
            draft=row.draft,
            what=row.kind,
            by=row.staff,
            name=name,
            at=row.at,
            reason=row.reason,
            before=row.before,
            after=row.after,
        )


class DraftView(QueuedDraft):
    """A draft in full: each sentence with the evidence it rests on, what the checks say, what is proposed beside it."""

    target_post: str
    digests: dict[Part, str] = Field(description="What a decision on this version names, by part.")
    moves: list[Step] = Field(description="What you may do with it now, each under /drafts/{draft}/<move>.")
    no_moves: str | None = Field(description="If you may do nothing: why.")
    claims: list[dict[str, Any]]
    evidence: list[dict[str, Any]]
    findings: list[dict[str, Any]]
    actions: list[dict[str, Any]]
    notes: list[str]
    wish: str | None
    edited_by: str | None
    translation: dict[str, Any] | None = Field(description="A machine's, for who cannot read the draft; labelled so.")
    approvals: list[ApprovalView]

    @classmethod
    def whole(
        cls, opened: OpenDraft, approvals: list[ApprovalRow], possible: Possible, caller: Caller, now: datetime
    ) -> Self:
        """The draft with everything about it."""
        draft = opened.draft
        record = draft.record or {}
        return cls(
            **_fields(draft, opened.case, caller, now),
            target_post=draft.target_post,
            digests={Part(part): digest for part, digest in opened.digests.items()},
            moves=list(possible.steps),
            no_moves=possible.reason,
            claims=draft.claims,
            evidence=record.get("evidence", []),
            findings=draft.findings,
            actions=record.get("actions", []),
            notes=record.get("notes", []),
            wish=draft.wish,
            edited_by=draft.edited_by,
            translation=record.get(TRANSLATION),
            approvals=[ApprovalView.of(row) for row in approvals],
        )


class PostView(BaseModel):
    """A post as it stands on the network now; a deleted one has no text."""

    id: str
    author: str
    role: str
    text: str
    private: bool
    sent_at: datetime
    version: int
    edited_at: datetime | None
    deleted_at: datetime | None
    attachments: list[str] = Field(description="Ids; /attachments/{id} tells more.")


class NoteView(BaseModel):
    """What a colleague wrote about a case."""

    id: str
    by: str
    at: datetime
    text: str

    @classmethod
    def of(cls, row: NoteRow) -> Self:
        """The row without its case."""
        return cls(id=row.id, by=row.staff, at=row.at, text=row.text)


class CaseView(BaseModel):
    """What one person wants in one thread, and who sees to it."""

    id: str
    brand: str
    account: str
    author: str
    open: bool
    team: str | None
    assigned_to: str | None
    claimed_by: str | None
    claimed_until: datetime | None
    draft_after: datetime | None
    due_at: datetime | None
    danger: str | None
    opened_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, case: CaseRow, now: datetime) -> Self:
        """The case; a claim that is over is none."""
        fields = {name: getattr(case, name) for name in CaseView.model_fields}
        return cls(**fields | _claim_of(case, now))


class CaseFileView(BaseModel):
    """A case with its posts, drafts, notes and history."""

    case: CaseView
    posts: list[PostView]
    drafts: list[QueuedDraft]
    notes: list[NoteView]
    history: list[DecisionView]

    @classmethod
    def of(cls, file: CaseFile, caller: Caller, now: datetime) -> Self:
        """Everything about it."""
        return cls(
            case=CaseView.of(file.case, now),
            posts=[_post(post, file) for post in file.posts],
            drafts=[QueuedDraft.of(draft, file.case, caller, now) for draft in file.drafts],
            notes=[NoteView.of(row) for row in file.notes],
            history=[DecisionView.of(row, file.people) for row in file.decisions],
        )


def _post(post: PostRow, file: CaseFile) -> PostView:
    return PostView(
        id=post.id,
        author=post.author,
        role=post.role,
        text=post.text,
        private=post.private_to is not None,
        sent_at=post.sent_at,
        version=post.version,
        edited_at=post.edited_at,
        deleted_at=post.deleted_at,
        attachments=[row.id for row in file.attachments if row.post == post.id],
    )


def _fields(draft: DraftRow, case: CaseRow, caller: Caller, now: datetime) -> dict[str, Any]:
    own = {"author", "reason", "claimed_by", "claimed_until", "assigned_to"}
    fields = {name: getattr(draft, name) for name in QueuedDraft.model_fields if name not in own}
    reason = ReasonView(code=draft.reason_code, words=draft.reason_words) if draft.reason_code else None
    fields |= _claim_of(case, now) | {"author": case.author, "reason": reason, "assigned_to": case.assigned_to}
    return fields | {"one_click": draft.one_click and reads(caller, draft.language)}


def _claim_of(case: CaseRow, now: datetime) -> dict[str, Any]:
    held = case.claimed_until is not None and case.claimed_until > now
    return {"claimed_by": case.claimed_by if held else None, "claimed_until": case.claimed_until if held else None}
