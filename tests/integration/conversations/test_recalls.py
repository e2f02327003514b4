"""What is recalled of a customer's things is told before anything else."""

import pytest

from tests.fakes.cases import changed_order
from tests.fakes.small_shop import LATE
from tests.integration.conversations.conftest import ON_SQLITE, Panel
from tools.records import Answer, OrderStatus, Passage

RECALL = Passage(
    "recall-tent#opening",
    "recall-tent",
    "Alder 2 Tent: pole recall",
    (),
    "Poles of some of these may break.",
    "public",
    0.0,
    brand="fernhollow",
    category="recall",
    product="Alder 2 Tent",
    answers=(Answer("recall_question", "en", "Please stop using yours."),),
)
OWNS = "owns an Alder 2 Tent (FH-10423), which is recalled: Alder 2 Tent: pole recall"


@ON_SQLITE
async def test_a_recall_is_the_first_headline_and_the_first_fact_whatever_is_asked(panel: Panel):
    panel.world.shop["passages"].add(RECALL)
    opened = await panel.open(customer="C-1")
    assert opened["overview"]["headlines"][0]["words"] == OWNS
    for question in ("May she still sleep in hers?", "Where is their parcel?"):
        result = (await panel.turn(opened["conversation"]["id"], text=question))[-1].data
        first, second, *_ = result["text"].splitlines()
        assert first == f"This customer {OWNS}."
        assert second.endswith("Please stop using yours.")
        assert {"policy:recall-tent#opening", "order:FH-10423"} <= {item["ref"] for item in result["evidence"]}


@ON_SQLITE
@pytest.mark.parametrize("gone", [OrderStatus.CANCELLED, OrderStatus.RETURNED])
async def test_nothing_is_said_of_the_recall_of_what_they_did_not_keep(panel: Panel, gone: OrderStatus):
    panel.world.shop["passages"].add(RECALL)
    panel.world.shop["orders"].add(changed_order(status=gone))
    opened = await panel.open(customer="C-1")
    assert not any(line["code"] == "recalled" for line in opened["overview"]["headlines"])
    result = (await panel.turn(opened["conversation"]["id"], text="Where is their parcel?"))[-1].data
    assert "recall" not in result["text"]


@ON_SQLITE
async def test_another_model_of_the_same_make_is_not_taken_for_what_is_recalled(panel: Panel):
    panel.world.shop["passages"].add(RECALL)
    lines = [LATE.lines[0], type(LATE.lines[1])("2", "Alder 2 Tent Pro", 1, LATE.lines[1].unit_price)]
    panel.world.shop["orders"].add(changed_order(lines=tuple(lines)))
    assert not any(line["code"] == "recalled" for line in (await panel.open(customer="C-1"))["overview"]["headlines"])
