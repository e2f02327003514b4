"""What a serving process or a worker works with. Made once, by `wiring.open_service`; handed to whoever needs it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.ext.asyncio import AsyncEngine

from assistant.turn import Desk
from server.actions.writer import ShopWriter
from server.channels.protocol import Channel
from server.models import AccountRow
from server.settings import Settings

if TYPE_CHECKING:
    from assistant.chat_models import Endpoint


@dataclass(frozen=True, slots=True)
class Service:
    """Database, clock, the assistant's desk, the way to each account's network, and to the shop's records for actions.

    `wake` tells this process's workers (and on Postgres those of others) that there is work; calling it is never
    needed for the work to be done, only for it to be done at once. `model` is the endpoint that the desk asks, for who
    wants to know how it stands; None without one.
    """

    settings: Settings
    engine: AsyncEngine
    clock: Callable[[], datetime]
    desk: Desk
    channel: Callable[[AccountRow], Channel]
    wake: Callable[[], None]
    writer: ShopWriter
    model: "Endpoint | None" = None
