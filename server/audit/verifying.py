"""Looking whether the chain is whole: every row that was changed, taken out, moved or cut off is named."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel.ext.asyncio.session import AsyncSession

from server.audit import repository
from server.audit.head import HeadFile, HeadNotOurs
from server.audit.seals import START, Head, Seals
from server.db import reading
from server.models import AuditRow

_BATCH = 2_000
_BEFORE_ALL = -(2**31)
# So many are named; the rest is counted.
_NAMED = 100
# Rows that were changed are compared with each other, which takes the square of how many.
_COMPARED = 200
# The head is written moments after the rows. One that is older than this has been put there.
_MAY_LAG = timedelta(minutes=5)
_HEAD_KINDS = ("audit.head_begun", "audit.head_set_aside")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is not as it was written. `number` is the row's, the first of several; None: it is about the head."""

    number: int | None
    words: str


@dataclass(slots=True)
class Verified:
    """What was looked at and found. `notes` are no problems by themselves; `waiting` events are no rows yet."""

    rows: int = 0
    first: int = 0
    last: int = 0
    waiting: int = 0
    count: int = 0
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Whether everything is as it was written."""
        return self.count == 0

    def add(self, number: int | None, words: str) -> None:
        """Something is not."""
        self.count += 1
        if len(self.problems) < _NAMED:
            self.problems.append(Problem(number, words))


async def verify(
    engine: AsyncEngine, seals: Seals, head: HeadFile, *, now: datetime, noted: Collection[tuple[int, str]] = ()
) -> Verified:
    """Look at the whole chain, from where it was cut to its head outside the database.

    Args:
        engine: The database.
        seals: The installation's.
        head: The file that the head is written to.
        now: This moment.
        noted: Numbers and seals of heads that somebody has noted elsewhere, from the log for instance.
    """
    found = Verified()
    # first, for a process may write rows and then the head while this walks along the chain
    told = _read_head(head, found)
    async with reading(engine) as session:
        walk = _Walk(seals, found)
        await walk.begin(session)
        await _walk_along(session, walk)
        walk.end()
        found.waiting = await repository.count_waiting(session)
        await _compare_head(session, told, head.path, found, now)
        if isinstance(told, Head) and told.from_before:
            await _compare_secrets(session, told, seals, found, head.path)
        for number, seal in noted:
            await _compare(session, number, seal, found, "that was noted")
    return found


async def _walk_along(session: AsyncSession, walk: "_Walk") -> None:
    number = _BEFORE_ALL
    while numbers := await repository.numbers_after(session, number, _BATCH):
        try:
            for row in await repository.after(session, number, _BATCH):
                walk.take(row)
        except (ValueError, TypeError):  # what stands in a column cannot even be read
            await _one_by_one(session, walk, [one for one in numbers if one > walk.number])
        number = numbers[-1]
        session.expunge_all()


async def _one_by_one(session: AsyncSession, walk: "_Walk", numbers: Sequence[int]) -> None:
    for number in numbers:
        try:
            row = await repository.find(session, number)
        except (ValueError, TypeError):
            row = None
        if row is None:
            walk.take_unreadable(number)
        else:
            walk.take(row)


class _Walk:
    """Along the chain, row by row."""

    def __init__(self, seals: Seals, found: Verified) -> None:
        self._seals, self._found = seals, found
        self.number, self._seal = 0, START
        self._sure = True
        self._broken: list[AuditRow] = []
        self._cut_from_before = False
        self._first_new: int | None = None
        self._last_from_before: int | None = None

    async def begin(self, session: AsyncSession) -> None:
        """Behind the last cut, or at the beginning of all."""
        cut = await repository.newest_cut(session)
        if cut is None:
            return
        if not self._seals.is_our_cut(cut):
            self._found.add(cut.number, f"the cut behind row {cut.number} was not made by Deskside")
            self._sure = False
        elif self._seals.is_cut_from_before(cut):
            self._cut_from_before = True
        self.number, self._seal = cut.number, cut.last_seal

    def take(self, row: AuditRow) -> None:
        """The next row that is there."""
        found = self._found
        self._count(row.number)
        intact = self._seals.is_ours(row)
        if not intact:
            self._broken.append(row)
        elif self._sure and row.before != self._seal:
            found.add(row.number, f"row {row.number} was written behind another row than {self.number}")
        if intact:
            self._look_at_secret(row)
        if intact and row.kind in _HEAD_KINDS:
            words = "begun anew" if row.kind == _HEAD_KINDS[0] else "set aside, because the database was restored"
            found.notes.append(Problem(row.number, f"row {row.number}: on {row.at:%Y-%m-%d} the head was {words}"))
        # what stands behind a changed row is not held against the row that follows
        self.number, self._seal, self._sure = row.number, row.seal, intact

    def _look_at_secret(self, row: AuditRow) -> None:
        """Once the secret was changed nothing is sealed with an old one, and nothing is cut with it.

        A cut leaves the newest row of its time, which is no newer than the secret that it was made with.
        """
        if self._seals.is_from_before(row):
            self._last_from_before = row.number
            if self._first_new is not None:
                words = f"row {row.number} was sealed with an old secret, behind row {self._first_new}, which was not"
                self._found.add(row.number, words)
            self._cut_from_before = False
            return
        self._first_new = self._first_new or row.number
        if self._cut_from_before:
            self._found.add(
                row.number, f"the cut before row {row.number} was made with an old secret, and the row was not"
            )
            self._cut_from_before = False

    def take_unreadable(self, number: int) -> None:
        """The next row is there, and cannot be read."""
        self._count(number)
        self._found.add(number, f"row {number} is not as it was written, and cannot be read")
        self.number, self._sure = number, False

    def _count(self, number: int) -> None:
        found = self._found
        found.rows += 1
        found.first, found.last = found.first or number, number
        if number > self.number + 1:
            self._missing(self.number + 1, number - 1)
            self._sure = False

    def end(self) -> None:
        """Say of the rows that are not as they were sealed whether they stand in each other's places."""
        numbers = [row.number for row in self._broken[:_COMPARED]]
        candidates = {other + step for other in numbers for step in (-1, 0, 1)}
        for place, row in enumerate(self._broken):
            was = self._was_at(row, candidates) if place < _COMPARED else None
            if was is None:
                self._found.add(row.number, f"row {row.number} is not as it was written, or was never written by us")
            else:
                self._found.add(row.number, f"row {row.number} is row {was}, moved")
        self._found.problems.sort(key=lambda problem: problem.number or 0)
        if self.number and self._last_from_before == self.number:
            words = (
                f"rows to {self.number} are sealed with old secrets alone, as if nothing had happened since the change"
            )
            self._found.notes.append(Problem(self.number, words))

    def _was_at(self, row: AuditRow, candidates: Collection[int]) -> int | None:
        return next((number for number in sorted(candidates) if self._seals.is_ours(row, number=number)), None)

    def _missing(self, first: int, last: int) -> None:
        named = f"row {first} is" if first == last else f"rows {first} to {last} are"
        self._found.add(first, f"{named} missing")


