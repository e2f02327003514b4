"""What an actions.yaml says in vain is found, by line."""

from datetime import date
from pathlib import Path

import pytest

from server.policies.checking import check_knowledge
from tests.unit.server.policies.conftest import Folder

TODAY = date(2026, 11, 20)
GOOD = """\
default:
  cancel_order:
    states: [pending]
brands:
  oak:
    refund:
      allowed: false
    upgrade_shipping:
      cost: {EUR: 900}
"""


def _found(directory: Path) -> list[tuple[int, str, str]]:
    problems = check_knowledge(directory, today=TODAY)
    return [(each.line, each.severity, each.words) for each in problems if each.file.name == "actions.yaml"]


def test_nothing_is_wrong_in_a_good_file(folder: Folder) -> None:
    assert _found(folder({"actions.yaml": GOOD})) == []
    assert _found(folder({"actions.yaml": None})) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "severity", "words"),
    [
        ("states: [pending]", "statess: [pending]", 3, "error", "not a known field"),
        ("cancel_order", "trace_parcel", 2, "error", "is not an action"),
        ("oak", "elm", 5, "error", "brand `elm` is not in brands.yaml"),
        ("states: [pending]", "method: original", 3, "error", "`method` of cancel_order says nothing; it is for "),
        ("states: [pending]", "states: []", 3, "error", "names none, so it could never be done"),
        ("allowed: false", "allowed: false\n      reasons: [x]", 8, "error", "`reasons` of refund says nothing"),
        ("allowed: false", "per_customer: {days: 9}", 7, "error", "neither how many `times` nor the `most`"),
        ("cost: {EUR: 900}", "service: express", 8, "warning", "has no `cost`"),
        ("default:\n  cancel_order:\n    states: [pending]\n", "", 1, "warning", "there is no `default:` block"),
    ],
)
def test_what_it_says_in_vain_is_found(
    folder: Folder, old: str, new: str, line: int, severity: str, words: str
) -> None:
    assert old in GOOD
    ((at, grave, said),) = _found(folder({"actions.yaml": GOOD.replace(old, new)}))
    assert (at, grave) == (line, severity)
    assert words in said
