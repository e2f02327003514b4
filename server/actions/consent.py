"""The customer's own yes to an action: their words, and where they said them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import regex
from sqlmodel.ext.asyncio.session import AsyncSession

from assistant.focus import order_numbers
from assistant.reading.consent import why_no_consent
from assistant.reading.tokens import words_of
from assistant.sentences import split_sentences
from server.actions import consent_repository, repository
from server.actions.broken import ActionBreaksRules, Broken
from server.db import reading
from server.models import PostRow
from server.service import Service

RULE = "consent"
MISSING = Broken(RULE, "the customer's own yes to exactly this is missing: quote it, and say where they said it")
# Somebody names a post of ours, or one by its address: it is looked for, and is nobody's word if it is not there.
_NAMES_POST = regex.compile(r"post[_-]\w{6,}|https?://", regex.IGNORECASE)
_POST = regex.compile(r"post_\w+", regex.IGNORECASE)
_LAST_PART = regex.compile(r"https?://\S*?/([\w.:-]+)/?(?:[?#]\S*)?$", regex.IGNORECASE)
_ORDER = regex.compile(r"(?<![\w@])#?([A-Za-z]{1,5}-\d+)\b")


@dataclass(frozen=True, slots=True)
class Consent:
    """`quote` are the customer's words; `source` is a post's id, or says where else: "call", "chat 8812"."""

    quote: str
    source: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What the yes has to be to: an action of this kind for this customer, of this order.

    A post is no yes to it from before the order was placed, or once it is older than `lasts`.
    """

    customer: str
    kind: str
    order: str | None
    lasts: timedelta
    placed_at: datetime | None = None


async def find_said(service: Service, consent: Consent, asked: Asked, brands: frozenset[str]) -> PostRow | None:
    """The post that the words stand in; None if they were said elsewhere, and staff's word is what there is.

    Asks the shop who wrote it: call it within no transaction.

    Raises:
        ActionBreaksRules: The words are no yes to this, do not stand where they are said to, are too old, or are
            somebody else's.
        PortUnavailable: Whose they are cannot be known now.
    """
    _refuse_no_yes(consent.quote, asked)
    async with reading(service.engine) as session:
        post = await repository.find_post(session, _post_named(consent.source), brands)
        account = await repository.find_account(session, post.account) if post else None
    if post is None and not _NAMES_POST.search(consent.source):
        return None
    if post is None or account is None or post.deleted_at is not None:
        raise _no_consent("the post that the yes is said to be in is not there, or not any more")
    if post.role != "customer":
        raise _no_consent("that post is not the customer's")
    _refuse_out_of_place(consent.quote, post.text, asked)
    _refuse_too_old(post, asked, service.clock())
    who = await service.desk.ports.customers.identify(brand=post.brand, channel=account.channel, handle=post.author)
    if who.customer != asked.customer:
        raise _no_consent("whoever wrote that post is not known to be this customer")
    return post


async def refuse_other_order(session: AsyncSession, said: PostRow, quote: str, action: str, order: str | None) -> None:
    """Refuse a post that is a yes about another order already, and does not name this one.

    Raises:
        ActionBreaksRules: It cannot be told which of them was meant.
    """
    others = await consent_repository.orders_said_yes_to(session, said.id, but=action)
    if others - {order} and not _is_among(order, [*_orders_in(quote), *_orders_in(said.text)]):
        raise _no_consent("that post is a yes about another order: ask whether they want exactly this as well")


async def refuse_outdated(session: AsyncSession, said: PostRow, customer: str) -> None:
    """Refuse words after which the customer wrote again, there or elsewhere, or that were edited or deleted since.

    Posts that come in wait for this transaction, as it holds the case.

    Raises:
        ActionBreaksRules: The yes is not the last that they said.
    """
    await consent_repository.lock_case_of_post(session, said)
    newest = await consent_repository.newest_post_of(session, said)
    if newest is None or newest.id != said.id:
        raise _no_consent("the customer wrote again after that: quote what they said last")
    if await consent_repository.wrote_since(session, customer, said):
        raise _no_consent("the customer wrote again elsewhere after that: quote what they said last")
    if newest.version != said.version:
        raise _no_consent("the customer has edited that post: read it again")


def _post_named(source: str) -> str:
    """The id of the post that a source names, however it is spelt: ours, its network's, or the end of its address."""
    if ours := _POST.search(source):
        return ours.group().casefold()
    address = _LAST_PART.search(source)
    return address[1] if address else source


def _refuse_no_yes(quote: str, asked: Asked) -> None:
    why = why_no_consent(quote, asked.kind)
    if why is not None:
        raise _no_consent(f"{why}: ask the customer whether they want exactly this")
    _refuse_order_named(quote, asked)


def _refuse_order_named(text: str, asked: Asked) -> None:
    named = _orders_in(text)
    if named and asked.order is not None and not _is_among(asked.order, named):
        raise _no_consent(f"it is about another order ({', '.join(named)}): ask the customer about this one")


def _orders_in(text: str) -> list[str]:
    return list(dict.fromkeys([*(match[1] for match in _ORDER.finditer(text)), *order_numbers(text)]))


def _is_among(order: str | None, named: Iterable[str]) -> bool:
    """Whether one of the numbers is the order's, with its letters or without."""
    if order is None:
        return False
    digits = regex.sub(r"\D", "", order)
    return any(name.casefold() == order.casefold() or (name.isdigit() and name == digits) for name in named)


def _refuse_out_of_place(quote: str, text: str, asked: Asked) -> None:
    """The words stand in the post as they are quoted, and neither their sentence nor what follows takes them back."""
    said, words = words_of(quote), words_of(text)
    starts = [at for at in range(len(words) - len(said) + 1) if words[at : at + len(said)] == said]
    if not starts:
        raise _no_consent("these words do not stand in that post of the customer")
    # from the sentence in which they stand to the end: "Yes, cancel it. Wait, don't!" is no yes
    rest = split_sentences(text)
    passed = 0
    while len(rest) > 1 and passed + len(words_of(rest[0])) <= starts[0]:
        passed += len(words_of(rest.pop(0)))
    why = why_no_consent(" ".join(rest), asked.kind)
    if why is not None:
        raise _no_consent(f"the post says more: {why}; ask the customer whether they want exactly this")
    _refuse_order_named(" ".join(rest) if _orders_in(" ".join(rest)) else text, asked)


def _refuse_too_old(post: PostRow, asked: Asked, now: datetime) -> None:
    if asked.placed_at is not None and post.sent_at < asked.placed_at:
        raise _no_consent("that post is older than the order: ask the customer about it")
    if post.sent_at < now - asked.lasts:
        words = f"that post is older than {asked.lasts.days} days: ask the customer whether they still want this"
        raise _no_consent(words)


def _no_consent(words: str) -> ActionBreaksRules:
    return ActionBreaksRules([Broken(RULE, words)])
