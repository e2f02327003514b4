"""What two people find in an item of a sample: blind to who wrote it, and to each other."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from server.errors import Conflict, NotAllowed, NotFound, Unprocessable
from server.events.log import record
from server.insights import sample_repository as repository
from server.insights.kinds import NAMED, RATERS, SampleKind
from server.models import RatingRow, SampleItemRow
from server.staff.roles import Caller


class NoSuchItem(NotFound):
    """There is no such item, or none of the caller's brands."""


class AlreadyRated(Conflict):
    """They have rated it, and a rating does not change; or two others have."""


class OwnWork(NotAllowed):
    """They wrote it or approved it: somebody else has to look."""


class NotOfThisKind(Unprocessable):
    """What was named is none of what can be found there, or something was named where nothing was found."""


async def rate(
    session: AsyncSession, caller: Caller, item_id: str, *, found: bool, kinds: Collection[str], now: datetime
) -> SampleItemRow:
    """Say what was found in an item.

    Args:
        session: The transaction.
        caller: Who says so.
        item_id: The item.
        found: Whether there is a problem, or danger.
        kinds: Which: at least one if there is any.
        now: This moment.

    Raises:
        NoSuchItem: None of the caller's brands.
        AlreadyRated: By the caller, or by two others.
        OwnWork: The caller had a hand in it.
        NotOfThisKind: The kinds do not fit.
    """
    item = await repository.lock_item(session, item_id, caller.brands)
    sample = await repository.find_sample(session, item.sample) if item is not None else None
    if item is None or sample is None:
        raise NoSuchItem("there is no such item")
    _refuse_kinds(SampleKind(sample.kind), found, kinds)
    if await repository.had_a_hand_in(session, caller.id, [item.subject]):
        raise OwnWork("you wrote or approved this; somebody else has to rate it")
    ratings = await repository.ratings_of(session, [item.id])
    if caller.id in {row.rater for row in ratings}:
        raise AlreadyRated("you have rated this; a rating does not change")
    if len(ratings) >= RATERS:
        raise AlreadyRated("two people have rated this already")
    session.add(
        RatingRow(item=item.id, rater=caller.id, brand=item.brand, found=found, kinds=sorted(set(kinds)), at=now)
    )
    await session.flush()
    record(session, "sample.rated", sample.id, brand=item.brand, at=now, item=item.id, by=caller.id)
    return item


def _refuse_kinds(kind: SampleKind, found: bool, kinds: Collection[str]) -> None:
    allowed = NAMED[kind]
    if not set(kinds) <= allowed:
        raise NotOfThisKind("name only what can be found here", kinds=sorted(allowed))
    if found != bool(kinds):
        words = "say which problem it is" if found else "what is named is a problem: say that you found one"
        raise NotOfThisKind(words, kinds=sorted(allowed))
