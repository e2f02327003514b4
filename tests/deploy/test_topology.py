"""What deploy/ starts, as plain processes: Postgres, Chroma, two that serve, two that work, the proxy before them."""

import asyncio
import time
from contextlib import asynccontextmanager

import pytest
import pytest_asyncio

from server.settings import Settings
from server.staff.roles import Role
from tests.deploy.topology import open_topology
from tests.fixtures.programs import PATIENCE_S
from tests.fixtures.town import ACCOUNT, Employee, open_town

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300), pytest.mark.asyncio(loop_scope="module")]

ASKED = "Where is my tent? It should have been here last week."
EMAIL = "robin@pine.example"
LIMIT = Settings.model_fields["body_limit"].default


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def topology(databases, chroma_url, tmp_path_factory):
    folder = tmp_path_factory.mktemp("topology")
    async with (
        databases.new("postgres") as database,
        open_town(folder, database.url) as town,
        open_topology(town, chroma_url, folder) as topology,
    ):
        yield topology


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def outside(topology):
    """A network, or anybody: who is not signed in."""
    async with topology.browser() as http:
        yield http


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def signed_in(topology):
    """Robin's browser, and what the page was told when the link was opened; without a proxy, a program with a token."""
    if topology.proxy is None:
        async with topology.town.employee(Role.SOCIAL, topology.address) as employee:
            yield employee, None
        return
    link = topology.run("staff", "add", EMAIL, "--name", "Robin", "--role", "social")["link"]
    async with topology.browser() as http:
        page, _, secret = link.partition("#")
        assert page.startswith("https://localhost/")
        answer = await http.post("/api/v1/sign-in/link", json={"link": secret})
        assert answer.status_code == 200, answer.text
        http.headers["X-CSRF-Token"] = answer.json()["csrf"]
        yield Employee(answer.json()["id"], http), answer


@pytest.fixture
def proxy(topology):
    if topology.proxy is None:
        pytest.skip("no `caddy` on this machine (apt-get install caddy)")


@pytest.fixture
def robin(signed_in):
    return signed_in[0]


class Stream:
    """The events that have come so far, of a stream that stays open."""

    def __init__(self):
        self.kinds = []

    async def has(self, kind):
        async with asyncio.timeout(PATIENCE_S):
            while kind not in self.kinds:  # noqa: ASYNC110 - the proxy hands it on when it comes
                await asyncio.sleep(0.02)


@asynccontextmanager
async def watching(browser):
    """Read events, coming again whenever a stream ends."""
    stream = Stream()

    async def read():
        while True:
            async with browser.stream("GET", "/api/v1/events") as answer:
                assert answer.status_code == 200
                async for line in answer.aiter_lines():
                    if line.startswith("event: "):
                        stream.kinds.append(line.removeprefix("event: "))

    reading = asyncio.create_task(read())
    try:
        yield stream
    finally:
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)


async def _posted(topology, outside, person):
    """Somebody posts on the network, which tells us through the proxy."""
    post = await topology.town.say(outside, person, ASKED)
    answer = await topology.town.tell(outside, topology.address, post)
    assert answer.status_code == 202, answer.text
    return post


async def _pending(robin, person):
    async def look():
        drafts = (await robin.get("/drafts", state="pending"))["items"]
        return next((draft for draft in drafts if draft["author"] == person), None)

    return await robin.get(f"/drafts/{(await _until(look))['id']}")


async def _until(there):
    async with asyncio.timeout(PATIENCE_S):
        while not (found := await there()):  # noqa: ASYNC110 - another process's change arrives
            await asyncio.sleep(0.05)
        return found


async def _answers(topology, outside, post):
    return [each for each in await topology.town.on_network(outside) if each["in_reply_to"] == post["id"]]


