"""Rules of the house that no linter knows."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("assistant", "retrieval", "tools", "prompts", "server")
SOURCES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
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
