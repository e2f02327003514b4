"""Moving a publication from one state to the next: the one way, so that every move is legal and told."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from server.drafts.history import write_down
from server.events.log import record
from server.models import PublicationRow
from server.publications.states import PublicationMove, PublicationState, move


def advance(session: AsyncSession, publication: PublicationRow, what: PublicationMove, now: datetime) -> None:
    """Make this move and record it as an event.

    Raises:
        IllegalPublicationMove: The publication, in its state, cannot.
    """
    publication.state = move(PublicationState(publication.state), what)
    publication.updated_at = now
    tell(session, publication, now)


def tell(session: AsyncSession, publication: PublicationRow, now: datetime) -> None:
    """Record where the publication stands as an event."""
    record(
        session,
        f"publication.{publication.state}",
        publication.id,
        brand=publication.brand,
        at=now,
        draft=publication.draft,
        case=publication.case,
        account=publication.account,
        part=publication.part,
        attempt=publication.attempt,
    )


def stop(session: AsyncSession, publication: PublicationRow, reason: str, now: datetime, *, by: str | None) -> None:
    """Take back what has not been sent; `by` is the person who does, None the system.

    Raises:
        IllegalPublicationMove: It is being sent, or has been.
    """
    advance(session, publication, PublicationMove.STOP, now)
    publication.withdrawn_by = by
    publication.withdraw_reason = reason


def decide(
    session: AsyncSession, publication: PublicationRow, kind: str, *, staff: str | None, reason: str, now: datetime
) -> None:
    """Write into the draft's history what a person, or the system, did to a publication."""
    after = {"publication": publication.id, "part": publication.part, "state": publication.state}
    write_down(session, publication, kind, now, draft=publication.draft, by=staff, reason=reason, after=after)
