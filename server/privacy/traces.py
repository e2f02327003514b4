"""What names a customer's records within structures: events, jobs that wait, answers that would be given again."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from server.audit.seals import Seals
from server.privacy import repository
from server.privacy.finding import Found
from server.privacy.repository import Key, Row

_NAMED = ("posts", "cases", "drafts", "publications", "actions", "conversations", "turns", "attachments", "links")
_NAMED_BY_OTHERS = ("customers", "orders")
_WORD = re.compile(r"[\w.-]+")


async def remove_traces(session: AsyncSession, found: Found, needles: set[str], seals: Seals) -> Counter[str]:
    """Delete jobs and kept answers that name one of these records or say one of these words; mask events."""
    ids = set[str]().union(*(found.ids[kind] for kind in (*_NAMED, *_NAMED_BY_OTHERS)))
    counts: Counter[str] = Counter()
    jobs = {key(job, "jobs") async for job in repository.every_job(session) if _names(job["payload"], ids, set())}
    # a job under way cannot be finished any more, and its effect goes with it
    await repository.delete_rows(session, "jobs", jobs)
    answers = {
        key(answer, "answered_requests")
        async for answer in repository.every_answer(session)
        if _names(answer["body"], ids, needles)
    }
    await repository.delete_rows(session, "answered_requests", answers)
    changes = {}
    async for event in repository.events_naming(session, found.ids["customers"], found.ids["orders"]):
        changes[key(event, "events")] = {"data": seals.mask(event["data"])}
    await repository.change_rows(session, "events", changes)
    counts.update({"jobs": len(jobs), "answered_requests": len(answers), "events": len(changes)})
    return counts


def key(row: Row, name: str) -> Key:
    """What names the row in its table."""
    return repository.key_of(name, row)


def _names(told: Any, ids: set[str], needles: set[str]) -> bool:  # noqa: ANN401 - JSON values
    for text in _texts(told):
        if not ids.isdisjoint((text, *_WORD.findall(text))):
            return True
        if any(needle in text.casefold() for needle in needles):
            return True
    return False


def _texts(told: Any) -> Iterator[str]:  # noqa: ANN401 - JSON values
    if isinstance(told, str):
        yield told
    elif isinstance(told, dict):
        for value in told.values():
            yield from _texts(value)
    elif isinstance(told, list):
        for value in told:
            yield from _texts(value)
