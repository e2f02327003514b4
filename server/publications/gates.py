"""What has to be so for a text to be sent: asked in the transaction that writes the intent."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from server.actions.texts import what_is_missing
from server.drafts.digests import digest
from server.drafts.states import DraftState
from server.incidents.still_right import why_not_any_more
from server.models import AccountRow, PublicationRow
from server.publications import repository
from server.publications.restoring import answered_since
from server.publications.states import PublicationState

TOO_OLD = "it could not be sent for too long; see whether it is still right"


@dataclass(frozen=True, slots=True)
class Wait:
    """Not now. `until` is when to ask again; None: whatever it waits for will say so. `why` is for people to read."""

    until: datetime | None = None
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Void:
    """Not as it was approved, and why: a person has to look at the draft again.

    `again`: nothing is wrong with the draft itself; what an incident answers waits for the incident again.
    """

    reason: str
    again: bool = False


async def gate(
    session: AsyncSession, publication: PublicationRow, account: AccountRow, now: datetime, *, too_old: timedelta
) -> Wait | Void | None:
    """What keeps a publication from being sent at this moment; None: nothing.

    A pause is asked about before anything that would send the draft back, so that what it holds stays to be listed.
    """
    if now < publication.send_after:
        return Wait(until=publication.send_after)
    if await is_paused(session, account):
        return Wait()
    late = await why_not_any_more(session, await repository.find_draft(session, publication.draft), now)
    if late is not None:
        return Void(late, again=True)
    reason = await _void_because(session, publication, account)
    missing = await what_is_missing(session, publication.draft) if reason is None else None
    if missing is not None:
        possible, words = missing
        # it says so itself when it is done, or will not be
        return Wait(why=f"it waits: {words}") if possible else Void(f"{words}, and the text counts on it")
    if reason is None and is_too_old(publication, now, too_old):
        return Void(TOO_OLD, again=True)
    if reason is not None:
        return Void(reason)
    return await _private_part(session, publication)


async def is_paused(session: AsyncSession, account: AccountRow) -> bool:
    """Whether a pause stands over this account, its channel, or everything of its brand."""
    scopes = ["all", f"channel:{account.channel}", f"account:{account.id}"]
    return bool(await repository.standing_pauses(session, brands=[account.brand], scopes=scopes))


def is_too_old(publication: PublicationRow, now: datetime, too_old: timedelta) -> bool:
    """Whether it has been due for so long that its words may not be right any more."""
    return now - publication.send_after > too_old


async def _void_because(session: AsyncSession, publication: PublicationRow, account: AccountRow) -> str | None:
    draft = await repository.find_draft(session, publication.draft)
    if draft is None or draft.state != DraftState.APPROVED:
        return "its draft is not approved any more"
    if account.removed_at is not None:
        return f"the account {account.handle} was removed"
    bound = digest(
        brand=publication.brand,
        account=publication.account,
        reply_to=publication.reply_to,
        recipient=publication.recipient,
        part=publication.part,
        text=publication.text,
    )
    approvals = await repository.standing_approvals(session, publication.draft)
    of_this = [approval for approval in approvals if approval.part == publication.part and approval.digest == bound]
    if not of_this:
        return "no approval stands for exactly this text"
    target = await repository.find_post(session, draft.target_post)
    if target is None or target.deleted_at is not None:
        return "the post it answers was deleted"
    if target.version != draft.target_version:
        return "the post it answers was edited"
    return await answered_since(session, publication, target, of_this)


async def _private_part(session: AsyncSession, publication: PublicationRow) -> Wait | Void | None:
    if publication.waits_for is None:
        return None
    private = await repository.find_publication(session, publication.waits_for)
    if private is None or private.state in {PublicationState.WITHDRAWN, PublicationState.FAILED}:
        return Void("the private message that it announces was not sent")
    return None if private.state == PublicationState.SENT else Wait()
