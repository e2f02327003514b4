"""A rep's call from its beginning to the supervisor who finds it: all over HTTP, with a model that takes its time."""

import asyncio
import json
import time
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import regex

from server.db import open_database
from server.shop.importing import import_folder
from server.staff.roles import Role
from tests.fixtures.programs import PATIENCE_S
from tests.fixtures.town import open_town
from tests.integration.conversations.conftest import Stream, Told, kinds, text_of
from tests.integration.service.gated_model import GatedModel

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

CUSTOMER, PERSON, ORDER = "C-900", "calm.walker", "P-1900"
ASKED = "How long may they send the tent back, and has it arrived?"
SAID = "Hello! How long can I send the tent back? I have not used it."
ANSWER = "long tours in winter"
QUESTION = {
    "id": "tent-use",
    "brand": "pine",
    "text": {"en": "What will you mostly use the {product} for?"},
    "why": "Care advice depends on how hard gear is used.",
    "fact": "main_use",
    "purpose": "advice",
    "worth": 7,
    "ask_when": {"moment": "delivered"},
    "cap_per_day": 10,
}
_RULE = regex.compile(r"^\[(E\d+)\] [^:\n]*(?:rule|policy): .*45 days", regex.MULTILINE)


def answer(prompt: str) -> str:
    """The rule that is asked for, with its number in this prompt."""
    rule = _RULE.search(prompt)
    words = f"You can return unused items within 45 days of delivery [{rule[1]}]." if rule else "What is it about?"
    return words if "THE REP" in prompt else f"→ Thanks for asking. {words}"


@pytest.fixture
async def model():
    made = GatedModel(answer)
    async with made.serving() as made.address:
        yield made


@pytest.fixture
async def town(tmp_path, database, model):
    """With somebody who has nothing to complain of: their tent came three days ago."""
    asks = {"DESKSIDE_MODEL": "gated", "OPENAI_BASE_URL": model.address, "OPENAI_API_KEY": "none"}
    async with open_town(tmp_path, database.url, **asks) as town:
        today = datetime.now(UTC)
        handles = [{"channel": "x", "handle": PERSON, "known": "verified"}]
        person = {"id": CUSTOMER, "brand": "pine", "name": "Cal Walker", "language": "en", "handles": handles}
        shipment = {
            "id": "S1",
            "lines": ["1"],
            "carrier": "DHL",
            "shipped_at": (today - timedelta(days=6)).isoformat(),
            "promised": (today - timedelta(days=2)).date().isoformat(),
            "delivered_at": (today - timedelta(days=3)).isoformat(),
        }
        order = {
            "id": ORDER,
            "brand": "pine",
            "customer": CUSTOMER,
            "placed_at": (today - timedelta(days=8)).isoformat(),
            "status": "delivered",
            "currency": "GBP",
            "lines": [{"id": "1", "title": "Larch Tent", "quantity": 1, "unit_price": 21900}],
            "shipments": [shipment],
        }
        more = tmp_path / "more"
        more.mkdir()
        for name, row in (("customers", person), ("orders", order)):
            (more / f"{name}.jsonl").write_text(json.dumps(row), encoding="utf-8")
        engine = await open_database(database.url)
        await import_folder(engine, more)
        await engine.dispose()
        yield town


@pytest.fixture
async def serving(town):
    program = town.serving()
    await program.started()
    yield program
    assert program.stop() == 0, program.log()[-3000:]


