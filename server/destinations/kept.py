"""The places that customers may be sent to, as the database names them at this moment."""

import logging
from collections.abc import Sequence

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from server.db import reading
from server.destinations import repository
from server.destinations.seeding import as_entry
from server.policies.destinations import ListedDestinations
from tools.ports import PortUnavailable
from tools.records import Destination

logger = logging.getLogger(__name__)


class KeptDestinations:
    """`tools.ports.Destinations` over the database; a change of any process holds for the next question.

    What was read is kept until the database says that something has changed, which is one row. If that cannot be known,
    the places are those that it named last.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._read: tuple[int, ListedDestinations] | None = None

    async def find(
        self, kind: str, *, brand: str | None, channel: str, language: str, region: str | None
    ) -> Destination | None:
        """The one that fits best.

        Raises:
            PortUnavailable: The database does not answer, and never has.
        """
        places = await self._now()
        return await places.find(kind, brand=brand, channel=channel, language=language, region=region)

    async def known(self, brand: str | None) -> frozenset[str]:
        """Every address and number that a draft of this brand may name; raises as `find` does."""
        return await (await self._now()).known(brand)

    async def listed(self, brand: str | None) -> Sequence[Destination]:
        """The places themselves; raises as `find` does."""
        return await (await self._now()).listed(brand)

    async def _now(self) -> ListedDestinations:
        try:
            return await self._catch_up()
        except (SQLAlchemyError, OSError) as error:
            if self._read is None:
                raise PortUnavailable("destinations") from error
            logger.exception("cannot look whether the destinations have changed; these are those of before")
            return self._read[1]

    async def _catch_up(self) -> ListedDestinations:
        async with reading(self._engine) as session:
            revision = await repository.revision(session)
            if self._read is not None and self._read[0] == revision:
                return self._read[1]
            rows = await repository.standing(session)
        places = ListedDestinations(as_entry(row).record() for row in rows)
        self._read = (revision, places)
        return places
