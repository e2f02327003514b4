"""The customer's own yes to an action: their words, and where they said them."""

from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from assistant.reading.consent import asks_or_agrees, why_no_consent
from assistant.reading.tokens import words_of
from assistant.sentences import split_sentences
from server.actions import consent_repository, repository
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
    if post.role != "customer":
        raise _no_consent("that post is not the customer's")
    _refuse_out_of_place(consent.quote, post.text)
    who = await service.desk.ports.customers.identify(brand=post.brand, channel=account.channel, handle=post.author)
    if who.customer != customer:
        raise _no_consent("whoever wrote that post is not known to be this customer")
    return post


async def refuse_outdated(session: AsyncSession, said: PostRow) -> None:
    """Refuse words after which their author wrote again, or that were edited or deleted since they were read.

    Posts that come in wait for this transaction, as it holds the case.

    Raises:
        ActionBreaksRules: The yes is not the last that they said.
    """
    await consent_repository.lock_case_of_post(session, said)
    newest = await consent_repository.newest_post_of(session, said)
    if newest is None or newest.id != said.id:
        raise _no_consent("the customer wrote again after that: quote what they said last")
    if newest.version != said.version:
        raise _no_consent("the customer has edited that post: read it again")


def _refuse_out_of_place(quote: str, text: str) -> None:
    """The words stand in the post as they are quoted, and neither their sentence nor what follows takes them back."""
    said, words = words_of(quote), words_of(text)
    starts = [at for at in range(len(words) - len(said) + 1) if words[at : at + len(said)] == said]
    if not starts:
        raise _no_consent("these words do not stand in that post of the customer")
    if not asks_or_agrees(quote):
        raise _no_consent("these words neither agree nor ask for anything: quote the customer's yes")
    # from the sentence in which they stand to the end: "Yes, cancel it. Wait, don't!" is no yes
    rest = split_sentences(text)
    passed = 0
    while len(rest) > 1 and passed + len(words_of(rest[0])) <= starts[0]:
        passed += len(words_of(rest.pop(0)))
    why = why_no_consent(" ".join(rest))
    if why is not None:
        raise _no_consent(f"the post says more: {why}; ask the customer whether they want exactly this")


def _no_consent(words: str) -> ActionBreaksRules:
    return ActionBreaksRules([Broken(RULE, words)])
