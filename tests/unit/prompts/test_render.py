import pytest
from jinja2 import UndefinedError

from prompts.render import examples, render


def test_a_name_that_was_not_given_is_an_error():
    with pytest.raises(UndefinedError):
        render("repair.md.j2", fence="f", public_text="Hi.", private_text=None)


def test_the_stable_part_needs_nothing_but_whether_there_are_tools():
    assert render("system.md.j2", tools=False) == render("system.md.j2", tools=False)
    assert "# Tools" in render("system.md.j2", tools=True)
    assert "# Tools" not in render("system.md.j2", tools=False)


def test_text_is_not_escaped():
    finding = {"part": "public", "sentence": "Tents & <packs>.", "reason": "no"}
    assert "Tents & <packs>." in render("repair.md.j2", fence="f", previous="Sorry!", findings=[finding])


def test_examples_have_the_form_of_a_real_turn():
    for given, written in examples():
        assert given.startswith("TODAY:")
        assert given.count("--- 000000 ---") == 6
        assert written.startswith("→ ")
        assert ("\nPRIVATE: " in written) == ("known and verified" in given)
