"""A backup is made while Deskside serves, and later put back elsewhere, as docs/operating.md says to."""

import asyncio
import os
import re
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from sqlalchemy.engine import make_url

from server.staff.roles import Role
from tests.fixtures.postgres import program
from tests.fixtures.programs import DESKSIDE, PATIENCE_S
from tests.fixtures.town import open_town

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

ASKED = "Where is my tent? It should have been here last week."
UNDO = {"DESKSIDE_UNDO_SECONDS": "3"}


async def test_nothing_is_sent_again_after_an_older_backup_was_put_back(tmp_path, database, databases):
    async with (
        open_town(tmp_path, database.url, **UNDO) as town,
        databases.new(database.kind) as other,
        httpx.AsyncClient(timeout=30, trust_env=False) as world,
    ):
        serving = town.serving()
        await serving.started()
        async with town.employee(Role.REP, serving.address) as rep:
            for person in ("walker1", "walker2", "walker3"):
                await town.tell(world, serving.address, await town.say(world, person, ASKED))
            await _approve(rep, "walker1")
            await _until(rep, sent=2)
            await _approve(rep, "walker2")
            _back_up(database, tmp_path / "copy")
            await _approve(rep, "walker3")
            await _until(rep, sent=6)
        assert serving.stop() == 0
        before = await _answers(town, world)
        assert len(before) == 6

        _put_back(tmp_path / "copy", other)
        elsewhere = {"DESKSIDE_HOME": str(tmp_path / "elsewhere"), "DESKSIDE_DATABASE_URL": other.url}
        told = _deskside(town, elsewhere, "restored")
        assert "2 approved texts wait" in told
        pause = re.search(r"pause_\w+", told)
        assert pause is not None
        serving = town.serving("elsewhere", **elsewhere)
        await serving.started()
        _deskside(town, elsewhere, "doctor")
        async with town.employee(Role.REP, serving.address) as rep:
            await _approve(rep, "walker3")
            _deskside(town, elsewhere, "pause", "lift", pause.group(), "--yes")
            await _until(rep, sent=6)
        assert serving.stop() == 0
        assert await _answers(town, world) == before


async def _approve(rep, person):
    """Approve what is drafted for this person as soon as it waits."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            for waiting in (await rep.get("/drafts", state="pending"))["items"]:
                if waiting["author"] == person:
                    draft = await rep.get(f"/drafts/{waiting['id']}")
                    (await rep.decide(draft, "approve", confirmed=True)).raise_for_status()
                    return
            await asyncio.sleep(0.05)


async def _until(rep, *, sent):
    async with asyncio.timeout(PATIENCE_S):
        while len((await rep.get("/publications", state="sent"))["items"]) < sent:  # noqa: ASYNC110 - another process acts
            await asyncio.sleep(0.05)


async def _answers(town, world):
    """How often each customer was answered, in public and in private."""
    posts = await town.on_network(world)
    return Counter((post["in_reply_to"], post["private_to"]) for post in posts if post["from_brand"])


def _back_up(database, copy: Path):
    if database.kind == "sqlite":
        with closing(_open(database)) as here, closing(sqlite3.connect(copy)) as there:
            here.backup(there)
    else:
        _postgres("pg_dump", database, "--format=custom", f"--file={copy}")


def _put_back(copy: Path, database):
    if database.kind == "sqlite":
        Path(make_url(database.url).database or "").write_bytes(copy.read_bytes())
    else:
        _postgres("pg_restore", database, "--no-owner", "--clean", "--if-exists", str(copy))


def _open(database):
    return sqlite3.connect(make_url(database.url).database or "")


def _postgres(name, database, *arguments):
    url = make_url(database.url)
    where = [f"--host={url.query['host']}", f"--username={url.username}", f"--dbname={url.database}"]
    subprocess.run([program(name), *where, *arguments], check=True, timeout=PATIENCE_S)


def _deskside(town, environment, *arguments):
    """What the command prints; it must say that all is well."""
    done = subprocess.run(
        [sys.executable, *DESKSIDE, *arguments],
        env=os.environ | town.environment | environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
