import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WORDS = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", WORDS)))


@pytest.mark.parametrize(("file", "test"), NAMED, ids=lambda part: part.rsplit("/", 1)[-1])
def test_every_test_that_is_named_is_there(file: str, test: str):
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    assert test in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_nothing_is_named_in_another_form():
    assert WORDS.count("::") == len(re.findall(r"`tests/[\w/]+\.py::test_\w+`", WORDS))
    assert all((ROOT / file).is_file() for file in re.findall(r"`(tests/[\w/]+\.py)`", WORDS))


@pytest.mark.parametrize("number", range(1, 11))
def test_each_of_the_ten_has_a_test_that_holds_it(number: int):
    point = re.search(rf"\*\*LLM{number:02} .*?(?=\n\*\*LLM|\n## )", WORDS, re.DOTALL)
    assert point is not None
    assert "`tests/" in point[0]
