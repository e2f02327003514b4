"""What the API tells about drafts."""

from datetime import datetime
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from assistant.outcome import Part
from server.actions.rules import ActionRules
from server.actions.undoing import told_too_late
from server.actions.views import OfferView
from server.drafts.approvals import TRANSLATION
from server.drafts.deciding import OpenDraft
from server.drafts.lengths import too_long_signed
from server.drafts.owed import CODE, OwedView, overdue_of, say
from server.drafts.possible import InTheWay, Possible, Step
from server.drafts.post_views import OpeningView, ThreadPostView, thread_views
from server.drafts.ranks import OVERDUE
from server.drafts.readers import reads
from server.drafts.showing import Around, Beside
from server.drafts.states import DraftState
from server.models import ApprovalRow, CaseRow, DraftRow
from server.staff.naming import Named, Names
from server.staff.roles import Caller
from tools.records import Known

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
    "customer": {"id": "C-0001", "known": "verified"},
    "post": {
        "id": "post_01kcs3v8q2m5n7p9r1t3w5",
        "author": "annwood",
        "text": "Can I return unused goods after 50 days?",
        "cut": False,
        "private": False,
        "sent_at": "2026-11-20T12:00:00Z",
        "edited_at": None,
        "deleted_at": None,
        "attachments": ["image"],
    },
    "outcome": "draft",
    "reason": None,
    "overdue": [],
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
    "assigned_to": {"id": "staff_01kcs3v8q2m5n7p9r1t3w5", "name": "Robin Vale"},
    "created_at": "2026-11-20T12:00:00Z",
    "updated_at": "2026-11-20T12:03:00Z",
}


class LengthView(BaseModel):
    """How long a text is, by its network's own rule."""

    length: int
    limit: int = Field(description="How long it may be there.")
    signature: str = Field(description="The initials that would stand after it, if a draft was named; counted.")


class ReasonView(BaseModel):
    """Why an outcome is no draft."""

    code: str
    words: str | None = None


class CustomerView(BaseModel):
    """As whom the author was known when the draft was written."""

    id: str | None = Field(description="null: it is not sure enough whether, or which, customer this is.")
    known: Known


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
    customer: CustomerView | None = Field(description="null: the draft is not written yet.")
    post: OpeningView = Field(description="The post that is answered.")
    outcome: str | None
    reason: ReasonView | None = Field(description="Why it is no draft; or the promise that brought it up.")
    overdue: list[OwedView] = Field(description="What was promised here and is overdue.")
    team: str | None = Field(description="Whom the case was handed over to.")
    danger: str | None
    language: str | None
    reach: int | None
    public_text: str | None
    private_text: str | None
    one_click: bool = Field(description="Whether you may approve it as it is, without having confirmed anything.")
    written_by: str | None
    claimed_by: Named | None = Field(description="Who has the case, as long as the claim lasts.")
    claimed_until: datetime | None
    assigned_to: Named | None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, draft: DraftRow, beside: Beside, caller: Caller, now: datetime) -> Self:
        """The draft with what of its case matters in a list."""
        return cls(**_fields(draft, beside, caller, now))


class ApprovalView(BaseModel):
    """A yes, whether it still stands or not."""

    part: Part
    step: int
    digest: str
    by: Named | None
    at: datetime
    voided_at: datetime | None
    void_reason: str | None

    @classmethod
    def of(cls, row: ApprovalRow, names: Names) -> Self:
        """The row without what is its draft's."""
        return cls(
            part=Part(row.part),
            step=row.step,
            digest=row.digest,
            by=Named.among(names, row.staff),
            at=row.at,
            voided_at=row.voided_at,
            void_reason=row.void_reason,
        )


class InTheWayView(BaseModel):
    """What stands between somebody and their approval of a draft."""

    words: str
    code: str = Field(description="Of the refusal that approving it would be answered with.")
    details: dict[str, Any] = Field(description="What else that refusal tells.")
    confirmable: bool = Field(description="Whether you may approve it all the same, with `confirmed`.")

    @classmethod
    def of(cls, found: InTheWay) -> Self:
        """As it was found."""
        return cls(words=found.words, code=found.code, details=dict(found.details), confirmable=found.confirmable)


