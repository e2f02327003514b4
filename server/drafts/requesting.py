"""Asking for a draft: the row that people see as being written, and the job that writes it, in one transaction."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from server.drafts import case_repository, repository
from server.drafts.states import DraftState
from server.events.log import record
from server.jobs.queue import ORDINARY, URGENT, enqueue_all, job
from server.models import CaseRow, DraftRow, JobRow, PostRow
from server.models.ids import new_id

LANE = "draft"
_SPAN = 2
"""Seconds that one look is for."""


async def ask_for_draft(
    session: AsyncSession,
    case: CaseRow,
    target: PostRow,
    now: datetime,
    *,
    after: datetime,
    wish: str | None = None,
    dismissed: Sequence[str] = (),
) -> DraftRow:
    """Have the case drafted in answer to `target`, not before `after`.

    A draft that is being written already becomes this one: what it finds out about older posts is not used.

    Args:
        session: The transaction of what asks for it.
        case: Whose.
        target: The newest post of the case's author.
        now: This moment.
        after: The end of the quiet time; `now` if somebody waits for it.
        wish: What a person wants of the draft, in their words.
        dismissed: Dangers (reason codes) of which a person has said that they are none.
    """
    aside = {"dismissed": list(dismissed)} if dismissed else None
    under_way = await repository.lock_drafts_of(session, case.id, {DraftState.DRAFTING})
    if under_way:
        draft = under_way[-1]
        await repository.change_draft(
            session, draft, now, target_post=target.id, target_version=target.version, wish=wish, record=aside
        )
    else:
        draft = _new_draft(case, target, now)
        draft.wish, draft.record = wish, aside
        session.add(draft)
        await session.flush()
    case.draft_after, case.updated_at = after, now
    _tell(session, case, draft, now, after)
    await enqueue_all(session, [_job(case, now, after), *_look(case, now, after)])
    return draft


async def ask_for_first_drafts(
    session: AsyncSession, cases: Sequence[tuple[CaseRow, PostRow]], now: datetime, *, after: datetime
) -> None:
    """The same for cases that this transaction has opened, each with the post to answer, at the price of one."""
    drafts = [_new_draft(case, target, now) for case, target in cases]
    session.add_all(drafts)
    for (case, _), draft in zip(cases, drafts, strict=True):
        _tell(session, case, draft, now, after)
    await session.flush()
    await enqueue_all(session, [_job(case, now, after) for case, _ in cases])
    await enqueue_all(session, _look(cases[0][0], now, after))


def _new_draft(case: CaseRow, target: PostRow, now: datetime) -> DraftRow:
    return DraftRow(
        id=new_id("draft"),
        brand=case.brand,
        case=case.id,
        account=case.account,
        state=DraftState.DRAFTING,
        due_at=case.due_at or now,
        assigned_to=case.assigned_to,
        case_team=case.team,
        target_post=target.id,
        target_version=target.version,
        claims=[],
        findings=[],
        created_at=now,
        updated_at=now,
    )


def _tell(session: AsyncSession, case: CaseRow, draft: DraftRow, now: datetime, after: datetime) -> None:
    record(session, "draft.asked_for", draft.id, brand=case.brand, at=now, case=case.id, after=after.isoformat())


def _job(case: CaseRow, now: datetime, after: datetime) -> JobRow:
    return job(
        "draft",
        lane=LANE,
        payload={"case": case.id},
        now=now,
        brand=case.brand,
        key=f"draft:{case.id}",
        after=after,
        priority=ORDINARY if after > now else URGENT,
    )


def _look(case: CaseRow, now: datetime, after: datetime) -> list[JobRow]:
    """A look for danger at all that comes in at the case's account these seconds, where it would wait for quiet.

    One for each span, whoever is first: in a storm a job for each post would take longer than taking it in.
    """
    if after <= now:
        return []
    since = datetime.fromtimestamp(now.timestamp() // _SPAN * _SPAN, UTC)
    until = since + timedelta(seconds=_SPAN)
    payload = {"account": case.account, "since": since.isoformat(), "until": until.isoformat()}
    key = f"alarm:{case.account}:{since:%Y%m%dT%H%M%S}"
    return [
        job(
            "draft_alarm",
            lane="alarm",
            payload=payload,
            now=now,
            brand=case.brand,
            key=key,
            after=until,
            priority=URGENT,
        )
    ]


async def ask_again(session: AsyncSession, old: DraftRow, now: datetime, *, wish: str | None = None) -> DraftRow | None:
    """Have the post that `old` answers drafted anew, at once; None if there is nothing left to answer."""
    case = await case_repository.lock_case(session, old.case)
    target = await case_repository.post_of(session, old.target_post)
    if case is None or target is None or target.deleted_at is not None:
        return None
    case.open = True
    return await ask_for_draft(session, case, target, now, after=now, wish=wish)
