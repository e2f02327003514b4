"""Drafts, the actions beside them and a network together: a shop in memory that does what it is told, or does not."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from assistant.outcome import Part
from server.actions import approving, carrying_out, falling
from server.actions.settling import settle
from server.actions.writer import ApprovedAction, Broken, CarriedOut, PreconditionBroken, WriterUnavailable
from server.channels.protocol import NotOffered, Outgoing
from server.db import writing
from server.drafts import review
from server.drafts.alarm import look_at_new
from server.drafts.approvals import Terms
from server.drafts.deadlines import look_again
from server.drafts.drafting import draft_case
from server.drafts.falling import recheck
from server.jobs.claims import Claimed, end, finish
from server.models import AccountRow, ActionRow, DraftRow, PublicationRow
from server.publications.sending import send
from server.staff.roles import Caller
from tests.fakes.cases import CaseWorld, person
from tests.fakes.small_shop import LATE
from tools.records import Money, OrderStatus, Payment, Shipment

ASKED = "Where is my order FH-10423? It is so late."
BOSS = person("supervisor")
LOOKED = Terms(confirmed=True)
STEP = timedelta(seconds=30)
HANDLERS = {
    "act": carrying_out.carry_out,
    "action_due": falling.expire,
    "draft": draft_case,
    "draft_alarm": look_at_new,
    "draft_due": look_again,
    "recheck": recheck,
    "send": send,
}
NOT_SENT = replace(
    LATE,
    status=OrderStatus.PROCESSING,
    brand="fernhollow",
    shipments=(Shipment("S1", ("1", "2"), promised=date(2026, 11, 14)),),
    payments=(Payment("payment", Money(32900, "GBP"), "PAY-1", "card-1", LATE.placed_at),),
    returns=(),
)


@dataclass
class Shop:
    """Where approved actions are carried out. `ends` says how, one after the other, and then well.

    "refuse": it may not be done; "away": it could not be asked; "silent": done, but it does not say so; "lost": not
    done, and it does not say so either. `blind`: what was done is not found.
    """

    world: "DeedWorld"
    ends: list[str] = field(default_factory=list)
    did: dict[str, CarriedOut] = field(default_factory=dict)
    times: dict[str, int] = field(default_factory=dict)
    blind: bool = False
    settles_after: timedelta = timedelta(0)

    async def carry_out(self, action: ApprovedAction) -> CarriedOut:
        how = self.ends.pop(0) if self.ends else "well"
        if action.id in self.did:
            return self.did[action.id]
        if how == "refuse":
            raise PreconditionBroken([Broken("states", "it has left us")])
        if how == "away":
            raise WriterUnavailable("the shop is away")
        if how == "lost":
            raise ConnectionError
        self.times[action.id] = self.times.get(action.id, 0) + 1
        orders = self.world.shop["orders"]
        order = await orders.get(action.customer, action.arguments["order"])
        orders.add(replace(order, shipments=tuple(replace(s, service="express") for s in order.shipments)))
        self.did[action.id] = CarriedOut(self.world.now, {"service": "express"})
        if how == "silent":
            raise ConnectionError
        return self.did[action.id]

    async def find(self, action: str) -> CarriedOut | None:
        if self.blind:
            raise WriterUnavailable("the shop is away")
        return self.did.get(action)


@dataclass
class Loudspeaker:
    """A network that takes everything; `said` is what it took, with the state of every action at that moment."""

    world: "DeedWorld"
    said: list[tuple[Outgoing, dict[str, str]]] = field(default_factory=list)

    async def read(self, network_id: str) -> Any:
        raise NotOffered("it cannot be asked")

    async def send(self, outgoing: Outgoing) -> str:
        rows = await self.world.rows(ActionRow)
        self.said.append((outgoing, {row.id: row.state for row in rows}))
        return f"said-{len(self.said)}"


class DeedWorld(CaseWorld):
    """A customer, Ann, whose order is late and has not left."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.writer, self.network = Shop(self), Loudspeaker(self)
        self.service = replace(self.service, writer=self.writer, channel=self._channel)
        self.shop["orders"].add(NOT_SENT)

    def _channel(self, account: AccountRow) -> Any:
        return self.network

    async def late(self, text: str = ASKED) -> tuple[DraftRow, ActionRow]:
        """What Ann gets for an answer, and what is proposed with it."""
        draft = await self.drafted(text)
        [action] = await self.rows(ActionRow, draft=draft.id)
        return draft, action

    async def approve(
        self, draft: str, *actions: str, by: Caller = BOSS, terms: Terms = LOOKED, **texts: str | None
    ) -> DraftRow:
        words = {Part(part): text for part, text in texts.items()}
        named: Sequence[str] | None = list(actions) or None
        return await review.approve(self.service, by, draft, await self.seen(draft), terms, words, named)

    async def act(self, action: str) -> ActionRow:
        [row] = await self.rows(ActionRow, id=action)
        return row

    async def approve_action(self, action: str, by: Caller = BOSS) -> ActionRow:
        return await approving.approve(self.service, by, action)

    async def settle(self, action: str, *, done: bool) -> ActionRow:
        return await settle(self.service, BOSS, action, done=done, reason="looked in the shop")

    async def parts(self, draft: str) -> dict[str, str]:
        rows: list[PublicationRow] = await self.rows(PublicationRow, draft=draft)
        return {row.part: row.state for row in sorted(rows, key=lambda row: row.id)}

    async def work(self) -> int:
        done = 0
        while jobs := await self.due():
            for job in jobs:
                done += await self.do(job)
        return done

    async def do(self, job: Claimed) -> int:
        if job.kind not in HANDLERS:
            async with writing(self.engine) as session:
                await finish(session, job, self.now)
            return 0
        try:
            await HANDLERS[job.kind](self.service, job)
        finally:
            await end(self.engine, job, self.now)
        return 1

    async def pass_time(self, **length: float) -> None:
        """Let time pass with whatever falls due in it."""
        until = self.now + timedelta(**length)
        await self.work()
        while self.now < until:
            self.now = min(until, self.now + STEP)
            await self.work()