class DraftView(QueuedDraft):
    """A draft in full: each sentence with the evidence it rests on, what the checks say, what is proposed beside it."""

    target_post: str
    posts: list[ThreadPostView] = Field(description="The thread around the answered post, the oldest first.")
    earlier: bool = Field(description="Whether the thread has more before these: /cases/{case}/posts.")
    digests: dict[Part, str] = Field(description="What a decision on this version names, by part.")
    signatures: dict[Part, str] = Field(
        description="What is sent after the text of each part: your initials if you approve it, or those of who did; "
        "empty where the account's texts are not signed. The digests cover it."
    )
    moves: list[Step] = Field(description="What you may do with it now, each under /drafts/{draft}/<move>.")
    no_moves: str | None = Field(description="If you may do nothing: why.")
    no_moves_code: str | None = Field(
        description="The same for programs: the code of the refusal, or `done_with`, `others_may`."
    )
    no_moves_details: dict[str, Any] = Field(description="What else the refusal tells, as its `details` do.")
    in_the_way: InTheWayView | None = Field(
        description="Why `approve` is not among your moves though others are, or what you confirm by it; null: nothing."
    )
    already_out: str | None = Field(
        description="What is out in answer to this post, and what became of the rest, in words; null: nothing is."
    )
    too_late: str | None = Field(
        description="What was proposed with it and cannot be taken back any more, in words; null: nothing."
    )
    claims: list[dict[str, Any]]
    evidence: list[dict[str, Any]]
    findings: list[dict[str, Any]]
    actions: list[OfferView] = Field(description="What is proposed beside it; approving names those that are meant.")
    notes: list[str]
    wish: str | None
    edited_by: Named | None
    translation: dict[str, Any] | None = Field(description="A machine's, for who cannot read the draft; labelled so.")
    approvals: list[ApprovalView]

    @classmethod
    def whole(
        cls,
        opened: OpenDraft,
        around: Around,
        beside: Beside,
        possible: Possible,
        caller: Caller,
        now: datetime,
        rules: ActionRules,
    ) -> Self:
        """The draft with everything about it."""
        draft = opened.draft
        record = draft.record or {}
        return cls(
            **_fields(draft, beside, caller, now),
            target_post=draft.target_post,
            posts=thread_views(around.posts, around.attachments, opened.target),
            earlier=around.earlier,
            digests={Part(part): digest for part, digest in opened.digests.items()},
            signatures=opened.signatures,
            moves=list(possible.steps),
            no_moves=possible.reason,
            no_moves_code=possible.code,
            no_moves_details=dict(possible.details),
            in_the_way=InTheWayView.of(possible.in_the_way) if possible.in_the_way else None,
            already_out=opened.already_out,
            too_late=told_too_late(draft, around.actions),
            claims=draft.claims,
            evidence=record.get("evidence", []),
            findings=[*draft.findings, *too_long_signed(opened)],
            actions=[OfferView.of(row, caller, rules) for row in around.actions],
            notes=[*say(overdue_of(draft, beside.owed, now)), *record.get("notes", [])],
            wish=draft.wish,
            edited_by=Named.among(beside.names, draft.edited_by),
            translation=record.get(TRANSLATION),
            approvals=[ApprovalView.of(row, beside.names) for row in around.approvals],
        )


def claim_of(case: CaseRow, names: Names, now: datetime) -> dict[str, Any]:
    """Who has a case, and until when; a claim that is over is none."""
    held = case.claimed_until is not None and case.claimed_until > now
    by = Named.among(names, case.claimed_by) if held else None
    return {"claimed_by": by, "claimed_until": case.claimed_until if held else None}


def _fields(draft: DraftRow, beside: Beside, caller: Caller, now: datetime) -> dict[str, Any]:
    case, taken = beside.cases[draft.case], beside.customers.get(draft.id)
    own = {"author", "customer", "reason", "overdue", "post", "claimed_by", "claimed_until", "assigned_to", "team"}
    fields = {name: getattr(draft, name) for name in QueuedDraft.model_fields if name not in own}
    owed = overdue_of(draft, beside.owed, now)
    reason = ReasonView(code=draft.reason_code, words=draft.reason_words) if draft.reason_code else None
    if owed and draft.state in (DraftState.PENDING, DraftState.AWAITING_SECOND):
        also = [reason.words] if reason is not None and reason.words else []
        reason = ReasonView(code=CODE, words="; ".join([*say(owed), *also]))
    return fields | {
        **claim_of(case, beside.names, now),
        "author": case.author,
        "customer": CustomerView(id=taken.id, known=taken.known) if taken else None,
        "reason": reason,
        "overdue": owed,
        "post": OpeningView.of(beside.openings[draft.target_post]),
        "assigned_to": Named.among(beside.names, case.assigned_to),
        "team": case.team,
        "one_click": draft.one_click and draft.rank != OVERDUE and reads(caller, draft.language),
    }
