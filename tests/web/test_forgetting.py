from datetime import timedelta

from sqlmodel import select

from server.db import reading
from server.models import AnsweredRow, EventRow
from server.web.forgetting import forget
from tests.web.events import Site, running, until


async def test_old_answers_and_events_are_forgotten_and_positions_go_on(app, engine, clock, http, settings):
    await http.post("/things", json={"name": "old"}, headers={"Idempotency-Key": "k"})
    async with running(engine) as feed:
        site = Site(app, engine, feed, clock)
        await site.happen("b", "c")
        await site.settled()
        clock.now += timedelta(days=settings.keep_events_days + 1)
        await forget(app.state.service)
        async with reading(engine) as session:
            assert [row.subject for row in await session.exec(select(EventRow))] == ["c"]
            assert not (await session.exec(select(AnsweredRow))).all()
        await site.happen("d")
        await until(lambda: feed.newest == 4)
