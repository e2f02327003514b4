"""Rules that are changed while processes run."""

import os

import pytest

from server.actions.kinds import ActionKind
from server.actions.rules import load_action_rules
from server.policies.yaml_files import BadKnowledgeFile


def _write(folder, text, at):
    file = folder / "actions.yaml"
    file.write_text(text, encoding="utf-8")
    os.utime(file, (at, at))


def _allows_credit(folder):
    return load_action_rules(folder).rule(ActionKind.CREDIT, None) is not None


def test_a_changed_file_holds_at_once_and_a_wrong_one_changes_nothing(tmp_path, caplog):
    _write(tmp_path, "default: {credit: {consent: false}}", 1)
    assert _allows_credit(tmp_path)
    _write(tmp_path, "default: {credit: {allowed: false}}", 2)
    assert not _allows_credit(tmp_path)
    _write(tmp_path, "default: {credit: {alowed: true}}", 3)
    assert not _allows_credit(tmp_path)
    assert "actions.yaml is wrong" in caplog.text
    _write(tmp_path, "default: {credit: {consent: false}}", 4)
    assert _allows_credit(tmp_path)


def test_a_file_that_was_never_right_is_told_by_its_line(tmp_path):
    _write(tmp_path, "default:\n  credit: {alowed: true}", 1)
    with pytest.raises(BadKnowledgeFile, match=r"actions\.yaml:2"):
        load_action_rules(tmp_path)
