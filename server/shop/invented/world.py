"""What the demo shop is made of: countries, goods and the moment it stands still at, as `world.yaml` has them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import product as combinations
from random import Random
from typing import Any

Json = dict[str, Any]

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
SKU_PREFIXES = {"fernhollow": "FH", "tarnlight": "TL"}

_RATES = {"GBP": 1.0, "EUR": 1.17, "USD": 1.24}
_SITES = {"fernhollow": "https://www.fernhollow.example", "tarnlight": "https://www.tarnlight.example"}


@dataclass(frozen=True, slots=True)
class Country:
    """Where customers live and how parcels reach them; `days` are the working days on the way, from and to."""

    code: str
    share: int
    language: str
    currency: str
    warehouse: str
    carriers: tuple[Mapping[str, Any], ...]
    days: tuple[int, int]
    streets: tuple[str, ...]
    cities: tuple[Mapping[str, str], ...]
    first: tuple[str, ...]
    last: tuple[str, ...]
    phone: str | None = None
    phones: tuple[int, int] = (0, 999)

    def address(self, random: Random) -> Json:
        """An address that does not exist."""
        street = random.choice(self.streets).format(n=random.randint(1, 89))
        return {"line1": street, **random.choice(self.cities), "country": self.code}


@dataclass(frozen=True, slots=True)
class Goods:
    """The products of both brands and what they cost in each currency."""

    products: tuple[Json, ...]
    preorders: frozenset[str]
    prices: Mapping[tuple[str, str], int]

    def price(self, product: Json, variant: Json, currency: str) -> int:
        """What the variant costs there: in another currency as on a named person's order, else reckoned from pounds."""
        if currency == variant["currency"]:
            return int(variant["price"])
        known = self.prices.get((product["id"], currency))
        if known is not None and len({other["price"] for other in product["variants"]}) == 1:
            return known
        pence = float(variant["price"] * _RATES[currency])
        return round(pence / 1000) * 1000 - 100 if pence >= 10_000 else round(pence / 100) * 100


@dataclass(frozen=True, slots=True)
class World:
    """Everything that there is to draw from."""

    countries: tuple[Country, ...]
    goods: Goods
    words: Mapping[str, Any]


def make_world(data: Mapping[str, Any], named: Mapping[str, Any], random: Random) -> World:
    """The world of `world.yaml`, with the products and prices that the named people's file brings."""
    countries = tuple(
        Country(code=code, **{name: _frozen(value) for name, value in fields.items()})
        for code, fields in data["countries"].items()
    )
    invented = [_product(entry, random) for entry in data["catalogue"]]
    goods = Goods(
        products=(*named.get("products", ()), *invented),
        preorders=frozenset(entry["id"] for entry in data["catalogue"] if entry.get("preorder")),
        prices={
            (line["product"], order["currency"]): line["unit_price"]
            for order in named.get("orders", ())
            for line in order["lines"]
            if "product" in line and line["quantity"] == 1
        },
    )
    return World(countries, goods, data)


def workdays_after(day: datetime, count: int) -> datetime:
    """The same hour, so many working days later."""
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


def at_hour(day: datetime, random: Random, first: int, last: int) -> datetime:
    """Some minute of that day between two hours."""
    return day.replace(hour=random.randint(first, last - 1), minute=random.randint(0, 59), second=0, microsecond=0)


def write(moment: datetime | date) -> str:
    """A time or date in the import format."""
    return moment.isoformat().replace("+00:00", "Z")


def _product(entry: Mapping[str, Any], random: Random) -> Json:
    names = list(entry.get("options", {}))
    variants = [
        {
            "sku": _sku(entry, values),
            **({"options": dict(zip(names, values, strict=True))} if names else {}),
            "price": entry["price"],
            "currency": "GBP",
            "available": not entry.get("preorder") and random.random() > 0.08,
        }
        for values in combinations(*entry.get("options", {}).values())
    ]
    site = f"{_SITES[entry['brand']]}/products/{entry['id']}"
    return {
        **{name: entry[name] for name in ("id", "brand", "title", "family")},
        "public_url": site,
        "variants": variants,
    }


def _sku(entry: Mapping[str, Any], values: Sequence[str]) -> str:
    words = entry["id"].split("-")
    stem = "".join(word.upper()[: 5 if word.isdigit() else 3] for word in words)
    ends = ["".join(letter for letter in value.upper() if letter.isalnum())[:8] for value in values]
    return "-".join((SKU_PREFIXES[entry["brand"]], stem, *ends))


def _frozen(value: Any) -> Any:  # noqa: ANN401 - whatever YAML holds
    return tuple(value) if isinstance(value, list) else value
