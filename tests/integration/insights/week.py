"""A made-up week, as rows: what was posted, drafted, sent and promised, each at a moment that a test names."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import SQLModel

from server.db import reading, writing
from server.insights.definitions import FigureName
from server.insights.measured import Measured, Part
from server.insights.measuring import measure, scope_of
from server.insights.scope import Span
from server.models import (
    AccountRow,
    AnswerRow,
    ApprovalRow,
    CaseRow,
    DraftFactsRow,
    DraftRow,
    PostRow,
    PromiseRow,
    PublicationRow,
    ThreadRow,
)
from server.settings import Settings

MONDAY = datetime(2026, 11, 9, tzinfo=UTC)
SUNDAY_NIGHT = MONDAY + timedelta(days=7)
LONG_AFTER = MONDAY + timedelta(days=21)
BRAND = "pine"


def at(day: int, hour: float = 0) -> datetime:
    """So many days and hours after the Monday's beginning, in UTC."""
    return MONDAY + timedelta(days=day, hours=hour)


@dataclass
class Week:
    """Rows that are saved together; whatever a test does not say is ordinary."""

    engine: AsyncEngine
    now: datetime = LONG_AFTER
    rows: list[SQLModel] = field(default_factory=list)
    accounts: dict[str, AccountRow] = field(default_factory=dict)

    def account(self, name: str = "x", *, brand: str = BRAND, hours: dict[str, Any] | None = None) -> AccountRow:
        row = AccountRow(
            id=f"{brand}-{name}", brand=brand, channel=name, adapter="webhook", handle=f"{brand}help", settings={},
            hours=hours or {}, created_at=MONDAY,
        )  # fmt: skip
        self.accounts[row.id] = row
        return self._add(row)

    def case(self, author: str, *, account: str = f"{BRAND}-x", thread: str = "", **more: Any) -> CaseRow:
        """A person in a thread of their own, if no other is named."""
        name, brand = thread or f"{account}-{author}", self.accounts[account].brand
        if not any(isinstance(row, ThreadRow) and row.id == name for row in self.rows):
            self._add(ThreadRow(id=name, brand=brand, account=account, network_id=name, created_at=MONDAY))
        values = {"open": False, "opened_at": MONDAY, "updated_at": MONDAY, **more}
        return self._add(
            CaseRow(
                id=f"case-{name}-{author}", brand=brand, account=account, thread=name, author=author,
                folded_author=author, **values,
            )
        )  # fmt: skip

    def post(self, case: CaseRow, when: datetime, **more: Any) -> PostRow:
        name = f"post-{sum(isinstance(row, PostRow) for row in self.rows)}"
        return self._add(
            PostRow(
                id=name, brand=case.brand, account=case.account, thread=case.thread, network_id=name,
                author=case.author, folded_author=case.folded_author, role="customer", text="?", sent_at=when,
                received_at=when, **more,
            )
        )  # fmt: skip

    def draft(
        self, case: CaseRow, post: PostRow, *, state: str = "approved", findings: Any = (), reason: str | None = None,
        **facts: Any,
    ) -> DraftRow:  # fmt: skip
        name = f"draft-{sum(isinstance(row, DraftRow) for row in self.rows)}"
        row = self._add(
            DraftRow(
                id=name, brand=case.brand, case=case.id, account=case.account, state=state, target_post=post.id,
                target_version=1, outcome="draft", reason_code=reason, claims=[], findings=list(findings),
                created_at=post.sent_at, updated_at=post.sent_at,
            )
        )  # fmt: skip
        told = {"outcome": "draft", "proposed": True, "reason": reason, "written_at": post.sent_at, **facts}
        self._add(
            DraftFactsRow(
                draft=name, brand=case.brand, account=case.account, case=case.id, post=post.id, posted_at=post.sent_at,
                **told,
            )
        )  # fmt: skip
        return row

    def answer(
        self, draft: DraftRow, when: datetime, *, part: str = "public", state: str = "sent", approved: bool = True,
        corrects: str | None = None, **more: Any,
    ) -> AnswerRow:  # fmt: skip
        """The draft's text stands on the network, as one person approved it."""
        name = f"publication-{sum(isinstance(row, PublicationRow) for row in self.rows)}"
        post = next(row for row in self.rows if isinstance(row, PostRow) and row.id == draft.target_post)
        of = {"brand": draft.brand, "account": draft.account, "case": draft.case, "draft": draft.id, "part": part}
        self._add(
            PublicationRow(
                id=name, text="!", digest=name, key=name, reply_to=post.network_id, recipient=post.author, state=state,
                corrects=corrects, send_after=when, sent_at=when, created_at=when, updated_at=when, **of,
            )
        )  # fmt: skip
        if approved:
            approval = {"brand": draft.brand, "draft": draft.id, "part": part, "step": 1, "digest": name}
            # an approval that stood when it was sent, whatever became of it since
            self._add(ApprovalRow(id=f"approval-{name}", staff="staff_ann", at=when, voided_at=when, **approval))
        told = {"holding": False, "asked_in_private": False, "points_to": [], "repeats": False, "staff": "staff_ann"}
        return self._add(
            AnswerRow(
                publication=name, post=post.id, posted_at=post.sent_at, sent_at=when, corrects=corrects, **of,
                **(told | more),
            )
        )  # fmt: skip

    def answered(self, case: CaseRow, posted: datetime, sent: datetime, **more: Any) -> AnswerRow:
        """A post with a draft that was sent."""
        return self.answer(self.draft(case, self.post(case, posted)), sent, **more)

    def promise(self, answer: AnswerRow, due: datetime | None, **more: Any) -> PromiseRow:
        name = f"promise-{sum(isinstance(row, PromiseRow) for row in self.rows)}"
        told = {"what": "We will call you.", "said": "We will call you.", "state": "open", **more}
        return self._add(
            PromiseRow(
                id=name, brand=answer.brand, case=answer.case, draft=answer.draft, publication=answer.publication,
                made_at=answer.sent_at, first_due=due, due=due, **told,
            )
        )  # fmt: skip

    def add(self, *rows: SQLModel) -> None:
        self.rows += rows

    async def measure(self, figure: str, **wanted: Any) -> dict[str, Part]:
        """Save the rows that are new, and measure the week; a figure's parts by name."""
        return {part.name: part for part in (await self.measured(figure, **wanted)).parts}

    async def measured(self, figure: str, **wanted: Any) -> Measured:
        await self.save()
        span = Span(wanted.pop("begin", MONDAY), wanted.pop("end", SUNDAY_NIGHT), self.now)
        async with reading(self.engine) as session:
            scope = await scope_of(session, span, wanted.pop("brands", frozenset({BRAND})), **wanted)
            return await measure(session, scope, FigureName(figure), Settings())

    async def save(self) -> None:
        async with writing(self.engine) as session:
            for row in self.rows:
                session.add(row)
                await session.flush()
        self.rows = [row for row in self.rows if isinstance(row, PostRow | ThreadRow | DraftRow | PublicationRow)]

    def _add(self, row: Any) -> Any:
        self.rows.append(row)
        return row
