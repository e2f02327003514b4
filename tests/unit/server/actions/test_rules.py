"""actions.yaml is read as it stands, or refused by file, line and field."""

from pathlib import Path

import pytest

from server.actions.kinds import ActionKind
from server.actions.rules import ActionRules, load_action_rules
from server.policies.yaml_files import BadKnowledgeFile
from tests.unit.server.actions.shops import SHIPPED
from tools.records import OrderStatus

K = ActionKind
GOOD = """\
default:
  cancel_order:
    states: [pending]
    reasons: [too late]
  refund:
    per_customer: {times: 1}
brands:
  oak:
    cancel_order:
      allowed: false
    credit:
      most: {EUR: 500}
"""


def _load(folder: Path, text: str) -> ActionRules:
    (folder / "actions.yaml").write_text(text, encoding="utf-8")
    return load_action_rules(folder)


def test_a_brand_has_its_own_rules_and_the_default_ones_for_the_rest(tmp_path: Path):
    rules = _load(tmp_path, GOOD)
    cancel = rules.rule(K.CANCEL_ORDER, None)
    assert cancel is not None
    assert (cancel.states, cancel.reasons, cancel.consent) == (frozenset({OrderStatus.PENDING}), ("too late",), True)
    assert rules.rule(K.CANCEL_ORDER, "elm") == cancel
    assert rules.rule(K.CANCEL_ORDER, "oak") is None
    assert rules.rule(K.REFUND, "oak") == rules.rule(K.REFUND, None) is not None
    assert rules.rule(K.CREDIT, "oak") is not None
    assert rules.rule(K.CREDIT, "elm") is None


def test_a_folder_without_the_file_has_the_shipped_rules(tmp_path: Path):
    assert load_action_rules(tmp_path) == load_action_rules(SHIPPED)


def test_a_folder_may_allow_nothing(tmp_path: Path):
    rules = _load(tmp_path, "default:\n")
    assert [rules.rule(kind, None) for kind in K] == [None] * len(K)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("actions:\n  cancel_order: {}\n", 1, "must hold the blocks"),
        ("[]\n", 1, "must hold the blocks"),
        ("default: [cancel_order]\n", 1, "must be a block of actions"),
        ("default:\n  trace_parcel: {}\n", 2, "default.trace_parcel: is not an action; use one of cancel_order"),
        ("default:\n  refund:\n    statess: [pending]\n", 3, "is not a known field"),
        ("default:\n  refund:\n    states: [pending, posted]\n", 3, "default.refund.states"),
        ("default:\n  refund:\n    most: {euro: 5}\n", 3, "default.refund.most"),
        ("default:\n  refund:\n    most: {EUR: 5.5}\n", 3, "default.refund.most.EUR"),
        ("default:\n  refund:\n    most: {EUR: -1}\n", 3, "default.refund.most.EUR"),
        ("default:\n  refund:\n    method: any\n", 3, "default.refund.method"),
        ("default:\n  refund: yes\n", 2, "must be a block of fields"),
        ("default:\n  refund: {}\n  refund: {}\n", 3, "is written twice"),
        ("brands: [oak]\n", 1, "one block for each brand"),
        ("brands:\n  oak:\n    refund:\n      within_days: soon\n", 4, "brands.oak.refund.within_days"),
        ("brands:\n  oak:\n    credit:\n      per_customer: {days: 0}\n", 4, "brands.oak.credit.per_customer.days"),
    ],
)
def test_what_is_wrong_is_told_by_line_and_field(tmp_path: Path, text: str, line: int, words: str):
    with pytest.raises(BadKnowledgeFile) as bad:
        _load(tmp_path, text)
    assert (bad.value.file.name, bad.value.line) == ("actions.yaml", line)
    assert words in str(bad.value)
