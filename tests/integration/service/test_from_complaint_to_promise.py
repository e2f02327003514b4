"""A complaint, an upgrade proposed with its answer, two people's yes, the shop and the network: all over HTTP."""

import asyncio
import json
import time
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from server.db import open_database
from server.shop.importing import import_folder
from server.staff.roles import Role
from tests.fixtures.programs import PATIENCE_S
from tests.fixtures.town import open_town

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

PERSON, ORDER = "walker1", "P-1001"
ASKED = "Where is my tent? It should have been here last week."
DONE = f"We have upgraded your order {ORDER} to express delivery."
OFFERS = {
    "offers": [
        {
            "action": "upgrade_shipping",
            "intents": ["order_late"],
            "when": ["late", "not_sent"],
            "policy": "returns",
            "reason": "late, and nothing of it has left us yet",
        }
    ]
}
UPGRADE = {"consent": False, "states": ["processing"], "once_per_order": True, "service": "express"}
ACTIONS = {"default": {"upgrade_shipping": {**UPGRADE, "cost": {"GBP": 1500}}}}


@pytest.fixture
async def town(tmp_path, database):
    """One order of the town is late and has not left; an upgrade costs more than a social colleague may give."""
    async with open_town(tmp_path, database.url) as town:
        for name, told in (("offers.yaml", OFFERS), ("actions.yaml", ACTIONS)):
            (tmp_path / "knowledge" / name).write_text(json.dumps(told), encoding="utf-8")
        orders = tmp_path / "shop" / "orders.jsonl"
        rows = [json.loads(line) for line in orders.read_text(encoding="utf-8").splitlines()]
        for row in rows:
            if row["id"] == ORDER:
                row["status"] = "processing"
                row["shipments"] = [{"id": "S1", "lines": ["1"], "promised": row["shipments"][0]["promised"]}]
        orders.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
        engine = await open_database(database.url)
        await import_folder(engine, tmp_path / "shop")
        await engine.dispose()
        yield town


@pytest.fixture
async def serving(town):
    program = town.serving()
    await program.started()
    yield program
    assert program.stop() == 0, program.log()[-3000:]


async def until(serving, there):
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline and serving.runs:
        found = await there()
        if found:
            return found
        await asyncio.sleep(0.05)
    raise AssertionError(serving.log()[-3000:])


async def approve_by_two(social, supervisor, draft, offer, private):
    """Text and action with one click each; the draft as the second of them saw it."""
    refused = await social.decide(draft, "approve", private_text=private, confirmed=True)
    assert refused.status_code == 422, refused.text
    terms = {"confirmed": True, "actions": [offer["id"]], "override": "agreed with the warehouse"}
    once = await social.decide(draft, "approve", private_text=private, **terms)
    assert once.status_code == 200, once.text
    assert once.json()["state"] == "awaiting_second_approval"
    assert [one["state"] for one in once.json()["actions"]] == ["awaiting_second_approval"]

    seen = await supervisor.get(f"/drafts/{draft['id']}")
    twice = await supervisor.decide(seen, "approve", confirmed=True, actions=[offer["id"]])
    assert twice.status_code == 200, twice.text
    return seen


async def test_from_the_complaint_to_the_promise_that_was_kept(town, serving):
    async with (
        httpx.AsyncClient(timeout=30, trust_env=False) as world,
        town.employee(Role.SOCIAL, serving.address) as social,
        town.employee(Role.SUPERVISOR, serving.address) as supervisor,
    ):
        post = await town.say(world, PERSON, ASKED)
        assert (await town.tell(world, serving.address, post)).status_code == 202

        async def pending():
            drafts = (await social.get("/drafts", state="pending"))["items"]
            found = [one for one in drafts if one["author"] == PERSON]
            return await social.get(f"/drafts/{found[0]['id']}") if found else None

        draft = await until(serving, pending)
        [offer] = draft["actions"]
        assert (offer["action"], offer["order"], offer["state"], offer["amount"]) == (
            "upgrade_shipping",
            ORDER,
            "proposed",
            1500,
        )
        assert "express" not in f"{draft['public_text']}{draft['private_text']}".casefold()

        day = (datetime.now(UTC) + timedelta(days=3)).strftime("%d %B %Y").lstrip("0")
        private = f"{DONE} We will write to you by {day}."
        seen = await approve_by_two(social, supervisor, draft, offer, private)

        async def sent():
            parts = (await social.get("/publications", draft=draft["id"]))["items"]
            return parts if len(parts) == 2 and all(part["state"] == "sent" for part in parts) else None

        await until(serving, sent)
        action = await social.get(f"/actions/{offer['id']}")
        assert (action["state"], action["attempt"]) == ("done", 1)
        told = [one for one in await town.on_network(world) if one["in_reply_to"] == post["id"]]
        assert [(one["private_to"], one["text"]) for one in told] == [(PERSON, private), (None, seen["public_text"])]
        assert all(action["done_at"] <= one["created_at"] for one in told)

        [promise] = (await supervisor.get("/promises", case=draft["case"]))["items"]
        assert promise["state"] == "open"
        kept = await supervisor.http.post(f"/api/v1/promises/{promise['id']}/keep", json={"reason": "rang her"})
        assert (kept.status_code, kept.json()["state"]) == (200, "kept")
