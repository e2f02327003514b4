import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.json_tool_calls import WrittenCall, read_prose

TOOLS = ("get_order_status", "get_purchase_history")
WANTED = WrittenCall("get_order_status", {"order_id": "FH-1"})


@pytest.mark.parametrize(
    "text",
    [
        '{"name": "get_order_status", "arguments": {"order_id": "FH-1"}}',
        '```json\n{"name": "get_order_status", "arguments": {"order_id": "FH-1"}}\n```',
        '<tool_call>\n{"name": "get_order_status", "arguments": {"order_id": "FH-1"}}\n</tool_call>',
        '[{"name": "get_order_status", "parameters": {"order_id": "FH-1"}}]',
        '{"tool": "get_order_status", "args": {"order_id": "FH-1"}}',
        '{"function": {"name": "get_order_status", "arguments": "{\\"order_id\\": \\"FH-1\\"}"}}',
        '{"tool_calls": [{"function": {"name": "get_order_status", "arguments": {"order_id": "FH-1"}}}]}',
        '{"get_order_status": {"order_id": "FH-1"}}',
    ],
)
def test_a_call_is_read_in_every_form_that_models_write(text):
    prose = read_prose(text, TOOLS)
    assert prose.calls == (WANTED,)
    assert (prose.words, prose.unreadable) == ("", False)


def test_words_around_a_call_are_kept():
    prose = read_prose('Let me check.\n{"name": "get_purchase_history"}\nOne moment.', TOOLS)
    assert prose.words == "Let me check.\n\nOne moment."
    assert prose.calls == (WrittenCall("get_purchase_history", {}),)


@pytest.mark.parametrize(
    "text",
    [
        '{"name": "get_order_status", "arguments": {"order_id": "FH',
        "get_order_status(order_id='FH-1')",
        "<tool_call>get_order_status",
        '{"order_id": "FH-1"}',
    ],
)
def test_what_only_looks_like_a_call_is_reported(text):
    prose = read_prose(text, TOOLS)
    assert prose.calls == ()
    assert prose.unreadable


@pytest.mark.parametrize("text", ["PUBLIC: Hello [E1] {really}", "It costs {5}.", "Use the [form].", ""])
def test_ordinary_text_is_no_call(text):
    assert read_prose(text, TOOLS).unreadable is False


@given(st.text(alphabet='{}[]":, \n`aget_order_status1', max_size=120))
def test_any_text_is_read_without_adding_to_it_and_left_alone_where_it_calls_nothing(text):
    prose = read_prose(text, TOOLS)
    left = iter(text)
    assert all(char in left for char in prose.words)
    assert prose.calls or prose.words == text.strip()
