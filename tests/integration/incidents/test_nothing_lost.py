"""Whatever customers, supervisors and colleagues do in a storm, in whatever order: nobody is lost.

After every step each case stands in exactly one place: in the queue, in an incident, answered, or put aside with a
reason. And whatever was sent was sent once.
"""

import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from server.drafts import review
from server.drafts.states import MOVES, DraftState, Move
from server.errors import Refused
from server.models import DraftRow
from tests.fakes.cases import person
from tests.fakes.standing import where_all_stand
from tests.fakes.storms import StormWorld
from tests.integration.incidents.driving import BOSS, OVER, TEXT, UPDATE, Boss, boss_of

STEPS = 70
POSTS = (
    "your checkout is down",
    "is the checkout down for everyone?",
    "checkout does not load, is it down?",
    "no checkout since this morning, down?",
    "checkout is down again",
    "checkout down and I was charged twice",
    "how long do I have to send a tent back?",
    "checkout down and the stove exploded, my hand is burned",
    "thank you!",
)


@dataclass
class Walk:
    """One order of things."""

    world: StormWorld
    boss: Boss
    chance: random.Random
    wrote: dict[str, str] = field(default_factory=dict)
    approved: dict[str, str] = field(default_factory=dict)

    async def write(self) -> None:
        for _ in range(self.chance.randint(1, 4)):
            author = f"person{len(self.wrote)}"
            self.wrote[author] = await self.world.written(self.chance.choice(POSTS), author)

    async def write_again(self) -> None:
        if self.wrote:
            author = self.chance.choice(sorted(self.wrote))
            await self.world.written(self.chance.choice(POSTS), author, thread=self.wrote[author])

    async def delete(self) -> None:
        if self.wrote:
            author = self.chance.choice(sorted(self.wrote))
            name = self.wrote[author]
            self.world.network.post(name).deleted = True
            await self.world.delete(name, author, thread=name)

    async def wait(self) -> None:
        self.world.wait(timedelta(minutes=self.chance.choice((1, 3, 10))))

    async def open(self) -> None:
        if not self.boss.incident:
            await self.boss.open()

    async def confirm(self) -> None:
        if self.boss.incident:
            listed = sorted(item["id"] for item in (await self.boss.cases(state="listed")).values())
            if listed:
                seen = self.chance.sample(listed, self.chance.randint(1, len(listed)))
                await self._ask("confirm", seen=seen)

    async def release(self) -> None:
        listed = await self.boss.cases() if self.boss.incident else {}
        if listed:
            await self._ask("release", seen=[self.chance.choice(sorted(listed.values(), key=str))["id"]], reason="no")

    async def answer(self) -> None:
        if self.boss.incident:
            if not self.approved and (await self.boss.shown())["state"] == "open":
                # as the text says: the next time it is 18:00
                due = self.world.now.replace(hour=18, minute=0, second=0, microsecond=0)
                due += timedelta(days=due <= self.world.now)
                text = f"{TEXT} {UPDATE}"
                self.approved["en"] = await self.boss.approved(text, promises_update=True, update_due=due.isoformat())
            await self._ask("answer", version=await self._version(), texts=self.approved, spread_minutes=5)

    async def pin(self) -> None:
        if self.boss.incident:
            await self._ask("answer", version=await self._version(), pinned="our post 1", confirmed=True)

    async def close(self) -> None:
        if self.boss.incident and self.chance.random() < 0.15:
            body = {"version": await self._version(), "outcome": "mended", "release_rest": self.chance.random() < 0.7}
            await self._ask("close", **body)

    async def tell(self) -> None:
        promised = await self.boss.promised() if self.boss.incident else {}
        if promised:
            over = await self.boss.approved(OVER, purpose="closing")
            await self._ask("tell-promised", texts={"en": over}, seen=[item["promise"] for item in promised.values()])

    async def decide(self) -> None:
        """A colleague takes something up, has it written anew, or puts it aside."""
        drafts = [draft for draft in await self.world.rows(DraftRow) if draft.state in ("held", "pending", "no_reply")]
        if not drafts:
            return
        draft = self.chance.choice(sorted(drafts, key=lambda draft: draft.id))
        seen, service, who = await self.world.seen(draft.id), self.world.service, person("supervisor-2")
        state = DraftState(draft.state)
        what = self.chance.choice((Move.RELEASE, Move.SUPERSEDE, Move.NO_REPLY, Move.HOLD))
        if (state, what) not in MOVES:
            return
        if what is Move.RELEASE:
            await review.release(service, who, draft.id, seen, "a reason")
        elif what is Move.SUPERSEDE:
            await review.redraft(service, who, draft.id, seen, None)
        else:
            await review.put_aside(service, who, draft.id, seen, what, "a reason")

    async def _version(self) -> int:
        return int((await self.boss.shown())["version"])

    async def _ask(self, what: str, **body: object) -> None:
        """Whether it is done or refused is another test's matter."""
        answer = await self.boss.desk.post(BOSS, f"/incidents/{self.boss.incident}/{what}", body)
        assert answer.status_code < 500, answer.text


Step = Callable[[Walk], Awaitable[None]]
OFTEN: tuple[Step, ...] = (Walk.write, Walk.write, Walk.wait, Walk.wait, Walk.confirm, Walk.confirm, Walk.answer)
SELDOM: tuple[Step, ...] = (Walk.write_again, Walk.delete, Walk.release, Walk.pin, Walk.close, Walk.tell, Walk.decide)


@pytest.mark.parametrize("seed", [2, pytest.param(1, marks=pytest.mark.slow), pytest.param(5, marks=pytest.mark.slow)])
async def test_every_case_stands_in_exactly_one_place_whatever_happens(world: StormWorld, seed: int):
    chance = random.Random(seed)
    async with boss_of(world) as boss:
        walk = Walk(world, boss, chance)
        await walk.open()
        for _ in range(STEPS):
            step = chance.choice(2 * OFTEN + SELDOM)
            with suppress(Refused):  # somebody was first; the rest goes on
                await step(walk)
            await where_all_stand(world.engine, settled=False)
            if chance.random() < 0.7:
                await world.work()
                await where_all_stand(world.engine)
        world.wait(timedelta(hours=2))
        await world.work()
        stand = await where_all_stand(world.engine)
    assert sum(stand.values()) == len(walk.wrote)
    sent = [(post.reply_to, post.text) for post in world.network.ours()]
    assert len(sent) == len(set(sent))
