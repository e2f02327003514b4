"""What the record tools say of one customer's orders, person and history."""

import json
from dataclasses import replace
from datetime import timedelta

from tests.fakes.small_shop import ANN, LATE, NOW, context_for, gbp
from tools.context import ToolContext
from tools.conversations import get_conversation_history
from tools.customers import get_customer_profile
from tools.evidence import Visibility
from tools.orders import get_order_status, get_purchase_history, note_order
from tools.ports import Identity, Ports
from tools.records import Known, OrderStatus, Shipment


async def texts(context: ToolContext, order: str = "FH-10423") -> dict[str, str]:
    result = await get_order_status(context, order)
    return {item.ref: item.text for item in result.evidence}


async def test_a_late_shipment_is_told_with_its_days_and_its_last_scan(ann: ToolContext) -> None:
    assert (await texts(ann))["order:FH-10423/shipment:S1"] == (
        "Order FH-10423, shipment S1 (2 × Ridgeline Jacket (size M, colour moss)): sent with DHL Express on "
        "10 November 2026; tracking number 4242424242424242; promised for 14 November 2026; not delivered yet, "
        "6 days late as of 20 November 2026; last scan 15 November 2026 in Leeds: “held at depot”"
    )


async def test_a_promised_refund_is_not_told_as_done_nor_mixed_with_the_payment(ann: ToolContext) -> None:
    said = await texts(ann)
    assert said["order:FH-10423/refund:2"] == (
        "Order FH-10423, refund 2: refund of 40.00 GBP to the gift card promised on 3 November 2026, "
        "not carried out yet"
    )
    assert said["order:FH-10423/payment:PAY-1"] == (
        "Order FH-10423, payment PAY-1: 329.00 GBP paid on 3 November 2026 by credit card (Visa) ending in 4242"
    )


async def test_every_fact_names_its_order_and_is_for_the_customer_only(ann: ToolContext) -> None:
    result = await get_order_status(ann, "#fh-10423")
    assert result.evidence
    for item in result.evidence:
        assert item.text.startswith(("Order FH-10423", "Product Ridgeline Jacket"))
        assert item.visibility is Visibility.CUSTOMER
        assert f"[{item.id}] {item.text}" in result.words


async def test_an_exchange_tells_what_for_and_which_sizes_can_be_had(ann: ToolContext) -> None:
    said = await texts(ann)
    assert "for size L: 69.50 GBP (sku RJ-L)" in said["order:FH-10423/return:R1"]
    assert "price difference 5.00 GBP" in said["order:FH-10423/return:R1"]
    assert "available: [size M: 64.50 GBP" in said["product:P-1"]
    assert "not available: [size L: 69.50 GBP" in said["product:P-1"]
    assert "availability unknown: [size S" in said["product:P-1"]


async def test_a_line_that_no_parcel_holds_is_told_so(ann: ToolContext) -> None:
    said = await texts(ann)
    assert said["order:FH-10423/line:2"].endswith("200.00 GBP, not in any shipment yet")
    assert "not in any shipment" not in said["order:FH-10423/line:1"]


async def test_a_delivered_order_without_a_delivery_day_is_not_called_late(ann: ToolContext) -> None:
    order = replace(LATE, status=OrderStatus.DELIVERED)
    said = note_order(ann, order)["order:FH-10423/shipment:S1"].text
    assert "delivered, day unknown" in said
    assert "late" not in said


async def test_a_parcel_that_arrived_is_not_called_unsent(ann: ToolContext) -> None:
    [shipment] = LATE.shipments
    came = replace(shipment, shipped_at=None, delivered_at=NOW - timedelta(days=4))
    said = note_order(ann, replace(LATE, shipments=(came,)))["order:FH-10423/shipment:S1"].text
    assert "not sent yet" not in said
    assert "day unknown; " in said


async def test_a_parcel_that_came_late_or_is_not_due_is_told_so(ann: ToolContext) -> None:
    [shipment] = LATE.shipments
    came = replace(shipment, delivered_at=NOW - timedelta(days=4))
    due = Shipment("S2", ("2",), promised=(NOW + timedelta(days=2)).date())
    today = replace(due, id="S3", promised=NOW.date())
    told = note_order(ann, replace(LATE, shipments=(came, due, today)))
    assert "delivered on 16 November 2026, 2 days after the promised day" in told["order:FH-10423/shipment:S1"].text
    assert "not sent yet" in told["order:FH-10423/shipment:S2"].text
    assert "not late as of 20 November 2026" in told["order:FH-10423/shipment:S2"].text
    assert "due today" in told["order:FH-10423/shipment:S3"].text


