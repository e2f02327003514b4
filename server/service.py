"""What a serving process or a worker works with. Made once, by `wiring.open_service`; handed to whoever needs it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.ext.asyncio import AsyncEngine

from assistant.turn import Desk
from server.actions.writer import ShopWriter
from server.channels.protocol import Channel
from server.models import AccountRow
from server.settings import Settings
from server.voices.kept import KeptVoices

if TYPE_CHECKING:
    from assistant.chat_models import Endpoint


@dataclass(frozen=True, slots=True)
class Service:
    """Database, clock, the assistant's desk, the way to each account's network, and to the shop's records for actions.

    `wake` tells this process's workers (and on Postgres those of others) that there is work; calling it is never
    needed for the work to be done, only for it to be done at once. `model` is the endpoint that the desk asks, for who
    wants to know how it stands; None without one. `voices` are the brands' as their people have decided; None: those
    that the desk was made with.
    """

    settings: Settings
    engine: AsyncEngine
    clock: Callable[[], datetime]
    desk: Desk
    channel: Callable[[AccountRow], Channel]
    wake: Callable[[], None]
    writer: ShopWriter
    model: "Endpoint | None" = None
    voices: KeptVoices | None = None

    async def desk_now(self) -> Desk:
        """The desk for a turn or a check that begins: with the voices that hold at this moment, to its end."""
        if self.voices is None:
            return self.desk
        guidance = self.desk.guidance.model_copy(update={"voices": await self.voices.now()})
        return replace(self.desk, guidance=guidance)
