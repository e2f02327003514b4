"""Whatever customers do and reps say, in whatever order and at once: the rules of asking hold."""

import asyncio
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from server.errors import Refused
from server.models import ConversationRow, CustomerFactRow, QuestionDayRow
from server.questions.asking import SPACING
from tests.integration.questions.world import BOOTS, NOW, OTHER, REP, QuestionWorld, customer, late, order, question

CAP = 2
# Two questions after one fact, one that is always full soon, and one for who bought boots.
QUESTIONS = (
    question("use", fact="use", worth=4, cap_per_day=CAP),
    question("use-again", fact="use", worth=3, cap_per_day=CAP),
    question("trip", worth=10, cap_per_day=1),
    question("width", worth=3, cap_per_day=CAP, ask_when={"moment": "delivered", "family": "boots"}),
)
# The first two are one person: a customer of both brands.
PEOPLE = (
    customer(1),
    customer("O-1", brand="oak", emails=("ann1@example.com",), handles=()),
    customer(2),
)
PERSON = {"C-1": "ann", "C-O-1": "ann", "C-2": "ben"}

someone, session = st.integers(0, len(PEOPLE) - 1), st.integers(0, 2)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("visit"), st.tuples(someone, st.sampled_from(("answer", "doubt", "decline")))),
        st.tuples(st.just("call"), st.lists(someone, min_size=1, max_size=4)),
        st.tuples(st.sampled_from(("ask", "ask", "skip", "answer", "doubt", "decline")), session),
        st.tuples(st.just("both"), st.tuples(session, session)),
        st.tuples(st.sampled_from(("complain", "calm", "calm")), someone),
        st.tuples(st.just("wait"), st.sampled_from((1.1, 20, 31, 31))),
    ),
    min_size=10,
    max_size=30,
)


@dataclass(frozen=True)
class Asked:
    """A question that was put to somebody."""

    person: str
    customer: str
    question: str
    fact: str
    at: datetime


@dataclass
class Story:
    """What happens, and what must be remembered of it. `sessions` are the newest in which a question was offered."""

    world: QuestionWorld
    sessions: list[ConversationRow] = field(default_factory=list)
    complaining: set[str] = field(default_factory=set)
    asked: list[Asked] = field(default_factory=list)

    async def take(self, what: str, about: Any) -> None:
        if what == "call":
            await self.call([PEOPLE[number] for number in about])
        elif what == "visit":
            await self.visit(*about)
        elif what == "wait":
            self.world.pass_days(about)
            self.deliver()
        elif what == "complain":
            self.complaining.add(PEOPLE[about].id)
            self.world.orders.add(late(PEOPLE[about]))
        elif what == "calm":
            self.complaining.discard(PEOPLE[about].id)
            self.world.orders.add(order(PEOPLE[about], id=f"FH-{PEOPLE[about].id}-late"))
        elif self.sessions and what == "both":
            await asyncio.gather(*(self.act("ask", place) for place in about))
        elif self.sessions:
            await self.act(what, about)

    def deliver(self) -> None:
        """Something has arrived lately for everybody, so that there is always something to ask."""
        ago = (NOW - self.world.now) / timedelta(days=1) + 5
        for who in PEOPLE:
            self.world.sell(who, order(who, days_ago=ago), order(who, BOOTS, days_ago=ago))

    async def call(self, people: list[Any]) -> None:
        """They ring at the same moment, one rep each."""
        rang = [await self.world.call(who, by=(REP, OTHER)[place % 2]) for place, who in enumerate(people)]
        chosen = await asyncio.gather(*(self.world.chosen(each) for each in rang))
        for each, found in zip(rang, chosen, strict=True):
            assert not (found and each.customer in self.complaining), "offered to who complains"
        self.sessions = [*(each for each, found in zip(rang, chosen, strict=True) if found), *self.sessions][:3]

    async def visit(self, number: int, end: str) -> None:
        """They ring, and what they are asked is settled; the next thing is a month later."""
        await self.call([PEOPLE[number]])
        if self.sessions and self.sessions[0].customer == PEOPLE[number].id:
            await self.act("ask", 0)
            await self.act(end, 0)
        self.world.pass_days(31)
        self.deliver()

    async def act(self, what: str, place: int) -> None:
        conversation = self.sessions[place % len(self.sessions)]
        deeds = {
            "ask": self.world.asked,
            "skip": self.world.skipped,
            "answer": self.world.answered,
            "doubt": lambda each: self.world.answered(each, confirmed=False),
            "decline": self.world.declined,
        }
        known = len(await self.world.rows(CustomerFactRow))
        try:
            offer = await deeds[what](conversation)
        except Refused:
            return
        if what == "ask":
            assert conversation.customer not in self.complaining, "asked of who complains"
            person = PERSON[offer.customer]
            self.asked.append(Asked(person, offer.customer, offer.question, offer.fact, self.world.now))
        if what == "answer":
            assert conversation.customer not in self.complaining, "kept of who complains"
        if what == "doubt":
            assert len(await self.world.rows(CustomerFactRow)) == known

    async def expect_the_rules_kept(self) -> None:
        offers = await self.world.offers()
        assert len({offer.conversation for offer in offers}) == len(offers)
        self.expect_askings_kept()
        ended = {(offer.customer, offer.fact): offer.decided_at for offer in offers if offer.state == "refused"}
        kept = {(row.customer, row.fact): row.learned_at for row in await self.world.rows(CustomerFactRow)}
        for each in self.asked:
            for name, since in ((name, since) for ends in (ended, kept) for name, since in ends.items()):
                assert name != (each.customer, each.fact) or each.at <= since, "asked after it was known or declined"
        caps = {each.id: each.cap_per_day for each in QUESTIONS}
        for day in await self.world.rows(QuestionDayRow):
            assert 0 <= day.taken <= caps[day.question]

    def expect_askings_kept(self) -> None:
        assert max(Counter((each.customer, each.question) for each in self.asked).values(), default=1) == 1
        per_day = Counter((each.question, each.at.date()) for each in self.asked)
        assert all(count <= CAP and (name != "trip" or count <= 1) for (name, _), count in per_day.items())
        times = defaultdict(list)
        for each in self.asked:
            times[each.person].append(each.at)
        for told in times.values():
            assert all(later - earlier >= SPACING for earlier, later in pairwise(told))


async def expect_the_rules_kept(engine, home, taken) -> None:
    world = QuestionWorld(engine, home)
    await world.open()
    await world.ask_of(*QUESTIONS)
    story = Story(world)
    story.deliver()
    for step in taken:
        await story.take(*step)
    await story.expect_the_rules_kept()


@settings(max_examples=8, deadline=None)
@given(taken=steps)
@example(taken=[("visit", (2, "answer"))] * 5)
@example(taken=[("visit", (2, "decline"))] * 5)
async def test_any_order_on_sqlite(databases, tmp_path_factory, taken):
    async with databases.opened("sqlite") as engine:
        await expect_the_rules_kept(engine, tmp_path_factory.getbasetemp(), taken)


@pytest.mark.slow
@settings(max_examples=12, deadline=None)
@given(taken=steps)
async def test_any_order_on_postgres(databases, tmp_path_factory, taken):
    async with databases.opened("postgres") as engine:
        await expect_the_rules_kept(engine, tmp_path_factory.getbasetemp(), taken)
