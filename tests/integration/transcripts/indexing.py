"""What two tasks of a serving process do, done when a test says so: events get their places, the index follows them."""

from sqlalchemy.ext.asyncio import AsyncEngine

from server.db import writing
from server.events import repository
from server.transcripts.following import follow_once


async def indexed(engine: AsyncEngine, *, follow: bool = True) -> None:
    async with writing(engine) as session:
        while await repository.place(session, limit=1000):
            pass
    while follow and await follow_once(engine):
        pass
