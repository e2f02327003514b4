"""How brands sound, as their people have decided by this moment."""

import logging
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from server.brand_settings import repository
from server.brand_settings.deciding import decided
from server.db import reading
from server.voices.said import SUBJECT, Voices, load_voices, said_in

_logger = logging.getLogger(__name__)


class KeptVoices:
    """What turns and checks begin with; a change of any process holds for the next one.

    What was read is kept until the database says that something has changed, which is one number. If that cannot be
    known, brands sound as they did last, or as their file says: how a text greets keeps nobody from writing it.
    """

    def __init__(self, engine: AsyncEngine, knowledge: Path) -> None:
        """A file that goes wrong later changes nothing.

        Raises:
            BadKnowledgeFile: It is wrong now.
        """
        load_voices(knowledge)
        self._engine, self._knowledge = engine, knowledge
        self._read: tuple[int, Mapping[str, Voices]] = (0, {})

    async def now(self) -> Voices:
        """Every brand's, as they hold."""
        try:
            await self._catch_up()
        except (SQLAlchemyError, OSError):
            _logger.exception("cannot look whether voices have changed; these are those of before")
        voices = {**load_voices(self._knowledge), **self._read[1]}
        return tuple(one for said in voices.values() for one in said)

    async def _catch_up(self) -> None:
        async with reading(self._engine) as session:
            revision = await repository.revision(session, SUBJECT)
            if revision != self._read[0]:
                rows = await decided(session, SUBJECT)
                self._read = (revision, {brand: said_in(row) for brand, row in rows.items()})
