"""A small world on disk: one policy, two customers, one home, used by every test of the commands."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest

from server.cli import main

CUSTOMERS = [
    {
        "id": "C-1",
        "brand": "pine",
        "name": "Ada Brook",
        "emails": ["ada@example.com"],
        "handles": [{"channel": "x", "handle": "ada", "known": "verified"}],
    },
    {"id": "C-2", "brand": "pine", "name": "Ben Cole"},
]
ORDERS = [
    {
        "id": "P-1001",
        "brand": "pine",
        "customer": "C-1",
        "placed_at": "2026-11-02T10:00:00Z",
        "status": "shipped",
        "currency": "GBP",
        "lines": [{"id": "1", "title": "Larch Tent", "quantity": 1, "unit_price": 21900}],
        "shipments": [
            {"id": "S1", "lines": ["1"], "carrier": "DHL", "tracking": ["JD00017"], "promised": "2026-11-10"}
        ],
    },
    {
        "id": "P-2002",
        "brand": "pine",
        "customer": "C-2",
        "status": "delivered",
        "currency": "GBP",
        "lines": [{"id": "1", "title": "Fir Stove", "quantity": 1, "unit_price": 4900}],
    },
]
RETURNS = """---
id: returns
title: Returns
brand: pine
category: returns
audience: public
owner: care
effective_from: 2026-01-01
public_url: https://pine.example/returns
answers:
  - intent: return_policy
    en: "You can return unused items within 45 days of delivery."
    de: "Unbenutzte Artikel kannst du innerhalb von 45 Tagen nach der Lieferung zurückgeben."
    es: "Puedes devolver artículos sin usar en los 45 días siguientes a la entrega."
    fr: "Un article non utilisé peut être rendu dans les 45 jours suivant la livraison."
---

# Returns

## Time

You can return unused items within 45 days of delivery.

## Worn items

A worn tent cannot be sent back. Worn items are covered by the warranty.
"""
FILES = {
    "policies/returns.md": RETURNS,
    "brands.yaml": """brands:
  - {id: pine, name: Pine, accounts: {x: PineHelp}, regions: [UK], home_region: UK, default: true}
""",
    "intents.yaml": """intents:
  - id: return_policy
    title: Returns and how long one has
    group: policy
    policies: [returns]
    asks: {en: "When did it arrive?", de: "Wann kam es an?", es: "¿Cuándo llegó?", fr: "Quand est-il arrivé ?"}
    examples: {en: ["how long do I have to return this", "can i send it back", "what is your return policy"]}
  - id: order_late
    title: Parcel is late
    group: order
    records: [order]
    policies: [delays]
    destination: direct_message
    team: orders
    asks: {en: "Which product is it?", de: "Welches Produkt?", es: "¿Qué producto?", fr: "Quel produit ?"}
    examples: {en: ["where is my tent", "my parcel is late", "still waiting for my order"]}
""",
    "destinations.yaml": """destinations:
  - id: pine-dm-en
    kind: direct_message
    brand: pine
    language: en
    target: https://pine.example/dm
    label: Direct message
    says: Please send us a direct message, where nobody else reads along.
""",
}


@dataclass(frozen=True)
class Outcome:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Standard output as JSON Lines."""
        return [json.loads(line) for line in self.out.splitlines()]


Run = Callable[..., Outcome]


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world")
    for name, text in FILES.items():
        (folder / "knowledge" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "knowledge" / name).write_text(text, encoding="utf-8")
    shop = folder / "shop"
    shop.mkdir()
    for name, rows in (("customers", CUSTOMERS), ("orders", ORDERS)):
        (shop / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return folder


@pytest.fixture
def deskside(world: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `deskside` over the small world, its records imported."""
    monkeypatch.setenv("DESKSIDE_HOME", str(world / "home"))
    monkeypatch.setenv("DESKSIDE_KNOWLEDGE", str(world / "knowledge"))

    def run(*arguments: str, given: str | None = None) -> Outcome:
        monkeypatch.setattr("sys.argv", ["deskside", *arguments])
        monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO((given or "").encode())))
        with pytest.raises(SystemExit) as ended:
            main()
        return Outcome(int(ended.value.code or 0), *capsys.readouterr())

    if not (world / "home" / "deskside.db").exists():
        assert run("import", str(world / "shop")).code == 0
    return run
