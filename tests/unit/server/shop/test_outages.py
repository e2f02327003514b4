from datetime import UTC, datetime, timedelta

import pytest

from server.shop.outages import Outages, WatchedConversations, WatchedCustomers, WatchedOrders, WatchedPromises
from tests.fakes.shop import MemoryConversations, MemoryCustomers, MemoryOrders, MemoryPromises
from tools.ports import Orders, Outage, PortUnavailable

AT_TWO = datetime(2026, 11, 19, 14, 3, tzinfo=UTC)


class Shop:
    """Ports under watch, by a clock of ours."""

    def __init__(self) -> None:
        self.now = AT_TWO
        self.outages = Outages(lambda: self.now)
        self.orders, self.customers = MemoryOrders(), MemoryCustomers()
        self.watched = WatchedOrders(self.orders, self.outages)
        self.known = WatchedCustomers(self.customers, self.outages)


async def outage(orders: Orders) -> Outage:
    with pytest.raises(PortUnavailable) as caught:
        await orders.get("C-1", "FH-1")
    return caught.value.outage


async def test_a_port_is_out_since_the_first_call_in_vain_until_it_answers() -> None:
    shop = Shop()
    shop.orders.go_down()
    assert await outage(shop.watched) == Outage("orders", AT_TWO)
    shop.now += timedelta(hours=2)
    assert await outage(shop.watched) == Outage("orders", AT_TWO)
    assert shop.outages.standing == (Outage("orders", AT_TWO),)
    shop.orders.come_back()
    assert await shop.watched.product("P-1") is None
    assert shop.outages.standing == ()
    shop.orders.go_down()
    assert await outage(shop.watched) == Outage("orders", shop.now)


async def test_each_port_has_its_own_time() -> None:
    shop = Shop()
    shop.customers.go_down()
    with pytest.raises(PortUnavailable) as caught:
        await shop.known.get("C-1")
    assert caught.value.outage == Outage("customers", AT_TWO)
    assert await shop.watched.latest("C-1", limit=1) == ()
    assert shop.outages.standing == (Outage("customers", AT_TWO),)
    shop.customers.come_back()
    await shop.known.identify(brand=None, channel="x", handle="ann")
    assert shop.outages.standing == ()


async def test_a_time_that_the_shop_tells_itself_goes_before_ours() -> None:
    shop = Shop()
    shop.orders.go_down(since=AT_TWO - timedelta(hours=1))
    assert (await outage(shop.watched)).since == AT_TWO - timedelta(hours=1)


async def test_data_that_is_too_old_is_an_answer() -> None:
    shop = Shop()
    shop.orders.go_down()
    await outage(shop.watched)
    shop.orders.go_down(as_of=AT_TWO - timedelta(days=2))
    assert await outage(shop.watched) == Outage("orders", as_of=AT_TWO - timedelta(days=2))
    assert shop.outages.standing == ()


async def test_promises_and_earlier_posts_are_watched_too() -> None:
    outages = Outages(lambda: AT_TWO)
    promises, posts = MemoryPromises(), MemoryConversations()
    for port in (promises, posts):
        port.go_down()
    with pytest.raises(PortUnavailable):
        await WatchedPromises(promises, outages).open_for("C-1")
    with pytest.raises(PortUnavailable):
        await WatchedConversations(posts, outages).earlier("C-1", limit=1)
    assert [found.port for found in outages.standing] == ["conversations", "promises"]


@pytest.mark.parametrize(
    ("outage", "now", "words"),
    [
        (Outage("orders"), AT_TWO, "orders unreachable"),
        (Outage("orders", AT_TWO), AT_TWO + timedelta(hours=9), "orders unreachable since 14:03 UTC"),
        (Outage("orders", AT_TWO), AT_TWO + timedelta(hours=10), "orders unreachable since 14:03 UTC, 19 November"),
        (Outage("orders", AT_TWO), None, "orders unreachable since 14:03 UTC, 19 November 2026"),
        (Outage("orders", as_of=AT_TWO), AT_TWO, "orders as of 14:03 UTC, 19 November"),
        (Outage("orders", as_of=AT_TWO), AT_TWO + timedelta(days=99), "orders as of 14:03 UTC, 19 November 2026"),
    ],
)
def test_an_outage_is_told_with_its_moment(outage: Outage, now: datetime | None, words: str) -> None:
    assert outage.words(now) == words
