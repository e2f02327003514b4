"""What a turn is about: a thread of posts, and whose post is answered."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

import regex

from tools.records import Promise


class Role(StrEnum):
    """Who wrote a post: a customer or the brand."""

    CUSTOMER = "customer"
    BRAND = "brand"


@dataclass(frozen=True, slots=True)
class Attachment:
    """Something that came with a post. Nobody has looked at it; only its alt text is known."""

    type: str
    alt: str | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """One message on a channel; `author` is a handle without @. Of a `private` one only the two who write know."""

    id: str
    author: str
    role: Role
    created_at: datetime
    text: str
    attachments: tuple[Attachment, ...] = ()
    private: bool = False


_SAME_HERE = regex.compile(
    r"""\b(?:same\s+(?:here|with|for|thing|problem|issue|as|with\s+mine)|exact(?:ly)?\s+(?:the\s+)?same|(?:me|mine)\s+too
      |(?:dead|down|broken|gone|nothing)\s+here\s+too|also\s+(?:here|happening)|happened\s+to\s+me\s+too
      |bei\s+mir\s+(?:auch|genauso|dasselbe|das\s+gleiche)|(?:meine?[rs]?|mir)\s+auch|genau\s+das\s*(?:selbe|gleiche)|geht\s+mir\s+(?:auch|genauso)
      |(?:a\s+m[ií]|yo)\s+(?:también|igual)|me\s+pasa\s+(?:lo\s+mismo|igual)|igual\s+(?:que\s+)?(?:a\s+mí|aquí|por\s+aquí)|el\s+m[ií]o\s+(?:también|igual)
      |(?:moi|le\s+mien|la\s+mienne|chez\s+moi|ici)\s+(?:aussi|pareil)|pareil\s+(?:ici|pour\s+moi|chez\s+moi|que\s+toi)|même\s+(?:chose|problème|souci)\s+(?:ici|chez|pour)
    )\b""",
    regex.VERBOSE | regex.IGNORECASE,
)


BETWEEN_TWO = ("phone", "chat", "email")
"""The channels on which a person of ours talks to one customer, and nobody else listens."""


def is_between_two(channel: str) -> bool:
    """Whether this is one of them."""
    return channel.strip().casefold() in BETWEEN_TWO


class NothingToAnswer(ValueError):
    """A thread without a post by a customer."""


@dataclass(frozen=True, slots=True)
class Thread:
    """The posts that answer one another, oldest first.

    `promised` is what was sent to the target's author in this thread and is still owed, whoever they are.
    """

    id: str
    channel: str
    posts: tuple[Post, ...]
    brand: str | None = None
    promised: tuple[Promise, ...] = ()

    def __post_init__(self) -> None:
        if not any(post.role is Role.CUSTOMER for post in self.posts):
            raise NothingToAnswer(f"thread {self.id} has no post by a customer")

    @property
    def target(self) -> Post:
        """The post to answer: the last one by a customer. Who it is, is its author."""
        return next(post for post in reversed(self.posts) if post.role is Role.CUSTOMER)

    @property
    def spoken(self) -> tuple[Post, ...]:
        """What the target's author wrote in this thread, oldest first."""
        who = self.target.author
        return tuple(post for post in self.posts if post.role is Role.CUSTOMER and post.author == who)

    @property
    def spoken_in_public(self) -> tuple[Post, ...]:
        """The part of it that everyone has read: the only words a public text may repeat."""
        return tuple(post for post in self.spoken if not post.private)

    @property
    def in_public(self) -> "Thread":
        """The thread as everybody has read it; itself if all of it is public, or the post to answer is private."""
        if self.target.private or not any(post.private for post in self.posts):
            return self
        return replace(self, posts=tuple(post for post in self.posts if not post.private))

    @property
    def request(self) -> str:
        """The author's posts since the brand last spoke, as one text: what is being asked now.

        Who joins in with "same here" means what was said before: the other customers' posts stand first then.
        """
        recent: list[str] = []
        for post in reversed(self.posts):
            if post.role is Role.BRAND and recent:
                break
            if post.role is Role.CUSTOMER and post.author == self.target.author:
                recent.append(post.text)
        own = "\n".join(reversed(recent))
        if len(recent) == len(self.spoken) and _SAME_HERE.search(own):
            others = [
                post.text
                for post in self.posts
                if post.role is Role.CUSTOMER and post not in self.spoken and not post.private
            ]
            return "\n".join([*others, own])
        return own
