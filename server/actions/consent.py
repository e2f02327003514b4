"""The customer's own yes to an action: their words, and where they said them."""

from dataclasses import dataclass

import regex

from assistant.reading.consent import why_no_consent
from server.actions import repository
from server.actions.broken import ActionBreaksRules, Broken
from server.db import reading
from server.models import PostRow
from server.service import Service

RULE = "consent"
MISSING = Broken(RULE, "the customer's own yes to exactly this is missing: quote it, and say where they said it")
_OUR_POSTS = "post_"


@dataclass(frozen=True, slots=True)
class Consent:
    """`quote` are the customer's words; `source` is a post's id, or says where else: "call", "chat 8812"."""

    quote: str
    source: str


async def find_said(service: Service, consent: Consent, customer: str, brands: frozenset[str]) -> PostRow | None:
    """The post that the words stand in; None if they were said elsewhere, and staff's word is what there is.

    Asks the shop who wrote it: call it within no transaction.

    Raises:
        ActionBreaksRules: The words are no yes, do not stand where they are said to, or are somebody else's.
        PortUnavailable: Whose they are cannot be known now.
    """
    why = why_no_consent(consent.quote)
    if why is not None:
        raise _no_consent(f"{why}: ask the customer whether they want exactly this")
    async with reading(service.engine) as session:
        post = await repository.find_post(session, consent.source, brands)
        account = await repository.find_account(session, post.account) if post else None
    if post is None and not consent.source.startswith(_OUR_POSTS):
        return None
    if post is None or account is None or post.deleted_at is not None:
        raise _no_consent("the post that the yes is said to be in is not there, or not any more")
    if post.role != "customer" or _plain(consent.quote) not in _plain(post.text):
        raise _no_consent("these words do not stand in that post of the customer")
    who = await service.desk.ports.customers.identify(brand=post.brand, channel=account.channel, handle=post.author)
    if who.customer != customer:
        raise _no_consent("whoever wrote that post is not known to be this customer")
    return post


def _no_consent(words: str) -> ActionBreaksRules:
    return ActionBreaksRules([Broken(RULE, words)])


def _plain(text: str) -> str:
    return regex.sub(r"\s+", " ", text).strip(" \"'“”„«»").casefold()
