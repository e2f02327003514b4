"""The demo shop's orders."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from random import Random

from server.shop.invented.parcels import Way
from server.shop.invented.stories import Making, tell_a_story
from server.shop.invented.world import NOW, SKU_PREFIXES, Country, Json, World, write

# Numbers are given in the order of time and end here, a little above the named people's latest orders.
_LAST_NUMBERS = {"fernhollow": 10_478, "tarnlight": 20_893}
_FIRST_DAY = datetime(2025, 1, 2, tzinfo=NOW.tzinfo)
_RECENT = timedelta(days=50)


def invent_orders(
    world: World, random: Random, customers: Sequence[Json], *, count: int, taken: Collection[str]
) -> Iterator[Json]:
    """So many orders of these customers; ids in `taken` are somebody else's."""
    countries = {country.code: country for country in world.countries}
    # Few customers order often.
    eagerness = [random.paretovariate(1.6) for _ in customers]
    buyers = random.choices(customers, eagerness, k=count)
    for brand, last in _LAST_NUMBERS.items():
        bought = [(_placed(random, buyer), buyer) for buyer in buyers if buyer["brand"] == brand]
        bought.sort(key=lambda purchase: purchase[0])
        ids = _free_ids(SKU_PREFIXES[brand], last, len(bought), taken)
        for order_id, (placed, buyer) in zip(ids, bought, strict=True):
            yield _order(world, random, countries[buyer["address"]["country"]], buyer, order_id, placed)


def _placed(random: Random, buyer: Mapping[str, str]) -> datetime:
    """When: one in six in the last weeks, and never before the customer was one."""
    since = max(datetime.fromisoformat(buyer["since"]).replace(tzinfo=NOW.tzinfo), _FIRST_DAY)
    recent = random.random() < 1 / 6
    begin = max(since, NOW - _RECENT) if recent else since
    end = NOW - timedelta(minutes=20) if recent else max(NOW - _RECENT, since + timedelta(hours=30))
    # Twice as many in the last ten days, so that there is something on its way.
    if recent and random.random() < 0.5:
        begin = max(begin, NOW - timedelta(days=10))
    placed = begin + random.random() * (end - begin)
    by_day = placed.replace(hour=random.randint(6, 22), minute=random.randint(0, 59), second=0, microsecond=0)
    return by_day if by_day < NOW else placed.replace(second=0, microsecond=0)


def _free_ids(prefix: str, last: int, count: int, taken: Collection[str]) -> list[str]:
    ids: list[str] = []
    while len(ids) < count:
        if (name := f"{prefix}-{last:05d}") not in taken:
            ids.append(name)
        last -= 1
    return ids[::-1]


def _order(world: World, random: Random, country: Country, buyer: Json, order_id: str, placed: datetime) -> Json:
    order: Json = {
        "id": order_id,
        "brand": buyer["brand"],
        "customer": buyer["id"],
        "placed_at": write(placed),
        "currency": country.currency,
        "ship_to": buyer["address"],
        "lines": list(_lines(world, random, country, buyer["brand"], placed)),
    }
    way = Way(random, country, buyer["address"]["city"], random.choice(country.carriers))
    tell_a_story(Making(random, world, country, buyer, order, placed, way))
    return order


def _lines(world: World, random: Random, country: Country, brand: str, placed: datetime) -> Iterator[Json]:
    long_ago = NOW - placed > timedelta(days=60)
    withdrawn = {product for product, day in world.words["withdrawn"].items() if placed.date() >= day}
    offered = [
        (product, variant)
        for product in world.goods.products
        if product["brand"] == brand and product["id"] not in world.goods.preorders | withdrawn
        for variant in product["variants"]
        if variant.get("available", True) or long_ago
    ]
    for position in range(1, random.choices((1, 2, 3, 4), (50, 30, 14, 6))[0] + 1):
        product, variant = random.choice(offered)
        yield {
            "id": f"L{position}",
            "product": product["id"],
            "sku": variant["sku"],
            "title": product["title"],
            "options": variant.get("options", {}),
            "quantity": 2 if random.random() < 0.06 else 1,
            "unit_price": world.goods.price(product, variant, country.currency),
        }
