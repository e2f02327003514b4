"""`deskside privacy` and `deskside audit`: from the machine itself, without anything that serves."""

import json
from pathlib import Path

import pytest

from tests.integration.commands.conftest import Run


@pytest.fixture
def own_home(deskside: Run, world: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DESKSIDE_HOME", str(tmp_path))
    assert deskside("import", str(world / "shop")).code == 0
    return tmp_path


def test_a_customer_is_given_out_and_erased_and_not_imported_again(deskside: Run, own_home: Path, world: Path):
    known = json.loads(deskside("privacy", "export", "--customer", "C-1").out)
    assert known["handles"] == ["ada"]
    assert known["tables"]["customers"][0]["name"] == "Ada Brook"

    told = deskside("privacy", "erase", "--customer", "C-1", "--dry-run")
    assert "customers" in told.out
    assert deskside("privacy", "export", "--customer", "C-1").code == 0
    assert deskside("privacy", "erase", "--customer", "C-1").code == 2, "a reason is asked for"
    named = deskside("privacy", "erase", "--customer", "C-1", "--reason", "Ada Brook asked", "--yes")
    assert (named.code, "without their name" in named.err) == (1, True)

    done = deskside("privacy", "erase", "--customer", "C-1", "--reason", "asked by letter", "--yes", "--json")
    assert done.code == 0
    counts = {one["table"]: one["rows"] for one in json.loads(done.out)["tables"]}
    assert (counts["customers"], counts["customer_handles"], counts["orders"]) == (1, 1, 1)
    again = deskside("privacy", "export", "--customer", "C-1")
    assert (again.code, "nothing is known" in again.err) == (1, True)
    assert "2 left out" in deskside("import", str(world / "shop")).out
    for file in (path for path in own_home.rglob("*") if path.is_file()):
        assert not any(word in file.read_bytes() for word in (b"Ada Brook", b"ada@example.com", b"P-1001")), file


def test_the_audit_tells_who_did_it_and_is_whole(deskside: Run, own_home: Path):
    deskside("privacy", "export", "--customer", "C-1")
    deskside("privacy", "erase", "--customer", "C-1", "--reason", "asked by letter", "--yes")
    lines = deskside("audit", "list", "--customer", "C-1", "--json").out.splitlines()
    rows = [json.loads(line) for line in lines]
    assert [(row["kind"], row["by"]["name"]) for row in rows] == [
        ("customer.erased", "whoever runs Deskside"),
        ("customer.exported", "whoever runs Deskside"),
    ]
    assert "C-1" not in str(rows)
    assert "customer.exported" in deskside("audit", "list", "--kind", "customer").out
    imported = deskside("audit", "list", "--kind", "shop", "--json").out
    assert (json.loads(imported)["number"], json.loads(imported)["facts"]["customers"]) == (1, 2)
    whole = deskside("audit", "verify")
    assert (whole.code, whole.out) == (0, "3 rows, 1 to 3: whole\n")
    (own_home / "audit-head").unlink()
    lost = deskside("audit", "verify", "--json")
    told = json.loads(lost.out)
    assert (lost.code, told["whole"], told["problems"][0]["number"]) == (1, False, None)
    wrong = deskside("audit", "verify", "--head", "nonsense")
    assert wrong.code == 2
