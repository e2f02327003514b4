"""The job that looks at new posts at once: what is dangerous does not wait until its author has been quiet.

There is one for each account and each two seconds in which something came in, however much that was.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from sqlmodel.ext.asyncio.session import AsyncSession

from assistant.case import Post, Role, Thread
from assistant.first_look import look_first
from assistant.outcome import HandOver
from server.db import reading, writing
from server.drafts import alarm_repository, case_repository, repository
from server.drafts.requesting import ask_for_draft
from server.jobs.claims import Claimed, finish
from server.log_context import case_id
from server.models import AccountRow, CaseRow, PostRow
from server.service import Service

_PAGE = 50


async def look_at_new(service: Service, job: Claimed) -> None:
    """Have those drafted now in whose new posts there is danger; the others wait as they did.

    Raises:
        LeaseLost: Another worker has the job.
    """
    since, until = (datetime.fromisoformat(job.payload[name]) for name in ("since", "until"))
    after: str | None = ""
    while after is not None:
        async with reading(service.engine) as session:
            account = await alarm_repository.find_account(session, job.payload["account"])
            if account is None:
                break
            rows = await alarm_repository.posts_waiting(session, account, since, until, after=after, limit=_PAGE)
        after = await _look_at(service, account, rows)
    case_id.set(None)
    async with writing(service.engine) as session:
        await finish(session, job, service.clock())


async def _look_at(service: Service, account: AccountRow, rows: Sequence[tuple[CaseRow, PostRow]]) -> str | None:
    """Look at these, and hurry what is dangerous; the last case, None if there may be no more."""
    cases = [(case, [post for _, post in group]) for case, group in groupby(rows, key=lambda row: row[0])]
    alarming: list[CaseRow] = []
    for case, posts in cases:
        case_id.set(case.id)
        if isinstance(await look_first(_thread(case, account, posts), service.desk), HandOver):
            alarming.append(case)
    if alarming:
        async with writing(service.engine) as session:
            for case in alarming:
                await _hurry(session, service, case)
        service.wake()
    return cases[-1][0].id if len(cases) == _PAGE else None


def _thread(case: CaseRow, account: AccountRow, posts: Sequence[PostRow]) -> Thread:
    """What its author has just written, without the posts around it: those were looked at when they came."""
    told = tuple(
        Post(post.id, case.author, Role.CUSTOMER, post.sent_at, post.text, private=post.private_to is not None)
        for post in posts
    )
    return Thread(case.id, account.channel, told, case.brand)


async def _hurry(session: AsyncSession, service: Service, found: CaseRow) -> None:
    """Have a case drafted now, if it still waits for its author to be quiet."""
    now = service.clock()
    case = await case_repository.lock_case(session, found.id)
    if case is None or case.draft_after is None or case.draft_after <= now:
        return
    draft = await repository.draft_being_written(session, case.id)
    target = await case_repository.post_of(session, draft.target_post) if draft is not None else None
    if draft is not None and target is not None and target.deleted_at is None:
        await ask_for_draft(session, case, target, now, after=now, wish=draft.wish)
