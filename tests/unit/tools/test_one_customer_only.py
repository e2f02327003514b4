"""Rule 1: nothing that a model passes makes a tool read, or tell of, anybody but the context's customer."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fakes.small_shop import BOBS, context_for
from tools.context import ToolContext
from tools.ports import Identity, Ports
from tools.records import Known
from tools.registry import TOOLS, call

_ONE_SHOP = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
_RECORD_TOOLS = [
    ("get_customer_profile", {}),
    ("get_purchase_history", {}),
    ("get_order_status", {"order_id": "FH-10423"}),
    ("get_order_status", {"order_id": "FH-0000"}),
    ("get_conversation_history", {}),
    ("propose_action", {"type": "refund", "arguments": {}, "reason": "owed", "evidence": ["E1"]}),
]
_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from(["C-2", "FH-7777", "FH-10423", "tarnlight"])
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)
_names = st.sampled_from(["order_id", "customer", "customer_id", "context", "identity", "query", "kind", "arguments"])


def told(result: object) -> str:
    return f"{result!r}"


@_ONE_SHOP
@given(number=st.text(max_size=20))
async def test_somebody_elses_order_and_no_order_get_the_same_answer(ann: ToolContext, number: str) -> None:
    if number.strip().strip("#").casefold() in ("", "fh-10423", "fh-9000"):
        return
    other = await call("get_order_status", {"order_id": BOBS.id}, ann)
    assert not other.failed
    assert await call("get_order_status", {"order_id": f"x{number}"}, ann) == other


@_ONE_SHOP
@given(tool=st.sampled_from([tool.name for tool in TOOLS]), arguments=st.dictionaries(_names, _json, max_size=4))
async def test_no_arguments_reach_another_customer(ports: Ports, tool: str, arguments: dict[str, object]) -> None:
    context = context_for(ports, Identity(Known.VERIFIED, "C-1"))
    result = await call(tool, arguments, context)
    leaked = told(result) + told(list(context.ledger))
    assert "Rope" not in leaked
    assert "Bob" not in leaked
    json.dumps(dict(result.data))


@pytest.mark.parametrize("known", [Known.UNKNOWN, Known.POSSIBLE])
async def test_without_a_customer_all_records_are_refused_in_the_same_words(ports: Ports, known: Known) -> None:
    context = context_for(ports, Identity(known))
    answers = {(await call(tool, arguments, context)).words for tool, arguments in _RECORD_TOOLS}
    assert len(answers) == 1
    assert "not certain who is writing" in answers.pop()
    assert len(context.ledger) == 0


async def test_without_a_customer_no_port_of_records_is_asked(ports: Ports) -> None:
    for port in (ports.customers, ports.orders, ports.promises, ports.conversations):
        port.go_down()  # type: ignore[attr-defined]
    context = context_for(ports, Identity(Known.UNKNOWN))
    for tool, arguments in _RECORD_TOOLS:
        assert not (await call(tool, arguments, context)).failed


async def test_a_port_that_answers_with_somebody_elses_order_is_not_believed(
    ann: ToolContext, ports: Ports, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def wrong(*_: object) -> object:
        return BOBS

    async def wrong_list(*_: object, **__: object) -> object:
        return [BOBS]

    monkeypatch.setattr(ports.orders, "get", wrong)
    monkeypatch.setattr(ports.orders, "latest", wrong_list)
    assert "no order of that number" in (await call("get_order_status", {"order_id": "FH-7777"}, ann)).words
    assert "no orders" in (await call("get_purchase_history", {}, ann)).words
