"""What a saved reply is put into: a draft, or what a rep says to the customer of their session."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.case import Post, Role, Thread
from server.drafts.deciding import OpenDraft
from server.service import Service
from tools.ports import Identity
from tools.records import Known


@dataclass(frozen=True, slots=True)
class Occasion:
    """Whom a saved reply would answer, where, and what is known of it.

    `handle` is the name that they have there, `posts` what they said, oldest first, `intent` what they want, if that is
    known. `orders` are those that our own statements rest on, `verified` says whether it was certain who they are.
    `identify` looks again.
    """

    brand: str
    channel: str
    language: str | None
    region: str | None
    handle: str | None
    verified: bool
    posts: Sequence[Post]
    orders: Sequence[str]
    identify: Callable[[], Awaitable[Identity]]
    intent: str | None = None


def of_draft(service: Service, opened: OpenDraft, thread: Thread | None = None) -> Occasion:
    """A draft; `thread` are the posts that it answers."""
    draft, author = opened.draft, opened.case.author
    channel, record = opened.account.channel, draft.record or {}

    async def identify() -> Identity:
        return await service.desk.ports.customers.identify(brand=draft.brand, channel=channel, handle=author)

    return Occasion(
        brand=draft.brand,
        channel=channel,
        language=draft.language,
        region=record.get("region"),
        handle=author,
        verified=(record.get("customer") or {}).get("known") == Known.VERIFIED,
        posts=said_by(author, thread),
        orders=orders_cited(draft.claims, record.get("evidence", ())),
        identify=identify,
        intent=record.get("intent"),
    )


def said_by(author: str, thread: Thread | None) -> Sequence[Post]:
    """What a customer wrote in a thread, oldest first."""
    posts = thread.posts if thread else ()
    return tuple(post for post in posts if post.role is Role.CUSTOMER and post.author == author)


def orders_cited(claims: Iterable[Mapping[str, Any]], evidence: Iterable[Mapping[str, Any]]) -> Sequence[str]:
    """The orders that statements rest on."""
    cited = {number for claim in claims for number in claim["evidence"]}
    refs = [item["ref"] for item in evidence if item["id"] in cited]
    orders = (ref.removeprefix("order:").partition("/")[0] for ref in refs if ref.startswith("order:"))
    return list(dict.fromkeys(orders))
