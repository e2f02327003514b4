"""The demo shop is believable: what happened to an order fits together."""

from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from sqlmodel import func, select

from server.db import reading
from server.models import CustomerRow, OrderRow
from server.promises.repository import Wanted, list_promises
from server.settings import SHIPPED_KNOWLEDGE
from server.shop.demo import fill_demo_shop, invent_shop
from server.shop.invented.days import days_until, moved, renamed
from server.shop.invented.world import NOW
from server.shop.ports import SqlConversations, SqlCustomers, SqlOrders, SqlPromises
from tools.records import Known, OrderStatus

DEMO = SHIPPED_KNOWLEDGE / "demo"


def read(name: str):
    return yaml.safe_load((DEMO / name).read_text(encoding="utf-8"))


NAMED = read("shop.yaml")


@pytest.fixture(scope="module")
def shop():
    return invent_shop(read("world.yaml"), NAMED)


@pytest.fixture(scope="module")
def invented(shop):
    named = {order["id"] for order in NAMED["orders"]}
    return [order for order in shop["orders"] if order["id"] not in named]


def moment(value: str) -> datetime:
    return datetime.fromisoformat(value)


def test_it_has_400_customers_and_2000_orders(shop):
    assert len({customer["id"] for customer in shop["customers"]}) == 400
    assert len({order["id"] for order in shop["orders"]}) == 2_000
    assert {order["brand"] for order in shop["orders"]} == {"fernhollow", "tarnlight"}


def test_it_is_always_the_same(shop):
    assert invent_shop(read("world.yaml"), NAMED) == shop


def test_every_status_is_there(shop):
    counts = Counter(order["status"] for order in shop["orders"])
    assert set(counts) == {status.value for status in OrderStatus}
    assert min(counts.values()) >= 3
    assert counts["delivered"] > 1_000


def test_what_matters_has_happened_to_somebody(invented):
    def several(what: str, orders: list) -> None:
        assert len(orders) >= 3, what

    def payments(order, kind):
        return [payment for payment in order.get("payments", ()) if payment["kind"] == kind]

    several("gift", [order for order in invented if order.get("gift")])
    several("split", [order for order in invented if len(order.get("shipments", ())) == 2])
    several("charged twice", [order for order in invented if len(payments(order, "payment")) == 2])
    promised = [order for order in invented if any(not p.get("done", True) for p in payments(order, "refund"))]
    several("refund promised and not done", promised)
    several("reason of cancellation", [o for o in invented if o["status"] == "cancelled" and o["status_note"]])
    several("repair", [o for o in invented if any(back["kind"] == "repair" for back in o.get("returns", ()))])
    several("part refund", [o for o in invented if o["status"] == "delivered" and payments(o, "refund")])
    late = [
        order
        for order in invented
        if order["status"] == "shipped"
        and any(date.fromisoformat(s["promised"]) < NOW.date() for s in order["shipments"] if "delivered_at" not in s)
    ]
    several("late", late)


def test_nothing_happened_in_the_future_or_before_the_order(invented):
    for order in invented:
        placed = moment(order["placed_at"])
        assert placed <= NOW
        times = [moment(p["at"]) for p in order.get("payments", ()) if "at" in p]
        times += [
            moment(b[name]) for b in order.get("returns", ()) for name in ("requested_at", "received_at") if name in b
        ]
        for parcel in order.get("shipments", ()):
            times += [moment(event["at"]) for event in parcel.get("events", ())]
        assert all(placed <= at <= NOW for at in times), order


def test_parcels_agree_with_their_events(invented):
    for order in invented:
        for parcel in order.get("shipments", ()):
            times = [moment(event["at"]) for event in parcel.get("events", ())]
            assert times == sorted(times), order
            if "shipped_at" in parcel:
                assert moment(parcel["shipped_at"]) == times[0]
                assert date.fromisoformat(parcel["promised"]) > times[0].date()
                assert parcel["tracking"]
            if "delivered_at" in parcel:
                assert parcel["events"][-1]["what"] == "Delivered"
                assert moment(parcel["delivered_at"]) == times[-1]


def test_statuses_agree_with_parcels_and_returns(invented):
    for order in invented:
        parcels = order.get("shipments", [])
        arrived = [parcel for parcel in parcels if "delivered_at" in parcel]
        left = [parcel for parcel in parcels if "shipped_at" in parcel]
        kinds = {back["kind"] for back in order.get("returns", ())}
        match order["status"]:
            case "pending" | "processing" | "packed" | "backordered" | "preordered" | "cancelled":
                assert not left, order
            case "shipped":
                assert len(left) == len(parcels) > len(arrived), order
            case "partly_shipped":
                assert len(parcels) > len(left) > 0, order
            case "lost":
                assert left, order
                assert not arrived, order
            case "delivered":
                assert len(arrived) == len(parcels) > 0, order
                assert kinds <= {"repair"}, order
            case "return_requested" | "returned":
                assert kinds == {"return"}, order
                assert arrived, order
            case "exchange_requested" | "exchanged":
                assert kinds == {"exchange"}, order
                assert arrived, order
        if order["status"] in ("returned", "exchanged"):
            assert "received_at" in order["returns"][0], order