async def test_a_person_signs_in_through_the_proxy_and_over_https_alone(topology, proxy, signed_in, outside):
    robin, answer = signed_in
    assert all("Secure" in cookie for cookie in answer.headers.get_list("set-cookie"))
    assert "Strict-Transport-Security" in answer.headers
    assert (await robin.get("/me"))["id"] == robin.id
    sent_on = await outside.get(f"{topology.unsafe_address}/sign-in")
    assert (sent_on.status_code, sent_on.headers["Location"]) == (308, "https://localhost/sign-in")


async def test_a_post_is_drafted_approved_and_sent_once_and_the_page_hears_of_it(topology, robin, outside):
    async with watching(robin.http) as heard:
        await heard.has("stream.began")
        unsigned = await outside.post(f"/api/v1/webhooks/{ACCOUNT}", json={"events": []})
        assert unsigned.status_code == 401
        post = await _posted(topology, outside, "walker1")
        draft = await _pending(robin, "walker1")
        await heard.has("draft.drafted")
        approved = await robin.decide(draft, "approve", confirmed=True)
        assert approved.status_code == 200, approved.text

        async def sent():
            parts = (await robin.get("/publications", draft=draft["id"]))["items"]
            return [part for part in parts if part["state"] == "sent"] if len(parts) == 2 else []

        await _until(lambda: sent())
        await _until(lambda: _both(topology, outside, post))
        await heard.has("publication.sent")
    texts = {each["text"] for each in await _answers(topology, outside, post)}
    assert texts == {draft["public_text"], draft["private_text"]}


async def _both(topology, outside, post):
    return len(await _answers(topology, outside, post)) == 2


async def test_larger_bodies_than_deskside_takes_are_refused_at_the_door_and_nobody_is_thought_ill_for_them(
    proxy, outside
):
    path = f"/api/v1/webhooks/{ACCOUNT}"
    assert (await outside.post(path, content=b" " * LIMIT)).status_code == 401  # taken, and not signed

    async def without_a_length():
        for _ in range(3):
            yield b" " * (LIMIT // 2)

    for content in (b" " * (LIMIT + 1), without_a_length(), b" " * (LIMIT + 1), without_a_length()):
        assert (await outside.post(path, content=content)).status_code == 413
    assert (await outside.get("/healthz")).status_code == 200


async def test_what_is_for_this_machine_is_not_to_be_had_through_the_proxy(proxy, outside):
    for path in ("/metrics", "/local/policies/search", "/LOCAL/policies/search", "/%6cocal/policies/search"):
        answer = await outside.get(path)
        assert (answer.status_code, answer.content) == (404, b""), path


async def test_one_of_each_stops_and_no_request_is_lost(topology, robin, outside):
    """They are asked all the while, by eight at once."""
    answered, told, over = [], [], asyncio.Event()

    async def ask(number):
        count = 0
        while not over.is_set():
            count += 1
            if number % 2:
                answered.append((await robin.http.get("/api/v1/drafts")).status_code)
            else:
                post = await topology.town.say(outside, f"walker{10 + number}", f"{ASKED} {number} {count}")
                answer = await topology.town.tell(outside, topology.address, post)
                answered.append(answer.status_code)
                told.append(post["id"])
            await asyncio.sleep(0.1)

    async with watching(robin.http) as heard, asyncio.TaskGroup() as callers:
        await heard.has("stream.began")
        for number in range(8):
            callers.create_task(ask(number))
        await asyncio.sleep(0.5)
        began = time.monotonic()
        stopping = (topology.webs[0], topology.workers[0])
        codes = await asyncio.gather(*(asyncio.to_thread(program.stop) for program in stopping))
        took = time.monotonic() - began
        answered_meanwhile = len(answered)
        await _until(lambda: _more_than(answered, answered_meanwhile + 20))
        over.set()
    assert codes == [0, 0], [program.log()[-2000:] for program in stopping]
    assert took < 30  # stop_grace_period
    assert set(answered) == {200, 202}
    assert heard.kinds.count("stream.began") <= 2
    everything = {post["id"] for post in await topology.town.on_network(outside)}
    assert set(told) <= everything


async def _more_than(answered, number):
    return len(answered) > number
