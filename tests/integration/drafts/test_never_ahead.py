"""Whatever people, the customer and the shop do, in whatever order: no text that is sent is ahead of its action."""

import asyncio
import shutil
from collections.abc import Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from assistant.outcome import Part
from server.actions import approving, declining
from server.actions.states import UNDER_WAY, ActionState
from server.db import open_database
from server.drafts import review
from server.drafts.approvals import Terms
from server.errors import Refused
from server.models import ActionRow
from server.staff.roles import Role
from tests.fakes.cases import person
from tests.integration.drafts.deeds import ASKED, BOSS, DeedWorld

WE_HAVE = "We have upgraded your order FH-10423 to express delivery."
WE_WILL = "We will upgrade your order FH-10423 to express delivery."
WE_CAN = "We can upgrade your order FH-10423 to express delivery."
PEOPLE = (person("rep", Role.REP), BOSS, person("supervisor-2"))
LOOKED = Terms(confirmed=True)
ENDS = ("well", "refuse", "away", "silent", "lost")


class NeverAhead(RuleBasedStateMachine):
    """One customer with a late order, three people who decide, and a shop that does not always do what it is told."""

    template: Path
    folder: Path
    told: set[str]
    runs = 0

    @initialize()
    def open(self) -> None:
        type(self).runs += 1
        file = self.folder / f"{self.runs}.db"
        shutil.copy(self.template, file)
        self.loop = asyncio.new_event_loop()
        self.world = DeedWorld(self.do(open_database(file)))
        self.do(self.world.open())
        self.do(self.world.drafted(ASKED))

    def do(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.loop.run_until_complete(work)

    def tried(self, work: Coroutine[Any, Any, Any]) -> None:
        with suppress(Refused):
            self.do(work)

    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.do(self.world.engine.dispose())
            self.loop.close()

    @rule()
    def the_customer_writes_again(self) -> None:
        self.do(self.world.post("Hello? My order FH-10423 is still late."))
        self.do(self.world.pass_time(minutes=3))

    @rule(minutes=st.sampled_from((1, 1, 5, 30)))
    def time_passes(self, minutes: int) -> None:
        self.do(self.world.pass_time(minutes=minutes))

    @rule(end=st.sampled_from(ENDS), blind=st.booleans())
    def the_shop_will_answer(self, end: str, blind: bool) -> None:
        self.the_shop_answers(end, blind)

    @rule(
        who=st.sampled_from(PEOPLE),
        words=st.sampled_from((None, WE_HAVE, WE_HAVE, WE_WILL, WE_CAN)),
        with_actions=st.sampled_from((True, True, False)),
        minutes=st.sampled_from((2, 2, 0)),
    )
    def somebody_approves(self, who: Any, words: str | None, with_actions: bool, minutes: int) -> None:
        self.approve(who, words, with_actions=with_actions)
        self.do(self.world.pass_time(minutes=minutes))

    @rule(who=st.sampled_from(PEOPLE), end=st.sampled_from(ENDS), blind=st.booleans(), minutes=st.sampled_from((2, 0)))
    def one_click_approves_both(self, who: Any, end: str, blind: bool, minutes: int) -> None:
        self.the_shop_answers(end, blind)
        self.approve(who, WE_HAVE, with_actions=True)
        self.do(self.world.pass_time(minutes=minutes))

    def the_shop_answers(self, end: str, blind: bool) -> None:
        self.world.writer.ends, self.world.writer.blind = [end], blind

    def approve(self, who: Any, words: str | None, *, with_actions: bool) -> None:
        async def approve() -> None:
            draft = await self.world.newest()
            actions = [row.id for row in await self.world.rows(ActionRow, draft=draft.id)] if with_actions else []
            changes = {Part.PRIVATE: words} if words else {}
            seen = await self.world.seen(draft.id)
            await review.approve(self.world.service, who, draft.id, seen, LOOKED, changes, actions or None)

        self.tried(approve())

    @rule(who=st.sampled_from(PEOPLE), words=st.sampled_from((WE_HAVE, WE_WILL, WE_CAN)))
    def somebody_edits(self, who: Any, words: str) -> None:
        async def edit() -> None:
            draft = await self.world.newest()
            await review.edit(self.world.service, who, draft.id, await self.world.seen(draft.id), {Part.PRIVATE: words})

        self.tried(edit())

    @rule(what=st.sampled_from(("approve", "reject", "take_back", "done", "not done")), who=st.sampled_from(PEOPLE))
    def somebody_decides_on_an_action(self, what: str, who: Any) -> None:
        self.decide_on_newest_action(what, who)

    def decide_on_newest_action(self, what: str, who: Any) -> None:
        rows = self.do(self.world.rows(ActionRow))
        if not rows:
            return
        action, service = max(rows, key=lambda row: row.id).id, self.world.service
        decisions = {
            "approve": lambda: approving.approve(service, who, action),
            "reject": lambda: declining.reject(service, who, action, "a reason"),
            "take_back": lambda: declining.take_back(service, who, action, "a reason"),
            # people say what they see in the shop
            "done": lambda: self.settled(action, done=True),
            "not done": lambda: self.settled(action, done=False),
        }
        self.tried(decisions[what]())

    @rule(who=st.sampled_from(PEOPLE), minutes=st.sampled_from((2, 2, 0)))
    def somebody_approves_the_action_and_says_we_will(self, who: Any, minutes: int) -> None:
        self.decide_on_newest_action("approve", who)
        self.approve(who, WE_WILL, with_actions=False)
        self.do(self.world.pass_time(minutes=minutes))

    async def settled(self, action: str, *, done: bool) -> None:
        if (action in self.world.writer.did) == done:
            await self.world.settle(action, done=done)

    @rule(who=st.sampled_from(PEOPLE))
    def somebody_takes_a_draft_back(self, who: Any) -> None:
        async def take_back() -> None:
            draft = await self.world.newest()
            seen = await self.world.seen(draft.id)
            await review.take_back(self.world.service, who, draft.id, seen, "a reason")

        self.tried(take_back())

    @invariant()
    def no_text_is_ahead_of_its_action(self) -> None:
        if not hasattr(self, "world"):
            return
        for outgoing, states in self.world.network.said:
            self.told.update(words for words in (WE_HAVE, WE_WILL) if words in outgoing.text)
            if WE_HAVE in outgoing.text:
                assert ActionState.DONE in states.values(), states
            if WE_WILL in outgoing.text:
                assert {ActionState.DONE, *UNDER_WAY} & set(states.values()), states

    @invariant()
    def nothing_is_done_twice(self) -> None:
        if hasattr(self, "world"):
            assert all(times == 1 for times in self.world.writer.times.values())


@pytest.fixture
def machine(tmp_path: Path) -> type[NeverAhead]:
    template = tmp_path / "template.db"

    async def make() -> None:
        await (await open_database(template)).dispose()

    asyncio.run(make())
    return type("Machine", (NeverAhead,), {"template": template, "folder": tmp_path, "told": set()})


def test_no_text_is_ahead_of_its_action(machine: type[NeverAhead]):
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=20,
            stateful_step_count=14,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
        ),
    )
    assert machine.told == {WE_HAVE, WE_WILL}, "nothing of this was sent at all"
