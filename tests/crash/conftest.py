"""What is lived through, once for all tests of it."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.crash import AT_LENGTH, KILLS, SEED
from tests.crash.story import Story, live_through
from tests.crash.takeover import TakenOver, take_over
from tests.fixtures.databases import Databases

KINDS = ("sqlite", "postgres")


@dataclass
class Lived:
    """What came of each, or why nothing did."""

    told: dict[str, Any]

    def story(self, kind: str) -> Story:
        """A process killed again and again, on this kind of database."""
        return self._of(kind)  # type: ignore[no-any-return]

    def takeover(self) -> TakenOver:
        """Two of four processes killed."""
        return self._of("takeover")  # type: ignore[no-any-return]

    def _of(self, name: str) -> Any:
        if isinstance(self.told[name], BaseException):
            raise self.told[name]
        return self.told[name]


@pytest.fixture(scope="session")
def lived(request: pytest.FixtureRequest, databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """The stories side by side; the takeover while they wait for their ends, or after them where it is timed."""
    try:
        index = request.getfixturevalue("chroma_url")
    except pytest.skip.Exception as skipped:
        index = skipped
    return Lived(asyncio.run(_live(databases, index, tmp_path_factory.mktemp("crash"))))


async def _live(databases: Databases, index: str | BaseException, folder: Path) -> dict[str, Any]:
    async with AsyncExitStack() as stack:
        urls: dict[str, Any] = {}
        for name, kind in (*((kind, kind) for kind in KINDS), ("takeover", "postgres")):
            (folder / name).mkdir()
            try:
                urls[name] = (await stack.enter_async_context(databases.new(kind))).url
            except pytest.skip.Exception as skipped:
                urls[name] = skipped
        killed = {kind: asyncio.Event() for kind in KINDS}
        stories = {
            kind: asyncio.create_task(_story(kind, urls[kind], folder / kind, over)) for kind, over in killed.items()
        }
        if AT_LENGTH:
            await asyncio.wait(stories.values())
        for over in killed.values():
            await over.wait()
        takeover = _takeover(urls["takeover"], index, folder / "takeover")
        told = await asyncio.gather(*stories.values(), takeover, return_exceptions=True)
        return dict(zip(urls, told, strict=True))


async def _story(kind: str, url: str | BaseException, folder: Path, over: asyncio.Event) -> Story:
    try:
        if isinstance(url, BaseException):
            raise url
        return await live_through(kind, url, folder, kills=KILLS, seed=SEED, after_kills=over.set)
    finally:
        over.set()


async def _takeover(url: str | BaseException, index: str | BaseException, folder: Path) -> TakenOver:
    if isinstance(url, BaseException):
        raise url
    if isinstance(index, BaseException):
        raise index
    return await take_over(url, index, folder)
