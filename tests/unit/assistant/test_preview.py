import pytest

from assistant.preview import preview

DRAFT = "**PUBLIC:** Hello there. You have 60 days [E1, E2]. See [here](https://a.example/x) (E3)\nPRIVATE: none"


@pytest.mark.parametrize("length", range(len(DRAFT)))
def test_no_beginning_of_a_text_shows_a_heading_or_a_marker(length):
    shown = preview(DRAFT[:length])
    assert not any(mark in shown for mark in ("[", "E1", "E3", "*", "PUB", "PRIV"))


@pytest.mark.parametrize(
    "text", ['{"name": "x"', '[{"name"', "```json\n{", "<tool_call>", "PUBL", "**PUBLIC", "Hi <ema", "Hi [E1"]
)
def test_what_may_become_something_else_is_held_back(text):
    assert preview(text) in ("", "Hi")


def test_text_is_shown_as_soon_as_it_can_be_read():
    assert preview("PUBLIC: T") == "T"
    assert preview("PUBLIC: Thanks!\nPRIVATE: Your") == "Thanks!\n\nYour"
