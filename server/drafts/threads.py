"""A case as the assistant reads it: the thread from where its author stands."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from assistant.case import Attachment, Post, Role, Thread
from server.drafts import case_repository
from server.models import AccountRow, AttachmentRow, CaseRow, PostRow

LONGEST_THREAD = 200
"""Posts of a thread that are read: what was said before them is not what is asked now."""


@dataclass(frozen=True, slots=True)
class ReadCase:
    """A case with its posts. `spoken` are the author's own that still stand, oldest first; the last is answered."""

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
    posts = [post for post in await case_repository.posts_of(session, case.thread) if _is_seen(post, case)]
    spoken = tuple(post for post in posts if _is_spoken(post, case))
    if account is None or not spoken:
        return None
    told = _until_answered(posts, spoken[-1])[-LONGEST_THREAD:]
    attachments = await case_repository.attachments_of(session, [post.id for post in told])
    return ReadCase(case, account, spoken, _thread(case, account, told, attachments))


def newest_spoken(posts: Sequence[PostRow], case: CaseRow) -> PostRow | None:
    """The author's last post that stands, if any does."""
    return next((post for post in reversed(posts) if _is_spoken(post, case)), None)


def _is_spoken(post: PostRow, case: CaseRow) -> bool:
    return post.role == Role.CUSTOMER and post.folded_author == case.folded_author and post.deleted_at is None


def _is_seen(post: PostRow, case: CaseRow) -> bool:
    """Whether the case's author can see the post: a private message between us and somebody else is not theirs."""
    theirs = post.private_to is None or case.folded_author in (post.private_to, post.folded_author)
    return theirs and post.deleted_at is None


def _until_answered(posts: Sequence[PostRow], target: PostRow) -> list[PostRow]:
    """Without what other customers wrote after the target: the last post of a customer is the one that is answered."""
    at = posts.index(target)
    return [post for number, post in enumerate(posts) if number <= at or post.role == Role.BRAND]


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
