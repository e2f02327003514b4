"""A handle is not the customer that it was taken for: what was said yes to under it stands no more."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from server.actions import consent_repository
from server.actions.falling import BEFORE_THE_SHOP, void
from server.models import LinkRow


async def void_said_by(session: AsyncSession, link: LinkRow, reason: str, now: datetime) -> None:
    """Make void the yes, and with it the approvals, of every action that rests on a link; it is taken back."""
    for action in await consent_repository.lock_said_by(
        session, brand=link.brand, channel=link.channel, author=link.folded_handle, states=BEFORE_THE_SHOP
    ):
        if action.customer == link.customer:
            await void(session, action, reason, now, consent_too=True)
