"""Several processes on one Chroma server and one database."""

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from retrieval.shared import open_shared_index
from server.db import open_database, reading
from server.jobs.waking import open_bell
from server.policies import index_repository
from server.policies.calendar import Calendar
from server.policies.seeding import seed_documents
from server.policies.shared import SharedPolicies
from tests.fakes.vectors import HashEmbedding

pytestmark = pytest.mark.parametrize("database", ["postgres"], indirect=True)

TODAY = datetime(2026, 11, 20, 12, tzinfo=UTC)
ANSWER = "answers:\n  - intent: return_policy\n    en: {}"


def write(folder, name, text, *, answer="Send it back."):
    folder.mkdir(parents=True, exist_ok=True)
    front = f"---\nid: {name}\ntitle: {name}\n{ANSWER.format(answer)}\n---\n"
    (folder / f"{name}.md").write_text(front + text, encoding="utf-8")


class Processes:
    """Each with an engine, a bell and a copy of its own, as `deskside serve` and `deskside worker` have them."""

    def __init__(self, url, chroma_url, knowledge, stack):
        self._url, self._chroma_url, self._knowledge, self._stack = url, chroma_url, knowledge, stack

    async def start(self, knowledge=None):
        engine = await open_database(self._url)
        self._stack.push_async_callback(engine.dispose)
        bell = await self._stack.enter_async_context(open_bell(engine, "index"))
        index = await open_shared_index(self._chroma_url, HashEmbedding())
        self._stack.callback(index.close)
        policies = SharedPolicies(knowledge or self._knowledge, Calendar(clock=lambda: TODAY), engine, index, bell)
        await policies.renew()
        following = asyncio.create_task(policies.follow())
        await self._stack.enter_async_context(ended(following))
        return policies


@asynccontextmanager
async def ended(task):
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
async def processes(database, chroma_url, tmp_path):
    write(tmp_path / "knowledge", "returns", "Unused tents may be sent back within sixty days.")
    write(tmp_path / "knowledge", "repairs", "Torn seams of tents are repaired free of charge.")
    async with AsyncExitStack() as stack:
        yield Processes(database.url, chroma_url, tmp_path / "knowledge", stack)


async def told(policies, query):
    """The best passage's text and the approved answer that comes with its document."""
    found = await policies.answering(query, brand=None, region=None, at=TODAY)
    best = max(found, key=lambda passage: passage.relevance)
    return best.text, best.answers[0].text


async def generation(policies):
    async with reading(policies._engine) as session:
        return (await index_repository.counting(session)).generation


async def expect_soon_told(policies, query, wanted):
    async with asyncio.timeout(30):
        while await told(policies, query) != wanted:  # noqa: ASYNC110 - another process's change arrives
            await asyncio.sleep(0.02)


async def test_a_process_that_comes_later_searches_what_is_there(processes):
    first = await processes.start()
    second = await processes.start()
    assert await told(second, "sixty days sent back") == await told(first, "sixty days sent back")
    assert await generation(second) == 1


async def test_processes_that_start_at_once_agree(processes):
    started = await asyncio.gather(*(processes.start() for _ in range(3)))
    assert await generation(started[0]) == 1
    assert len({str(await told(policies, "torn seams repaired")) for policies in started}) == 1


async def test_every_process_changes_to_what_one_has_indexed(processes, tmp_path):
    first, second = await processes.start(), await processes.start()
    write(tmp_path / "knowledge", "returns", "Unused tents may be sent back within ninety days.", answer="Ninety days.")
    update = await first.renew()
    assert (update.written, update.removed, update.documents) == (1, 0, 2)
    await expect_soon_told(
        second, "tents sent back", ("Unused tents may be sent back within ninety days.", "Ninety days.")
    )
    assert await generation(second) == 2


async def test_an_approved_answer_that_changed_alone_reaches_every_process(processes, tmp_path):
    first, second = await processes.start(), await processes.start()
    text = "Unused tents may be sent back within sixty days."
    write(tmp_path / "knowledge", "returns", text, answer="In sixty days.")
    await first.renew()
    await expect_soon_told(second, "tents sent back", (text, "In sixty days."))


async def test_a_search_is_right_at_once_in_every_process(processes, tmp_path):
    first, second = await processes.start(), await processes.start()
    for days in ("seventy", "eighty", "ninety"):
        text = f"Unused tents may be sent back within {days} days."
        write(tmp_path / "knowledge", "returns", text, answer=f"{days} days.")
        await first.renew()
        assert await told(second, "tents sent back") == (text, f"{days} days.")


async def test_what_a_process_changed_that_died_before_it_was_indexed_is_indexed_by_another(processes, tmp_path):
    policies = await processes.start()
    text = "Unused tents may be sent back within ninety days."
    write(tmp_path / "knowledge", "returns", text)
    a_minute_ago = TODAY - timedelta(minutes=1)
    await seed_documents(policies._engine, tmp_path / "knowledge", policies.calendar, a_minute_ago)
    await expect_soon_told(policies, "tents sent back", (text, "Send it back."))


async def test_nothing_new_is_written_when_nothing_changed(processes):
    policies = await processes.start()
    update = await policies.renew()
    assert (update.written, update.removed, await generation(policies)) == (0, 0, 1)


async def test_a_process_needs_no_files_for_what_others_have_indexed(processes, tmp_path):
    first, second = await processes.start(), await processes.start()
    for file in (tmp_path / "knowledge").iterdir():
        file.rename(file.with_suffix(".gone"))
    write(tmp_path / "knowledge", "gifts", "Cards never expire and work in every store.", answer="They never expire.")
    await first.renew()
    (tmp_path / "knowledge" / "gifts.md").unlink()
    wanted = ("Cards never expire and work in every store.", "They never expire.")
    await expect_soon_told(second, "cards expire", wanted)


async def test_no_search_mixes_generations(processes, tmp_path):
    """Text and approved answer are of one generation, while another process writes one after the other."""
    first, second = await processes.start(), await processes.start()
    seen, stop = set(), asyncio.Event()

    async def search_all_the_time():
        while not stop.is_set():
            seen.add(await told(second, "tents sent back within days"))

    searching = asyncio.create_task(search_all_the_time())
    for days in ("seventy", "eighty", "ninety"):
        text = f"Unused tents may be sent back within {days} days."
        write(tmp_path / "knowledge", "returns", text, answer=f"Within {days} days.")
        await first.renew()
        await expect_soon_told(second, "tents sent back within days", (text, f"Within {days} days."))
    stop.set()
    await searching
    assert len(seen) >= 3
    assert all(answer == "Send it back." or answer.split()[1] in text for text, answer in seen)
