"""The loop that runs jobs: claims what is due, keeps its leases, and sees to what fails.

A handler is `async def f(service, job) -> None`. It reads what it needs in short transactions, works outside of them,
and commits its effect together with `claims.finish(session, job, now)`, which refuses if the job has been given to
somebody else meanwhile. What it raises puts the job off; an exception with a `retry_after` (a timedelta) says until
when, and does not count as a failed try.
"""

import asyncio
import importlib
import logging
import os
import random
import socket
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import timedelta
from functools import partial
from uuid import uuid4

from server.jobs import claims
from server.jobs.claims import Claimed, Holder, LeaseLost
from server.jobs.keeping import LeaseKeeper
from server.jobs.lanes import limit_of
from server.jobs.retention import sweep
from server.jobs.waking import Bell
from server.service import Service

logger = logging.getLogger(__name__)

Handler = Callable[[Service, Claimed], Awaitable[None]]

HANDLERS: Mapping[str, str] = {
    "act": "server.actions.carrying_out:carry_out",
    "action_due": "server.actions.falling:expire",
    "draft": "server.drafts.drafting:draft_case",
    "draft_alarm": "server.drafts.alarm:look_at_new",
    "draft_due": "server.drafts.deadlines:look_again",
    "recheck": "server.drafts.falling:recheck",
    "send": "server.publications.sending:send",
    "draw_samples": "server.insights.sampling:draw_last_week",
    "fetch_attachment": "server.channels.attachments:fetch",
    "incident_answer": "server.incidents.answering:answer_confirmed",
    "incident_hold": "server.incidents.confirming:hold_confirmed",
    "incident_list": "server.incidents.listing:list_waiting",
    "incident_release": "server.incidents.leaving:let_go_released",
    "incident_stop": "server.incidents.stopping:stop_replaced",
    "incident_tell": "server.incidents.telling:tell_page",
    "policy_due": "server.policies.due:look_again",
    "promise_due": "server.promises.overdue:look_at_due",
    "poll": "server.channels.polling:poll",
    "scrub": "server.privacy.scrubbing:scrub_after",
    "withdraw": "server.publications.withdrawing:withdraw_corrected",
}
"""Where the handler of each kind of job is; imported with the first job of its kind."""

_LOOK_S = 1.0  # how often it looks for work that nobody rang for
_SWEEP_S = 600.0
_FIRST_WAIT = timedelta(seconds=5)
_LONGEST_WAIT = timedelta(minutes=30)


class NoHandler(Exception):
    """This version of Deskside does not know this kind of job; another may."""


