"""Transcripts are taken along entry by entry, as lines of JSON or as a table that no spreadsheet runs."""

import csv
import io
import json

import pytest

from server.models import EventRow
from server.staff.roles import Role
from tests.fakes.cases import person
from tests.integration.drafts.deeds import DeedWorld
from tests.integration.drafts.http import Desk
from tests.integration.transcripts.indexing import indexed

SUPERVISOR, REP = person("supervisor"), person("rep", Role.REP)
ELSEWHERE = person("supervisor", brands=("tarnlight",))


async def test_lines_of_json_hold_the_time_lines(world: DeedWorld, desk: Desk):
    late = await world.drafted("My tent never arrived", "bob", thread="t1")
    await world.drafted("Can I return unused goods?", "ann", thread="t2")
    await indexed(world.engine)
    answer = await desk.get(SUPERVISOR, "/transcripts/export", q="tent")
    lines = [json.loads(line) for line in answer.text.splitlines()]
    entries = (await desk.get(SUPERVISOR, f"/transcripts/{late.case}")).json()["items"]
    assert [{name: line[name] for name in line if name not in ("transcript", "brand")} for line in lines] == entries
    assert {line["transcript"] for line in lines} == {late.case}
    assert (await desk.get(ELSEWHERE, "/transcripts/export")).text == ""
    assert (await desk.get(REP, "/transcripts/export")).status_code == 403


async def test_who_takes_transcripts_along_is_recorded(world: DeedWorld, desk: Desk):
    assert (await desk.get(ELSEWHERE, "/transcripts/export", format="csv", q="tent")).status_code == 200
    assert (await desk.get(REP, "/transcripts/export")).status_code == 403
    [row] = await world.rows(EventRow, kind="transcript.exported")
    assert (row.brand, row.data) == ("tarnlight", {"format": "csv", "by": ELSEWHERE.id})


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_no_cell_of_the_table_begins_a_formula(world: DeedWorld, desk: Desk):
    for number, text in enumerate(
        ['=HYPERLINK("http://evil.example","x")', "@SUM(A1)", " +1", "-2", "\tx", "fine, all"]
    ):
        await world.post(text, f"person{number}", thread=f"t{number}")
    await indexed(world.engine)
    answer = await desk.get(SUPERVISOR, "/transcripts/export", format="csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    posts = {row["text"] for row in rows if row["kind"] == "post"}
    assert len(posts) == 6
    assert "fine, all" in posts
    assert '\'=HYPERLINK("http://evil.example","x")' in posts
    assert not [
        cell for row in rows for cell in row.values() if cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t"))
    ]
    assert answer.headers["content-type"].startswith("text/csv")
