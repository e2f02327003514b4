"""Erasing what is known of one customer, wherever it stands, with a report of what was done."""

import asyncio
import logging
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel.ext.asyncio.session import AsyncSession

from server.audit.seals import Seals
from server.db import reading, writing
from server.errors import Conflict, Unprocessable
from server.events.log import record
from server.jobs.queue import enqueue
from server.models import ErasedRow, ErasureRow, PostRow
from server.models.ids import new_id
from server.privacy import repository
from server.privacy.deleted_posts import forget_quotes
from server.privacy.elsewhere import mask_elsewhere
from server.privacy.emptying import empty
from server.privacy.finding import Found
from server.privacy.our_words import mask_our_words
from server.privacy.subjects import Asked, Subject, find_subject
from server.privacy.tables import TABLES
from server.privacy.traces import remove_traces
from server.settings import Settings
from server.staff.roles import Caller
from server.transcripts.index_repository import hold

_logger = logging.getLogger(__name__)

SCRUB = "scrub"
"""The job that lets what was erased leave the database's files, too."""

_BEYOND = (
    "not reached: backups, the knowledge folder's files, the log of Postgres, the shop itself, the networks,"
    " the model's endpoint"
)


class StillUnderWay(Conflict):
    """Something is being sent or carried out for them: it has to end first, or nobody would know how it did."""

    def __init__(self, left: dict[str, list[str]]) -> None:
        named = ", ".join(f"{len(ids)} {name}" for name, ids in left.items())
        super().__init__(f"{named} are under way; wait, take them back or settle them, then erase", **left)


class ReasonNamesThem(Unprocessable):
    """The reason is kept, and would tell who was erased."""

    def __init__(self) -> None:
        super().__init__("say why without their name, handle, address or order: the reason is kept, they are not")


async def preview(engine: AsyncEngine, caller: Caller, asked: Asked, seals: Seals) -> dict[str, Any]:
    """What an erasure would do, without doing it: the report, with what is `under_way` and keeps it from being done.

    Raises:
        NobodyToFind, CustomerOfAllBrands: There is nothing that the caller could erase.
    """
    async with reading(engine) as session:
        subject = await find_subject(session, caller, asked, seals)
        counts = Counter({name: len(rows) for name, rows in subject.found.rows.items() if rows})
        left = await repository.unfinished(session, subject.found.rows)
    return _report(subject, counts) | {"under_way": left}


async def erase(
    engine: AsyncEngine, settings: Settings, caller: Caller, asked: Asked, *, reason: str, now: datetime
) -> ErasureRow:
    """Erase them, in one transaction; the job that follows has it leave the database's files.

    Raises:
        NobodyToFind, CustomerOfAllBrands: There is nothing that the caller could erase.
        StillUnderWay: Something has to end first.
        ReasonNamesThem: The reason tells who it is.
    """
    seals = Seals.of_settings(settings)
    async with writing(engine) as session:
        # what was read before this must not be written into the index after it
        await hold(session)
        subject = await find_subject(session, caller, asked, seals)
        if left := await repository.unfinished(session, subject.found.rows):
            raise StillUnderWay(left)
        if any(needle in reason.casefold() for needle in subject.needles):
            raise ReasonNamesThem
        await _forget_quotes(session, subject.found)
        counts = await empty(session, subject.found, seals, now, erasing=True)
        counts += await remove_traces(session, subject.found, subject.needles, seals)
        masked = await mask_elsewhere(session, subject.identifiers, caller.brands)
        masked |= await mask_our_words(session, subject, caller.brands)
        row = _written(session, subject, counts, caller, reason.strip(), now)
        row.report = row.report | {"masked": masked, "mark": seals.pseudonym("erasure", row.id)}
        if asked.customer is not None:
            await session.flush()
            await session.merge(ErasedRow(digest=seals.pseudonym("customer", asked.customer), erasure=row.id))
        await enqueue(session, SCRUB, lane=SCRUB, payload={"erasure": row.id}, now=now, key=SCRUB)
    await asyncio.to_thread(_remove_files, settings.attachments, subject.found.rows["attachments"].values())
    await _look_elsewhere(engine, row, subject, caller)
    return row


async def _forget_quotes(session: AsyncSession, found: Found) -> None:
    """Take their words and names out of what was written in other people's cases of the same threads."""
    posts = [PostRow(**row) for row in found.rows["posts"].values() if row["role"] == "customer"]
    cases = await repository.rows_among(session, "cases", "thread", {post.thread for post in posts})
    shared = {case["thread"] for case in cases if repository.key_of("cases", case) not in found.rows["cases"]}
    for post in posts:
        if post.thread in shared:
            await forget_quotes(session, post, names=found.handles)


def _written(
    session: AsyncSession, subject: Subject, counts: Counter[str], caller: Caller, reason: str, now: datetime
) -> ErasureRow:
    row = ErasureRow(
        id=new_id("erasure"),
        brand=subject.brand,
        pseudonym=subject.pseudonym,
        reason=reason,
        erased_by=caller.id,
        erased_at=now,
        report=_report(subject, counts),
    )
    session.add(row)
    told = {"pseudonym": subject.pseudonym, "rows": sum(counts.values()), "by": caller.id}
    record(session, "customer.erased", row.id, brand=subject.brand, at=now, **told)
    return row


def _report(subject: Subject, counts: Counter[str]) -> dict[str, Any]:
    """Counts by table, what became of the rows and why some stay; nobody's name."""
    tables = [
        {"table": name, "rows": count, "became": str(TABLES[name].fate), "stays": TABLES[name].why}
        for name, count in sorted(counts.items())
    ]
    files = sum(row["file"] is not None for row in subject.found.rows["attachments"].values())
    return {"tables": tables, "files": files, "handles_left": len(subject.unsure), "beyond": _BEYOND}


def _remove_files(folder: Path, attachments: Iterable[dict[str, Any]]) -> None:
    for row in attachments:
        if row["file"] is not None:
            (folder / row["file"]).unlink(missing_ok=True)


async def _look_elsewhere(engine: AsyncEngine, row: ErasureRow, subject: Subject, caller: Caller) -> None:
    """Count where they are still named, and tell which of our own words do: a person has to look at both."""
    elsewhere = ours = None
    try:
        async with reading(engine) as session:
            elsewhere = await repository.mentions(session, subject.needles)
            ours = await repository.ours_naming(session, subject.needles, caller.brands)
    except DBAPIError as error:  # Postgres gives up what takes long; they are erased all the same
        _logger.warning("where others name them was not looked through (%s)", type(error).__name__)
    row.report = row.report | {"elsewhere": elsewhere, "ours": ours}
    async with writing(engine) as session:
        # nothing else of it: meanwhile the job may have noted that they left the files
        await repository.keep_report(session, row.id, row.report)
