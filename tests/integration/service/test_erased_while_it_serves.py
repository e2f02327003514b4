"""A customer is erased over HTTP while Deskside serves: no file of its own holds a word of theirs afterwards."""

import asyncio
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from server.db import connect
from server.staff.roles import Role
from tests.fixtures.programs import DESKSIDE, PATIENCE_S
from tests.fixtures.town import open_town
from tests.integration.privacy.filled import everything

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

PERSON, CUSTOMER, ORDER = "walker37", "C-37", "P-1037"
ASKED = "Where is my tent P-1037? Ring my gardener on the marmalade line."
CANARIES = (PERSON, CUSTOMER, ORDER, "JD00037", "marmalade")


async def test_nothing_of_them_is_left_and_nobody_brings_them_back(tmp_path, database):
    async with open_town(tmp_path, database.url) as town, httpx.AsyncClient(timeout=30, trust_env=False) as world:
        serving = town.serving()
        await serving.started()
        async with town.employee(Role.REP, serving.address) as rep, town.employee(Role.ADMIN, serving.address) as admin:
            await town.tell(world, serving.address, await town.say(world, PERSON, ASKED))
            await town.tell(world, serving.address, await town.say(world, "walker3", "Where is my tent?"))
            await _sent(rep)
            opened = await rep.http.post("/api/v1/conversations", json={"customer": CUSTOMER, "channel": "phone"})
            assert opened.status_code == 201, opened.text
            known = await admin.http.post("/api/v1/privacy/exports", json={"customer": CUSTOMER})
            assert all(word in known.text for word in (PERSON, ORDER, "marmalade"))

            body = {"customer": CUSTOMER, "reason": "asked for by letter"}
            erased = await admin.http.post("/api/v1/privacy/erasures", json=body)
            assert erased.status_code == 201, erased.text
            assert not [word for word in CANARIES if word.casefold() in erased.text.casefold()]
            await _scrubbed(admin)
            assert (await admin.http.post("/api/v1/privacy/exports", json={"customer": CUSTOMER})).status_code == 404
            before = (await rep.get("/drafts"))["items"]
        assert serving.stop() == 0, serving.log()[-3000:]

        assert [draft["author"] for draft in before if draft["author"] == "walker3"], "others are still there"
        await _nothing_left(database, tmp_path / "home")
        assert "2 left out" in _deskside(town, "import", str(tmp_path / "shop"))
        await _nothing_left(database, tmp_path / "home")
        assert "whole" in _deskside(town, "audit", "verify")
        kinds = [json.loads(line)["kind"] for line in _deskside(
            town, "audit", "list", "--customer", CUSTOMER, "--json").splitlines()]  # fmt: skip
        assert kinds[0] == "customer.erased"
        assert "customer.exported" in kinds


async def _sent(rep) -> None:
    """What was drafted for them is approved and sent."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            drafts = (await rep.get("/drafts", state="pending"))["items"]
            for one in drafts:
                if one["author"] == PERSON:
                    draft = await rep.get(f"/drafts/{one['id']}")
                    await rep.decide(draft, "approve", confirmed=True)
            parts = (await rep.get("/publications"))["items"]
            if parts and all(part["state"] == "sent" for part in parts):
                return
            await asyncio.sleep(0.1)


async def _scrubbed(admin) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while True:
            [erasure] = (await admin.get("/privacy/erasures"))["items"]
            if erasure["scrubbed_at"] is not None:
                return
            await asyncio.sleep(0.1)


async def _nothing_left(database, home: Path) -> None:
    engine = connect(database.url)
    try:
        told = str(await everything(engine)).casefold()
        folders = [home, Path(engine.url.database).parent] if database.kind == "sqlite" else [home]
    finally:
        await engine.dispose()
    assert [word for word in CANARIES if word.casefold() in told] == []
    assert [found for folder in folders for found in _naming(folder)] == []


def _naming(folder: Path) -> list[tuple[str, str]]:
    """The files that hold one of the words."""
    contents = {path.name: path.read_bytes().lower() for path in folder.rglob("*") if path.is_file()}
    return [(name, word) for name, told in contents.items() for word in CANARIES if _stands_in(told, word)]


def _stands_in(told: bytes, word: str) -> bool:
    """Whether it stands there by itself: an id made at random holds "c-37" now and then."""
    return re.search(rb"(?<![0-9a-z])" + re.escape(word.lower().encode()) + rb"(?![0-9a-f])", told) is not None


def _deskside(town, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *DESKSIDE, *arguments],
        env=os.environ | town.environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
