"""A case as the assistant reads it: the thread from where its author stands."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlmodel.ext.asyncio.session import AsyncSession

from assistant.case import Attachment, Post, Role, Thread
from server.drafts import case_repository
from server.models import AccountRow, AttachmentRow, CaseRow, PostRow
from server.promises.repository import open_in_case
from server.shop.records import promise_record

LONGEST_THREAD = 200
"""Posts before the answered one that are read: what was said before them is not what is asked now."""

_LONGEST_SEQUEL = 50
"""Posts of ours after the answered one that are read: in a thread of thousands most of them are to others."""


@dataclass(frozen=True, slots=True)
class ReadCase:
    """A case with its posts. `spoken` are the author's own that still stand, oldest first; the last is answered.

    However long the thread is, no more of it is read than counts. What the author wrote themselves counts for
    `LONGEST_THREAD` posts of theirs, whoever else wrote hundreds in between.
    """

    case: CaseRow
    account: AccountRow
    spoken: tuple[PostRow, ...]
    thread: Thread

    @property
    def target(self) -> PostRow:
        """The post to answer."""
        return self.spoken[-1]


async def read_case(session: AsyncSession, case: CaseRow) -> ReadCase | None:
    """The case as it stands; None if nothing of its author is left to answer."""
    account = await case_repository.account_of(session, case.account)
    spoken = tuple(await case_repository.spoken_by_author(session, case, limit=LONGEST_THREAD))
    if account is None or not spoken:
        return None
    told = await _told(session, case, spoken)
    attachments = await case_repository.attachments_of(session, [post.id for post in told])
    promised = tuple(promise_record(row) for row in await open_in_case(session, case.id))
    return ReadCase(case, account, spoken, replace(_thread(case, account, told, attachments), promised=promised))


async def _told(session: AsyncSession, case: CaseRow, spoken: Sequence[PostRow]) -> list[PostRow]:
    """What the assistant reads: without what other customers wrote after the last post of the author.

    The last post of a customer is the one that is answered.
    """
    target = spoken[-1]
    before = await case_repository.posts_seen(session, case, until=target, limit=LONGEST_THREAD)
    after = await case_repository.posts_seen_after(session, case, target, role=Role.BRAND, limit=_LONGEST_SEQUEL)
    read = {post.id: post for post in (*before, *spoken, *after) if post.deleted_at is None}
    return sorted(read.values(), key=lambda post: (post.sent_at, post.id))


def _thread(
    case: CaseRow, account: AccountRow, posts: Sequence[PostRow], attachments: Sequence[AttachmentRow]
) -> Thread:
    with_post: dict[str, list[Attachment]] = defaultdict(list)
    for item in attachments:
        with_post[item.post].append(Attachment(item.type, item.alt))
    return Thread(
        id=case.id,
        channel=account.channel,
        brand=case.brand,
        posts=tuple(
            Post(
                id=post.id,
                # one spelling, because the thread tells people apart by it
                author=case.author if post.folded_author == case.folded_author else post.author,
                role=Role(post.role),
                created_at=post.sent_at,
                text=post.text,
                attachments=tuple(with_post[post.id]),
                private=post.private_to is not None,
            )
            for post in posts
        ),
    )
