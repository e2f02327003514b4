from pathlib import Path

import pytest

from server.evals.cases import BadCases
from server.evals.drafts import read_expectations


@pytest.mark.parametrize("line", ['{"id": "1", "posts": []}', "[]", "{bad", '{"id": "1", "expect": "draft"}'])
def test_a_line_that_does_not_say_what_a_good_answer_is_is_named(line: str, tmp_path: Path):
    inbox = tmp_path / "inbox.jsonl"
    inbox.write_text(f"\n{line}\n", encoding="utf-8")
    with pytest.raises(BadCases, match=r"inbox\.jsonl:2"):
        read_expectations(inbox)