class Call:
    """A rep, or whoever else works here, who asks the process."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http

    async def post(self, path: str, body=None, *, answers: int = 200):
        answer = await self.http.post(f"/api/v1{path}", json=body)
        assert answer.status_code == answers, answer.text
        return answer.json()

    async def get(self, path: str, **query):
        answer = await self.http.get(f"/api/v1{path}", params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def turn(self, session: str, **body):
        return self.http.stream("POST", f"/api/v1/conversations/{session}/turns", json=body)


async def until(serving, there):
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline and serving.runs:
        found = await there()
        if found:
            return found
        await asyncio.sleep(0.1)
    raise AssertionError(serving.log()[-3000:])


async def test_a_reps_call_from_its_beginning_to_the_supervisor_who_finds_it(town, serving, model):
    async with (
        town.employee(Role.REP, serving.address) as one,
        town.employee(Role.SOCIAL, serving.address) as two,
        town.employee(Role.SUPERVISOR, serving.address) as three,
        httpx.AsyncClient(timeout=30, trust_env=False) as world,
    ):
        rep, colleague, supervisor = Call(one.http), Call(two.http), Call(three.http)
        await supervisor.post("/questions", QUESTION, answers=201)

        opened = await rep.post("/conversations", {"order": ORDER.lower(), "channel": "phone"}, answers=201)
        session = opened["conversation"]["id"]
        assert opened["conversation"]["known"] == "possible"
        assert [bought["order"] for bought in opened["overview"]["purchases"]] == [ORDER]
        assert model.asked == [], "all of this before any model"

        told = await _asked_dropped_and_resumed(rep, session, model)
        assert told[-1].data["written_by"] == "model", told[-1].data
        assert "45 days" in text_of(told)
        assert told[-1].data["findings"] == []

        await rep.post(f"/conversations/{session}/confirm", {"how": "named the postcode"})
        model.gate.set()
        async with rep.turn(session, kind="reply", text=SAID) as stream:
            replied = await Stream(stream).rest()
        suggested = {one.data["kind"]: one.data for one in replied if one.kind == "suggestion"}
        assert "45 days" in suggested["reply"]["text"]
        assert suggested["question"]["text"] == "What will you mostly use the Larch Tent for?"
        await rep.post(f"/conversations/{session}/suggestions/{suggested['reply']['id']}", {"state": "inserted"})

        await rep.post(f"/conversations/{session}/question/asked", {"text": None})
        await rep.post(f"/conversations/{session}/question/answered", {"value": ANSWER, "confirmed": True})
        await rep.post(f"/conversations/{session}/close")

        post = await town.say(world, PERSON, "How long can I send an unused tent back?")
        assert (await town.tell(world, serving.address, post)).status_code == 202

        async def pending():
            drafts = (await colleague.get("/drafts", state="pending"))["items"]
            return next((draft for draft in drafts if draft["author"] == PERSON), None)

        draft = await until(serving, pending)
        evidence = (await colleague.get(f"/drafts/{draft['id']}"))["evidence"]
        assert any("/fact:main_use" in item["ref"] and ANSWER in item["text"] for item in evidence)

        again = await colleague.post("/conversations", {"handle": PERSON, "channel": "x"}, answers=201)
        path = f"/conversations/{again['conversation']['id']}/question"
        await colleague.post(path, {"solved": True}, answers=404)

        await _found_by_the_supervisor(serving, supervisor, session)


async def _asked_dropped_and_resumed(rep: Call, session: str, model: GatedModel) -> list[Told]:
    async with rep.turn(session, kind="question", text=ASKED) as answer:
        stream = Stream(answer)
        heard = await stream.until("evidence")
        assert kinds(heard) == ["began", "evidence"], "the facts before the model has said a word"
        model.let_out(4)
        heard += await stream.until("text")
        where = answer.headers["location"]
    model.gate.set()
    async with rep.http.stream("GET", where, headers={"Last-Event-ID": str(heard[-1].number)}) as answer:
        told = [*heard, *await Stream(answer).rest()]
    model.gate.clear()
    assert [one.number for one in told] == list(range(1, len(told) + 1))
    assert told[-1].kind == "checked"
    assert text_of(told) == told[-1].data["text"]
    return told


async def _found_by_the_supervisor(serving, supervisor: Call, session: str) -> None:
    async def found():
        page = await supervisor.get("/transcripts", q='"not used it" tent', customer=CUSTOMER)
        return next((one for one in page["items"] if one["id"] == session), None)

    await until(serving, found)
    entries = (await supervisor.get(f"/transcripts/{session}", limit=100))["items"]
    assert {"conversation", "turn", "suggestion"} <= {entry["kind"] for entry in entries}
    seen = json.dumps(entries)
    for words in (ASKED, SAID, "named the postcode", "45 days", "What will you mostly use the Larch Tent for?"):
        assert words in seen, words
