"""What is sent to many over a time goes on at the same distances after a pause, and not all at once."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from server.models import PublicationRow
from server.publications import repository
from server.publications.gates import is_too_old


async def keep_distances(
    session: AsyncSession, unsent: Sequence[PublicationRow], now: datetime, *, too_old: timedelta
) -> None:
    """Put off an incident's answers that fell due in a pause, as if time had stood still in it for their account.

    Args:
        session: The transaction that lifts the pause; nothing is sent as these accounts in it.
        unsent: What the pause has held or may have, in the order in which it is due.
        now: This moment.
        too_old: What has been due for longer is not sent any more, and stays as it is.
    """
    meant = await repository.sent_for_incidents(session, [row.id for row in unsent])
    by_account: dict[str, list[PublicationRow]] = defaultdict(list)
    for row in unsent:
        if row.id in meant and not is_too_old(row, now, too_old):
            by_account[row.account].append(row)
    for rows in by_account.values():
        late = now - rows[0].send_after
        if late > timedelta():
            for row in rows:
                row.send_after += late
                session.add(row)
