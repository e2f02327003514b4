"""The figure "solved"."""

import asyncio
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import lru_cache
from typing import NamedTuple

from pydantic_core import from_json
from sqlmodel.ext.asyncio.session import AsyncSession

from server.insights import solving_repository as repository
from server.insights.measured import Measured, Record, Records, count, share, told_with_periods
from server.insights.moments import SECOND, in_micros, moment_of
from server.insights.scope import Scope
from server.insights.solving_repository import Answer, Call, Contact
from server.shop.folding import fold_channel

QUIET = timedelta(days=7)

THANKS = frozenset({"thanks", "resolved"})
"""Reasons for no answer that are no further contact: the customer says that all is well."""

_SAME_ISSUE = "still_not_solved"

_CUSTOMER = "customer"

_QUIET = int(QUIET.total_seconds()) * SECOND

_Key = tuple[str, ...]


class _Case(NamedTuple):
    """What a case's last answer of the span came to; `contact` is how the customer got in touch again."""

    case: str
    at: int
    state: str
    answer: str
    contact: str | None

    def record(self) -> Record:
        return Record(self.case, moment_of(self.at), {"answer": self.answer, "contact": self.contact})


@dataclass(slots=True)
class _Known:
    """What is known of contacts in the span and the days after it: by case, by customer, by person."""

    posts: Mapping[str, Sequence[int]]
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
    sent = await repository.answers_in_span(session, scope)
    known = await _read_known(session, scope, sent)
    back, others = await asyncio.to_thread(_who_came_back, sent, known)
    back |= await _about_one_order(session, others)
    return await asyncio.to_thread(_told, sent, back, frozenset(private_places), scope)


def _told(sent: Sequence[Answer], back: Mapping[str, str], private: Collection[str], scope: Scope) -> Measured:
    moving = {answer.draft for answer in sent if _moves(answer, private)}
    decided_until = in_micros(scope.span.now) - _QUIET

    def judged(answer: Answer) -> _Case:
        if answer.draft in moving:
            state = "moved"
        elif answer.case in back:
            state = "came_back"
        else:
            state = "solved" if answer.at <= decided_until else "too_early"
        return _Case(answer.case, answer.at, state, answer.publication, back.get(answer.case))

    cases = [judged(answer) for answer in {answer.case: answer for answer in sent}.values()]
    return told_with_periods(cases, _counted, scope.periods, lambda case: case.at)


def _counted(cases: Sequence[_Case]) -> Measured:
    found: dict[str, list[_Case]] = defaultdict(list)
    for case in cases:
        found[case.state].append(case)
    states = ("solved", "came_back", "moved")
    decided = sum(len(found[state]) for state in states)
    parts = [share(state, Records(found[state], _Case.record), decided) for state in states]
    return Measured(decided, [*parts, count("too_early", Records(found["too_early"], _Case.record))])


def _moves(answer: Answer, private: Collection[str]) -> bool:
    """Whether what was asked before everybody goes on in private."""
    if answer.asked_in_private:
        return False
    return answer.part == "private" or not _places(answer.points_to).isdisjoint(private)


@lru_cache(maxsize=1024)
def _places(told: str) -> frozenset[str]:
    return frozenset(from_json(told))


async def _read_known(session: AsyncSession, asked: Scope, sent: Sequence[Answer]) -> _Known:
    """What is known, on every channel and in every team of the brands, whatever was asked for."""
    scope = replace(asked, channel=None, team=None)
    until = scope.span.end + QUIET
    thanked = await repository.thanks_since(session, scope, THANKS)
    contacts = await repository.contacts_until(session, scope, until)
    posts = await repository.posts_after_answers(session, asked, until)
    calls = await repository.calls_until(session, scope, until)
    links = await repository.links_of(session, scope.brands)
    channels = {id_: (row.brand, fold_channel(row.channel)) for id_, row in scope.others.items()}
    return await asyncio.to_thread(_known, sent, contacts, posts, calls, thanked, _People(links, channels))


