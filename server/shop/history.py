"""Keeping what was promised and said to customers before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from server.db import writing
from server.models import PastPostRow, PromiseRow


@dataclass(frozen=True, slots=True)
class PastWords:
    """Promises and posts with the fields of `tools.records`; a post also names its `customer`.

    A promise may name its `brand`, without which nobody sees it in the list of promises, and when it was `first_due`.
    """

    promises: Sequence[Mapping[str, Any]] = ()
    posts: Sequence[Mapping[str, Any]] = ()


async def keep_past(engine: AsyncEngine, past: PastWords) -> None:
    """Add promises and posts, or replace those of the same ids."""
    async with writing(engine) as session:
        for promise in past.promises:
            fields = {name: value for name, value in promise.items() if name != "order"}
            await session.merge(PromiseRow(**fields, order_id=promise.get("order")))
        for post in past.posts:
            await session.merge(PastPostRow(**post))
