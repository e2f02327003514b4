"""Putting a version of a document into the database: what it says, from which day, and what ends with that.

From its first day on a version takes the place of everything that the document said before, what was to begin later
included. What was said stays to be read; nothing of it changes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from server.events.log import record
from server.jobs.queue import enqueue
from server.models import PolicyRow, PolicyVersionRow
from server.policies import repository
from server.policies.calendar import Calendar, day_before
from server.policies.front_matter import DocumentFile, digest_of_text
from server.policies.repository import GONE, SKETCH

LANE = "policies"


@dataclass(frozen=True, slots=True)
class Version:
    """What a new version says: the document, its whole text, and who puts it in for which reason; None: the folder."""

    document: DocumentFile
    whole: str
    kind: str
    why: str
    staff: str | None = None


async def add_version(
    session: AsyncSession, policy: PolicyRow, new: Version, calendar: Calendar, now: datetime
) -> PolicyVersionRow:
    """Add a version to a document; whoever does has locked the documents (`repository.lock`)."""
    before = (await repository.versions_of(session, [policy.id]))[policy.id]
    front = new.document.front
    begins = first_day(new, before, calendar, now)
    row = PolicyVersionRow(
        document=policy.id,
        number=max((version.number for version in before), default=0) + 1,
        file=new.document.file.name,
        text=new.whole,
        front=front.model_dump(mode="json", exclude_unset=True),
        digest=digest_of_text(new.whole),
        kind=new.kind,
        title=new.document.title,
        category=front.category,
        audience=front.audience,
        begins=begins,
        ends=day_before(begins) if new.kind == GONE and begins else front.effective_to,
        staff=new.staff,
        at=now,
        why=new.why,
    )
    session.add(policy)
    await session.flush()
    session.add(row)
    policy.updated_at = now
    if new.kind == SKETCH:
        return row
    for earlier in ended_by(begins, before):
        assert begins is not None
        earlier.ends, earlier.replaced_by = day_before(begins), row.number
        session.add(earlier)
    policy.newest = row.number
    await repository.set_brands(session, policy.id, front.brand)
    await _look_again_when_days_come(session, row, front.brand, calendar, now)
    return row


async def file_version(
    session: AsyncSession,
    policy: PolicyRow,
    new: Version,
    calendar: Calendar,
    now: datetime,
    *,
    what: str,
    source: str | None = None,
) -> PolicyVersionRow:
    """Add a version, and record for each brand whose document it is, or was, what has happened to it and by whom."""
    before = (await repository.brands_of(session, [policy.id])).get(policy.id, ())
    version = await add_version(session, policy, new, calendar, now)
    told = {"by": new.staff, "version": version.number} | ({"source": source} if source is not None else {})
    for brand in sorted({*before, *new.document.front.brand} or calendar.brands) or ("",):
        record(session, f"policy.{what}", policy.id, brand=brand, at=now, **told)
    return version


def first_day(new: Version, before: Sequence[PolicyVersionRow], calendar: Calendar, now: datetime) -> date | None:
    """The first day on which it holds: its own for a new document, else not before today, as today was said already."""
    own = new.document.front.effective_from
    if all(version.kind == SKETCH for version in before):
        return own
    today = calendar.first_today(new.document.front.brand, now)
    return max(own or today, today)


def ended_by(begins: date | None, before: Sequence[PolicyVersionRow]) -> list[PolicyVersionRow]:
    """The versions that end with the one that begins on this day, what would have begun later among them."""
    if begins is None:
        return []
    return [
        version
        for version in before
        if version.kind != SKETCH and (version.ends is None or version.ends >= begins) and _holds_at_all(version)
    ]


def _holds_at_all(version: PolicyVersionRow) -> bool:
    return version.begins is None or version.ends is None or version.begins <= version.ends


async def _look_again_when_days_come(
    session: AsyncSession, row: PolicyVersionRow, brands: Sequence[str], calendar: Calendar, now: datetime
) -> None:
    """Have the drafts looked at that rest on policies, when this version begins and when it is over."""
    days = [row.begins, row.ends + timedelta(days=1) if row.ends and row.ends < date.max else None]
    for day in days:
        for moment in calendar.midnights(day, brands) if day is not None else ():
            if moment > now:
                await enqueue(
                    session,
                    "policy_due",
                    lane=LANE,
                    payload={"document": row.document},
                    now=now,
                    key=f"policy_due:{row.document}:{moment.isoformat()}",
                    after=moment,
                )
