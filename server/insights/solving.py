"""The figure "solved"."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from server.insights import repository
from server.insights.measured import Measured, Record, count, share
from server.insights.repository import Call, Contact, SentAnswer
from server.insights.scope import Scope
from server.shop.folding import fold_channel

QUIET = timedelta(days=7)

THANKS = frozenset({"thanks", "resolved"})
"""Reasons for no answer that are no further contact: the customer says that all is well."""

_SAME_ISSUE = "still_not_solved"

_CUSTOMER = "customer"

_Key = tuple[str, ...]


@dataclass(slots=True)
class _Known:
    """What is known of contacts in the span and the days after it: by case, by customer, by person."""

    posts: Mapping[str, Sequence[datetime]]
    calls_about: Mapping[str, Sequence[Call]]
    calls_with: Mapping[str, Sequence[Call]]
    people: "_People"


async def solved(session: AsyncSession, scope: Scope, private_places: Collection[str]) -> Measured:
    """How many customers need not come back.

    Args:
        session: To read with.
        scope: Of what.
        private_places: The ids of destinations that lead out of everybody's sight.
    """
    sent = await repository.sent_in_span(session, scope)
    last = {answer.case: answer for answer in sent}
    moving = {answer.draft for answer in sent if _moves(answer, private_places)}
    back = await _who_came_back(session, scope, last)
    found: dict[str, list[Record]] = defaultdict(list)
    for case, answer in last.items():
        if answer.draft in moving:
            state = "moved"
        elif case in back:
            state = "came_back"
        else:
            state = "solved" if answer.sent_at + QUIET <= scope.span.now else "too_early"
        found[state].append(Record(case, answer.sent_at, {"answer": answer.publication, "contact": back.get(case)}))
    decided = sum(len(found[state]) for state in ("solved", "came_back", "moved"))
    parts = [share(state, found[state], decided) for state in ("solved", "came_back", "moved")]
    return Measured(decided, [*parts, count("too_early", found["too_early"])])


def _moves(answer: SentAnswer, private_places: Collection[str]) -> bool:
    """Whether what was asked before everybody goes on in private."""
    if answer.asked_in_private:
        return False
    return answer.part == "private" or not set(answer.points_to).isdisjoint(private_places)


async def _who_came_back(session: AsyncSession, scope: Scope, last: Mapping[str, SentAnswer]) -> Mapping[str, str]:
    """The cases whose customer got in touch about it again, and how: "post", another case, a rep's session."""
    # on every channel and in every team of the brands, whatever was asked for
    anywhere = replace(scope, channel=None, team=None)
    until = scope.span.end + QUIET
    contacts = await repository.contacts_in(session, anywhere, until)
    known = await _read_known(session, anywhere, contacts, until)
    about = {one.draft: one for one in contacts}
    # what was posted before the span and answered in it
    missing = [answer.draft for answer in last.values() if answer.draft not in about]
    about |= {one.draft: one for one in await repository.contacts_of_drafts(session, missing)}
    back: dict[str, str] = {}
    others: dict[str, list[tuple[str, Contact]]] = {}
    for case, answer in last.items():
        asked = about.get(answer.draft)
        elsewhere = _elsewhere(answer, asked, known)
        how = _by_post(answer, known) or _of_intent(asked, elsewhere) or _by_call(answer, asked, known)
        if how is not None:
            back[case] = how
        elif elsewhere:
            others[case] = [(answer.draft, one) for one in elsewhere]
    return back | await _about_one_order(session, others)


async def _read_known(
    session: AsyncSession,
    scope: Scope,
    contacts: Sequence[Contact],
    until: datetime,
) -> _Known:
    thanked: dict[str, list[datetime]] = defaultdict(list)
    for case, posted_at in await repository.thanks_since(session, scope, THANKS):
        thanked[case].append(posted_at)
    posts: dict[str, list[datetime]] = defaultdict(list)
    for case, posted_at in await repository.posts_after_answers(session, scope, until):
        if posted_at not in thanked.get(case, ()):
            posts[case].append(posted_at)
    people = _People(await repository.links_of(session, scope.brands), scope)
    for contact in contacts:
        if contact.posted_at not in thanked.get(contact.case, ()):
            people.add(contact)
    calls_about: dict[str, list[Call]] = defaultdict(list)
    calls_with: dict[str, list[Call]] = defaultdict(list)
    for call in await repository.calls_in(session, scope, until):
        (calls_with[call.customer] if call.case is None else calls_about[call.case]).append(call)
    return _Known(posts, calls_about, calls_with, people)


def _by_post(answer: SentAnswer, known: _Known) -> str | None:
    again = known.posts.get(answer.case, ())
    place = bisect_right(again, answer.sent_at)
    return "post" if place < len(again) and again[place] <= answer.sent_at + QUIET else None


def _elsewhere(answer: SentAnswer, about: Contact | None, known: _Known) -> list[Contact]:
    """What the same person wrote in other cases in the days after the answer."""
    if about is None:
        return []
    return [
        other
        for other in known.people.contacts(known.people.keys_of(about))
        if other.case != answer.case and answer.sent_at < other.posted_at <= answer.sent_at + QUIET
    ]


def _of_intent(about: Contact | None, elsewhere: Sequence[Contact]) -> str | None:
    asked = about.intent if about is not None else None
    same = (one.case for one in elsewhere if one.intent is not None and one.intent in (asked, _SAME_ISSUE))
    return next(same, None)


def _by_call(answer: SentAnswer, about: Contact | None, known: _Known) -> str | None:
    keys = known.people.keys_of(about) if about is not None else []
    of_them = [call for key in keys if key[0] == _CUSTOMER for call in known.calls_with.get(key[1], ())]
    calls = [*known.calls_about.get(answer.case, ()), *of_them]
    return next((one.id for one in calls if answer.sent_at < one.opened_at <= answer.sent_at + QUIET), None)


async def _about_one_order(
    session: AsyncSession, others: Mapping[str, Sequence[tuple[str, Contact]]]
) -> dict[str, str]:
    """Of cases with the drafts of their answers and what else was written: where both rest on one order."""
    drafts = {draft for pairs in others.values() for answered, other in pairs for draft in (answered, other.draft)}
    orders = await repository.orders_of(session, sorted(drafts))
    back: dict[str, str] = {}
    for case, pairs in others.items():
        for answered, other in pairs:
            if not orders.get(answered, set()).isdisjoint(orders.get(other.draft, ())):
                back.setdefault(case, other.case)
    return back


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
        return [("handle", *handle), *([(_CUSTOMER, customer)] if customer else [])]

    def contacts(self, keys: Sequence[_Key]) -> Iterator[Contact]:
        for key in keys:
            yield from self.by_key.get(key, ())
