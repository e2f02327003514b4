"""Customers found while somebody types."""

import json
from pathlib import Path

import pytest

from server.shop.importing import import_folder
from tests.integration.conversations.conftest import Panel

PEOPLE = [
    {"id": "K-1", "brand": "fernhollow", "name": "Annette Öztürk", "emails": ["Nette@example.com"]},
    {"id": "K-2", "brand": "fernhollow", "name": "Jean-Luc Annan", "emails": ["jl@example.org"]},
    {"id": "K-3", "brand": "tarnlight", "name": "Annika Elsewhere", "emails": ["nettle@example.com"]},
    {"id": "K-4", "name": "Bob Both", "handles": [{"channel": "x", "handle": "@BobBoth", "known": "verified"}]},
]
ORDERS = [("FH-20423", "K-2"), ("FH-204", "K-1"), ("FH-120423", "K-1"), ("TL-20424", "K-3")]


@pytest.fixture
async def found(panel: Panel, tmp_path: Path):
    line = {"id": "1", "title": "Cup", "quantity": 1, "unit_price": 900}
    orders = [
        {"id": number, "customer": who, "status": "shipped", "currency": "GBP", "lines": [line]}
        for number, who in ORDERS
    ]
    for name, rows in (("customers", PEOPLE), ("orders", orders)):
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    await import_folder(panel.world.engine, tmp_path)

    async def look(typed: str, who: str = "rep") -> list[tuple[str, str, str]]:
        answer = await panel.ask("GET", "/customers", who=who, q=typed)
        assert answer.status_code == 200, answer.text
        return [(one["customer"], one["by"], one["match"]) for one in answer.json()["items"]]

    return look


async def test_a_customer_is_found_by_how_a_name_an_address_a_handle_or_a_number_begins(found):
    assert await found("ann") == [("K-1", "name", "Annette Öztürk"), ("K-2", "name", "Jean-Luc Annan")]
    assert await found("luc ann") == [("K-2", "name", "Jean-Luc Annan")]
    assert await found("öz") == [("K-1", "name", "Annette Öztürk")]
    assert await found("nette@EX") == await found("nett") == [("K-1", "email", "Nette@example.com")]
    assert await found("@bobb") == await found("BOBBO") == [("K-4", "handle", "@BobBoth on x")]
    assert await found("k-4") == [("K-4", "customer", "K-4")]
    assert await found("nette@example.com%") == await found("_nn") == []


@pytest.mark.parametrize("typed", ["2042", "fh-2042", "FH 20423", "fh20423", "#FH-2042"])
async def test_an_order_is_found_as_it_is_said(found, typed):
    assert await found(typed) == [("K-2", "order", "FH-20423")]


async def test_the_order_that_is_typed_in_full_stands_first(found):
    assert await found("204") == [("K-1", "order", "FH-204"), ("K-2", "order", "FH-20423")]


async def test_others_brands_customers_are_not_found_and_nobody_is_by_a_letter(found):
    assert await found("elsew") == await found("nettl") == await found("20424") == await found("K-3") == []
    assert await found("elsew", who="elsewhere") == [("K-3", "name", "Annika Elsewhere")]
    assert await found("a") == await found("@b") == await found(" ") == []


async def test_no_more_than_eight_are_told_and_each_once(found, panel: Panel, tmp_path: Path):
    many = tmp_path / "many"
    many.mkdir()
    people = [
        {"id": f"M-{n}", "brand": "fernhollow", "name": f"Mo {n}", "emails": [f"mo{n}@example.com"]} for n in range(12)
    ]
    (many / "customers.jsonl").write_text("\n".join(map(json.dumps, people)), encoding="utf-8")
    await import_folder(panel.world.engine, many)
    told = [customer for customer, _, _ in await found("mo")]
    assert len(told) == len(set(told)) == 8