def _known(
    sent: Sequence[Answer],
    contacts: Sequence[Contact],
    posts: Iterable[tuple[str, int]],
    calls: Iterable[Call],
    thanked: Collection[tuple[str, int]],
    people: "_People",
) -> _Known:
    of_case: dict[str, list[int]] = defaultdict(list)
    for case, at in posts:
        if (case, at) not in thanked:
            of_case[case].append(at)
    people.add([one for one in contacts if (one.case, one.at) not in thanked], sent)
    calls_about: dict[str, list[Call]] = defaultdict(list)
    calls_with: dict[str, list[Call]] = defaultdict(list)
    for call in calls:
        (calls_with[call.customer] if call.case is None else calls_about[call.case]).append(call)
    return _Known(of_case, calls_about, calls_with, people)


def _who_came_back(
    sent: Sequence[Answer], known: _Known
) -> tuple[dict[str, str], Mapping[str, Sequence[tuple[str, Contact]]]]:
    """The cases whose customer got in touch about it again, and how: "post", another case, a rep's session.

    With them what else was written by customers of whom that cannot be told without their orders.
    """
    back: dict[str, str] = {}
    others: dict[str, list[tuple[str, Contact]]] = {}
    for case, answer in {answer.case: answer for answer in sent}.items():
        keys = known.people.keys_of(answer) if answer.noted else []
        elsewhere = [one for one in known.people.contacts(keys) if one.case != case and _soon(answer, one.at)]
        how = _by_post(answer, known) or _of_intent(answer, elsewhere) or _by_call(answer, keys, known)
        if how is not None:
            back[case] = how
        elif elsewhere:
            others[case] = [(answer.draft, one) for one in elsewhere]
    return back, others


def _soon(answer: Answer, at: int) -> bool:
    return answer.at < at <= answer.at + _QUIET


def _by_post(answer: Answer, known: _Known) -> str | None:
    again = known.posts.get(answer.case, ())
    place = bisect_right(again, answer.at)
    return "post" if place < len(again) and _soon(answer, again[place]) else None


def _of_intent(answer: Answer, elsewhere: Sequence[Contact]) -> str | None:
    same = (one.case for one in elsewhere if one.intent is not None and one.intent in (answer.intent, _SAME_ISSUE))
    return next(same, None)


def _by_call(answer: Answer, keys: Sequence[_Key], known: _Known) -> str | None:
    of_them = [call for key in keys if key[0] == _CUSTOMER for call in known.calls_with.get(key[1], ())]
    calls = [*known.calls_about.get(answer.case, ()), *of_them]
    return next((one.id for one in calls if _soon(answer, one.at)), None)


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
    """Contacts by who got in touch: by the customer, and by the handle on a channel.

    `channels` are the accounts' brands and channels, by their ids.
    """

    links: Mapping[tuple[str, str, str], str]
    channels: Mapping[str, tuple[str, str]]
    by_key: dict[_Key, list[Contact]] = field(default_factory=lambda: defaultdict(list))

    def add(self, contacts: Sequence[Contact], sent: Sequence[Answer]) -> None:
        """Add what people wrote, but for whom one draft was all: most are such, and what it answers is itself."""
        drafts = {one.draft for one in contacts}
        every: list[Contact | Answer] = [*contacts, *(one for one in sent if one.draft not in drafts)]
        written, bought = Counter(one.author for one in every), Counter(one.customer for one in every)
        handles, customers = {handle for _, _, handle in self.links}, {*self.links.values()}
        for one in contacts:
            again = written[one.author] > 1 or one.author in handles
            if again or (one.customer and (bought[one.customer] > 1 or one.customer in customers)):
                for key in self.keys_of(one):
                    self.by_key[key].append(one)

    def keys_of(self, contact: Contact | Answer) -> list[_Key]:
        """The names under which whoever wrote this is known."""
        channel = self.channels.get(contact.account)
        if channel is None:
            return []
        handle = (*channel, contact.author)
        customer = self.links.get(handle) or contact.customer
        return [("handle", *handle), *([(_CUSTOMER, customer)] if customer else [])]

    def contacts(self, keys: Sequence[_Key]) -> Iterator[Contact]:
        for key in keys:
            yield from self.by_key.get(key, ())
