"""What the API tells about posts: each as it stands on the network now."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Self

from pydantic import BaseModel, Field

from assistant.case import Role
from server.channels.views import AttachmentView
from server.drafts.case_repository import Opening
from server.models import AttachmentRow, PostRow


class OpeningView(BaseModel):
    """How the post that is answered begins: enough to know in a list what it is about."""

    id: str
    author: str = Field(description="A handle without @.")
    text: str = Field(description="Its first words; a deleted post has none.")
    cut: bool = Field(description="Whether there is more of it.")
    private: bool = Field(description="Written to us alone: nothing of it is repeated in public.")
    sent_at: datetime
    edited_at: datetime | None
    deleted_at: datetime | None
    attachments: list[str] = Field(description="What came with it, by kind: image, video, …")

    @classmethod
    def of(cls, post: Opening) -> Self:
        """As it was read."""
        return cls(
            id=post.id,
            author=post.author,
            text=post.text,
            cut=post.cut,
            private=post.private,
            sent_at=post.sent_at,
            edited_at=post.edited_at,
            deleted_at=post.deleted_at,
            attachments=list(post.attachments),
        )


class PostView(BaseModel):
    """A post as it stands on the network now; a deleted one has no text."""

    id: str
    author: str = Field(description="A handle without @.")
    role: Role
    text: str
    private: bool = Field(description="Only its author and we see it.")
    sent_at: datetime
    version: int = Field(description="Rises with every edit.")
    edited_at: datetime | None
    deleted_at: datetime | None
    attachments: list[AttachmentView]

    @classmethod
    def of(cls, post: PostRow, attachments: Iterable[AttachmentRow]) -> Self:
        """The post with what came with it."""
        return cls(
            id=post.id,
            author=post.author,
            role=Role(post.role),
            text=post.text,
            private=post.private_to is not None,
            sent_at=post.sent_at,
            version=post.version,
            edited_at=post.edited_at,
            deleted_at=post.deleted_at,
            attachments=[AttachmentView.of(row) for row in attachments],
        )


class ThreadPostView(PostView):
    """A post around the one that a draft answers."""

    answered: bool = Field(description="The draft answers it: its author has written it since we last spoke.")


def post_views(posts: Sequence[PostRow], attachments: Iterable[AttachmentRow]) -> list[PostView]:
    """The posts in their order."""
    came_with = _by_post(attachments)
    return [PostView.of(post, came_with.get(post.id, ())) for post in posts]


def thread_views(
    posts: Sequence[PostRow], attachments: Iterable[AttachmentRow], target: PostRow
) -> list[ThreadPostView]:
    """The posts in their order, which is the oldest first, with those marked that an answer to `target` answers."""
    came_with = _by_post(attachments)
    asked = _asked(posts, target)
    return [
        ThreadPostView(**dict(PostView.of(post, came_with.get(post.id, ()))), answered=post.id in asked)
        for post in posts
    ]


def _asked(posts: Sequence[PostRow], target: PostRow) -> set[str]:
    """The target, and what its author wrote before it since we last spoke."""
    asked = {target.id}
    for post in reversed(posts):
        if (post.sent_at, post.id) >= (target.sent_at, target.id):
            continue
        if post.role == Role.BRAND:
            break
        if post.folded_author == target.folded_author and post.deleted_at is None:
            asked.add(post.id)
    return asked


def _by_post(attachments: Iterable[AttachmentRow]) -> Mapping[str, Sequence[AttachmentRow]]:
    found: dict[str, list[AttachmentRow]] = defaultdict(list)
    for row in attachments:
        found[row.post].append(row)
    return found