def test_money_agrees_with_the_lines(invented):
    for order in invented:
        total = sum(line["quantity"] * line["unit_price"] for line in order["lines"])
        payments = order.get("payments", [])
        paid = [payment["amount"] for payment in payments if payment["kind"] == "payment"]
        back = sum(payment["amount"] for payment in payments if payment["kind"] == "refund")
        assert set(paid) <= {total}, order
        assert 0 <= back <= sum(paid), order
        assert all(line["unit_price"] > 0 for line in order["lines"])


def test_customers_fit_their_countries(shop):
    currency = {"GB": "GBP", "US": "USD"}
    people = {customer["id"]: customer for customer in shop["customers"]}
    assert {person["language"] for person in shop["customers"]} >= {"en", "de", "es", "fr"}
    for order in shop["orders"]:
        buyer = people[order["customer"]]
        assert order["currency"] == currency.get(buyer["address"]["country"], "EUR"), order["id"]
        assert order["brand"] == buyer["brand"]


def test_no_handle_belongs_to_two_people(shop):
    handles = Counter(
        (name["channel"], name["handle"].casefold())
        for person in shop["customers"]
        for name in person.get("handles", ())
    )
    assert max(handles.values()) == 1
    assert len(handles) > 150


async def test_it_is_filled_once_with_the_named_people_and_their_past(engine):
    await fill_demo_shop(engine, DEMO)
    await fill_demo_shop(engine, DEMO)
    async with reading(engine) as session:
        assert (await session.exec(select(func.count()).select_from(CustomerRow))).one() == 400
        assert (await session.exec(select(func.count()).select_from(OrderRow))).one() == 2_000
    maya = await SqlCustomers(engine).identify(brand="fernhollow", channel="x", handle="@mayacollins_hikes")
    assert (maya.known, maya.customer) == (Known.VERIFIED, "C-0001")
    assert (await SqlOrders(engine).get("C-0001", "fh-10423")).status is OrderStatus.SHIPPED
    promises = [promise["customer"] for promise in NAMED["promises"] if promise["state"] == "open"]
    assert [p.customer for p in await SqlPromises(engine).open_for(promises[0])] == [promises[0]]
    async with reading(engine) as session:
        owed = await list_promises(session, Wanted({"fernhollow"}, {"open"}), after=None, limit=10)
    assert [row.customer for row in owed] == ["C-0005", "C-0015"]
    assert {row.first_due == row.due for row in owed} == {True}
    speaker = NAMED["history"][0]["customer"]
    assert await SqlConversations(engine).earlier(speaker, limit=50)


async def test_a_folder_without_the_demo_is_refused(engine, tmp_path: Path):
    with pytest.raises(FileNotFoundError, match=r"needs .*shop\.yaml"):
        await fill_demo_shop(engine, tmp_path)


def test_another_day_moves_what_happened_and_what_is_said_of_it():
    by = days_until(NOW + timedelta(days=40, hours=3))
    told = {"at": "2026-11-17T09:00:00Z", "promised": date(2026, 11, 24), "facts": {"trip": "Skye, 21 November 2026"}}
    assert moved(told, by) == {
        "at": "2026-12-27T09:00:00Z",
        "promised": date(2027, 1, 3),
        "facts": {"trip": "Skye, 31 December 2026"},
    }
    assert moved("We'll write by 24 November. TL-20871, 12 lamps", by) == "We'll write by 3 January. TL-20871, 12 lamps"


@pytest.mark.parametrize(
    ("says", "language", "later"),
    [
        ("the 17th", "en", "the 2nd"),
        ("tuesday", "en", "saturday"),
        ("Montag", "de", "Samstag"),
        ("lunedì", "it", "sabato"),
    ],
)
def test_days_are_named_as_they_were(says: str, language: str, later: str):
    assert renamed(says, date(2027, 1, 2), language) == later


async def test_an_order_of_a_shop_of_another_day_is_as_late_as_it_was(engine):
    now = NOW + timedelta(days=100, hours=5)
    await fill_demo_shop(engine, DEMO, now=now)
    order = await SqlOrders(engine).get("C-0001", "FH-10423")
    then = next(order for order in NAMED["orders"] if order["id"] == "FH-10423")
    assert order.shipments[0].promised - then["shipments"][0]["promised"] == timedelta(days=100)
    assert order.placed_at < now