async def test_the_data_holds_every_field_of_the_records(ann: ToolContext) -> None:
    result = await get_order_status(ann, "FH-10423")
    data = json.loads(json.dumps(dict(result.data)))
    order = data["order"]
    assert order["status"] == "partly_shipped"
    assert order["ship_to"]["line1"] == "5 Side Street"
    assert order["shipments"][0]["tracking"] == ["4242424242424242"]
    assert order["returns"][0]["reason"] == "too small"
    assert order["payments"][1]["done"] is False
    assert order["total"] == {"amount": 32900, "currency": "GBP"}
    assert data["products"][0]["variants"][1] == {
        "sku": "RJ-L",
        "price": {"amount": 6950, "currency": "GBP"},
        "options": {"size": "L"},
        "available": False,
    }
    assert {method["id"] for method in data["payment_methods"]} == {"card-1", "gift-1"}


async def test_an_order_is_told_without_ways_to_pay_and_variants_where_those_do_not_answer(
    ann: ToolContext, ports: Ports
) -> None:
    ports.customers.go_down()  # type: ignore[attr-defined]
    said = await texts(ann)
    assert "paid on 3 November 2026" in said["order:FH-10423/payment:PAY-1"]
    assert "card-1" not in said["order:FH-10423/payment:PAY-1"]


async def test_purchases_are_told_newest_first_with_a_count_of_the_rest(ann: ToolContext, ports: Ports) -> None:
    old = [replace(LATE, id=f"FH-{n}", placed_at=NOW - timedelta(days=100 + n)) for n in range(12)]
    ports.orders.add(*old)  # type: ignore[attr-defined]
    result = await get_purchase_history(ann)
    assert [item.source for item in result.evidence][:3] == ["Order FH-10423", "Order FH-9000", "Order FH-0"]
    assert "4 older orders are left out" in result.words
    assert "FH-7777" not in result.words
    assert result.data["left_out"] == 4


async def test_an_order_keeps_its_number_from_the_history_to_the_status(ann: ToolContext) -> None:
    [first, *_] = (await get_purchase_history(ann)).evidence
    [head, *_] = (await get_order_status(ann, "FH-10423")).evidence
    assert first == head


async def test_the_profile_tells_what_the_record_holds(ann: ToolContext) -> None:
    words = (await get_customer_profile(ann)).words
    for said in (
        "Customer Ann Wood: organisation Leeds Scouts; customer since 1 March 2019; tier summit; language en",
        "email ann@example.com, phone +447700900123",
        "address 12 Mill Lane, Leeds, LS1 1AA, GB",
        "pays by credit card (Visa) ending in 4242",
        "pays by gift card with a balance of 25.00 GBP",
        "consent to marketing: no",
        "has told us: boot size: 42.5",
        "has told us: member of club: yes",
        "@annwood on x (verified)",
    ):
        assert said in words


async def test_a_card_number_in_a_note_is_never_told_in_full(ann: ToolContext) -> None:
    result = await get_customer_profile(ann)
    assert "[number ending in 4242]" in result.words
    assert "4242 4242" not in result.words + json.dumps(dict(result.data))


async def test_history_tells_what_is_owed_and_what_was_advised(ann: ToolContext) -> None:
    words = (await get_conversation_history(ann)).words
    assert (
        "Promise about order FH-10423 made on 3 November 2026: “a refund of 40.00 GBP”, due on 17 November 2026 "
        "(3 days overdue as of 20 November 2026), not kept yet"
    ) in words
    assert "on 5 November 2026, we wrote: “Please restart the lamp.”" in words
    assert "the customer wrote: “Did that.”" in words


async def test_records_of_a_linked_person_come_with_the_warning_not_to_tell_them(ports: Ports) -> None:
    context = context_for(ports, Identity(Known.LINKED, "C-1"))
    assert "they have not proved it" in (await get_purchase_history(context)).words
    assert "they have not proved it" in (await get_customer_profile(context)).words


async def test_amounts_of_currencies_without_minor_units_are_told_whole(ann: ToolContext) -> None:
    yen = replace(LATE.lines[1], unit_price=replace(gbp(0), amount=12000, currency="JPY"))
    told = note_order(ann, replace(LATE, currency="JPY", lines=(yen,), shipments=(), payments=(), returns=()))
    assert "12000 JPY" in told["order:FH-10423/line:2"].text


def test_the_fixture_covers_every_field_of_a_customer() -> None:
    assert all(getattr(ANN, name) for name in ANN.__slots__)
