"""Rules of the house that no linter knows."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("assistant", "retrieval", "tools", "prompts", "server")
SOURCES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
LONGEST = 400
"""Lines of a file: beyond them it holds more than one idea."""
MAY_READ_THE_ENVIRONMENT = {"server/settings.py"}
MAY_QUERY = ("server/models/", "server/migrations/", "server/db.py")


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_only_the_settings_read_the_environment(path: Path):
    source = path.read_text(encoding="utf-8")
    reads = "os.environ" in source or "os.getenv" in source
    assert not reads or _name(path) in MAY_READ_THE_ENVIRONMENT


@pytest.mark.parametrize("path", [p for p in SOURCES if p.is_relative_to(ROOT / "server")], ids=_name)
def test_only_repositories_write_queries(path: Path):
    queries = {"select", "insert", "update", "delete", "text"}
    used = {
        name.rsplit(".", 1)[1]
        for name in _imports(path)
        if name.split(".")[0] in {"sqlalchemy", "sqlmodel"} and name.rsplit(".", 1)[-1] in queries
    }
    allowed = path.name.endswith("repository.py") or _name(path).startswith(MAY_QUERY)
    assert not used or allowed, f"{_name(path)} imports {sorted(used)}"


def test_no_file_is_too_long():
    landed = "server/migrations/versions/"  # what has brought databases up to date is not cut any more
    files = [path for path in (*SOURCES, *TESTS) if not _name(path).startswith(landed)]
    lengths = {_name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in files}
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_every_test_checks_something():
    """By assert, by pytest.raises, or by what it calls: `expect…` says that it raises where something is not so."""
    unchecked = [
        f"{_name(path)}::{test.name}"
        for path in TESTS
        for test in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(test, ast.FunctionDef | ast.AsyncFunctionDef) and test.name.startswith("test_")
        if not any(map(_checks, ast.walk(test)))
    ]
    assert unchecked == []


def _checks(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute | ast.Name):
        name = node.attr if isinstance(node, ast.Attribute) else node.id
        return name == "raises" or name.lstrip("_").startswith("expect")
    return isinstance(node, ast.Assert)


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_is_documented(name: str):
    field = Settings.model_fields[name]
    variable = name.upper() if name.startswith("openai") else f"DESKSIDE_{name.upper()}"
    assert field.description
    assert variable in (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")


def test_no_machine_path_or_registry_host_is_in_the_lock_file():
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    lines = [line for line in lock.splitlines() if not line.lstrip().startswith("#")]
    assert not [line for line in lines if "://" in line or line.startswith(("--index", "--extra", "--find"))]
    assert all("--hash=sha256:" in block for block in lock.split("\n") if block.startswith("    --hash"))
