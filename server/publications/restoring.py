"""After the database was put back from a backup: what was sent since is on the networks, and nothing here tells of it.

Texts that waited in the backup may be out, and what waited for a decision may have been approved and sent. So whoever
restores says so (`deskside restored`): everything is paused, and from then on each answer to a post from before that
moment is looked for on its network before it is sent. The pause is also the memory of the restoring: its moment counts
after it was lifted, too.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from server.events.log import record
from server.models import ApprovalRow, PauseRow, PostRow, PublicationRow
from server.models.ids import new_id
from server.publications import repository, restoring_repository
from server.publications.publishing import PRIVATE
from server.publications.timing import CLOCKS_DIFFER

RESTORED = "restored"
"""Who has made a pause that remembers a restoring."""

ANSWERED = "our account has answered this post since the backup; read the thread once more"
CANNOT_LOOK = "it may have been sent after the backup was made; look there, and say whether it was"


@dataclass(frozen=True, slots=True)
class Restored:
    """The pause, the last moment that the backup knows of, and how much waits that may have been sent since."""

    pause: PauseRow
    known_until: datetime | None
    to_send: int
    to_decide: int


async def note_restoring(session: AsyncSession, now: datetime) -> Restored:
    """Pause everything, and have each answer to a post from before `now` looked for before it is sent."""
    accounts = await repository.accounts_meant(session, brands=None, channel=None, account=None)
    await repository.stop_accounts(session, [row.id for row in accounts])
    pause = PauseRow(
        id=new_id("pause"),
        scope="all",
        paused_by=RESTORED,
        paused_at=now,
        reason="the database was restored from a backup",
    )
    session.add(pause)
    known_until = await restoring_repository.newest_event(session)
    for brand in {row.brand for row in accounts}:
        record(session, "sending.paused", pause.id, brand=brand, at=now, scope=pause.scope)
    to_send = await restoring_repository.count_on_their_way(session)
    return Restored(pause, known_until, to_send, await restoring_repository.count_undecided(session))


async def may_be_out(session: AsyncSession, publication: PublicationRow) -> bool:
    """Whether a text that waits to be sent may have been sent already, after the backup was made.

    Not if it was attempted since it was restored: then it was looked for. Nor if a person has said since that it was
    not sent, which makes it due anew.
    """
    restored = await _restored_after(session, await restoring_repository.target_of(session, publication))
    if restored is None:
        return False
    return publication.attempted_at is None or max(publication.attempted_at, publication.send_after) <= restored


async def out_since(session: AsyncSession, publication: PublicationRow) -> datetime:
    """The earliest moment, by the network's clock, at which a text can have been posted."""
    target = await restoring_repository.target_of(session, publication)
    restored = await _restored_after(session, target)
    earliest = publication.created_at if target is None or restored is None else target.sent_at
    return earliest - CLOCKS_DIFFER


async def answered_since(
    session: AsyncSession, publication: PublicationRow, target: PostRow, approvals: Iterable[ApprovalRow]
) -> str | None:
    """Why a person has to look again: our account has answered this post in other words, which were forgotten.

    What counts is told by the network after the approval: whoever approved later has seen it in the thread. The same
    words are found before they are sent.
    """
    if await _restored_after(session, target) is None:
        return None
    approved_at = max(approval.at for approval in approvals)
    to = target.folded_author if publication.part == PRIVATE else None
    told = await restoring_repository.answers_told_of(session, target, private_to=to, since=approved_at)
    return ANSWERED if any(post.text.split() != publication.text.split() for post in told) else None


async def _restored_after(session: AsyncSession, target: PostRow | None) -> datetime | None:
    """The last restoring, if this post was there before it."""
    restored = await restoring_repository.last_pause_by(session, RESTORED)
    return restored if restored is not None and target is not None and target.sent_at <= restored else None
