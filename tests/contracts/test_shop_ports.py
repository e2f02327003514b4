"""What every implementation of the shop's ports does, over memory and over SQL."""

from datetime import UTC, date, datetime

import pytest

from tests.contracts.shops import Records, open_shop
from tools.ports import Identity, PortUnavailable
from tools.records import (
    Address,
    Customer,
    Handle,
    Known,
    Money,
    Order,
    OrderLine,
    OrderStatus,
    PastPost,
    Payment,
    PaymentMethod,
    Product,
    Promise,
    Return,
    Shipment,
    ShipmentEvent,
    Variant,
)

UNKNOWN = Identity(Known.UNKNOWN)
MOMENT = datetime(2026, 11, 10, 8, 41, 0, 250000, tzinfo=UTC)
FULL_ORDER = Order(
    id="FH-1",
    customer="ann",
    status=OrderStatus.EXCHANGE_REQUESTED,
    currency="EUR",
    brand="fernhollow",
    placed_at=MOMENT,
    status_note="Another size.",
    gift=True,
    ship_to=Address("1 Mill Lane", "Köln", "DE"),
    lines=(
        OrderLine("L1", "Tent", 2, Money(100, "EUR"), product="P-1", sku="S-1", options={"colour": "moss"}),
        OrderLine("L2", "Pegs", 1, Money(-5, "EUR")),
    ),
    shipments=(
        Shipment(
            id="S1",
            lines=("L1",),
            carrier="Northway",
            service="standard",
            tracking=("NW1", "NW2"),
            promised=date(2026, 11, 17),
            shipped_at=MOMENT,
            delivered_at=MOMENT,
            events=(ShipmentEvent(MOMENT, "Delivered", "Leeds"), ShipmentEvent(MOMENT, "Signed")),
        ),
        Shipment("S2", ()),
    ),
    payments=(
        Payment("payment", Money(195, "EUR"), id="P1", method="PM-1", at=MOMENT),
        Payment("refund", Money(95, "EUR"), done=False),
    ),
    returns=(
        Return(
            id="R1",
            kind="exchange",
            lines=("L1",),
            new_skus=("S-2",),
            reason="too small",
            requested_at=MOMENT,
            received_at=MOMENT,
            method="PM-1",
            difference=Money(0, "EUR"),
        ),
    ),
)


@pytest.fixture(params=["memory", "sql"])
async def shop(request, template, tmp_path):
    async with open_shop(request.param, template, tmp_path) as shop:
        yield shop


def customer(name: str, *handles: Handle, brand: str | None = None) -> Customer:
    return Customer(id=name, name=name.title(), brand=brand, handles=handles)


def on_x(handle: str, known: Known = Known.VERIFIED) -> Handle:
    return Handle("x", handle, known)


def order(name: str, *, of: str = "ann", status: OrderStatus = OrderStatus.SHIPPED, placed: int | None = None) -> Order:
    line = OrderLine("L1", "Tent", 1, Money(100, "GBP"))
    placed_at = datetime(2026, 11, placed, tzinfo=UTC) if placed else None
    return Order(name, of, status, "GBP", (line,), placed_at=placed_at)


async def test_a_customer_comes_back_as_they_went_in(shop):
    anna = Customer(
        id="C-1",
        name="Anna Ó Briain",
        brand="fernhollow",
        emails=("anna@example.org", "a.b@example.org"),
        phones=("+447700900114",),
        language="de",
        since=date(2020, 2, 29),
        tier="trail",
        organisation="Scouts",
        address=Address("1 Mill Lane", "Köln", "DE", line2="Hut", region="NRW", postal_code="50676"),
        handles=(Handle("x", "@Anna_B", Known.VERIFIED), Handle("mastodon", "anna@a.example", Known.POSSIBLE)),
        payment_methods=(
            PaymentMethod("PM-1", "credit_card", brand="visa", last_four="4417"),
            PaymentMethod("PM-2", "gift_card", balance=Money(2500, "EUR")),
        ),
        consent={"email": True, "sms": False},
        facts={"shoe": "42", "points": 12.5, "guide": True},
    )
    await shop.fill(Records(customers=[anna, Customer("C-2", "Plain")]))
    assert await shop.customers.get("C-1") == anna
    assert await shop.customers.get("C-2") == Customer("C-2", "Plain")
    assert await shop.customers.get("C-3") is None


