"""Whether the model is asked for a draft: while too many wait to be written, the composer writes."""

from dataclasses import replace

from assistant.turn import Desk
from server.db import reading
from server.incidents.repository import count_being_written
from server.service import Service


async def desk_for(service: Service, brand: str) -> tuple[Desk, tuple[str, ...]]:
    """The desk that a brand's next draft is written at, and what is to be noted on the draft.

    In a storm a better text is of no use if it stands there an hour later, and thousands of calls cost their price.
    """
    most, desk = service.settings.model_backlog, await service.desk_now()
    if desk.model is None:
        return desk, ()
    async with reading(service.engine) as session:
        waiting = await count_being_written(session, brand, most=most + 1)
    if waiting <= most:
        return desk, ()
    return replace(desk, model=None), (f"written without AI: more than {most} drafts wait to be written",)
