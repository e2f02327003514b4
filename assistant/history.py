"""The thread as the model reads it: who said what, cut to what matters, fenced against posing as anything else."""

import hashlib
import secrets
from dataclasses import dataclass

import regex

from assistant.case import Post, Role, Thread

# Keyed by the process: nobody who writes a post or a document can know the fence that will stand around it.
_SECRET = secrets.token_bytes(16)
_RULE = regex.compile(r"-{3,}")
_FENCE = regex.compile(r"^[ \t]*-{3,} ?[0-9a-f]{6} ?-{3,}[ \t]*$", regex.MULTILINE)


@dataclass(frozen=True, slots=True)
class Line:
    """One post in the prompt."""

    who: str
    text: str


def recall(thread: Thread, *, posts: int, characters: int) -> tuple[Line, ...]:
    """The last `posts` posts up to the target, each cut to `characters`; handles are left out."""
    upto = thread.posts[: thread.posts.index(thread.target) + 1]
    return tuple(Line(_who(post, thread), _say(post, characters)) for post in upto[-posts:])


def fence_for(thread: Thread) -> str:
    """The word on the lines around untrusted text; the same for the same thread, so that a repair finds its cache."""
    said = "\n".join(post.text for post in thread.posts)
    return hashlib.blake2b(said.encode(), key=_SECRET, digest_size=3).hexdigest()


def without_fences(text: str) -> str:
    """A model's text without the lines that it copied from around what it was given."""
    return _FENCE.sub("", text).strip()


def on_one_line(text: str) -> str:
    """Text that cannot look like a line of the prompt."""
    return _RULE.sub("–", " ".join(text.split()))


def cut(text: str, characters: int) -> str:
    """The beginning of a text, ending with a whole word."""
    if len(text) <= characters:
        return text
    return text[:characters].rsplit(" ", 1)[0] + " …"


def _who(post: Post, thread: Thread) -> str:
    if post is thread.target:
        return "customer (answer this)"
    if post.role is Role.BRAND:
        return "us"
    return "customer" if post.author == thread.target.author else "somebody else"


def _say(post: Post, characters: int) -> str:
    seen = "".join(f" [{item.type} attached, nobody has looked at it]" for item in post.attachments)
    return cut(on_one_line(post.text), characters) + seen
