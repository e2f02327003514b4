"""How old the imported records are, and when they are too old to be said."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from server.shop.repository import last_import
from tools.ports import Outage


@dataclass(frozen=True, slots=True)
class Freshness:
    """How long after an import its records may be told; `longest` None: as long as there is no newer one."""

    longest: timedelta | None = None

    @classmethod
    def of_hours(cls, hours: float | None) -> "Freshness":
        """As the setting says it."""
        return cls(timedelta(hours=hours) if hours is not None else None)

    async def too_old(self, session: AsyncSession, now: datetime) -> Outage | None:
        """What keeps the orders from being told now; None if they may be, or there has never been an import."""
        if self.longest is None:
            return None
        imported = await last_import(session)
        return Outage("orders", as_of=imported) if imported is not None and now - imported > self.longest else None
