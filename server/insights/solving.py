"""The figure "solved"."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from server.insights import repository
from server.insights.measured import Measured, Record, count, share
from server.insights.repository import Call, Contact, LeftUnanswered, SentAnswer
from server.insights.scope import Scope
from server.shop.folding import fold_channel

QUIET = timedelta(days=7)

THANKS = frozenset({"thanks", "resolved"})
"""Reasons for no answer that are no further contact: the customer says that all is well."""

_SAME_ISSUE = "still_not_solved"

_Key = tuple[str, ...]


@dataclass(slots=True)
class _Known:
    """What is known of contacts in the span and the days after it."""

    posts: Mapping[str, Sequence[datetime]]
    calls: Sequence[Call]
    people: "_People"
    orders: Mapping[str, Collection[str]]


async def solved(session: AsyncSession, scope: Scope, private_places: Collection[str]) -> Measured:
    """How many customers need not come back.

    Args:
        session: To read with.
        scope: Of what.
        private_places: The ids of destinations that lead out of everybody's sight.
    """
    sent = [answer for answer in await repository.sent_in_span(session, scope) if not answer.holding]
    last = {answer.case: answer for answer in sent}
    moving = {answer.draft for answer in sent if _moves(answer, private_places)}
    known = await _read_contacts(session, scope, last)
    about = {one.draft: one for one in await repository.contacts_of_drafts(session, [a.draft for a in last.values()])}
    found: dict[str, list[Record]] = defaultdict(list)
    for case, answer in last.items():
        came = _came_back(answer, about.get(answer.draft), known)
        if answer.draft in moving:
            state = "moved"
        elif came is not None:
            state = "came_back"
        else:
            state = "solved" if answer.sent_at + QUIET <= scope.span.now else "too_early"
        found[state].append(Record(case, answer.sent_at, {"answer": answer.publication, "contact": came}))
    decided = sum(len(found[state]) for state in ("solved", "came_back", "moved"))
    parts = [share(state, found[state], decided) for state in ("solved", "came_back", "moved")]
    return Measured(decided, [*parts, count("too_early", found["too_early"])])


def _moves(answer: SentAnswer, private_places: Collection[str]) -> bool:
    """Whether what was asked before everybody goes on in private."""
    if answer.asked_in_private:
        return False
    return answer.part == "private" or not set(answer.points_to).isdisjoint(private_places)


async def _read_contacts(session: AsyncSession, scope: Scope, last: Mapping[str, SentAnswer]) -> _Known:
    """On every channel and in every team of the brands, whatever was asked for."""
    anywhere = replace(scope, channel=None, team=None)
    until = scope.span.end + QUIET
    thanked = _thanks(await repository.left_unanswered_since(session, anywhere))
    posts: dict[str, list[datetime]] = defaultdict(list)
    for post in await repository.posts_of(session, anywhere, scope.span.begin, until):
        if post.case in last and post.deleted_at is None and not _is_thanks(post.case, post.sent_at, thanked):
            posts[post.case].append(post.sent_at)
    people = _People(await repository.links_of(session, scope.brands), scope)
    for contact in await repository.contacts_in(session, anywhere, until):
        if not _is_thanks(contact.case, contact.posted_at, thanked):
            people.add(contact)
    several = people.with_several_cases()
    orders = await repository.orders_of(session, several)
    return _Known(posts, await repository.calls_in(session, scope, until), people, orders)


def _thanks(decisions: Sequence[LeftUnanswered]) -> Mapping[str, Sequence[datetime]]:
    found: dict[str, list[datetime]] = defaultdict(list)
    for one in decisions:
        if one.reason in THANKS:
            found[one.case].append(one.posted_at)
    return found


def _is_thanks(case: str, at: datetime, thanked: Mapping[str, Sequence[datetime]]) -> bool:
    return at in thanked.get(case, ())


def _came_back(answer: SentAnswer, about: Contact | None, known: _Known) -> str | None:
    """How the customer got in touch about it again within the days after the answer; None: they did not."""
    begin, end = answer.sent_at, answer.sent_at + QUIET
    again = known.posts.get(answer.case, ())
    place = bisect_right(again, begin)
    if place < len(again) and again[place] <= end:
        return "post"
    if about is None:
        return None
    keys = known.people.keys_of(about)
    for other in known.people.contacts(keys):
        if other.case != answer.case and begin < other.posted_at <= end and _same_issue(about, other, known.orders):
            return other.case
    customers = {key[1] for key in keys if key[0] == "customer"}
    for call in known.calls:
        theirs = call.case == answer.case or (call.case is None and call.customer in customers)
        if theirs and begin < call.opened_at <= end:
            return call.id
    return None


def _same_issue(about: Contact, other: Contact, orders: Mapping[str, Collection[str]]) -> bool:
    if other.intent is not None and other.intent in (about.intent, _SAME_ISSUE):
        return True
    return not set(orders.get(about.draft, ())).isdisjoint(orders.get(other.draft, ()))


@dataclass(slots=True)
class _People:
    """Contacts by who got in touch: by the customer, and by the handle on a channel."""

    links: Mapping[tuple[str, str, str], str]
    scope: Scope
    by_key: dict[_Key, list[Contact]] = field(default_factory=lambda: defaultdict(list))

    def add(self, contact: Contact) -> None:
        for key in self.keys_of(contact):
            self.by_key[key].append(contact)

    def keys_of(self, contact: Contact) -> list[_Key]:
        """The names under which whoever wrote this is known."""
        account = self.scope.others.get(contact.account)
        if account is None:
            return []
        handle = (account.brand, fold_channel(account.channel), contact.author)
        customer = self.links.get(handle) or contact.customer
        return [("handle", *handle), *([("customer", customer)] if customer else [])]

    def contacts(self, keys: Sequence[_Key]) -> Iterator[Contact]:
        for key in keys:
            yield from self.by_key.get(key, ())

    def with_several_cases(self) -> list[str]:
        """The drafts of those who wrote in more than one case."""
        several = (those for those in self.by_key.values() if len({one.case for one in those}) > 1)
        return list({one.draft for those in several for one in those})
