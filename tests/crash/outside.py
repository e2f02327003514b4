"""The world outside, which remembers what it was told: customers who post, and staff who decide.

Only what was answered counts here. A call that got no answer may have been carried out or not; who made it does what
people and networks do, and tries again.
"""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

import httpx

from server.staff.roles import Role
from tests.fixtures.town import CUSTOMERS, Employee, Town

_QUESTIONS = (
    "Where is my tent? It should have been here last week.",
    "My parcel is late, what happened to it?",
    "How long do I have to return this?",
    "What is your return policy?",
)
_MORE = "Still waiting for my order, can you look please?"
_SORRY = "We are sorry for the wait."
UPGRADED = "We have upgraded your order to express delivery."
_WIDE_REACH = 50_000
_UNANSWERED = 20
_NO_ANSWER = (httpx.TransportError, httpx.HTTPStatusError)


@dataclass
class Approval:
    """A person's yes to these texts, by part. `status` is the answer; None: there was none."""

    draft: str
    staff: str
    texts: dict[str, str]
    body: dict[str, Any]
    key: str
    status: int | None = None
    code: str = ""

    @property
    def was_given(self) -> bool:
        # "it was carried out, and its answer was not kept" is an answer too
        return self.status == 200 or self.code == "answer_not_kept"

    @property
    def may_have_been_given(self) -> bool:
        return self.was_given or self.status is None or self.code == "request_under_way"


@dataclass
class Remembered:
    """`accepted` are the texts of posts that were answered with 202, by the network's id."""

    accepted: dict[str, str] = field(default_factory=dict)
    approvals: list[Approval] = field(default_factory=list)

    @property
    def given(self) -> int:
        """How many approvals were answered so far."""
        return sum(approval.was_given for approval in self.approvals)

    @property
    def told(self) -> int:
        """How much was answered so far, of all kinds."""
        return len(self.accepted) + self.given


class Customers:
    """Post on the network, which tells us by webhook; now and then it gives up, and we have to ask it ourselves."""

    def __init__(self, town: Town, address: str, remembered: Remembered, chance: Random, *, pause_s: float) -> None:
        self._town = town
        self._address = address
        self._remembered = remembered
        self._chance = chance
        self._pause_s = pause_s
        self._stopping = False

    def stop(self) -> None:
        self._stopping = True

    async def post(self) -> None:
        async with httpx.AsyncClient(timeout=30, trust_env=False) as http:
            while not self._stopping:
                # a slow machine is not to be buried in what it has to work off at the end
                if await self._unanswered(http) < _UNANSWERED:
                    await self._write(http)
                await asyncio.sleep(self._chance.expovariate(1 / self._pause_s))

    async def _unanswered(self, http: httpx.AsyncClient) -> int:
        """Threads in which nobody of us has written yet."""
        posts = await self._town.on_network(http)
        answered = {post["thread"] for post in posts if post["from_brand"]}
        return len({post["thread"] for post in posts} - answered)

    async def _write(self, http: httpx.AsyncClient) -> None:
        known = self._chance.random() < 0.7
        person = f"{'walker' if known else 'stranger'}{self._chance.randrange(CUSTOMERS)}"
        reach = _WIDE_REACH if self._chance.random() < 0.1 else None
        first = await self._town.say(http, person, self._chance.choice(_QUESTIONS), reach=reach)
        await self._tell(http, first)
        if self._chance.random() < 0.2:
            await self._tell(http, await self._town.say(http, person, _MORE, in_reply_to=int(first["id"])))

    async def _tell(self, http: httpx.AsyncClient, post: Mapping[str, Any]) -> None:
        persistent = self._chance.random() < 0.6
        while True:
            try:
                answer = await self._town.tell(http, self._address, post)
            except httpx.TransportError:
                answer = None
            if answer is not None and answer.status_code == 202:
                self._remembered.accepted[post["id"]] = post["text"]
                return
            assert answer is None or answer.status_code == 503, answer.text
            if self._stopping or not persistent:
                return
            await asyncio.sleep(0.2)


class Reviewer:
    """Approves whatever waits, now and then with words of their own; decides again what was not answered."""

    def __init__(
        self, town: Town, address: str, remembered: Remembered, chance: Random, role: Role, states: tuple[str, ...]
    ) -> None:
        self._town = town
        self._address = address
        self._remembered = remembered
        self._chance = chance
        self._role = role
        self._states = states
        self._unanswered: list[Approval] = []
        self._refused: set[str] = set()
        self._number = 0
        self._stopping = False

    def stop(self) -> None:
        self._stopping = True

    async def work(self) -> None:
        async with self._town.employee(self._role, self._address) as employee:
            while not self._stopping:
                try:
                    await self._look_at_queue(employee)
                except _NO_ANSWER:
                    await asyncio.sleep(0.2)
                await asyncio.sleep(0.2)

    async def _look_at_queue(self, employee: Employee) -> None:
        for approval in list(self._unanswered):
            await self._send(employee, approval)
            self._unanswered.remove(approval)
        for waiting in (await employee.get("/drafts", state=list(self._states), limit=10))["items"]:
            draft = await employee.get(f"/drafts/{waiting['id']}")
            if draft["state"] in self._states:
                await self._decide(employee, draft)

    async def _decide(self, employee: Employee, draft: Mapping[str, Any]) -> None:
        if draft["id"] in self._refused:
            (await employee.decide(draft, "redraft")).raise_for_status()
            return
        texts = {part: draft[f"{part}_text"] for part in ("private", "public") if draft[f"{part}_text"]}
        body = {"version": draft["version"], "digests": draft["digests"], "confirmed": True}
        offered = [one["id"] for one in draft["actions"] if one["state"] == "proposed"]
        more = [_SORRY] if self._chance.random() < 0.3 else []
        if draft["state"] == "pending" and offered:
            body["actions"] = offered
            more.append(UPGRADED)
        if draft["state"] == "pending" and "private" in texts and more:
            texts["private"] = " ".join([texts["private"], *more])
            body |= {f"{part}_text": text for part, text in texts.items()}
        self._number += 1
        approval = Approval(draft["id"], employee.id, texts, body, key=f"{self._role}-{self._number}")
        self._remembered.approvals.append(approval)
        try:
            await self._send(employee, approval)
        except httpx.TransportError:
            self._unanswered.append(approval)
            raise
        if approval.status == 422:
            self._refused.add(draft["id"])

    async def _send(self, employee: Employee, approval: Approval) -> None:
        answer = await employee.http.post(
            f"/api/v1/drafts/{approval.draft}/approve",
            json=approval.body,
            headers={"Idempotency-Key": approval.key},
        )
        if answer.status_code == 503:
            raise httpx.TransportError(answer.text)
        assert answer.status_code in (200, 409, 422), answer.text
        approval.status = answer.status_code
        approval.code = "" if answer.is_success else json.loads(answer.text).get("code", "")


def reviewers(town: Town, address: str, remembered: Remembered, chance: Random) -> list[Reviewer]:
    """One who gives first approvals, and one who gives the second where a rule asks for it."""
    roles = ((Role.REP, "pending"), (Role.SUPERVISOR, "awaiting_second_approval"))
    return [Reviewer(town, address, remembered, Random(chance.random()), role, (state,)) for role, state in roles]
