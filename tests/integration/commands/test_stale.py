"""With a limit that every import is past at once: what the commands say of records that are too old."""

import json

import pytest

from tests.integration.commands.conftest import Run

ASKED = ("draft", "--channel", "x", "--handle", "ada", "--text", "@PineHelp where is my order P-1001?")


@pytest.fixture
def stale(deskside: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("DESKSIDE_SHOP_STALE_HOURS", "0.0000001")
    return deskside


def test_a_draft_says_nothing_of_the_order_and_of_when_the_records_are(stale: Run):
    (record,) = stale(*ASKED, "--json").lines
    assert record["customer"]["known"] == "verified"
    assert "Larch Tent" not in json.dumps([record["claims"], record["evidence"]])
    (outage,) = record["outages"]
    assert (outage["port"], outage["since"]) == ("orders", None)
    assert record["notes"][0].startswith("orders as of ")
    assert record["notes"][0] in " ".join(stale(*ASKED).out.split())


def test_without_a_limit_the_same_draft_tells_the_order(deskside: Run):
    (record,) = deskside(*ASKED, "--json").lines
    assert "Larch Tent" in (record["private_text"] or "")
    assert record["outages"] == []


def test_a_tool_refuses_and_a_rep_is_not_told_that_nothing_is_on_record(stale: Run):
    call = {"id": "1", "customer": "C-1", "tool": "get_order_status", "arguments": {"order_id": "P-1001"}}
    (answer,) = stale("tools", "run", "--input", "-", "--json", given=json.dumps(call)).lines
    assert "cannot be read" in answer["error"]
    told = stale("ask", "--customer", "C-1", "did we refund anything?").out
    assert "on record" not in told
    assert "Note: orders as of " in told


def test_the_doctor_says_what_to_do(stale: Run):
    (line,) = (line for line in stale("doctor").out.splitlines() if " shop " in line)
    assert line.startswith("wrong")
    assert "deskside import" in line
