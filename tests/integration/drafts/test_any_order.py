"""Whatever people, customers and time do, in whatever order: a draft moves by its table, and nothing stale is sent."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Coroutine
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from assistant.outcome import Part
from server.db import open_database, writing
from server.drafts import review
from server.drafts.approvals import Terms
from server.drafts.deciding import Seen
from server.drafts.moving import AlreadyDecided
from server.drafts.rests import ORDER
from server.drafts.states import MOVES, DraftState, IllegalMove, Move, say
from server.drafts.voiding import void_resting_on
from server.errors import Refused
from server.models import ApprovalRow, DecisionRow, DraftRow, PublicationRow
from server.staff.roles import Caller, Role
from tests.fakes.cases import KNOWN, STRANGER, CaseWorld, person

POSTS = (
    "Where is my order FH-10423? It is so late.",
    "Can I return unused goods after 50 days?",
    "The stove exploded and burned my hand, I am in hospital",
    "thank you!",
)
TEXTS = ("Unused goods can be returned within 60 days.", "You have 90 days to return it.")
PEOPLE = (
    person("rep", Role.REP),
    person("supervisor", Role.SUPERVISOR),
    person("supervisor-2", Role.SUPERVISOR),
)
ANYWAY = Terms(confirmed=True, override="a reason")
Decide = Callable[[CaseWorld, Caller, str, Seen], Awaitable[DraftRow]]


def _aside(what: Move, team: str | None = None) -> Decide:
    return lambda world, who, draft, seen: review.put_aside(
        world.service, who, draft, seen, what, "a reason", team=team
    )


DECISIONS: dict[Move, Decide] = {
    Move.APPROVE: lambda world, who, draft, seen: review.approve(world.service, who, draft, seen, ANYWAY),
    Move.EDIT: lambda world, who, draft, seen: review.edit(world.service, who, draft, seen, {Part.PUBLIC: TEXTS[0]}),
    Move.REJECT: _aside(Move.REJECT),
    Move.HAND_OVER: _aside(Move.HAND_OVER, "payments"),
    Move.NO_REPLY: _aside(Move.NO_REPLY),
    Move.HOLD: _aside(Move.HOLD),
    Move.RELEASE: lambda world, who, draft, seen: review.release(world.service, who, draft, seen, "a reason"),
    Move.SUPERSEDE: lambda world, who, draft, seen: review.redraft(world.service, who, draft, seen, "shorter"),
    Move.TAKE_BACK: lambda world, who, draft, seen: review.take_back(world.service, who, draft, seen, "a reason"),
}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_every_illegal_move_is_refused_with_its_reason_and_changes_nothing(world: CaseWorld):
    draft = await world.drafted(POSTS[1])
    illegal = [(state, what) for state in DraftState for what in DECISIONS if (state, what) not in MOVES]
    for state, what in illegal:
        await _put(world, draft.id, state)
        before = await world.draft(draft.id)
        with pytest.raises(IllegalMove, match=say(state)):
            await DECISIONS[what](world, PEOPLE[1], draft.id, await world.seen(draft.id))
        assert await world.draft(draft.id) == before


async def _put(world: CaseWorld, draft_id: str, state: DraftState) -> None:
    async with writing(world.engine) as session:
        row = await session.get(DraftRow, draft_id)
        assert row is not None
        row.state = state
        session.add(row)


class AnyOrder(RuleBasedStateMachine):
    """Two people write, three decide, time passes, orders change."""

    template: Path
    folder: Path
    runs = 0
    moves: ClassVar[set[str]] = set()

    @initialize()
    def open(self) -> None:
        type(self).runs += 1
        file = self.folder / f"{self.runs}.db"
        shutil.copy(self.template, file)
        self.loop = asyncio.new_event_loop()
        self.world = CaseWorld(self.do(open_database(file)))
        self.do(self.world.open())
        self.told: list[tuple[str, str]] = []
        self.old: tuple[str, Seen] | None = None

    def do(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.loop.run_until_complete(work)

    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.do(self.world.engine.dispose())
            self.loop.close()

    @rule(text=st.sampled_from(POSTS), author=st.sampled_from((KNOWN, KNOWN, STRANGER)))
    def post(self, text: str, author: str) -> None:
        self.told.append((self.do(self.world.post(text, author)), author))

    @precondition(lambda self: self.told)
    @rule(data=st.data(), text=st.sampled_from(POSTS))
    def edit_post(self, data: st.DataObject, text: str) -> None:
        name, author = data.draw(st.sampled_from(self.told))
        self.do(self.world.edit(name, text, author))

    @precondition(lambda self: self.told)
    @rule(data=st.data())
    def delete_post(self, data: st.DataObject) -> None:
        name, author = data.draw(st.sampled_from(self.told))
        self.do(self.world.delete(name, author))

    @rule(days=st.sampled_from((0, 0, 0, 8)))
    def time_passes(self, days: int) -> None:
        self.world.wait(timedelta(days=days, minutes=3))
        self.do(self.world.work())

    @rule()
    def an_order_changes(self) -> None:
        async def void() -> None:
            async with writing(self.world.engine) as session:
                await void_resting_on(session, ORDER, "FH-10423", "order FH-10423 has changed", self.world.now)

        self.do(void())

    @rule()
    def private_parts_are_sent(self) -> None:
        """Those that a public part waits for: it is still to go."""

        async def send() -> None:
            waited_for = {row.waits_for for row in await self.world.rows(PublicationRow, state="held")}
            async with writing(self.world.engine) as session:
                for id_ in waited_for - {None}:
                    row = await session.get_one(PublicationRow, id_)
                    row.state, row.sent_at, row.network_id = "sent", self.world.now, f"n-{id_}"

        self.do(send())

    @precondition(lambda self: self.told)
    @rule(data=st.data(), what=st.sampled_from(sorted(DECISIONS)), who=st.sampled_from(PEOPLE))
    def decide(self, data: st.DataObject, what: Move, who: Caller) -> None:
        drafts = self.do(self.world.rows(DraftRow))
        draft = data.draw(st.sampled_from(sorted(drafts, key=lambda row: row.created_at)))
        seen = self.do(self.world.seen(draft.id))
        state = DraftState(draft.state)
        legal = (state, what) in MOVES
        try:
            self.do(DECISIONS[what](self.world, who, draft.id, seen))
        except IllegalMove:
            assert not legal
        except Refused:
            assert legal
        else:
            assert legal
            self.old = (draft.id, seen)

    @precondition(lambda self: self.old is not None)
    @rule(what=st.sampled_from(sorted(DECISIONS)), who=st.sampled_from(PEOPLE))
    def decide_on_what_was(self, what: Move, who: Caller) -> None:
        assert self.old is not None
        draft, seen = self.old
        with pytest.raises(AlreadyDecided) as refused:
            self.do(DECISIONS[what](self.world, who, draft, seen))
        assert refused.value.details["decision"] is not None

    @invariant()
    def moves_are_those_of_the_table(self) -> None:
        if not hasattr(self, "world"):
            return
        for draft in self.do(self.world.rows(DraftRow)):
            state = DraftState.DRAFTING
            for made in self._made(draft.id):
                state = MOVES[state, Move(made.kind)]
                assert state == (made.after or {})["state"]
                self.moves.add(made.kind)
            assert state == draft.state

    @invariant()
    def only_what_is_approved_as_it_stands_is_on_its_way(self) -> None:
        if not hasattr(self, "world"):
            return
        drafts = {row.id: row for row in self.do(self.world.rows(DraftRow))}
        standing = [row for row in self.do(self.world.rows(ApprovalRow)) if row.voided_at is None]
        decided = (DraftState.AWAITING_SECOND, DraftState.APPROVED)
        assert all(drafts[row.draft].state in decided for row in standing)
        for publication in self.do(self.world.rows(PublicationRow)):
            if publication.state not in ("withdrawn", "sent"):
                assert drafts[publication.draft].state == DraftState.APPROVED
                assert publication.digest in {row.digest for row in standing if row.draft == publication.draft}

    @invariant()
    def nothing_is_sent_twice(self) -> None:
        if hasattr(self, "world"):
            on_its_way = [row.digest for row in self.do(self.world.rows(PublicationRow)) if row.state != "withdrawn"]
            assert len(on_its_way) == len(set(on_its_way))

    @invariant()
    def a_case_has_one_draft_that_waits(self) -> None:
        if not hasattr(self, "world"):
            return
        waiting = [DraftState.DRAFTING, DraftState.PENDING, DraftState.AWAITING_SECOND, DraftState.APPROVED]
        cases = [row.case for row in self.do(self.world.rows(DraftRow)) if row.state in waiting]
        assert len(cases) == len(set(cases))

    def _made(self, draft: str) -> list[DecisionRow]:
        rows = self.do(self.world.rows(DecisionRow, draft=draft))
        moves = [row for row in rows if "state" in (row.after or {})]
        return sorted(moves, key=lambda row: row.after["version"])


@pytest.mark.slow
def test_in_any_order_a_draft_moves_by_its_table(tmp_path: Path):
    async def make() -> None:
        await (await open_database(tmp_path / "template.db")).dispose()

    asyncio.run(make())
    AnyOrder.template, AnyOrder.folder, AnyOrder.runs = tmp_path / "template.db", tmp_path, 0
    run_state_machine_as_test(
        AnyOrder,
        settings=settings(
            max_examples=12, stateful_step_count=16, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
    assert AnyOrder.moves, "no draft has moved"