def _read_head(file: HeadFile, found: Verified) -> Head | HeadNotOurs | None:
    try:
        return file.read()
    except HeadNotOurs as refused:
        found.add(None, str(refused))
        return refused


async def _compare_head(
    session: AsyncSession, head: Head | HeadNotOurs | None, path: Path, found: Verified, now: datetime
) -> None:
    if isinstance(head, HeadNotOurs):
        return
    if head is None:
        if found.rows:
            found.add(None, f"there is no head at {path}: rows cut off at the end could not be seen")
        return
    await _compare(session, head.number, head.seal, found, f"in {path}")
    behind = await repository.after(session, head.number, 1)
    if behind and behind[0].at < now - _MAY_LAG and datetime.fromisoformat(head.at) < now - _MAY_LAG:
        words = f"the head in {path} is of row {head.number}, and rows to {found.last} were written since"
        found.add(None, f"{words}: it is an older one, or no process with this home has run since")


async def _compare_secrets(session: AsyncSession, head: Head, seals: Seals, found: Verified, path: Path) -> None:
    """Whoever wrote a head of a row sealed with this secret had this secret."""
    row = await repository.find(session, head.number)
    if row is not None and seals.is_ours(row) and not seals.is_from_before(row):
        found.add(None, f"the head in {path} was sealed with an old secret, and its row {head.number} was not")


async def _compare(session: AsyncSession, number: int, seal: str, found: Verified, where: str) -> None:
    """What a head tells of the chain, against the chain."""
    if number > found.last:
        lost = f"row {number} is" if number == found.last + 1 else f"rows {found.last + 1} to {number} are"
        found.add(found.last + 1, f"{lost} missing at the end, by the head {where}")
        return
    there = await repository.seal_of(session, number)
    if there is not None and there != seal:
        found.add(number, f"row {number} is another than the head {where} tells of")
