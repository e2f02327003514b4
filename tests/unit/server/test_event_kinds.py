"""Every event that the code writes is of a kind that the table of rights knows: all others nobody would hear of."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.events.rights import NEEDED, needed_for

ROOT = Path(__file__).resolve().parents[3]
IMPORT = "from server.events.log import record\n"
SOURCES = [path for path in sorted((ROOT / "server").rglob("*.py")) if IMPORT in path.read_text(encoding="utf-8")]


class _Module:
    """A file that writes events, and what its calls of `record` name."""

    def __init__(self, path: Path) -> None:
        self._tree = ast.parse(path.read_text(encoding="utf-8"))
        self._functions = [
            node for node in ast.walk(self._tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        ]

    def kinds(self) -> Iterator[str]:
        """Each kind; where its end is worked out, the beginning with its dot. "": it cannot be read off the code."""
        for function in self._functions:
            for call in _calls(function, "record"):
                yield from self._values(function, _argument(call, 1, "kind"))

    def _values(self, function: ast.FunctionDef | ast.AsyncFunctionDef, value: ast.expr | None) -> Iterator[str]:
        if isinstance(value, ast.Constant):
            yield str(value.value)
        elif isinstance(value, ast.JoinedStr) and isinstance(value.values[0], ast.Constant):
            family, dot, _ = str(value.values[0].value).partition(".")
            yield f"{family}{dot}" if dot else ""
        elif isinstance(value, ast.Name):
            yield from self._named(function, value.id)
        else:
            yield ""

    def _named(self, function: ast.FunctionDef | ast.AsyncFunctionDef, name: str) -> Iterator[str]:
        """What a variable or parameter holds: by its assignments in the function, or by the calls of the function."""
        parameters = [one.arg for one in (*function.args.posonlyargs, *function.args.args)]
        found = list(_assigned(function, name))
        if name in parameters:
            for other in self._functions:
                for call in _calls(other, function.name):
                    yield from self._values(other, _argument(call, parameters.index(name), name))
        elif not found:
            yield ""
        for value in found:
            yield from self._values(function, value)


def _calls(function: ast.AST, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
            yield node


def _argument(call: ast.Call, place: int, name: str) -> ast.expr | None:
    named = [keyword.value for keyword in call.keywords if keyword.arg == name]
    return named[0] if named else call.args[place] if len(call.args) > place else None


def _assigned(function: ast.AST, name: str) -> Iterator[ast.expr]:
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name) and target.id == name:
                    yield node.value
                elif isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                    pairs = zip(target.elts, node.value.elts, strict=True)
                    yield from (value for one, value in pairs if isinstance(one, ast.Name) and one.id == name)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_kind_that_is_recorded_is_in_the_table(path: Path):
    kinds = set(_Module(path).kinds())
    assert kinds, "it imports `record` and the calls are not found"
    assert "" not in kinds, "a kind, or what stands before its dot, has to be written out where it is recorded"
    missing = sorted(kind for kind in kinds if needed_for(kind) is None)
    assert not missing, f"server/events/rights.py does not say who is told of {missing}"


def test_every_place_that_records_is_looked_at():
    texts = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "server").rglob("*.py")}
    others = [name for name, text in texts.items() if "events.log" in text and IMPORT not in text]
    assert others == ["feed.py"], "`record` goes by its own name, or it is missed"
    assert len(SOURCES) > 15


def test_nothing_is_in_the_table_that_never_happens():
    recorded = {kind for path in SOURCES for kind in _Module(path).kinds()}
    families = {kind.partition(".")[0] for kind in recorded}
    assert {kind for kind in NEEDED if kind not in recorded and kind not in families} == set()


def test_a_kind_that_is_not_in_the_table_is_for_nobody():
    assert needed_for("weather.changed") is None
    assert needed_for("") is None
    assert needed_for("drafts.edited") is None
