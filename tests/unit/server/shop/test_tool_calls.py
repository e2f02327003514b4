"""Tool calls from lines: each for its own customer, and a bad line never stops the rest."""

import json
from typing import Any

import pytest

from assistant.guidance import Guidance
from server.shop.tool_calls import run_calls
from tests.fakes.policies import MemoryDestinations, MemoryPassages
from tests.fakes.shop import MemoryConversations, MemoryCustomers, MemoryOrders, MemoryPromises
from tests.fakes.small_shop import ANN, BOB, BOBS, JACKET, LATE, NOW, PASSAGES, PLACES
from tests.fakes.vectors import HashVectors
from tools.ports import Ports


@pytest.fixture
def ports() -> Ports:
    return Ports(
        customers=MemoryCustomers([ANN, BOB]),
        orders=MemoryOrders([LATE, BOBS], [JACKET]),
        promises=MemoryPromises(),
        conversations=MemoryConversations(),
        passages=MemoryPassages(PASSAGES),
        destinations=MemoryDestinations(PLACES),
        vectors=HashVectors(),
    )


async def run(ports: Ports, *lines: object) -> list[dict[str, Any]]:
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    return [answer async for answer in run_calls(texts, ports, Guidance(brands=()), now=NOW)]


def order(customer: str, number: str) -> dict[str, object]:
    return {"id": "1", "customer": customer, "tool": "get_order_status", "arguments": {"order_id": number}}


async def test_an_answer_holds_the_words_the_records_and_the_evidence(ports: Ports) -> None:
    [answer] = await run(ports, order("C-1", "FH-10423"))
    assert answer["id"] == "1"
    assert "6 days late" in answer["result"]["words"]
    assert answer["result"]["order"]["status"] == "partly_shipped"
    assert answer["evidence"][0] == {
        "id": "E1",
        "kind": "record",
        "source": "Order FH-10423",
        "ref": "order:FH-10423",
        "text": answer["evidence"][0]["text"],
        "visibility": "customer",
        "as_of": "2026-11-20T12:00:00+00:00",
    }
    json.dumps(answer)


async def test_the_lines_customer_is_the_only_one_that_is_read(ports: Ports) -> None:
    forged = order("C-2", "FH-10423") | {"arguments": {"order_id": "FH-10423", "customer": "C-1"}}
    other, missing = await run(ports, forged, order("C-2", "FH-0"))
    assert other == missing
    assert "error" not in other


async def test_bad_lines_are_answered_in_their_places(ports: Ports) -> None:
    answers = await run(
        ports,
        "not json",
        "",
        "[1]",
        {"id": "a", "tool": "get_order_status"},
        order("C-9", "FH-1"),
        {"id": "b", "customer": "C-1", "tool": "nonsense"},
        order("C-1", "FH-10423"),
    )
    assert [(answer["id"], answer.get("line")) for answer in answers] == [
        (None, 1),
        (None, 3),
        ("a", 4),
        ("1", 5),
        ("b", 6),
        ("1", None),
    ]
    assert answers[0]["error"].startswith("not JSON: ")
    assert answers[2]["error"] == "customer: Field required"
    assert answers[3]["error"] == "there is no customer C-9"
    assert "There is no tool of that name" in answers[4]["error"]


async def test_records_that_cannot_be_reached_are_an_error_of_the_line(ports: Ports) -> None:
    ports.customers.go_down()  # type: ignore[attr-defined]
    [answer] = await run(ports, order("C-1", "FH-10423"))
    assert answer == {"id": "1", "line": 1, "error": "customers unreachable"}