async def test_an_order_comes_back_as_it_went_in(shop):
    tent = Product("P-1", "Tent", (Variant("S-1", Money(100, "EUR")),))
    await shop.fill(Records(orders=[FULL_ORDER], products=[tent]))
    assert await shop.orders.get("ann", "FH-1") == FULL_ORDER


async def test_a_product_comes_back_as_it_went_in(shop):
    tent = Product(
        id="P-1",
        title="Tent",
        brand="fernhollow",
        family="tents",
        public_url="https://www.example.org/tent",
        variants=(
            Variant("S-1", Money(100, "EUR"), {"colour": "moss"}, available=False),
            Variant("S-2", Money(1, "GBP")),
        ),
    )
    await shop.fill(Records(products=[tent]))
    assert await shop.orders.product("P-1") == tent
    assert await shop.orders.product("p-1") is None


@pytest.mark.parametrize("written", ["Anna_B", "@anna_b", " @ANNA_B "])
async def test_an_at_sign_and_case_of_a_handle_do_not_matter(shop, written):
    await shop.fill(Records(customers=[customer("ann", on_x("@Anna_b"))]))
    assert await shop.customers.identify(brand=None, channel="X", handle=written) == Identity(Known.VERIFIED, "ann")


async def test_a_handle_counts_on_its_own_channel_only(shop):
    await shop.fill(Records(customers=[customer("ann", on_x("anna"))]))
    assert await shop.customers.identify(brand=None, channel="instagram", handle="anna") == UNKNOWN


async def test_a_linked_handle_names_the_customer_and_a_possible_one_does_not(shop):
    people = [customer("ann", on_x("anna", Known.LINKED)), customer("bob", on_x("bobby", Known.POSSIBLE))]
    await shop.fill(Records(customers=people))
    assert await shop.customers.identify(brand=None, channel="x", handle="anna") == Identity(Known.LINKED, "ann")
    assert await shop.customers.identify(brand=None, channel="x", handle="bobby") == Identity(Known.POSSIBLE)


async def test_a_handle_that_several_customers_have_is_unknown(shop):
    people = [customer("ann", on_x("anna")), customer("eve", on_x("Anna", Known.POSSIBLE))]
    await shop.fill(Records(customers=people))
    assert await shop.customers.identify(brand=None, channel="x", handle="anna") == UNKNOWN


async def test_the_surer_entry_of_one_customer_counts(shop):
    await shop.fill(Records(customers=[customer("ann", on_x("anna", Known.POSSIBLE), on_x("ANNA"))]))
    assert await shop.customers.identify(brand=None, channel="x", handle="anna") == Identity(Known.VERIFIED, "ann")


async def test_each_brand_has_its_own_customers(shop):
    people = [customer("ann", on_x("anna"), brand="fernhollow"), customer("anna", on_x("anna"), brand="tarnlight")]
    await shop.fill(Records(customers=people))
    identify = shop.customers.identify
    assert await identify(brand="fernhollow", channel="x", handle="anna") == Identity(Known.VERIFIED, "ann")
    assert await identify(brand="tarnlight", channel="x", handle="anna") == Identity(Known.VERIFIED, "anna")
    assert await identify(brand="somebody", channel="x", handle="anna") == UNKNOWN
    assert await identify(brand=None, channel="x", handle="anna") == UNKNOWN


async def test_a_customer_without_brand_fits_every_brand(shop):
    await shop.fill(Records(customers=[customer("ann", on_x("anna"))]))
    found = await shop.customers.identify(brand="tarnlight", channel="x", handle="anna")
    assert found == Identity(Known.VERIFIED, "ann")


