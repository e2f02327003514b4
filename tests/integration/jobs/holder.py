"""A process that claims every job of a database and holds on to it until it is killed."""

import asyncio
import sys
from collections import Counter

from server.db import open_database
from server.jobs import claims
from server.jobs.claims import Holder
from server.jobs.lanes import Limit
from tests.fakes.jobs import NOON


async def main(url: str) -> None:
    engine = await open_database(url)
    await claims.claim(engine, Holder("killed", Counter(), lambda _: Limit()), 10, NOON)
    await asyncio.Event().wait()


asyncio.run(main(sys.argv[1]))
