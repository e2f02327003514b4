import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from server.shop import schema
from server.shop.commands import import_shop
from tests.fakes.shop_files import write_shop

ANN = {"id": "C-1", "name": "Ann"}


@pytest.fixture
def deskside_import(tmp_path, monkeypatch):
    monkeypatch.setenv("DESKSIDE_HOME", str(tmp_path / "home"))
    app = typer.Typer()
    app.command()(import_shop)
    return lambda *arguments: CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_it_says_what_was_imported_and_makes_the_home(deskside_import, tmp_path):
    result = deskside_import(write_shop(tmp_path / "shop", customers=[ANN]))
    assert result.exit_code == 0
    assert result.stdout == "1 customer, 0 products, 0 orders imported\n"
    assert (tmp_path / "home" / "deskside.db").exists()


def test_it_prints_the_schema(deskside_import):
    result = deskside_import("--schema")
    assert result.exit_code == 0
    assert result.stdout == Path(schema.__file__).with_name("shop.schema.json").read_text(encoding="utf-8")
    assert set(json.loads(result.stdout)["$defs"]) >= {"customer", "product", "order"}


@pytest.mark.parametrize("arguments", [[], ["nowhere"]])
def test_a_wrong_call_exits_with_2_and_makes_nothing(deskside_import, tmp_path, arguments):
    result = deskside_import(*[tmp_path / argument for argument in arguments])
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.endswith(".\n")
    assert not (tmp_path / "home").exists()


def test_bad_rows_are_listed_on_standard_error_and_exit_with_1(deskside_import, tmp_path):
    rows = [ANN, *({"id": f"C-{number}"} for number in range(2, 113))]
    result = deskside_import(write_shop(tmp_path / "shop", customers=rows))
    assert result.exit_code == 1
    assert result.stdout == ""
    lines = result.stderr.splitlines()
    assert lines[0] == "customers.jsonl, line 2: name is missing"
    assert lines[-2:] == ["… and 11 more", "111 problems; nothing was imported."]
    assert len(lines) == 102


def test_one_bad_row_is_one_problem(deskside_import, tmp_path):
    result = deskside_import(write_shop(tmp_path / "shop", customers=[{"id": "C-1"}]))
    assert result.stderr.endswith("1 problem; nothing was imported.\n")


def test_a_home_that_cannot_be_written_is_named(deskside_import, tmp_path):
    (tmp_path / "home").write_text("not a folder")
    result = deskside_import(write_shop(tmp_path / "shop", customers=[ANN]))
    assert result.exit_code == 1
    assert result.stderr.startswith("The import failed and changed nothing: ")