class Worker:
    """Runs jobs until it is told to stop. One for each process."""

    def __init__(self, service: Service, bell: Bell, handlers: Mapping[str, Handler] | None = None) -> None:
        self._service = service
        self._bell = bell
        self._handlers = handlers
        self._name = f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:6]}"
        self._under_way: dict[asyncio.Task[None], Claimed] = {}
        self._stopping = False

    def stop(self) -> None:
        """Claim no more; `run` ends when what is under way is done, or handed back."""
        self._stopping = True
        self._bell.heard()

    async def run(self) -> None:
        """Until `stop`, or until it is cancelled; either way no job stays held."""
        keeper = LeaseKeeper(self._service.engine, self._service.clock, self._held, self._lost)
        keeper.start()
        sweeping = asyncio.create_task(self._sweep())
        try:
            while not self._stopping:
                seen = self._bell.rings
                if not await self._begin_due_jobs():
                    await self._bell.wait(seen, _LOOK_S)
            if self._under_way:
                await asyncio.wait(self._under_way, timeout=self._service.settings.stop_seconds)
        finally:
            await asyncio.shield(self._hand_back(keeper, sweeping))

    async def _begin_due_jobs(self) -> bool:
        """Whether any was begun."""
        free = self._service.settings.jobs_at_once - len(self._under_way)
        if free <= 0:
            return False
        here = Counter(job.lane for job in self._under_way.values())
        holder = Holder(self._name, here, partial(limit_of, settings=self._service.settings))
        try:
            jobs = await claims.claim(self._service.engine, holder, free, self._service.clock())
        except Exception:
            logger.exception("cannot look for jobs")
            return False
        if self._stopping:
            await claims.give_back(self._service.engine, jobs, self._service.clock())
            return False
        for job in jobs:
            task = asyncio.create_task(self._run_one(job), name=job.id)
            self._under_way[task] = job
            task.add_done_callback(self._ended)
        return bool(jobs)

    def _ended(self, task: asyncio.Task[None]) -> None:
        if self._under_way.pop(task, None) and not self._stopping:
            self._bell.heard()

    async def _run_one(self, job: Claimed) -> None:
        """Run a job and end it, one way or another. Never raises but when it is cancelled."""
        try:
            await self._handler(job.kind)(self._service, job)
            await claims.end(self._service.engine, job, self._service.clock())
        except LeaseLost:
            logger.info("job %s (%s) was taken over", job.id, job.kind)
        except Exception as error:  # noqa: BLE001 - whatever a handler raises, the loop goes on and the job is kept
            await self._failed(job, error)

    def _handler(self, kind: str) -> Handler:
        if self._handlers is not None:
            return self._handlers[kind]
        if kind not in HANDLERS:
            raise NoHandler(f"no handler for jobs of kind {kind}")
        module, name = HANDLERS[kind].split(":")
        handler: Handler = getattr(importlib.import_module(module), name)
        return handler

    async def _failed(self, job: Claimed, error: Exception) -> None:
        words = told(error)
        asked = getattr(error, "retry_after", None)
        wait = asked if isinstance(asked, timedelta) else back_off(job.attempts)
        logger.warning("job %s (%s), try %d: %s", job.id, job.kind, job.attempts, words, exc_info=error)
        now = self._service.clock()
        try:
            await claims.put_off(
                self._service.engine, job, now, after=now + wait, words=words, counts=not isinstance(asked, timedelta)
            )
        except Exception:
            logger.exception("cannot put off job %s; its lease will end by itself", job.id)

    def _held(self) -> tuple[Claimed, ...]:
        """Asked from another thread: a copy of the values is made in one step."""
        return tuple(self._under_way.values())

    def _lost(self, jobs: Collection[Claimed]) -> None:
        for task, job in tuple(self._under_way.items()):
            # those that ended meanwhile are not lost, and done already
            if job in jobs and not task.done():
                task.cancel()

    async def _sweep(self) -> None:
        while True:
            try:
                await sweep(self._service.engine, self._service.settings, self._service.clock())
            except Exception:
                logger.exception("cannot clear old jobs")
            await asyncio.sleep(_SWEEP_S)

    async def _hand_back(self, keeper: LeaseKeeper, sweeping: asyncio.Task[None]) -> None:
        held = dict(self._under_way)
        for task in (*held, sweeping):
            task.cancel()
        # a task that is in the middle of a statement takes a moment to close its connection
        await asyncio.gather(*held, sweeping, keeper.stop(), return_exceptions=True)
        if held:
            await claims.give_back(self._service.engine, held.values(), self._service.clock())


def back_off(attempts: int) -> timedelta:
    """How long to wait after so many tries: three times as long each time, a quarter more or less."""
    wait = min(_FIRST_WAIT.total_seconds() * 3 ** (attempts - 1), _LONGEST_WAIT.total_seconds())
    return timedelta(seconds=wait * random.uniform(0.75, 1.25))


def told(error: Exception) -> str:
    """What may be kept of an error: our own words; others' quote what they read, so of them the name alone."""
    ours = type(error).__module__.split(".")[0] in {"assistant", "retrieval", "tools", "prompts", "server"}
    return f"{type(error).__name__}: {error}"[:500] if ours else type(error).__name__
