"""The whole way of a post, over HTTP: `deskside serve`, the network and the model as processes of their own."""

import asyncio
import time

import httpx
import pytest

from server.staff.roles import Role
from tests.fixtures.programs import PATIENCE_S, Program, free_port
from tests.fixtures.town import ACCOUNT, HANDLE, open_town

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

ASKED = "Where is my tent? It should have been here last week."
ADDED = "We are sorry for the wait."


@pytest.fixture
async def model(tmp_path):
    """An endpoint that writes from what it is sent; running."""
    port = free_port()
    program = Program(
        *("-m", "uvicorn", "tests.benchmarks.endpoint:app", "--port", str(port)),
        log=tmp_path / "model.log",
        address=f"http://127.0.0.1:{port}",
    )
    await program.started("/")
    yield program
    program.kill()


@pytest.fixture
async def town(tmp_path, database, model):
    endpoint = {"DESKSIDE_MODEL": "a-model", "OPENAI_BASE_URL": f"{model.address}/v1", "OPENAI_API_KEY": "none"}
    async with open_town(tmp_path, database.url, **endpoint) as town:
        yield town


@pytest.fixture
async def serving(town):
    program = town.serving()
    await program.started()
    yield program
    assert program.stop() == 0, program.log()[-3000:]


class Story:
    """One customer's post and what becomes of it."""

    def __init__(self, town, serving, rep, world):
        self.town, self.serving, self.rep, self.world = town, serving, rep, world

    async def post(self, person):
        """Posted, and told to us by a signed webhook, which is believed once and needs its signature."""
        post = await self.town.say(self.world, person, ASKED)
        answer = await self.town.tell(self.world, self.serving.address, post)
        assert answer.status_code == 202, answer.text
        # the poll of the same account may have been first
        assert sum(answer.json().values()) == 1
        return post

    async def pending(self, person):
        """The draft as soon as it waits for somebody."""
        return await _until(lambda: self._pending(person), self.serving)

    async def edit_and_approve(self, draft):
        """Two decisions of one person; the digests that the first answers are what the second names."""
        private = f"{draft['private_text']} {ADDED}"
        edited = await self.rep.decide(draft, "edit", public_text=draft["public_text"], private_text=private)
        assert edited.status_code == 200, edited.text
        assert [finding for finding in edited.json()["findings"] if finding["severity"] == "block"] == []
        approved = await self.rep.decide(edited.json(), "approve", confirmed=True, key=f"yes-{draft['id']}")
        assert approved.status_code == 200, approved.text
        assert approved.json()["state"] == "approved"
        again = await self.rep.decide(edited.json(), "approve", confirmed=True, key=f"yes-{draft['id']}")
        assert (again.status_code, again.headers["Idempotency-Replayed"]) == (200, "true")
        return approved.json()

    async def sent(self, draft):
        """Both publications, the private first, once both are sent."""
        return await _until(lambda: self._sent(draft), self.serving)

    async def answers(self, post):
        """What stands on the network below this post."""
        return [told for told in await self.town.on_network(self.world) if told["in_reply_to"] == post["id"]]

    async def _pending(self, person):
        drafts = (await self.rep.get("/drafts", state="pending"))["items"]
        found = [draft for draft in drafts if draft["author"] == person]
        return await self.rep.get(f"/drafts/{found[0]['id']}") if found else None

    async def _sent(self, draft):
        parts = (await self.rep.get("/publications", draft=draft["id"]))["items"]
        done = len(parts) == 2 and all(part["state"] == "sent" for part in parts)
        return sorted(parts, key=lambda part: part["part"]) if done else None


async def _until(there, serving):
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline and serving.runs:
        found = await there()
        if found:
            return found
        await asyncio.sleep(0.05)
    raise AssertionError(serving.log()[-3000:])


async def _goes_its_way(story, person):
    """From the post to the network; the draft as it was written, before anybody touched it."""
    post = await story.post(person)
    draft = await story.pending(person)
    approved = await story.edit_and_approve(draft)
    private, public = await story.sent(draft)
    assert public["waits_for"] == private["id"]
    assert private["sent_at"] <= public["attempted_at"]
    told = await story.answers(post)
    assert [(one["private_to"], one["text"]) for one in told] == [
        (person, approved["private_text"]),
        (None, approved["public_text"]),
    ]
    assert {one["author"] for one in told} == {HANDLE}
    assert [one["id"] for one in told] == [private["network_id"], public["network_id"]]
    assert ADDED in told[0]["text"]
    assert "P-100" not in told[1]["text"]
    return draft


async def test_a_post_is_answered_once_with_the_model_and_without_it(town, serving, model):
    async with httpx.AsyncClient(timeout=30, trust_env=False) as world, town.employee(Role.REP, serving.address) as rep:
        story = Story(town, serving, rep, world)
        unsigned = await world.post(f"{serving.address}/api/v1/webhooks/{ACCOUNT}", json={"events": []})
        assert unsigned.status_code == 401

        written = await _goes_its_way(story, "walker1")
        assert written["written_by"] == "model"

        model.kill()
        written = await _goes_its_way(story, "walker2")
        assert written["written_by"] == "composer"
        assert any("model" in note for note in written["notes"]), written["notes"]
        assert len(await town.on_network(world)) == 6