@pytest.mark.parametrize("written", ["FH-10423", "fh-10423", "#FH-10423", " # FH - 104 23 "])
async def test_case_hash_and_spaces_of_an_order_id_do_not_matter(shop, written):
    await shop.fill(Records(orders=[order("FH-10423")]))
    found = await shop.orders.get("ann", written)
    assert found is not None
    assert found.id == "FH-10423"


async def test_an_order_of_somebody_else_is_not_found(shop):
    await shop.fill(Records(orders=[order("FH-1"), order("FH-2", of="bob")]))
    assert await shop.orders.get("ann", "FH-2") is None
    assert await shop.orders.get("ann", "FH-3") is None


async def test_of_ids_that_differ_in_case_only_the_exact_one_is_meant(shop):
    await shop.fill(Records(orders=[order("fh-1"), order("FH-1")]))
    found = await shop.orders.get("ann", "FH-1")
    assert found is not None
    assert found.id == "FH-1"
    assert await shop.orders.get("ann", "Fh-1") is None


async def test_open_orders_come_first_then_the_newest(shop):
    orders = [
        order("old-open", status=OrderStatus.BACKORDERED, placed=1),
        order("new-done", status=OrderStatus.DELIVERED, placed=19),
        order("new-open", status=OrderStatus.LOST, placed=18),
        order("undated-open", status=OrderStatus.RETURN_REQUESTED),
        order("old-done", status=OrderStatus.CANCELLED, placed=2),
        order("somebody", of="bob", placed=19),
    ]
    await shop.fill(Records(orders=orders))
    latest = await shop.orders.latest("ann", limit=10)
    assert [found.id for found in latest] == ["new-open", "old-open", "undated-open", "new-done", "old-done"]
    assert [found.id for found in await shop.orders.latest("ann", limit=2)] == ["new-open", "old-open"]
    assert list(await shop.orders.latest("nobody", limit=2)) == []


async def test_every_status_is_either_open_or_done(shop):
    done = {OrderStatus.DELIVERED, OrderStatus.CANCELLED, OrderStatus.RETURNED, OrderStatus.EXCHANGED}
    await shop.fill(Records(orders=[order(status.value, status=status) for status in OrderStatus]))
    latest = [found.status for found in await shop.orders.latest("ann", limit=20)]
    assert set(latest[-len(done) :]) == done
    assert len(latest) == len(OrderStatus)


async def test_only_open_promises_are_told_and_the_oldest_first(shop):
    def promise(name: str, day: int, *, of: str = "ann", state: str = "open") -> Promise:
        due = datetime(2026, 11, 28, tzinfo=UTC)
        return Promise(name, of, "a refund", datetime(2026, 11, day, tzinfo=UTC), order="FH-1", due=due, state=state)

    first, second = promise("P-2", 3), promise("P-1", 5)
    await shop.fill(Records(promises=[second, first, promise("P-3", 1, state="kept"), promise("P-4", 1, of="bob")]))
    assert list(await shop.promises.open_for("ann")) == [first, second]
    assert list(await shop.promises.open_for("nobody")) == []


async def test_earlier_posts_come_newest_first(shop):
    def post(name: str, hour: int) -> PastPost:
        return PastPost(name, "x", "customer", datetime(2026, 11, 5, hour, tzinfo=UTC), f"post {name}")

    one, two, three = post("1", 8), post("2", 9), post("3", 10)
    await shop.fill(Records(posts={"ann": [two, one, three], "bob": [post("4", 11)]}))
    assert list(await shop.conversations.earlier("ann", limit=2)) == [three, two]
    assert list(await shop.conversations.earlier("nobody", limit=2)) == []


async def test_a_system_that_does_not_answer_is_unavailable(shop):
    await shop.go_down()
    for call in (
        shop.customers.identify(brand=None, channel="x", handle="anna"),
        shop.customers.get("ann"),
        shop.orders.get("ann", "FH-1"),
        shop.orders.latest("ann", limit=1),
        shop.orders.product("P-1"),
        shop.promises.open_for("ann"),
        shop.conversations.earlier("ann", limit=1),
    ):
        with pytest.raises(PortUnavailable):
            await call
