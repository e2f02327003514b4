"""The bytes of what came with a post: fetched by the server alone, kept in the home, shown from our own origin."""

import asyncio
import os
from dataclasses import dataclass
from pathlib import Path

from server.channels import repository
from server.channels.fetching import Fetcher, FetchFailed, FetchRefused
from server.channels.media_types import media_type
from server.db import reading, writing
from server.events.log import record
from server.jobs.claims import TRIES, Claimed, finish
from server.models import AttachmentRow
from server.service import Service


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What a fetch has come to."""

    state: str
    reason: str | None = None
    body: bytes = b""
    media_type: str | None = None


async def fetch(service: Service, job: Claimed) -> None:
    """Job "fetch_attachment": bring the kept bytes in line with the row, which may have been emptied meanwhile."""
    await fetch_with(service, job, Fetcher(limit=service.settings.attachment_bytes))


async def fetch_with(service: Service, job: Claimed, fetcher: Fetcher) -> None:
    """The same by this fetcher."""
    file = service.settings.attachments / str(job.payload["attachment"])
    async with reading(service.engine) as session:
        row = await repository.find_attachment(session, str(job.payload["attachment"]))
    outcome = None
    if row is not None and row.state == "waiting" and row.url is not None:
        outcome = await _outcome(row.url, fetcher, last=job.attempts >= TRIES)
        if outcome.body:
            await asyncio.to_thread(_keep, file, outcome.body)
    async with writing(service.engine) as session:
        now = service.clock()
        await finish(session, job, now)
        row = await repository.find_attachment(session, str(job.payload["attachment"]))
        kept = row is not None and _settle(row, outcome, file.name)
        if row is not None and kept:
            record(session, f"attachment.{row.state}", row.id, brand=row.brand, at=now, post=row.post)
    if row is None or row.file is None:
        # the post was deleted, now or while its bytes were on their way
        file.unlink(missing_ok=True)


async def _outcome(url: str, fetcher: Fetcher, *, last: bool) -> _Outcome:
    """What there is at the address; on the last try a failure is an answer too.

    Raises:
        FetchFailed: Another try may succeed.
    """
    try:
        body = await fetcher.fetch(url)
    except FetchRefused as error:
        return _Outcome("refused", str(error))
    except FetchFailed as error:
        if not last:
            raise
        return _Outcome("failed", str(error))
    found = media_type(body)
    if found is None:
        return _Outcome("refused", "it is no image, video, sound or PDF")
    return _Outcome("kept", None, body, found)


def _settle(row: AttachmentRow, outcome: _Outcome | None, name: str) -> bool:
    """Write the outcome down, if the row still waits for one; whether it did."""
    if row.state != "waiting" or outcome is None:
        if row.state != "kept":
            row.file = row.media_type = row.size = None
        return False
    row.state, row.reason = outcome.state, outcome.reason
    if outcome.state == "kept":
        row.media_type, row.size, row.file = outcome.media_type, len(outcome.body), name
    return True


def _keep(file: Path, body: bytes) -> None:
    """Write the whole file or nothing, for the owner's eyes."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = file.with_name(f"{file.name}.{os.getpid()}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            out.write(body)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
